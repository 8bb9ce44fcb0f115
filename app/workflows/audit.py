"""Reading somebody's record with a reason, and keeping the audit trail (app/domain/audit.py)."""

from datetime import timedelta

from sqlite_utils import Database

from app.domain.audit import (
    Access,
    Line,
    Purpose,
    ReasonMissing,
    check_purpose,
    reason_is_asked,
    verify_trail,
)
from app.domain.clock import instant_text
from app.domain.identity import mask_number
from app.domain.visit import Encounter
from app.storage import audit, encounters, patients
from app.storage.local import get_setting, put_setting
from app.storage.site import running_session
from app.workflows.desk import Act, Case

SAME_LOOK = timedelta(minutes=30)
"""Within this time the same person looking at the same record for the same reason is one line."""
LINES_TO_A_SEAL = 200
_SEALED = "audit_sealed"


def visit_of(db: Database, patient_id: str) -> Encounter | None:
    """Return the visit of the session under way that is reason enough to read a record, or None.

    It may have ended: whose dose was given this morning comes back for the certificate.
    """
    session = running_session(db)
    return encounters.newest_visit(db, session.session_id, patient_id) if session else None


def must_say_why(case: Case, patient_id: str) -> bool:
    """Return whether a record opens only with a reason: a minor's, outside a visit (SEC-5)."""
    birth_on = patients.get_patient(case.db, patient_id).birth_on
    return reason_is_asked(birth_on, case.today, visit_open=visit_of(case.db, patient_id) is not None)


def read_record(act: Act, patient_id: str, purpose: Purpose | None = None, words: str = "") -> None:
    """Keep that a record was read, and why: the open visit, else the reason given.

    Raises ReasonMissing for a minor's record outside a visit without one, ReasonTooShort for "other".
    """
    act.require("read_record")
    visit = visit_of(act.db, patient_id)
    if visit is not None:
        purpose, words = Purpose.VISIT, ""
    elif purpose is None:
        if must_say_why(act, patient_id):
            raise ReasonMissing(patient_id)
        purpose = Purpose.RECEPTION
    check_purpose(purpose, words)
    source = visit.encounter_id if visit else ""
    line = Line(
        act.at, act.user.staff_id, act.desk_name, Access.READ, patient_id, purpose, words.strip(), source
    )
    if not audit.was_read_since(act.db, line, instant_text(act.now - SAME_LOOK)):
        audit.append(act.db, line)


def ask_centre(act: Act, document_number: str, reason: str) -> None:
    """Keep that the centre is asked about somebody, before it is; its book has the whole number (SEC-5)."""
    act.require("ask_centre")
    act.note(Access.READ, None, Purpose.OTHER, words=f"向中心查询 {mask_number(document_number)}：{reason}")


def note_print(act: Act, what: str, patient_id: str) -> None:
    """Keep that a paper with somebody's name on it was printed, in a visit or at the desk."""
    act.require("note_print")
    purpose = Purpose.VISIT if visit_of(act.db, patient_id) else Purpose.RECEPTION
    act.note(Access.PRINTED, patient_id, purpose, words=what)


def export(act: Act, what: str, purpose: Purpose, words: str, patient_id: str | None = None) -> None:
    """Keep that records leave the program as a file: who, what, why (SEC-4); raises ReasonTooShort."""
    act.require("export")
    check_purpose(purpose, words)
    act.note(
        Access.EXPORTED, patient_id, purpose, words="：".join(part for part in (what, words.strip()) if part)
    )


def export_trail(act: Act, since: str, purpose: Purpose, words: str) -> tuple[int, int]:
    """Keep that the trail leaves the program as a file; returns the numbers of its first and last line.

    The last is this export's own, and its hash goes into the journal. Raises ReasonTooShort.
    """
    act.require("export_trail")
    first = audit.first_since(act.db, since)
    export(act, f"审计记录，从第 {first} 条起", purpose, words)
    seal_trail(act, now=True)
    return first, audit.last(act.db)[0]


def seal_trail(act: Act, *, now: bool = False) -> None:
    """Put the head of the trail into the journal when it has grown by a good deal, or ``now``.

    From there it reaches the centre: a trail rewritten here no longer fits what the centre holds.
    """
    count, head = audit.last(act.db)
    grown = count - int(get_setting(act.db, _SEALED, "0"))
    if grown >= (1 if now else LINES_TO_A_SEAL):
        act.append("audit.sealed", {"count": count, "head": head.hex(), "at": act.at})
        put_setting(act.db, _SEALED, str(count))


def verify(db: Database) -> int:
    """Return how many lines of the trail stand; raises AuditBroken."""
    return verify_trail(audit.trail(db), audit.sealed_heads(db))
