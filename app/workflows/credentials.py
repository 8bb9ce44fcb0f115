"""Passwords, PINs and badges: what lets a person in, changed by themselves or given anew by the manager."""

from dataclasses import dataclass
from datetime import UTC, datetime, time

from app.domain.clock import CHINA, instant_text, local_day, read_instant
from app.domain.passwords import (
    HISTORY,
    PIN_TRIES,
    WARNED_DAYS,
    PasswordUsedBefore,
    check_new_password,
    check_new_pin,
    days_left,
)
from app.domain.refusals import Refusal
from app.domain.staff import StaffMember
from app.storage import credentials
from app.storage.credentials import find_credential
from app.storage.door import Door
from app.storage.hashing import PIN_COSTS, hash_secret, is_hash_of
from app.storage.keys import SlotOwner, key_file
from app.storage.opening import give_slot, take_slot
from app.storage.site import get_site
from app.storage.staff import find_staff
from app.workflows.desk import Act, Desk, SecondPerson
from app.workflows.sign_in import Means
from app.workflows.staff import remove_staff, working_member

LEAST_BADGE = 6


@dataclass(unsafe_hash=True)
class PasswordMustChange(Refusal):
    """The password was given by somebody else (``first``), or has stood too long."""

    first: bool
    days: int


@dataclass(unsafe_hash=True)
class PasswordEnding(Refusal):
    """The password runs out in some days: refuses nothing, is said at sign-in."""

    days: int


@dataclass(unsafe_hash=True)
class PinWrong(Refusal):
    """The PIN is not this person's; so many tries are left before only the password helps."""

    left: int


@dataclass(unsafe_hash=True)
class PasswordNeeded(Refusal):
    """No PIN or badge will do now: none was set, too many were wrong, or today has had no password yet."""

    name: str


@dataclass(unsafe_hash=True)
class BadgeUnknown(Refusal):
    """Nobody here has this badge."""


@dataclass(unsafe_hash=True)
class BadgeTaken(Refusal):
    """The code is too short for a badge, or is somebody else's."""


def password_due(desk: Desk, staff_id: str) -> PasswordMustChange | None:
    """Return why a person must change the password before anything else, or None (SEC-2)."""
    known, site = find_credential(desk.read(), staff_id), get_site(desk.read())
    if known is None or site.practice:
        return None
    left = days_left(local_day(read_instant(known.changed_at)), desk.today(), site.password_days)
    if known.must_change or left < 0:
        return PasswordMustChange(known.must_change, site.password_days)
    return None


def password_notice(desk: Desk, staff_id: str) -> PasswordEnding | None:
    """Return what a person is told at sign-in of a password that runs out, or None."""
    known, site = find_credential(desk.read(), staff_id), get_site(desk.read())
    if known is None or site.practice:
        return None
    left = days_left(local_day(read_instant(known.changed_at)), desk.today(), site.password_days)
    return PasswordEnding(left) if 0 <= left <= WARNED_DAYS else None


def change_password(
    desk: Desk, door: Door, staff_id: str, old: str, new: str, *, use_keyring: bool = True
) -> None:
    """Give a person the password of their choice; the old one proves who they are.

    Takes some tenths of a second. Raises PasswordWrong, TooManyTries, StaffUnknown, PasswordUsedBefore and
    those of ``check_new_password``.
    """
    door.check(desk.store, staff_id, old)
    member = working_member(desk.read(), staff_id)
    check_new_password(new, (member.name, member.staff_id.removeprefix("u-")))
    known = find_credential(desk.read(), staff_id)
    if new == old or any(is_hash_of(hashed, new) for hashed in (known.former if known else ())):
        raise PasswordUsedBefore(HISTORY)
    give_slot(desk.store, _owner(member), new, desk.random, use_keyring=use_keyring)
    desk.do_as(member, _record_changed, hash_secret(new, desk.random))


def give_password(desk: Desk, staff_id: str, first: str, *, use_keyring: bool = True) -> None:
    """Let the manager give somebody a first password, or a new one after it was forgotten.

    Its owner must change it at the next sign-in. Raises NotPermitted, StaffUnknown and those of
    ``check_new_password``.
    """
    member = working_member(desk.read(), staff_id)
    check_new_password(first, (member.name,))
    desk.do(reset_password, staff_id, hash_secret(first, desk.random))
    give_slot(desk.store, _owner(member), first, desk.random, use_keyring=use_keyring)


def reset_password(act: Act, staff_id: str, hashed: str) -> None:
    """Record that the manager gives somebody a password; ``give_password`` writes it into the key file."""
    act.require("reset_password")
    working_member(act.db, staff_id)
    credentials.put_password(act.db, staff_id, act.at, hashed, must_change=True)
    act.append("user.password_reset", {"staff_id": staff_id, "at": act.at})


def set_pin(desk: Desk, pin: str) -> None:
    """Keep the signed-in person's PIN; raises PinTooPlain."""
    check_new_pin(pin)
    desk.do(_keep_pin, hash_secret(pin, desk.random, PIN_COSTS))


def set_badge(desk: Desk, text: str) -> None:
    """Keep the code of the signed-in person's badge; raises BadgeTaken."""
    desk.do(_keep_badge, text)


