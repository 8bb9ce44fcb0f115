"""Watches the observation area for every screen that shows it: who sits there, and what the clock says."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from PySide6.QtCore import QObject, Signal

from app.domain.observation import (
    ClockInDoubt,
    ClockMark,
    ObservationState,
    TrustedTime,
    alarm_minutes,
    clock_doubt,
    minutes_left,
    state_of,
    trusted_now,
)
from app.storage.observations import Seat
from app.ui.bench import Bench
from app.workflows.observation import hall, mark_clock

MARK_EVERY_S = 60.0
_KINDS = ("observation.", "immunization.", "adverse_event.", "clock.", "patient.", "session.", "site.")


@dataclass(frozen=True)
class Watched:
    """One person on the board, as they stand at this minute."""

    seat: Seat
    state: ObservationState
    minutes: int
    """Still to sit (negative: over the time), since the alarm, or stayed by who left early."""

    @property
    def encounter_id(self) -> str:
        """Return the visit."""
        return self.seat.encounter_id


class HallWatch(QObject):
    """Reads the board after each change and lets its minutes run; says nothing while none has passed."""

    changed = Signal()
    """Somebody came, went or was called for, or a minute has gone by for somebody."""
    fell_due = Signal(tuple)
    """The people (``Watched``) whose time has just ended: a tone may be played."""
    doubted = Signal()
    """The clock came into doubt, or the doubt is over or another one."""

    def __init__(self, bench: Bench, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bench = bench
        self._seats: Sequence[Seat] = ()
        self._trusted: TrustedTime | None = None
        self._marked_at: float | None = None
        self.people: tuple[Watched, ...] = ()
        """The alarm first, then by leaving time, at the end who left early."""
        self.now = bench.now()
        """The time people sit by."""
        self.doubt: ClockInDoubt | None = None
        bench.ticked.connect(self.look)
        bench.committed.connect(self._committed)
        self.reload()

    def reload(self) -> None:
        """Read the board again."""
        seen = hall(self._bench.read(), self.now)
        self._seats = seen.seats
        self._trusted = seen.clock.trusted if seen.clock else None
        self.look()

    def look(self) -> None:
        """Let the time run on; called every second."""
        reading = ClockMark(self._bench.now(), self._bench.desk.clock.monotonic())
        self.now = trusted_now(self._trusted, reading)
        self._judge_clock(reading)
        people = tuple(sorted((_watched(seat, self.now) for seat in self._seats), key=_order))
        people = tuple(person for person in people if person.state is not ObservationState.RELEASED)
        if people != self.people:
            before, self.people = self.people, people
            self.changed.emit()
            self._tell_due(before)

    def find(self, encounter_id: str) -> Watched | None:
        """Return a person on the board, or None."""
        return next((person for person in self.people if person.encounter_id == encounter_id), None)

    def _judge_clock(self, reading: ClockMark) -> None:
        doubt = clock_doubt(self._trusted, reading)
        turned = _shown(doubt) != _shown(self.doubt)
        self.doubt = doubt
        if turned:
            self.doubted.emit()
        since = None if self._marked_at is None else reading.monotonic - self._marked_at
        if turned or since is None or not 0 <= since < MARK_EVERY_S:
            self._marked_at = reading.monotonic
            self._bench.submit(self, lambda _: self.reload(), mark_clock, reading)

    def _tell_due(self, before: Sequence[Watched]) -> None:
        waiting = {person.encounter_id for person in before if person.state is ObservationState.OBSERVING}
        due = tuple(
            person
            for person in self.people
            if person.encounter_id in waiting
            and person.state in (ObservationState.DUE, ObservationState.OVERDUE)
        )
        if due:
            self.fell_due.emit(due)

    def _committed(self, kinds: frozenset[str]) -> None:
        if any(kind.startswith(_KINDS) for kind in kinds):
            self.reload()


def _watched(seat: Seat, now: datetime) -> Watched:
    observation = seat.observation
    state = state_of(observation, now)
    if state is ObservationState.ALARM:
        minutes = alarm_minutes(observation, now)
    elif observation.ended_at is not None:
        minutes = max(0, int((observation.ended_at - observation.started_at).total_seconds() // 60))
    else:
        minutes = minutes_left(observation, now)
    return Watched(seat, state, minutes)


def _order(person: Watched) -> tuple[int, datetime, str]:
    place = {ObservationState.ALARM: 0, ObservationState.LEFT_EARLY: 2}.get(person.state, 1)
    return place, person.seat.observation.due_at, person.seat.ticket_number


def _shown(doubt: ClockInDoubt | None) -> tuple[int, int] | None:
    """Return what of a doubt is shown: the jump to the second, and the minute that should be."""
    if doubt is None:
        return None
    jump = round((doubt.wall_at - doubt.expected_at).total_seconds())
    return jump, int(doubt.expected_at.timestamp() // 60)
