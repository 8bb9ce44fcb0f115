"""What the backup page says and which keys do what, in the real window with the real keeper (SEC-3)."""

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication

from app.domain.county_key import CountyKey, key_text
from app.domain.permissions import NotPermitted
from app.domain.recovery_key import read
from app.domain.refusals import Refusal
from app.domain.staff import Role, StaffMember
from app.storage import journal
from app.storage.backups import BackupDamaged, BackupFolderGone, BackupOnSameDisk, NoBackupYet
from app.storage.keys import KeyFile
from app.storage.opening import take_slot
from app.storage.packs_in_copies import PacksInCopyDamaged
from app.storage.receipts import stream_states
from app.storage.rekeying import is_key_change_due
from app.storage.safekeeping import find_drill
from app.storage.seals import kept_seals
from app.ui.backup.keeper import Keeper
from app.ui.backup.words import drill_words
from app.ui.kit.tokens import Tone
from app.workflows.county import take_county_key
from app.workflows.forecast import use_packs
from tests.factories import NURSE
from tests.storage.kept_site import keys_of
from tests.ui.backup.rig import BackupRig
from tests.ui.kit.screen_rules import faults
from tests.workflows.brought_packs import pack_text, take


def refusals(rig: BackupRig) -> list[Refusal]:
    heard: list[Refusal] = []
    rig.bench.refused.connect(heard.append)
    return heard


def last_event(rig: BackupRig, kind: str) -> dict[str, Any]:
    return [event.body for event in journal.events_of(rig.bench.read(), [kind])][-1]


def copies(rig: BackupRig) -> list[Path]:
    return sorted(rig.disk.glob("vaxpost-*/2*"))


def keys_in(copy: Path) -> KeyFile:
    return KeyFile(copy / "keys.json", lambda: b"")


def rows(rig: BackupRig) -> list[tuple[str, ...]]:
    model = rig.page.table.paged
    return [model.row_at(row) for row in range(model.rowCount())]


def test_without_a_plan_it_is_amber_and_neither_a_nurse_nor_the_data_folder_gives_one(rig: BackupRig) -> None:
    assert ("F9" in rig.said, rig.page.banner.tone) == (True, Tone.WARNING)
    assert rig.status.startswith("没有设置备份")
    assert not rig.page.now_button.isEnabled()
    rig.shell.go_to("registration", None)
    rig.press("Ctrl+S")
    assert rig.shell.current is rig.page, "its key brings it to the front"

    rig.press("F9")
    sheet = rig.page.plan_sheet
    assert sheet is not None
    inside = rig.site.folder / "copies"
    inside.mkdir()
    sheet.folder.setText(str(inside))
    rig.press("Enter")
    rig.until(lambda: bool(sheet.field.error), "it is said")
    assert "数据文件夹里" in sheet.field.error
    assert type(BackupOnSameDisk(str(inside))).__name__ == "BackupOnSameDisk"
    assert copies(rig) == []
    rig.press("Esc")

    rig.site.as_user(NURSE)
    heard = refusals(rig)
    rig.press("F9", "Esc", "F11")
    assert [type(refusal) for refusal in heard] == [NotPermitted, NotPermitted]
    assert rig.page.plan_sheet in (None, sheet), "no other was opened"


def test_a_disk_is_copied_to_at_once_drilled_and_copied_to_again_when_it_is_due(rig: BackupRig) -> None:
    rig.choose_disk()
    assert len(copies(rig)) == 1
    assert rows(rig)[0][1:4] == ("30", "0", rows(rig)[0][3])
    planned = last_event(rig, "backup.planned")
    assert planned["every_hours"] == 1
    (sealed,) = kept_seals(rig.bench.read())
    assert sealed.seq == stream_states(rig.bench.read())[-1].last_seq, "sealed before it was copied"
    assert str(rig.disk) not in str(planned), "the path stays out of the journal"
    assert rig.said == "该做恢复演练了，按 F10"
    assert rig.status.startswith("该做恢复演练")

    rig.press("F10")
    rig.at_rest()
    assert (rig.said, rig.page.banner.tone) == ("备份正常", Tone.SUCCESS)
    drilled = last_event(rig, "backup.drilled")
    assert drilled["passed"] is True
    assert drilled["entries"] > 80
    assert not rig.status.startswith("该")

    rig.hours_pass(0.5)
    assert len(copies(rig)) == 1
    rig.hours_pass(0.6)
    assert len(copies(rig)) == 2
    rig.site.clock.go(minutes=5)
    newest = copies(rig)[-1]
    rig.press("Enter")
    rig.at_rest()
    assert copies(rig)[-1] > newest, "a person can have one at once"
    assert len(copies(rig)) == 2, "of one hour the newest stays"

    rig.site.clock.go(minutes=60 * 24 * 32)
    rig.bench.tick()
    rig.at_rest()
    assert rig.said == "该做恢复演练了，按 F10"

    keeper = Keeper(rig.bench, use_keyring=False)
    before = len(copies(rig))
    keeper.back_up()
    keeper.close()
    assert len(copies(rig)) in (before, before + 1), "closing breaks off what goes on"
    assert [path for path in rig.disk.glob("*/*") if path.name.startswith(".new")] == []