def check_pin(desk: Desk, staff_id: str, pin: str) -> StaffMember:
    """Return whom a PIN shows to be here; raises PinWrong, PasswordNeeded or StaffUnknown.

    A PIN counts on a day on which its owner has signed in here with the password. Each wrong one is recorded.
    """
    member = working_member(desk.read(), staff_id)
    known = find_credential(desk.read(), staff_id)
    if known is None or known.pin is None or not has_quick_way(desk, staff_id):
        raise PasswordNeeded(member.name)
    if not is_hash_of(known.pin, pin):
        desk.do_as(member, _record_wrong_pin, known.pin_failures + 1)
        raise PinWrong(PIN_TRIES - known.pin_failures - 1)
    if known.pin_failures:
        desk.store.write(lambda transaction: credentials.put_pin_failures(transaction.db, staff_id, 0))
    return member


def check_badge(desk: Desk, text: str) -> StaffMember:
    """Return whose badge was scanned; raises BadgeUnknown, PasswordNeeded or StaffUnknown."""
    staff_id = credentials.find_by_badge(desk.read(), text)
    if staff_id is None:
        raise BadgeUnknown()
    member = working_member(desk.read(), staff_id)
    if not _is_let_in(desk, staff_id):
        raise PasswordNeeded(member.name)
    return member


def show_second(desk: Desk, door: Door, staff_id: str, secret: str) -> SecondPerson:
    """Return somebody as the second person of an act, by password or PIN; the desk stays the first one's.

    Takes some tenths of a second. Raises as ``check_pin`` and ``Door.check`` do, and PasswordMustChange.
    """
    if is_pin(secret):
        member = check_pin(desk, staff_id, secret)
    else:
        door.check(desk.store, staff_id, secret)
        member = working_member(desk.read(), staff_id)
        if due := password_due(desk, staff_id):
            raise due
    return SecondPerson(member, desk.clock.monotonic())


def show_badge(desk: Desk, text: str) -> SecondPerson:
    """Return whose badge was scanned as the second person of an act; raises as ``check_badge`` does."""
    return SecondPerson(check_badge(desk, text), desk.clock.monotonic())


def is_pin(secret: str) -> bool:
    """Return whether what was typed is a PIN: no password is made of digits alone."""
    return secret.isascii() and secret.isdigit()


def take_away(desk: Desk, staff_id: str, *, use_keyring: bool = True) -> None:
    """Let the manager remove somebody, from the records and from the key file; raises as ``remove_staff``."""
    desk.do(remove_staff, staff_id)
    take_slot(desk.store, staff_id, desk.random, use_keyring=use_keyring)


def shut_out_removed(desk: Desk, *, use_keyring: bool = True) -> None:
    """Take the slots of who works here no longer: a removal was cut off, or a backup brought them back.

    Raises as ``take_slot``.
    """
    keys = key_file(desk.store.path.parent, desk.random, use_keyring=use_keyring)
    for owner in keys.owners():
        member = find_staff(desk.read(), owner.staff_id)
        if member is not None and member.removed:
            take_slot(desk.store, owner.staff_id, desk.random, use_keyring=use_keyring)


def has_quick_way(desk: Desk, staff_id: str) -> bool:
    """Return whether a PIN will do for this person now."""
    known = find_credential(desk.read(), staff_id)
    return bool(
        known and known.pin and known.pin_failures < PIN_TRIES and _is_let_in(desk, staff_id)
    )  # fmt: skip


def _is_let_in(desk: Desk, staff_id: str) -> bool:
    """Return whether a person has used the whole password here today, and need not change it first."""
    midnight = datetime.combine(desk.today(), time(), CHINA).astimezone(UTC)
    if password_due(desk, staff_id) is not None:
        return False
    return credentials.signed_in_by_password(desk.read(), staff_id, instant_text(midnight))


def _owner(member: StaffMember) -> SlotOwner:
    return SlotOwner(member.staff_id, member.name, member.title)


def _record_changed(act: Act, hashed: str) -> None:
    credentials.put_password(act.db, act.user.staff_id, act.at, hashed, must_change=False)
    act.append("user.password_changed", {"staff_id": act.user.staff_id, "at": act.at})


def _keep_pin(act: Act, hashed: str) -> None:
    credentials.put_pin(act.db, act.user.staff_id, hashed)
    act.append("user.pin_set", {"staff_id": act.user.staff_id, "at": act.at})


def _keep_badge(act: Act, text: str) -> None:
    owner = credentials.find_by_badge(act.db, text)
    if len(text) < LEAST_BADGE or owner not in (None, act.user.staff_id):
        raise BadgeTaken()
    credentials.put_badge(act.db, act.user.staff_id, text)
    act.append("user.badge_set", {"staff_id": act.user.staff_id, "at": act.at})


def _record_wrong_pin(act: Act, failures: int) -> None:
    credentials.put_pin_failures(act.db, act.user.staff_id, failures)
    body = {"staff_id": act.user.staff_id, "at": act.at, "means": str(Means.PIN), "why": "pin"}
    act.append("user.sign_in_failed", body)
