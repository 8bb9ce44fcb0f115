"""Devices at the centre's desk without HTTP between: what goes into one transaction, and what comes of it."""

from collections.abc import Sequence
from datetime import datetime
from random import Random

from app.domain.refusals import Refusal
from app.sync import wire
from app.sync.enrolment import Enrolled, Enrolment
from app.sync.identity import make_request, new_key
from server.authority import fingerprint_of, make_authority
from server.database import Database
from server.devices import enrol, issue_code
from server.ingest import Job, ingest
from server.peer import Peer
from tests.clocks import ManualClock
from tests.sync.local_journal import SITE, LocalJournal

CLOCK = ManualClock()
POSITIONS = """
select area, last_pos - cardinality(seqs) + nth as pos, device_id, epoch, seq,
    ('x' || encode(substr(digests, 8 * nth::integer - 7, 8), 'hex'))::bit(64)::bigint as digest
from area_feed, unnest(seqs) with ordinality as one(seq, nth) order by area, pos
"""
"""What stands where in the feeds, with the digests as signed numbers."""
AUTHORITY = make_authority(CLOCK.now())
_peers: dict[str, Peer] = {}
_keys: dict[str, bytes] = {}


def admit(database: Database, journal: LocalJournal, site: str = SITE) -> Enrolled:
    """Enrol a device, the second time for one more site; its jobs come with the certificate it gets."""
    return admit_device(database, journal.device_id, site)


def admit_device(database: Database, device_id: str, site: str = SITE) -> Enrolled:
    """Enrol a device that is known by its id alone."""
    code = issue_code(database, site, CLOCK.now(), Random().randbytes)
    csr = make_request(_keys.setdefault(device_id, new_key()), device_id)
    enrolled = enrol(database, AUTHORITY, Enrolment.made(code, csr), CLOCK.now())
    _peers[device_id] = Peer(device_id, fingerprint_of(enrolled.certificate))
    return enrolled


def push_of(journal: LocalJournal, after: int = 0, count: int | None = None) -> wire.Push:
    """Return the push of a run of events, as the engine would make it."""
    stream = journal.stream
    events = journal.pending(stream, after, count or 2000)
    data = tuple(event.data for event in events)
    return wire.Push(stream.epoch, after, journal.hash_at(stream, after), events[-1].hash, data)


def job_of(journal: LocalJournal, push: wire.Push | None = None) -> Job:
    """Return a request as it lies in the queue."""
    tips = {local.stream.epoch: local.last_seq for local in journal.streams()}
    request = wire.Request(wire.Hello(journal.device_id, tips), push)
    return Job(peer_of(journal.device_id), wire.encode_request(request))


def peer_of(device_id: str) -> Peer:
    """Return who a device is by the certificate it got last, or by one nobody gave."""
    return _peers.get(device_id, Peer(device_id, bytes(32)))


def take(database: Database, jobs: Sequence[Job], at: datetime | None = None) -> list[wire.Answer | Refusal]:
    """Take jobs in one transaction."""
    return ingest(database, "0" * 16, jobs, at or CLOCK.now())


def push(
    database: Database,
    journal: LocalJournal,
    after: int = 0,
    count: int | None = None,
    at: datetime | None = None,
) -> wire.PushResult:
    """Push a run of events and return what became of it."""
    (answer,) = take(database, [job_of(journal, push_of(journal, after, count))], at)
    assert isinstance(answer, wire.Answer)
    assert answer.push is not None
    return answer.push


def number(database: Database, query: str) -> int:
    """Return the one number a query gives."""
    row = database.execute(query.encode()).fetchone()
    assert row is not None
    return int(row[0])