def test_what_a_drill_and_a_change_of_the_key_came_to_is_kept_though_the_desk_was_locked_meanwhile(
    rig: BackupRig,
) -> None:
    rig.choose_disk()
    heard = refusals(rig)
    take_slot(rig.site.store, NURSE, rig.site.random, use_keyring=False)
    rig.press("F10")
    rig.site.desk.is_locked = True
    rig.at_rest()
    rig.hours_pass(0.1)
    assert heard == []
    assert last_event(rig, "backup.drilled")["passed"] is True
    assert last_event(rig, "database_key.changed")


def test_who_may_not_starts_neither_a_backup_nor_a_drill(rig: BackupRig) -> None:
    """SITE-8: an inspector who reads the page sets nothing going with it."""
    rig.choose_disk()
    rig.site.clock.go(minutes=5)
    heard, before = refusals(rig), copies(rig)
    rig.site.desk.user = StaffMember("u-seen", "某人", "", frozenset({Role.INSPECTOR}))
    rig.press("Enter", "Esc", "F10")
    rig.at_rest()
    assert [type(refusal) for refusal in heard] == [NotPermitted] * 2
    assert copies(rig) == before


def test_a_copy_that_does_not_pass_the_drill_is_said_and_recorded(rig: BackupRig) -> None:
    rig.choose_disk()
    heard = refusals(rig)
    database = copies(rig)[0] / "store.db"
    content = bytearray(database.read_bytes())
    content[9000] ^= 1
    database.write_bytes(content)
    rig.press("F10")
    rig.at_rest()
    assert heard == [BackupDamaged(str(copies(rig)[0]), "store.db")]
    assert last_event(rig, "backup.drilled")["passed"] is False
    assert rig.page.banner.tone is Tone.WARNING


def test_a_copy_whose_rule_pack_is_damaged_passes_and_is_told_of(rig: BackupRig) -> None:
    take(rig.site, pack_text())
    use_packs(None)
    rig.choose_disk()
    heard = refusals(rig)
    (copies(rig)[0] / "schedules" / "cn-hpv-2025.json").write_bytes(b"{")
    rig.press("F10")
    rig.at_rest()
    assert heard == [PacksInCopyDamaged(str(copies(rig)[0]), ("cn-hpv-2025",))]
    drilled = last_event(rig, "backup.drilled")
    assert (drilled["passed"], drilled["fault"]) == (True, "PacksInCopyDamaged")
    assert drill_words(find_drill(rig.bench.read()), rig.bench.now())[1] == "通过，但免疫程序文件坏了"
    assert rig.said == "备份正常", "the record is safe"


def test_an_unplugged_disk_is_amber_and_what_was_missed_is_made_up_once_it_is_back(rig: BackupRig) -> None:
    rig.choose_disk()
    heard = refusals(rig)
    away = rig.disk.with_name("away")
    rig.disk.rename(away)
    rig.hours_pass(1.1)
    assert "备份盘没有插上" in rig.said
    assert rig.page.banner.tone is Tone.WARNING
    assert heard == [], "nobody at work is stopped by it"
    rig.press("Enter")
    rig.until(lambda: len(heard) == 1, "a person who asks is told why there is none")
    rig.press("Esc", "F10")
    rig.until(lambda: len(heard) == 2, "it is said")
    assert heard == [BackupFolderGone(str(rig.disk)), NoBackupYet()]
    rig.press("Esc")
    rig.hours_pass(1.1)
    assert rig.status.startswith("备份晚了")
    away.rename(rig.disk)
    rig.hours_pass(0.1)
    assert len(copies(rig)) == 2
    assert not rig.status.startswith("备份晚了")


