"""Visits in the store: their facts, the state that follows from them, the queues."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlite_utils import Database

from app.domain.clock import read_instant
from app.domain.journal import Event
from app.domain.screening import Decision
from app.domain.visit import Encounter, VisitFacts, VisitState, visit_state
from app.storage import planned_doses

_COLUMNS = """encounter_id, session_id, patient_id, ticket_number, ticket_token, registered_at, state,
    temperature, called_at, called_by, desk"""


def put_opened(db: Database, event: Event) -> None:
    """Keep a new visit with its queue number."""
    body = event.body
    db.execute(
        """insert into encounter (encounter_id, session_id, patient_id, ticket_seq, ticket_number,
        ticket_token, registered_at, temperature, state) values (?, ?, ?, ?, ?, ?, ?, ?, ?)""",
        [
            body["encounter_id"], body["session_id"], body["patient_id"], body["ticket_seq"],
            body["ticket_number"], body["ticket_token"], body["registered_at"], body["temperature"],
            VisitState.REGISTERED,
        ],
    )  # fmt: skip


def put_cancelled(db: Database, event: Event) -> None:
    """Keep that the visit was called off before anything was given."""
    change(db, event.body["encounter_id"], cancelled=1)


def put_called(db: Database, event: Event) -> None:
    """Keep which desk called the ticket, who and when; vial and confirmations do not walk to another desk."""
    body = event.body
    encounter_id = body["encounter_id"]
    (desk,) = db.execute("select desk from encounter where encounter_id = ?", [encounter_id]).fetchone()
    if desk != event.desk:
        _clear_needle(db, encounter_id)
    change(db, encounter_id, called_at=body["called_at"], called_by=event.user, desk=event.desk)


def put_returned(db: Database, event: Event) -> None:
    """Keep that the person went back: to the doctor (the screening no longer counts) or to the queue."""
    encounter_id = event.body["encounter_id"]
    change(db, encounter_id, called_at=None, called_by="", desk="")
    if event.body["to"] == "doctor":
        db.execute("update screening set superseded = 1 where encounter_id = ?", [encounter_id])
        planned_doses.drop_open(db, encounter_id)
        change(db, encounter_id, decision=None, consented=None, returned_because=event.body["reason"])
    _clear_needle(db, encounter_id)


def _clear_needle(db: Database, encounter_id: str) -> None:
    db.execute("delete from check_mark where encounter_id = ?", [encounter_id])
    db.execute("delete from needle_vial where encounter_id = ?", [encounter_id])


def change(db: Database, encounter_id: str, **columns: object) -> None:
    """Set facts of a visit and let its state follow."""
    row = db.execute(f"select {', '.join(_FACTS)} from encounter where encounter_id = ?", [encounter_id])
    facts = dict(zip(_FACTS, row.fetchone(), strict=True)) | columns
    facts["more"] = planned_doses.is_more_to_come(db, encounter_id, decided=facts["decision"] is not None)
    columns["state"] = visit_state(_facts(facts))
    assignments = ", ".join(f"{name} = ?" for name in columns)
    db.execute(
        f"update encounter set {assignments} where encounter_id = ?", [*columns.values(), encounter_id]
    )


def get_encounter(db: Database, encounter_id: str) -> Encounter:
    """Return a visit that is known to exist."""
    row = db.execute(f"select {_COLUMNS} from encounter where encounter_id = ?", [encounter_id]).fetchone()
    return _encounter(row)


def find_by_token(db: Database, token: str) -> Encounter | None:
    """Return the visit a ticket's code names, or None."""
    row = db.execute(f"select {_COLUMNS} from encounter where ticket_token = ?", [token]).fetchone()
    return _encounter(row) if row else None


