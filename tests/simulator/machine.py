"""A machine at a site: the real engine and the real outbox over the real journal tables, in memory."""

from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from functools import cache
from random import Random
from typing import Any, TypeVar, cast

from sqlcipher3 import dbapi2
from sqlite_utils import Database

from app.domain.clock import Clock, epoch_ms, instant_text
from app.domain.ids import uuid7
from app.domain.journal import ClockQuality, Stream
from app.storage import feed
from app.storage.journal import Draft, append, open_stream
from app.storage.receipts import stream_states
from app.storage.shape import (
    CARRIED_0002,
    CONDITIONS_0012,
    LOCAL_0001,
    PROJECTIONS_0001,
    RECEIPTS_0024,
    RECORD_0001,
)
from app.storage.shape_of_area import ELSEWHERE_0003, FEED_0003, FEEDBACK_0004, UNFIT_0025
from app.storage.store import Store, Transaction
from app.sync.inbox import Inbox
from app.sync.outbox import Outbox
from app.sync.state import Idle
from app.sync.store_inbox import StoreInbox
from app.sync.store_outbox import StoreOutbox
from app.sync.transport import Transport
from tests.clocks import ManualClock
from tests.simulator.letters import Speaker
from tests.sync.local_journal import SITE
from tests.sync.one_site import at_once
from tests.sync.paper_centre import wrong_with

PATIENT_0001 = [table for table in PROJECTIONS_0001 if " patient " in table.split("(")[0]]

T = TypeVar("T")


class LawBroken(AssertionError):
    """A dose is lost or doubled, or a site and the centre do not agree."""


class PowerCut(BaseException):
    """The machine stops here; only what was committed is left."""


_RESTING: list[Database] = []
"""Empty databases to be used again: a new connection reads the shape and prepares every statement anew."""


def _empty() -> Database:
    """Return an empty database in a transaction that is never committed: rolled back, it is empty again."""
    database = _RESTING.pop() if _RESTING else _new()
    database.conn.execute("begin")
    return database


def _new() -> Database:
    database = Database(dbapi2.connect(":memory:", isolation_level=None))
    for statement in (
        *RECORD_0001, *LOCAL_0001, *CARRIED_0002, *RECEIPTS_0024, *FEED_0003, *FEEDBACK_0004, *PATIENT_0001,
        *ELSEWHERE_0003, *CONDITIONS_0012, *UNFIT_0025,
    ):  # fmt: skip
        database.execute(statement)
    return database


@cache
def _insertions() -> dict[str, str]:
    """Return by table how its rows are put into another database."""
    database = _new()
    widths = {table: len(database[table].columns) for table in database.table_names()}
    return {
        table: f"insert into {table} values ({', '.join('?' * width)})" for table, width in widths.items()
    }


@dataclass(frozen=True)
class Disk:
    """What outlives a power cut and is in a backup: the tables, and the doses a screen called saved."""

    database: Database = field(default_factory=_empty)
    saved: set[int] = field(default_factory=set)

    def image(self) -> "Image":
        """Return what is on it."""
        rows = {
            insertion: self.database.execute(f"select * from {table}").fetchall()
            for table, insertion in _insertions().items()
        }
        return Image(rows, frozenset(self.saved))

    def wipe(self) -> None:
        """Give the database back for another disk."""
        self.database.conn.execute("rollback")
        _RESTING.append(self.database)


@dataclass(frozen=True)
class Image:
    """The content of a disk at a moment, from which other disks are made."""

    rows: dict[str, list[Any]]
    """By the statement that puts them into a table."""
    saved: frozenset[int]

    def disk(self) -> Disk:
        """Return a new disk with this content."""
        disk = Disk(saved=set(self.saved))
        for insertion, rows in self.rows.items():
            if rows:
                disk.database.conn.executemany(insertion, rows)
        return disk


class Later(Future[T]):
    """Work handed to the writer, done when it is waited for, or when other work comes after it."""

    def __init__(self, work: Callable[[], T]) -> None:
        super().__init__()
        self._work = work

    def result(self, timeout: float | None = None) -> T:
        """Return what came of it."""
        if not self.done():
            self.set_result(self._work())
        return super().result(timeout)


