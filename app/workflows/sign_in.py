"""Signing in: a password opens the store and names who answers for what follows."""

from dataclasses import dataclass

from app.domain.refusals import Refusal
from app.domain.staff import StaffMember
from app.storage.site import find_staff
from app.workflows.desk import Act, Desk


@dataclass(unsafe_hash=True)
class StaffUnknown(Refusal):
    """The key file names somebody the records do not."""

    staff_id: str


def sign_in(desk: Desk, staff_id: str) -> StaffMember:
    """Make a member of staff the desk's user and record it; the password has been checked by the key file."""
    member = find_staff(desk.read(), staff_id)
    if member is None:
        raise StaffUnknown(staff_id)
    desk.user = member
    desk.do(_record_sign_in)
    return member


def _record_sign_in(act: Act) -> None:
    act.append("user.signed_in", {"staff_id": act.user.staff_id, "at": act.at})
