"""Every refusal of backup, restore and keys can be said on the screen; what is wanting is said by urgency."""

from datetime import UTC, datetime, timedelta

import pytest

from app.domain.county_key import (
    KEY_FILE,
    CountyAlgorithmUnknown,
    CountyFileUnreadable,
    FingerprintDiffers,
)
from app.domain.recovery_key import RecoveryKeyMiswritten
from app.domain.refusals import Refusal
from app.domain.safekeeping import BackupPlan, Kept, Want
from app.storage.backup_process import BackupBrokenOff
from app.storage.backups import (
    BackupDamaged,
    BackupDiskFull,
    BackupFolderGone,
    BackupOnSameDisk,
    BackupUnwritable,
    NoBackupYet,
)
from app.storage.county import CopyNotThere, CountyFileUnwritable, CountyKeyNone
from app.storage.county_private import (
    CountyKeyOther,
    CountyKeyThere,
    CountyPasswordShort,
    CountyPasswordWrong,
    CountyRequestBroken,
)
from app.storage.drill_process import DrillBrokenOff
from app.storage.keys import LastSlot, RecoveryKeyNone, RecoveryKeyWrong
from app.storage.packs_in_copies import PacksInCopyDamaged
from app.storage.rekeying import NoRoomForKeyChange
from app.storage.restoring import NoRoomToRestore, RestoreBrokenOff
from app.ui.backup.words import SHORT, TASKS, WANTS
from app.ui.texts import county, safekeeping, sentence_of
from app.workflows.safekeeping import GroupNotCopied

REFUSALS: list[Refusal] = [
    BackupFolderGone("E:"), BackupDiskFull("E:", 1 << 31, 1 << 20), BackupUnwritable("E:", "EROFS"),
    BackupOnSameDisk("C:"), BackupDamaged("E:", "store.db"), DrillBrokenOff("E:"), NoBackupYet(),
    RecoveryKeyMiswritten(0), RecoveryKeyMiswritten(3), RecoveryKeyNone("C:"), LastSlot("u-1"),
    RecoveryKeyWrong("2026-11-23T01:00:00.000Z"), NoRoomForKeyChange(1 << 31, 1), NoRoomToRestore(1 << 31, 1),
    RestoreBrokenOff("OSError"), GroupNotCopied(3), BackupBrokenOff("E:"), RecoveryKeyWrong(""),
    CountyFileUnreadable(KEY_FILE), CountyAlgorithmUnknown("sm2"), FingerprintDiffers(2), CountyKeyNone("C:"),
    CountyFileUnwritable("E:", "OSError"), CountyPasswordShort(12), CountyPasswordWrong(),
    CopyNotThere("E:"), PacksInCopyDamaged("E:", ("cn-nip-2021",)), CountyKeyThere("C:"),
    CountyKeyOther("阜城县疾控中心", "AAAAA"), CountyRequestBroken("云溪镇卫生院"),
]  # fmt: skip
NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
PLAN = BackupPlan("E:", 4)


@pytest.mark.parametrize("refusal", REFUSALS, ids=str)
def test_it_says_what_happened_what_is_safe_and_what_to_do(refusal: Refusal) -> None:
    """Ux.md rule 17."""
    sentence = sentence_of(refusal)
    assert all(part.endswith("。") for part in (sentence.happened, sentence.safe, sentence.todo))


def test_no_refusal_of_safekeeping_is_left_out() -> None:
    assert {**safekeeping.SENTENCES, **county.SENTENCES}.keys() == {type(refusal) for refusal in REFUSALS}


@pytest.mark.parametrize(
    ("kept", "want"),
    [
        (Kept(None, None, None, False), Want.PLAN),
        (Kept(PLAN, None, NOW, True), Want.BACKUP),
        (Kept(PLAN, NOW - timedelta(hours=8, minutes=1), NOW, True), Want.BACKUP),
        (Kept(PLAN, NOW - timedelta(hours=8), None, False), Want.RECOVERY_KEY),
        (Kept(PLAN, NOW, None, True), Want.DRILL),
        (Kept(PLAN, NOW, NOW - timedelta(days=32), True), Want.DRILL),
        (Kept(PLAN, NOW, NOW - timedelta(days=31), True), None),
    ],
)
def test_the_most_urgent_is_said_first(kept: Kept, want: Want | None) -> None:
    assert kept.wanting(NOW) is want


@pytest.mark.parametrize(
    ("made", "due"),
    [
        (None, True),
        (timedelta(hours=4), True),
        (timedelta(hours=3, minutes=59), False),
        (-timedelta(hours=1), True),
    ],
)
def test_a_backup_is_due_after_the_time_set_and_when_the_clock_was_wrong(
    made: timedelta | None, due: bool
) -> None:
    assert Kept(PLAN, NOW - made if made is not None else None, None, True).is_due(NOW) is due
    assert not Kept(None, None, None, True).is_due(NOW)


def test_every_task_and_want_has_its_words() -> None:
    assert set(WANTS) == set(SHORT) == set(Want)
    assert len(TASKS) == 3
