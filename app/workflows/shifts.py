"""Shifts: planning who is on duty, and one person handing over to another (STF-7, STF-8)."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime

from sqlite_utils import Database

from app.domain.refusals import Refusal
from app.domain.shifts import Duty, OpenWork, Part
from app.domain.visit import VisitState
from app.storage import encounters
from app.storage.site import running_session
from app.workflows.desk import Act, SecondPerson
from app.workflows.open_vials import open_vials
from app.workflows.staff import working_member

WAITING = (VisitState.REGISTERED, VisitState.SCREENED, VisitState.READY)


@dataclass(unsafe_hash=True)
class NobodyOnShift(Refusal):
    """A shift is planned with somebody on it."""


def plan_shift(act: Act, day: date, part: Part, duties: Mapping[str, Duty]) -> None:
    """Record who leads and who is on duty in one part of a day, in place of what was planned before.

    Raises NobodyOnShift or StaffUnknown.
    """
    act.require("plan_shift")
    if not duties:
        raise NobodyOnShift()
    planned = [[working_member(act.db, who).staff_id, str(duty)] for who, duty in sorted(duties.items())]
    act.append("shift.planned", {"day": day.isoformat(), "part": str(part), "duties": planned})


def hand_over(act: Act, taker: SecondPerson | None, note: str) -> OpenWork:
    """Record that the user hands over to somebody who stands there too, with what is open; returns that.

    Both have shown who they are. Raises SecondPersonNeeded or SecondPersonIsFirst.
    """
    act.require("hand_over")
    taken_by = act.require_second("hand_over", taker)
    work = open_work(act.db, act.now)
    body = {"taken_by": taken_by.staff_id, "at": act.at, "note": note.strip(), "open": _listed(work)}
    act.append("shift.handed_over", body)
    return work


def open_work(db: Database, now: datetime) -> OpenWork:
    """Return what is not finished in the running session: people and opened vials."""
    session = running_session(db)
    if session is None:
        return OpenWork()
    visits = encounters.queue(db, session.session_id, VisitState.OBSERVING, VisitState.AT_STATION, *WAITING)

    def tickets(*states: VisitState) -> tuple[str, ...]:
        return tuple(visit.ticket_number for visit in visits if visit.state in states)

    vials = open_vials(db, session.session_id, now)
    return OpenWork(
        observing=tickets(VisitState.OBSERVING),
        called=tickets(VisitState.AT_STATION),
        waiting=tickets(*WAITING),
        vials=tuple(vial.trace_code for vial in vials if vial.trace_code),
    )


def _listed(work: OpenWork) -> dict[str, list[str]]:
    return {name: list(codes) for name, codes in asdict(work).items()}
