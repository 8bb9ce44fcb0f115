"""A desk: who works at it, with what clock and store; and an act, one transaction of theirs."""

from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import date, datetime
from typing import Concatenate, ParamSpec, TypeVar
from weakref import WeakSet

from sqlite_utils import Database

from app.domain.audit import Access, Line, Purpose, line_of
from app.domain.clock import Clock, epoch_ms, instant_text, local_day
from app.domain.ids import Randomness, uuid7
from app.domain.journal import ClockQuality, Event, Json, Stream
from app.domain.passwords import elapsed
from app.domain.permissions import require_permission, require_second
from app.domain.refusals import Refusal
from app.domain.site import Session, Site
from app.domain.staff import Role, StaffMember, check_trained
from app.storage import audit, journal, projections
from app.storage.site import get_site, running_session
from app.storage.staff import all_staff, find_staff, find_training
from app.storage.store import Store, Transaction

P = ParamSpec("P")
T = TypeVar("T")


@dataclass(frozen=True)
class CentreTime:
    """What the centre last said of the time."""

    offset_ms: int
    """Centre time minus local time."""
    heard_at: float
    """Monotonic seconds."""


@dataclass(frozen=True, eq=False)
class SecondPerson:
    """Somebody who has shown by password, PIN or badge that they stand at this desk as well.

    Good for one act: each showing is itself, and the desk knows which are used up.
    """

    member: StaffMember
    shown_at: float
    """Monotonic seconds."""


SECOND_STAYS_S = 120
"""How long a second person counts as standing there."""


@dataclass(unsafe_hash=True)
class NobodySignedIn(Refusal):
    """An act needs somebody who answers for it."""


@dataclass(unsafe_hash=True)
class NoSession(Refusal):
    """No vaccinating session is open at this site; ``managers`` may open one."""

    managers: tuple[str, ...] = ()


