"""Shifts: planning who is on duty, and one person handing over to another (STF-7, STF-8)."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date, datetime

from sqlite_utils import Database

from app.domain.shifts import Duty, OpenWork, Part
from app.domain.visit import VisitState
from app.storage import encounters
from app.storage.shifts import shifts_on
from app.storage.site import running_session
from app.workflows.desk import Act, SecondPerson
from app.workflows.open_vials import open_vials
from app.workflows.staff import working_member

WAITING = (VisitState.REGISTERED, VisitState.SCREENED, VisitState.READY)


def plan_day(act: Act, day: date, planned: Mapping[Part, Mapping[str, Duty]]) -> None:
    """Record who leads and who is on duty on a day; a part named takes the place of what was planned for it.

    A part that stays as it was is not recorded again. Raises StaffUnknown.
    """
    act.require("plan_day")
    before = {shift.part: dict(shift.duties) for shift in shifts_on(act.db, day)}
    for part, duties in planned.items():
        if dict(duties) != before[part]:
            who = [[working_member(act.db, one).staff_id, str(duty)] for one, duty in sorted(duties.items())]
            act.append("shift.planned", {"day": day.isoformat(), "part": str(part), "duties": who})


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
