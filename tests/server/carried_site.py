"""A site without a line, its bundles and receipts, and the centre's database they are carried to."""

from datetime import datetime
from random import Random

from app.domain.refusals import Refusal
from app.storage.journal import current_stream
from app.storage.receipts import upload_counts
from app.storage.site import find_site
from app.sync import wire
from app.sync.enrolment import Enrolment
from app.sync.identity import Identity, make_identity, make_request, new_key
from app.sync.seal import sealer
from app.sync.sealing import HourlySealing
from app.sync.stick import Packed, pack_bundle
from app.sync.stick_reply import Taken, take_reply
from app.sync.store_outbox import StoreOutbox
from server.database import Database
from server.devices import enrol, issue_code
from server.handing_in import hand_in
from tests.factories import SmallSite
from tests.server.desk import AUTHORITY

BY = "device:relay"


class CarriedSite:
    """Enrolled once, then only a stick goes to and fro."""

    def __init__(self, site: SmallSite, database: Database) -> None:
        self.site, self.database = site, database
        self.device_id = current_stream(site.store.read()).device_id
        key = new_key()
        known = find_site(site.store.read())
        assert known is not None
        code = issue_code(database, known.site_id, self.now, Random().randbytes)
        enrolment = Enrolment.made(code, make_request(key, self.device_id))
        self.identity: Identity = make_identity(key, enrol(database, AUTHORITY, enrolment, self.now))

    @property
    def now(self) -> datetime:
        return self.site.clock.now()

    def pack(self) -> Packed:
        return pack_bundle(self.site.store, self.identity, self.site.clock, self.site.random)

    def carry(self, packed: Packed) -> bytes:
        """Hand a bundle in and return the reply."""
        return hand_in(self.database, AUTHORITY, packed.data, BY, self.now).reply

    def take(self, reply: bytes) -> Taken:
        return take_reply(self.site.store, self.identity, self.site.clock, reply)

    def seal_the_hour(self) -> int:
        seal = sealer(StoreOutbox(self.site.store).seal_key(self.site.random))
        return self.site.store.write(HourlySealing(self.site.store, self.site.clock, seal).seal_now)

    def waiting(self) -> int:
        return upload_counts(self.site.store.read()).waiting

    def held(self) -> int:
        """Return how many events the centre holds."""
        row = self.database.execute("select count(*) from journal").fetchone()
        assert row is not None
        return int(row[0])


class CentreLine:
    """A line of another machine to the centre, there or not: hands in without a socket."""

    def __init__(self, carried: CarriedSite) -> None:
        self.carried = carried
        self.fault: Refusal | None = None
        self.says: Refusal | None = None

    def post(self, path: str, body: bytes) -> bytes:
        assert path == "/v1/bundle"
        if self.fault is not None:
            raise self.fault
        if self.says is not None:
            return wire.encode_answer(wire.Declined(type(self.says).__name__))
        return hand_in(self.carried.database, AUTHORITY, body, BY, self.carried.now).reply
