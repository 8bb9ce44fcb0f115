"""Signing in: who answers for what follows, by what they showed who they are; and who failed to."""

from enum import StrEnum

from app.domain.staff import StaffMember
from app.storage import credentials
from app.storage.attempts import Tally
from app.storage.door import Door
from app.storage.local import get_setting, put_setting
from app.workflows.audit import seal_trail
from app.workflows.desk import Act, Desk
from app.workflows.staff import working_member


class Means(StrEnum):
    """By what somebody showed who they are."""

    PASSWORD = "password"
    PIN = "pin"
    BADGE = "badge"
    HAND_OVER = "hand_over"


def sign_in(desk: Desk, staff_id: str, means: Means = Means.PASSWORD) -> StaffMember:
    """Make a member of staff the desk's user and record it; who they are has been checked before.

    A locked desk is locked no longer. Raises StaffUnknown, of somebody removed as well.
    """
    member = working_member(desk.read(), staff_id)
    desk.do_as(member, _record_sign_in, means)
    desk.user, desk.is_locked = member, False
    desk.submit(seal_trail)
    return member


def tell_tries(desk: Desk, door: Door) -> None:
    """Record the wrong tries since somebody last signed in, each once, whatever is cut off in between."""
    tally = door.tally()
    told_run, told_serial = _told(desk)
    if tally.tries or tally.untold or (told_run == tally.run and tally.serial < told_serial) or not told_run:
        door.settle(tally, desk.do(_record_tries, tally))


_TOLD = "sign_in_tries_told"
"""The setting that remembers which file of tries was told, and how far."""


def _told(desk: Desk) -> tuple[str, int]:
    run, _, serial = get_setting(desk.read(), _TOLD).partition(":")
    return run, int(serial or 0)


def _record_sign_in(act: Act, means: Means) -> None:
    credentials.put_first_seen(act.db, act.user.staff_id, act.at)
    if means is Means.PASSWORD:
        credentials.put_pin_failures(act.db, act.user.staff_id, 0)
    act.append("user.signed_in", {"staff_id": act.user.staff_id, "at": act.at, "means": str(means)})


def _record_tries(act: Act, tally: Tally) -> int:
    """Append what the journal has not been told; returns how far it has been told now."""
    run, _, told = get_setting(act.db, _TOLD).partition(":")
    known = int(told or 0) if run == tally.run else 0
    if tally.serial < known:
        act.append("user.tries_rewound", {"at": act.at, "counted": tally.serial, "known": known})
    for one in tally.tries:
        if one.serial > known:
            body = {"staff_id": one.staff_id, "at": one.at, "means": str(Means.PASSWORD), "why": one.why}
            act.append("user.sign_in_failed", body)
    if tally.untold:
        act.append("user.tries_uncounted", {"at": act.at, "count": tally.untold})
    newest = max(tally.serial, known)
    put_setting(act.db, _TOLD, f"{tally.run}:{newest}")
    return newest