class Desk:
    """One working place at the site; screens submit acts here and read through ``read``."""

    def __init__(self, store: Store, clock: Clock, random: Randomness, name: str) -> None:
        self.store = store
        self.clock = clock
        self.random = random
        self.name = name
        self.user: StaffMember | None = None
        self.is_locked = False
        """The work stands still until its person, or another, is back."""
        self.centre_time: CentreTime | None = None
        self.used_seconds: WeakSet[SecondPerson] = WeakSet()
        """Second persons who have stood by an act already; only the writer thread looks here."""

    def read(self) -> Database:
        """Return the read-only connection of this thread."""
        return self.store.read()

    def now(self) -> datetime:
        """Return the wall time, aware, in UTC."""
        return self.clock.now()

    def today(self) -> date:
        """Return the date in China."""
        return local_day(self.now())

    def case(self) -> "Case":
        """Return what an act of this moment would be judged by, at the screen's own connection."""
        return Case(self.read(), self, None if self.is_locked else self.user, self.now())

    def submit(
        self, act: "Callable[Concatenate[Act, P], T]", *args: P.args, **kwargs: P.kwargs
    ) -> "Future[T]":
        """Run an act in one transaction on the writer thread; the future raises its Refusal.

        At a locked desk nobody is there to answer for it.
        """
        return self._submit(None if self.is_locked else self.user, act, *args, **kwargs)

    def do(self, act: "Callable[Concatenate[Act, P], T]", *args: P.args, **kwargs: P.kwargs) -> T:
        """Run an act and wait until it is committed; raises its Refusal."""
        return self.submit(act, *args, **kwargs).result()

    def do_as(
        self, member: StaffMember, act: "Callable[Concatenate[Act, P], T]", *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Let somebody who has just shown who they are do an act; raises its Refusal."""
        return self._submit(member, act, *args, **kwargs).result()

    def _submit(
        self,
        user: StaffMember | None,
        act: "Callable[Concatenate[Act, P], T]",
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> "Future[T]":
        now = self.now()
        return self.store.submit(
            lambda transaction: act(Act(transaction, self, user, now), *args, **kwargs), urgent=True
        )

    def clock_quality(self) -> ClockQuality:
        """Return how far this desk's clock can be believed now."""
        uptime = self.clock.monotonic()
        heard = self.centre_time
        return ClockQuality(
            uptime_ms=int(uptime * 1000),
            offset_ms=heard.offset_ms if heard else None,
            age_ms=int((uptime - heard.heard_at) * 1000) if heard else None,
        )


class Case:
    """What an act is judged by: the tables, the instant, who does it and where. It writes nothing."""

    def __init__(self, db: Database, desk: Desk, user: StaffMember | None, now: datetime) -> None:
        self.db = db
        self.now = now
        """The instant the person acted, taken when the act was submitted."""
        self._desk = desk
        self._user = user
        self._site: Site | None = None

    @property
    def desk_name(self) -> str:
        """Where the act happens."""
        return self._desk.name

    def monotonic(self) -> float:
        """Return seconds since the machine started, sleep included."""
        return self._desk.clock.monotonic()

    @property
    def user(self) -> StaffMember:
        """Who answers for this act; raises NobodySignedIn."""
        if self._user is None:
            raise NobodySignedIn()
        return self._user

    @property
    def site(self) -> Site:
        """The site as configured."""
        if self._site is None:
            self._site = get_site(self.db)
        return self._site

    @property
    def session(self) -> Session:
        """The session under way; raises NoSession."""
        session = running_session(self.db)
        if session is None:
            raise NoSession(names_of(self.db, Role.MANAGER))
        return session

    @property
    def today(self) -> date:
        """The date in China."""
        return local_day(self.now)

    @property
    def at(self) -> str:
        """The instant as it stands in bodies."""
        return instant_text(self.now)

    def require(self, act: str) -> None:
        """Pass when the table of permissions lets the user do the act of this name; raises NotPermitted.

        The roles are those of the site's list at this moment: who lost one, or was removed, has none.
        """
        listed = find_staff(self.db, self.user.staff_id)
        if listed is not None and listed.removed:
            raise NobodySignedIn()
        require_permission(listed or self.user, act)

    def require_training(self) -> None:
        """Pass when the user may inject today; raises TrainingCertificateMissing or …Expired (STF-1)."""
        check_trained(self.user, find_training(self.db, self.user.staff_id), self.today)

    def require_second(self, act: str, second: SecondPerson | None) -> StaffMember:
        """Return the second person of a two-person act; raises SecondPersonNeeded or SecondPersonIsFirst.

        Asked last, when nothing else is in the way: a second person counts for one act, for two minutes, with
        the roles the site's own list gives them now.
        """
        member = None
        if second is not None and second not in self._desk.used_seconds:
            stays = elapsed(second.shown_at, self.monotonic()) <= SECOND_STAYS_S
            known = find_staff(self.db, second.member.staff_id) if stays else None
            member = None if known is None or known.removed else known
        answered = require_second(member, act, self.user)
        assert second is not None, "somebody answered"
        self._desk.used_seconds.add(second)
        return answered


class Act(Case):
    """One thing a person does: reads, judges and appends inside one transaction."""

    def __init__(self, transaction: Transaction, desk: Desk, user: StaffMember | None, now: datetime) -> None:
        super().__init__(transaction.db, desk, user, now)
        self._transaction = transaction

    def new_id(self) -> str:
        """Return a fresh UUIDv7."""
        return uuid7(self.now, self._desk.random)

    def random(self, length: int) -> bytes:
        """Return so many random bytes."""
        return self._desk.random(length)

    def append(self, kind: str, body: Json, *, person: str | None = None) -> Event:
        """Write one journal entry and what follows from it in the tables: saved means queued."""
        draft = journal.Draft(
            id=self.new_id(),
            wall=epoch_ms(self.now),
            clock=self._desk.clock_quality(),
            kind=kind,
            site="" if kind == "site.configured" else self.site.site_id,
            desk=self.desk_name,
            user=self.user.staff_id,
            person=person,
            body=body,
        )
        event = journal.append(self.db, draft)
        projections.project(self.db, event)
        if line := line_of(event, self.at):
            audit.append(self.db, line)
        self._transaction.kinds.add(kind)
        return event

    def note(
        self,
        access: Access,
        patient_id: str | None = None,
        purpose: Purpose | None = None,
        *,
        words: str = "",
        source: str = "",
    ) -> None:
        """Write the next line of the audit trail."""
        who, where = self.user.staff_id, self.desk_name
        audit.append(self.db, Line(self.at, who, where, access, patient_id, purpose, words, source))


def staff_name(db: Database, staff_id: str) -> str:
    """Return a member's name for a screen; the id itself for somebody no longer on file."""
    member = find_staff(db, staff_id)
    return member.name if member else staff_id


def names_of(db: Database, role: Role) -> tuple[str, ...]:
    """Return who works here in a role, for a sentence that says whom to ask."""
    return tuple(member.name for member in all_staff(db) if role in member.roles)


def open_first_stream(act: Act) -> Stream:
    """Begin the journal of a new installation (sync.md, *Journal*)."""
    stream = Stream(act.new_id(), act.random(8).hex())
    journal.open_stream(act.db, stream, act.at)
    return stream