@pytest.mark.usefixtures("dressed")
def test_a_recovery_key_counts_once_a_group_is_copied_back(rig: BackupRig) -> None:
    rig.choose_disk()
    rig.press("F11")
    sheet = rig.page.key_sheet
    assert sheet is not None
    assert faults(sheet) == {}
    groups = [text for label in sheet.body.findChildren(type(sheet.title)) if len(text := label.text()) == 5]
    groups = [text for text in groups if text.isascii()]
    assert len(groups) == 8
    place = int(sheet.field.control.accessibleName().removeprefix("从纸上抄第 ").removesuffix(" 组"))
    before = (rig.site.folder / "keys.json").read_bytes()
    sheet.copied.setText(groups[place - 2])
    rig.press("Enter")
    rig.until(lambda: bool(sheet.field.error), "it is said")
    assert (rig.site.folder / "keys.json").read_bytes() == before
    sheet.copied.setText(groups[place - 1].lower())
    rig.hand.press("Enter")
    rig.until(lambda: (rig.site.folder / "keys.json").read_bytes() != before, "it counts")
    rig.at_rest()
    keys_of(rig.site.folder).recover(read(" ".join(groups)))
    assert last_event(rig, "recovery_key.made")["made_at"] == keys_of(rig.site.folder).recovery_made_at()
    assert len(copies(rig)) == 2, "a backup that the new key opens"


def test_somebody_removed_the_key_is_changed_in_the_background_and_a_backup_follows(rig: BackupRig) -> None:
    rig.choose_disk()
    old, before = rig.site.store.key, copies(rig)[-1]
    take_slot(rig.site.store, NURSE, rig.site.random, use_keyring=False)
    rig.site.clock.go(minutes=5)
    rig.keeper.look()
    rig.until(lambda: copies(rig)[-1] > before, "a backup under the new key")
    rig.at_rest()
    assert rig.site.store.key != old
    assert last_event(rig, "database_key.changed")


@pytest.mark.usefixtures("dressed")
def test_f12_lets_the_county_in_by_what_it_says_on_the_telephone_and_out_again(rig: BackupRig) -> None:
    rig.choose_disk()
    key = CountyKey("阜城县疾控中心", "2026-11-20T01:00:00.000Z", bytes(range(32)))
    file = rig.disk / "key.json"
    file.write_bytes(key_text(key))
    rig.press("F12")
    sheet = rig.page.county_sheet
    assert sheet is not None
    assert faults(sheet) == {}
    sheet.file.setText(str(file))
    sheet.heard.setText("AAAAA " + key.fingerprint[6:])
    rig.press("Enter")
    rig.until(lambda: "第 1 组" in sheet.form.field("heard").error, "it is said")
    sheet.heard.setText(key.fingerprint.lower())
    before = copies(rig)[-1]
    rig.site.clock.go(minutes=30)
    rig.press("Enter")
    rig.until(lambda: copies(rig)[-1] > before, "it is copied at once")
    rig.at_rest()
    assert rig.keeper.county_key() == key
    assert keys_in(copies(rig)[-1]).county_request() is not None
    old = rig.site.store.key
    rig.press("F12", "F9")
    out = rig.page.county_sheet
    assert out is not None
    assert faults(out) == {}
    before = copies(rig)[-1]
    rig.site.clock.go(minutes=30)
    rig.press("Enter")
    rig.until(lambda: copies(rig)[-1] > before, "the copy under another key")
    rig.at_rest()
    assert rig.site.store.key != old
    assert rig.keeper.county_key() is None
    assert keys_in(copies(rig)[-1]).county_request() is None
    assert last_event(rig, "county_key.removed")["name"] == key.name


def test_two_counties_gone_within_a_minute_change_the_database_key_twice(rig: BackupRig) -> None:
    rig.choose_disk()
    desk, keys = rig.site.desk, [rig.site.store.key]
    for number in (1, 2, 3):
        key = CountyKey("阜城县疾控中心", "2026-11-20T01:00:00.000Z", bytes([number]) * 32)
        take_county_key(desk, key, key.fingerprint, use_keyring=False)
        rig.keeper.look()
        rig.at_rest()
        keys.append(rig.site.store.key)
    assert len(set(keys)) == 3, "nobody could open it before the first"
    assert not is_key_change_due(desk.read())


@pytest.mark.usefixtures("dressed")
def test_every_face_is_whole_named_and_large_enough(rig: BackupRig) -> None:
    """ux.md rules 21 to 23, 25."""
    for step in (lambda: None, rig.choose_disk, lambda: rig.press("F9")):
        step()
        for size in ((1366, 768), (1280, 720)):
            rig.shell.resize(*size)
            QApplication.processEvents()
            assert faults(rig.page) == {}
