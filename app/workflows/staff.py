"""The manager's acts on staff: who works here, in which roles, trained until when."""

from dataclasses import dataclass, replace

from sqlite_utils import Database

from app.domain.refusals import Refusal
from app.domain.staff import (
    EmergencyTraining,
    Role,
    StaffMember,
    TrainingCertificate,
    check_training_days,
)
from app.storage.credentials import forget_credential
from app.storage.staff import all_staff, find_staff, staff_body
from app.workflows.desk import Act


@dataclass(unsafe_hash=True)
class StaffUnknown(Refusal):
    """Nobody of this id works here (any more)."""

    staff_id: str


@dataclass(unsafe_hash=True)
class StaffIncomplete(Refusal):
    """A member of staff needs a name and at least one role."""


@dataclass(unsafe_hash=True)
class TrainingIncomplete(Refusal):
    """A training certificate needs its number and its issuer."""


@dataclass(unsafe_hash=True)
class LastManager(Refusal):
    """Without them nobody could look after staff any more."""

    name: str


def add_staff(act: Act, member: StaffMember) -> StaffMember:
    """Record a new member of staff and their roles; ``staff_id`` is given here unless it is stated.

    Raises StaffIncomplete.
    """
    act.require("add_staff")
    named = _checked(replace(member, staff_id=member.staff_id or act.new_id()))
    act.append("staff.added", staff_body(named))
    return named


def amend_staff(act: Act, member: StaffMember) -> None:
    """Record a changed name, title or roles; raises StaffUnknown, StaffIncomplete or LastManager."""
    act.require("amend_staff")
    known = working_member(act.db, member.staff_id)
    if Role.MANAGER not in member.roles:
        _check_other_manager(act, known)
    act.append("staff.amended", staff_body(_checked(member)))


def certify_staff(act: Act, staff_id: str, certificate: TrainingCertificate) -> None:
    """Record a training certificate (STF-1, STF-3); the newest stands, the journal keeps those before.

    Raises StaffUnknown, TrainingIncomplete, TrainedInFuture or TrainedAfterItsEnd.
    """
    act.require("certify_staff")
    working_member(act.db, staff_id)
    if not (certificate.number.strip() and certificate.issuer.strip()):
        raise TrainingIncomplete()
    check_training_days(certificate.passed_on, certificate.expires_on, act.today)
    body = {
        "staff_id": staff_id,
        "number": certificate.number.strip(),
        "issuer": certificate.issuer.strip(),
        "expires_on": certificate.expires_on.isoformat(),
        "round": certificate.round.strip(),
        "passed_on": certificate.passed_on.isoformat() if certificate.passed_on else None,
    }
    act.append("staff.certified", body)


def train_for_emergencies(act: Act, staff_id: str, training: EmergencyTraining) -> None:
    """Record that somebody was trained and examined in handling a reaction (STF-10); the newest stands.

    Raises StaffUnknown, TrainedInFuture or TrainedAfterItsEnd.
    """
    act.require("train_for_emergencies")
    working_member(act.db, staff_id)
    check_training_days(training.trained_on, training.expires_on, act.today)
    body = {
        "staff_id": staff_id,
        "trained_on": training.trained_on.isoformat(),
        "expires_on": training.expires_on.isoformat(),
    }
    act.append("staff.emergency_trained", body)


def remove_staff(act: Act, staff_id: str) -> None:
    """Record that somebody works here no longer; what they did keeps their name, their PIN and badge go.

    Raises StaffUnknown or LastManager.
    """
    act.require("remove_staff")
    _check_other_manager(act, working_member(act.db, staff_id))
    act.append("staff.removed", {"staff_id": staff_id, "at": act.at})
    forget_credential(act.db, staff_id)


def working_member(db: Database, staff_id: str) -> StaffMember:
    """Return who works here under this id; raises StaffUnknown, of somebody removed as well."""
    member = find_staff(db, staff_id)
    if member is None or member.removed:
        raise StaffUnknown(staff_id)
    return member


def _checked(member: StaffMember) -> StaffMember:
    if not (member.name.strip() and member.roles):
        raise StaffIncomplete()
    return replace(member, name=member.name.strip(), title=member.title.strip())


def _check_other_manager(act: Act, member: StaffMember) -> None:
    """Pass when somebody else manages as well, or this one does not."""
    if Role.MANAGER not in member.roles:
        return
    others = (other for other in all_staff(act.db) if other.staff_id != member.staff_id)
    if not any(Role.MANAGER in other.roles for other in others):
        raise LastManager(member.name)