class MemoryStore:
    """The part of the store that sync uses; the power may go before or after any commit."""

    def __init__(self, disk: Disk, power_fails: Callable[[], bool], soon: Callable[[], bool]) -> None:
        """``soon`` says whether the writer comes at once to what is handed to it."""
        self._db = disk.database
        self._power_fails = power_fails
        self._soon = soon
        self._handed: Later[Any] | None = None

    def read(self) -> Database:
        """Return the connection."""
        return self._db

    def submit(self, work: Callable[[Transaction], T]) -> Future[T]:
        """Run ``work`` in one transaction, now or later; if the power goes before, never."""
        self._do_what_was_handed()
        handed = self._handed = Later(lambda: self._transact(work))
        if self._soon():
            self._do_what_was_handed()
        return handed

    def write(self, work: Callable[[Transaction], T]) -> T:
        """Run ``work`` in one transaction, after what was handed over before."""
        self._do_what_was_handed()
        return self._transact(work)

    def _do_what_was_handed(self) -> None:
        handed, self._handed = self._handed, None
        if handed is not None:
            handed.result()

    def _transact(self, work: Callable[[Transaction], T]) -> T:
        self._db.conn.execute("savepoint act")
        try:
            result = work(Transaction(self._db))
            if self._power_fails():
                raise PowerCut
        except BaseException:
            self._db.conn.execute("rollback to act")
            self._db.conn.execute("release act")
            raise
        self._db.conn.execute("release act")
        if self._power_fails():
            raise PowerCut
        return result


FIRST_BATCH = 2
"""So few that one push often follows another at once."""


@dataclass(frozen=True)
class Rules:
    """How a machine is built; mutants put something else in place of a part."""

    engine: type[Speaker] = Speaker
    outbox: Callable[[Store], Outbox] = StoreOutbox
    inbox: Callable[[Store, Clock], Inbox] = StoreInbox


class Machine:
    """One running machine with its disk, its clock and its backup."""

    def __init__(
        self, disk: Disk, device_id: str, line: Transport, rules: Rules, random: Random, *, letters: bool
    ) -> None:
        """``random`` belongs to the machine, not to the disk: a copied disk does not copy it."""
        self.device_id = device_id
        self.clock = ManualClock()
        self.random = random
        self.cut_chance = 0.0
        self.moments_left: int | None = None
        """After so many moments before or after a commit the power goes, once."""
        self._letters = letters
        self._line = line
        self._rules = rules
        self.backup: Image | None = None
        self.disk = disk
        self.start()

    def start(self, disk: Disk | None = None) -> None:
        """Begin anew with what the disk holds."""
        self.disk = disk or self.disk
        self.store = MemoryStore(self.disk, self._power_fails, lambda: self.random.random() < 0.5)
        outbox = self._rules.outbox(cast(Store, self.store))
        inbox = self._rules.inbox(cast(Store, self.store), self.clock)
        self.engine = self._rules.engine(
            self.device_id, outbox, self._line, self.clock, self.random.randbytes, inbox=inbox, aside=at_once
        )
        self.engine._batch.size = FIRST_BATCH
        self.engine.letters = self._letters

    def _power_fails(self) -> bool:
        if self.moments_left is not None:
            self.moments_left -= 1
            if self.moments_left < 0:
                self.moments_left = None
                return True
        return self.random.random() < self.cut_chance

    def install(self) -> None:
        """Begin the first stream."""
        stream = Stream(self.device_id, self.random.randbytes(8).hex())
        at = instant_text(self.clock.now())
        self.store.write(lambda transaction: open_stream(transaction.db, stream, at))

    def record(self, dose: int, site: str = SITE) -> None:
        """Save a dose; a screen says so unless the power goes first."""
        now = self.clock.now()
        draft = Draft(
            uuid7(now, self.random.randbytes), epoch_ms(now), ClockQuality(1000), "immunization.recorded",
            site, "台", "u-1", None, {"dose": dose},
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
            """select distinct data ->> '$.body.dose' from stream_entry as entry
            where seq <= (select max(last_seq) from receipt_run as run
                where run.device_id = entry.device_id and run.epoch = entry.epoch)
            and (device_id, epoch, seq) not in (select device_id, epoch, seq from refused_entry)"""
        )
        return {dose for (dose,) in rows}

    def refused(self) -> set[int]:
        """Return the doses the page says the centre has not taken."""
        rows = self.disk.database.execute(
            """select distinct data ->> '$.body.dose' from refused_entry join stream_entry
            using (device_id, epoch, seq)"""
        )
        return {dose for (dose,) in rows} - self.delivered()

    def own(self) -> set[int]:
        """Return the doses given on this machine, or on the one its disk is a copy of."""
        rows = self.disk.database.execute("select data ->> '$.body.dose' from journal")
        return {dose for (dose,) in rows}

    def known(self) -> set[int]:
        """Return the doses on record here, given on this machine or elsewhere."""
        return self.own().union(event.body["dose"] for event in feed.events(self.disk.database))

    def unheard(self) -> set[tuple[str, str]]:
        """Return (event id, field) of what is wrong with the events here and was not told here."""
        db = self.disk.database
        unread = self.refused()
        written = db.execute("select data, data ->> '$.body.dose' from journal")
        lines = [bytes(data) for data, dose in written if dose not in unread]
        wrong = {(one.event_id, one.field) for data in lines for one, _ in wrong_with(data)}
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
