"""Keeping the data safe: the recovery key, the plan of backups, drills and restores, each in the journal."""

import json
from dataclasses import dataclass, replace

from app.domain.passwords import check_new_password
from app.domain.permissions import require_permission
from app.domain.recovery_key import KEY_BYTES, written
from app.domain.refusals import Refusal
from app.domain.safekeeping import BackupPlan
from app.domain.staff import StaffMember
from app.storage import credentials
from app.storage.hashing import hash_secret
from app.storage.keys import SlotOwner, key_file
from app.storage.local import get_setting, put_setting
from app.storage.opening import give_slot_after_recovery, make_recovery_key
from app.storage.restoring import RESTORED
from app.storage.safekeeping import LastDrill, put_drill, put_plan
from app.workflows.county import wrap_anew_for_the_county
from app.workflows.desk import Act, Desk
from app.workflows.staff import working_member


@dataclass(unsafe_hash=True)
class GroupNotCopied(Refusal):
    """The group asked for is not what stands on the sheet: the new key does not count yet."""

    group: int


@dataclass(frozen=True)
class NewRecoveryKey:
    """A recovery key before it counts."""

    secret: bytes
    ask: int
    """Which group has to be copied back from the paper, from one."""

    @property
    def groups(self) -> list[str]:
        """Return it as it stands on paper."""
        return written(self.secret)


def draw_recovery_key(desk: Desk) -> NewRecoveryKey:
    """Return a new key that counts for nothing until it is confirmed."""
    return NewRecoveryKey(desk.random(KEY_BYTES), 1 + desk.random(1)[0] % 8)


def check_copied(drawn: NewRecoveryKey, copied: str) -> None:
    """Pass when the group asked for was copied back right; raises GroupNotCopied."""
    if copied.replace(" ", "").upper() != drawn.groups[drawn.ask - 1]:
        raise GroupNotCopied(drawn.ask)


def confirm_recovery_key(desk: Desk, drawn: NewRecoveryKey, *, use_keyring: bool = True) -> None:
    """Let the new key count; the one before opens nothing from now on but copies made before.

    Raises NotPermitted, and as ``make_recovery_key``.
    """
    made = desk.do(_may_make)
    make_recovery_key(desk.store, drawn.secret, made, desk.random, use_keyring=use_keyring)
    desk.do(_record_made, made)


def choose_plan(act: Act, plan: BackupPlan) -> None:
    """Record where and how often backups are made; the path stays on this machine. Raises NotPermitted."""
    act.require("choose_plan")
    put_plan(act.db, plan)
    generations = plan.generations
    kept = [generations.hours, generations.days, generations.weeks, generations.months]
    act.append("backup.planned", {"every_hours": plan.every_hours, "kept": kept, "at": act.at})


def record_drill(act: Act, drill: LastDrill) -> None:
    """Record what a drill came to; raises NotPermitted."""
    act.require("record_drill")
    drill = replace(drill, at=act.at)
    put_drill(act.db, drill)
    body = {"at": drill.at, "made_at": drill.made_at, "passed": drill.passed, "entries": drill.entries}
    act.append("backup.drilled", body | {"fault": drill.fault})


def record_key_change(act: Act) -> None:
    """Record that the store is under another key."""
    act.append("database_key.changed", {"at": act.at})


def recover_access(
    desk: Desk, staff_id: str, password: str, secret: bytes, *, use_keyring: bool = True
) -> StaffMember:
    """Give a manager a new password in a store that this secret opened; returns who it is.

    It stands in the journal. What the county told opens once: its slot is made anew at once, and the database
    key soon. Raises StaffUnknown, NotPermitted.
    """
    member = working_member(desk.read(), staff_id)
    require_permission(member, "recover_access")
    check_new_password(password, (member.name,))
    owner = SlotOwner(member.staff_id, member.name, member.title)
    give_slot_after_recovery(desk.store, owner, password, desk.random, use_keyring=use_keyring)
    desk.user = member
    desk.do(_keep_password, hash_secret(password, desk.random))
    by_county = key_file(desk.store.path.parent, desk.random, use_keyring=use_keyring).is_countys(secret)
    desk.do(_record_county if by_county else _record_recovery)
    if by_county:
        wrap_anew_for_the_county(desk, use_keyring=use_keyring)
    return member


def note_restore(desk: Desk) -> None:
    """Write into the journal that this store was restored, once, by whoever signs in first."""
    if get_setting(desk.read(), RESTORED):
        desk.do(_record_restore)


def _may_make(act: Act) -> str:
    act.require("confirm_recovery_key")
    return act.at


def _record_made(act: Act, made_at: str) -> None:
    act.append("recovery_key.made", {"made_at": made_at})


def _keep_password(act: Act, hashed: str) -> None:
    """It stands from now on, and is one of those that are not taken again (SEC-2)."""
    credentials.put_password(act.db, act.user.staff_id, act.at, hashed, must_change=False)


def _record_recovery(act: Act) -> None:
    act.append("recovery_key.used", {"at": act.at, "for": act.user.staff_id})


def _record_county(act: Act) -> None:
    act.append("county_key.used", {"at": act.at, "for": act.user.staff_id})


def _record_restore(act: Act) -> None:
    act.append("store.restored", json.loads(get_setting(act.db, RESTORED)))
    put_setting(act.db, RESTORED, "")