def find_open_visit(db: Database, session_id: str, patient_id: str) -> Encounter | None:
    """Return a person's visit of this session that has not ended, or None."""
    rows = db.execute(
        f"""select {_COLUMNS} from encounter where session_id = ? and patient_id = ?
        and state in ('registered', 'screened', 'ready', 'at_station', 'observing')""",
        [session_id, patient_id],
    )
    row = rows.fetchone()
    return _encounter(row) if row else None


def newest_visit(db: Database, session_id: str, patient_id: str) -> Encounter | None:
    """Return a person's newest visit of a session, ended or not; one that was called off does not count."""
    return newest_visits(db, session_id, [patient_id]).get(patient_id)


def newest_visits(db: Database, session_id: str, patient_ids: Sequence[str]) -> dict[str, Encounter]:
    """Return the newest visit of each of these people who has one, at one asking."""
    marks = ", ".join("?" for _ in patient_ids)
    rows = db.execute(
        # The plus keeps SQLite from reading all visits of the session for a few people.
        f"""select {_COLUMNS} from encounter where patient_id in ({marks}) and +session_id = ?
        and not cancelled order by ticket_seq""",
        [*patient_ids, session_id],
    )
    visits = (_encounter(row) for row in rows)
    return {visit.patient_id: visit for visit in visits}  # the last of each stands


def newest_tickets(db: Database, session_id: str, limit: int) -> list[Encounter]:
    """Return the visits of a session that got the highest numbers, the newest first."""
    rows = db.execute(
        f"select {_COLUMNS} from encounter where session_id = ? order by ticket_seq desc limit {limit}",
        [session_id],
    )
    return [_encounter(row) for row in rows]


def queue(db: Database, session_id: str, *states: VisitState) -> list[Encounter]:
    """Return a session's visits in these states, by ticket."""
    marks = ", ".join("?" for _ in states)
    rows = db.execute(
        f"select {_COLUMNS} from encounter where session_id = ? and state in ({marks}) order by ticket_seq",
        [session_id, *states],
    )
    return [_encounter(row) for row in rows]


def counts(db: Database, session_id: str) -> dict[VisitState, int]:
    """Return how many visits of a session stand in each state."""
    rows = db.execute("select state, count(*) from encounter where session_id = ? group by 1", [session_id])
    return {VisitState(state): number for state, number in rows}


def last_ticket(db: Database, session_id: str) -> int:
    """Return the highest queue number given out in a session, 0 before the first."""
    (last,) = db.execute(
        "select max(ticket_seq) from encounter where session_id = ?", [session_id]
    ).fetchone()
    return last or 0


def returned_because(db: Database, encounter_id: str) -> str:
    """Return why the needle sent a visit back to be screened anew; empty when it did not, or it was."""
    (reason,) = db.execute(
        "select returned_because from encounter where encounter_id = ?", [encounter_id]
    ).fetchone()
    return str(reason)


_FACTS = ("cancelled", "decision", "consented", "called_at", "vaccinated", "ended", "ended_early")
"""The columns a visit's state follows from."""


def _facts(columns: Mapping[str, Any]) -> VisitFacts:
    return VisitFacts(
        cancelled=bool(columns["cancelled"]),
        decision=Decision(columns["decision"]) if columns["decision"] else None,
        consented=None if columns["consented"] is None else bool(columns["consented"]),
        called=columns["called_at"] is not None,
        vaccinated=bool(columns["vaccinated"]),
        more=bool(columns["more"]),
        ended=bool(columns["ended"]),
        ended_early=bool(columns["ended_early"]),
    )


def _instant(text: str | None) -> datetime | None:
    return read_instant(text) if text else None


def _encounter(row: tuple[str, ...]) -> Encounter:
    return Encounter(
        encounter_id=row[0], session_id=row[1], patient_id=row[2], ticket_number=row[3], ticket_token=row[4],
        registered_at=read_instant(row[5]), state=VisitState(row[6]), temperature=row[7],
        called_at=_instant(row[8]), called_by=row[9], desk=row[10],
    )  # fmt: skip
