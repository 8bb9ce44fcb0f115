"""Signing in: a password opens the store and names who answers for what follows."""

from app.domain.staff import StaffMember
from app.storage.staff import find_staff
from app.workflows.desk import Act, Desk
from app.workflows.staff import StaffUnknown


def sign_in(desk: Desk, staff_id: str) -> StaffMember:
    """Make a member of staff the desk's user and record it; the password has been checked by the key file."""
    member = find_staff(desk.read(), staff_id)
    if member is None or member.removed:
        raise StaffUnknown(staff_id)
    desk.user = member
    desk.do(_record_sign_in)
    return member


def _record_sign_in(act: Act) -> None:
    act.append("user.signed_in", {"staff_id": act.user.staff_id, "at": act.at})
