"""A machine at a site: the real engine and the real outbox over the real journal tables, in memory."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from random import Random
from typing import Any, TypeVar, cast

from sqlcipher3 import dbapi2
from sqlite_utils import Database

from app.domain.clock import Clock, epoch_ms, instant_text
from app.domain.ids import uuid7
from app.domain.journal import ClockQuality, Stream
from app.storage import feed, journal
from app.storage.journal import Draft, append, open_stream
from app.storage.receipts import stream_states
from app.storage.shape import (
    CARRIED_0002,
    ELSEWHERE_0003,
    FEED_0003,
    FEEDBACK_0004,
    LOCAL_0001,
    PROJECTIONS_0001,
    RECORD_0001,
)
from app.storage.store import Store, Transaction
from app.sync.engine import SyncEngine
from app.sync.inbox import Inbox
from app.sync.outbox import Outbox
from app.sync.state import Idle
from app.sync.store_inbox import StoreInbox
from app.sync.store_outbox import StoreOutbox
from app.sync.transport import Transport
from server.projection import read
from tests.clocks import ManualClock
from tests.sync.local_journal import SITE

PATIENT_0001 = [table for table in PROJECTIONS_0001 if " patient " in table.split("(")[0]]

T = TypeVar("T")


class LawBroken(AssertionError):
    """A dose is lost or doubled, or a site and the centre do not agree."""


class PowerCut(BaseException):
    """The machine stops here; only what was committed is left."""


@cache
def _empty() -> Any:
    database = Database(_in_memory())
    tables = (
        *RECORD_0001, *LOCAL_0001, *CARRIED_0002, *FEED_0003, *FEEDBACK_0004, *PATIENT_0001, *ELSEWHERE_0003,
    )  # fmt: skip
    for statement in tables:
        database.execute(statement)
    return database.conn


def _in_memory() -> Any:
    return dbapi2.connect(":memory:", isolation_level=None)


def _copy(connection: Any) -> Database:
    target = _in_memory()
    connection.backup(target)
    return Database(target)


@dataclass(frozen=True)
class Disk:
    """What outlives a power cut and is in a backup: the tables, and the doses a screen called saved."""

    database: Database = field(default_factory=lambda: _copy(_empty()))
    saved: set[int] = field(default_factory=set)

    def copy(self) -> "Disk":
        """Return another disk with the same content."""
        return Disk(_copy(self.database.conn), set(self.saved))


class MemoryStore:
    """The part of the store that sync uses; the power may go before or after any commit."""

    def __init__(self, disk: Disk, power_fails: Callable[[], bool]) -> None:
        self._db = disk.database
        self._power_fails = power_fails

    def read(self) -> Database:
        """Return the connection."""
        return self._db

    def write(self, work: Callable[[Transaction], T]) -> T:
        """Run ``work`` in one transaction."""
        self._db.conn.execute("begin")
        try:
            result = work(Transaction(self._db))
            if self._power_fails():
                raise PowerCut
        except BaseException:
            self._db.conn.execute("rollback")
            raise
        self._db.conn.execute("commit")
        if self._power_fails():
            raise PowerCut
        return result


@dataclass(frozen=True)
class Rules:
    """How a machine is built; mutants put something else in place of a part."""

    engine: type[SyncEngine] = SyncEngine
    outbox: Callable[[Store], Outbox] = StoreOutbox
    inbox: Callable[[Store, Clock], Inbox] = StoreInbox


class Machine:
    """One running machine with its disk, its clock and its backup."""

    def __init__(
        self, disk: Disk, device_id: str, line: Transport, rules: Rules, random: Random, cut_chance: float
    ) -> None:
        """``random`` belongs to the machine, not to the disk: a copied disk does not copy it."""
        self.device_id = device_id
        self.clock = ManualClock()
        self.random = random
        self.cut_chance = cut_chance
        self._line = line
        self._rules = rules
        self.backup: Disk | None = None
        self.disk = disk
        self.start()

    def start(self, disk: Disk | None = None) -> None:
        """Begin anew with what the disk holds."""
        self.disk = disk or self.disk
        self.store = MemoryStore(self.disk, lambda: self.random.random() < self.cut_chance)
        outbox = self._rules.outbox(cast(Store, self.store))
        inbox = self._rules.inbox(cast(Store, self.store), self.clock)
        self.engine = self._rules.engine(
            self.device_id, outbox, self._line, self.clock, self.random.randbytes, inbox=inbox
        )

    def install(self) -> None:
        """Begin the first stream."""
        stream = Stream(self.device_id, self.random.randbytes(8).hex())
        at = instant_text(self.clock.now())
        self.store.write(lambda transaction: open_stream(transaction.db, stream, at))

    def record(self, dose: int) -> None:
        """Save a dose; a screen says so unless the power goes first."""
        now = self.clock.now()
        draft = Draft(
            uuid7(now, self.random.randbytes), epoch_ms(now), ClockQuality(1000), "immunization.recorded",
            SITE, "台", "u-1", None, {"dose": dose},
        )  # fmt: skip
        try:
            self.store.write(lambda transaction: append(transaction.db, draft))
        except PowerCut:
            self.start()
        else:
            self.disk.saved.add(dose)

    def delivered(self) -> set[int]:
        """Return the doses the page calls delivered."""
        rows = self.disk.database.execute(
            """select distinct data ->> '$.body.dose' from stream_entry
            join receipt using (device_id, epoch, seq)"""
        )
        return {dose for (dose,) in rows}

    def known(self) -> set[int]:
        """Return the doses on record here, given on this machine or elsewhere."""
        own = (event for event in journal.events(self.disk.database))
        return {event.body["dose"] for event in (*own, *feed.events(self.disk.database))}

    def unheard(self) -> set[tuple[str, str]]:
        """Return (event id, field) of what is wrong with the events here and was not told here."""
        db = self.disk.database
        wrong = {(event.id, error.field) for event in journal.events(db) for error in read(event).errors}
        return wrong - set(db.execute("select event_id, field from finding").fetchall())

    def at_rest(self) -> bool:
        """Whether the page says that everything is delivered."""
        states = stream_states(self.disk.database)
        return isinstance(self.engine.state, Idle) and all(each.acked == each.last_seq for each in states)

    def sync(self) -> None:
        """Run until there is something to wait for, or the power goes."""
        self.engine.wake(forced=True)
        try:
            for _ in range(60):
                if self.engine.step():
                    return
        except PowerCut:
            self.start()
        else:
            raise LawBroken("sync never comes to rest")
