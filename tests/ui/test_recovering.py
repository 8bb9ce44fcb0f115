"""From the sign-in page: in with the recovery key, and a backup put on this machine or a new one (SEC-3)."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import shiboken6
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app.domain.county_key import CountyKey, read_request
from app.domain.recovery_key import written
from app.storage import journal
from app.storage.county import let_county_in
from app.storage.credentials import find_credential
from app.storage.hashing import is_hash_of
from app.storage.keys import SlotOwner
from app.storage.sealing import public_of, unseal
from app.ui.kit.theme import dress_window
from app.ui.program import Program, Setting
from app.ui.set_up.guide import Guide
from app.ui.sign_in.recovery_sheet import Recovery, RecoverySheet
from app.ui.work import build_shell
from tests.clocks import ManualClock
from tests.factories import MANAGER, NURSE
from tests.storage.kept_site import PASSWORD, RECOVERY, KeptSite, keys_of
from tests.strategies import seeded_random
from tests.ui.kit.screen_rules import faults

KEY_TEXT = " ".join(written(RECOVERY))
NEW = "chang-mima-2026"


@pytest.fixture
def site(tmp_path: Path) -> KeptSite:
    site = KeptSite(tmp_path / "site")
    site.vaccinated()
    return site


Start = Callable[[Path], Program]


@pytest.fixture
def start(qtbot: QtBot) -> Iterator[Start]:
    programs: list[Program] = []

    def start(folder: Path) -> Program:
        program = Program(Setting(folder, ManualClock(), seeded_random(31)), build_shell)
        program.start()
        program.window.resize(1366, 768)
        program.window.activateWindow()
        qtbot.waitUntil(program.window.isActiveWindow)
        programs.append(program)
        return program

    yield start
    for program in programs:
        program.window.close()


def press(widget: QWidget | None, key: Qt.Key, qtbot: QtBot) -> None:
    assert widget is not None
    qtbot.keyClick(widget, key)


def sheet_of(program: Program) -> RecoverySheet:
    sheet = program.recovering.sheet
    assert sheet is not None
    assert sheet.isVisible()
    return sheet


def fill(program: Program, key: str, password: str, again: str, qtbot: QtBot) -> RecoverySheet:
    sheet = sheet_of(program)
    sheet.key.setText(key)
    sheet.password.setText(password)
    sheet.again.setText(again)
    press(sheet.password, Qt.Key.Key_Return, qtbot)
    return sheet


def events(program: Program) -> list[tuple[str, str]]:
    assert program.bench is not None
    return [(event.kind, event.user) for event in journal.events(program.bench.read())][-3:]


def test_f9_and_the_envelope_give_the_manager_a_new_password(
    site: KeptSite, start: Start, qtbot: QtBot
) -> None:
    site.close()
    program = start(site.folder)
    press(program.sign_in.password, Qt.Key.Key_F9, qtbot)
    sheet = fill(program, KEY_TEXT[:-1] + "?", NEW, NEW, qtbot)
    assert "第 8 组" in sheet.form.field("key").error
    fill(program, KEY_TEXT, NEW, NEW + "x", qtbot)
    assert "不一样" in sheet.form.field("password").error
    assert faults(sheet) == {}
    with qtbot.waitSignal(program.unlocked):
        fill(program, KEY_TEXT, NEW, NEW, qtbot)
    assert events(program)[-2:] == [("recovery_key.used", MANAGER), ("user.signed_in", MANAGER)]
    assert program.window.is_working
    assert not program.sign_in.recovery.isVisibleTo(program.sign_in), "only while the store is shut"
    assert {owner.staff_id for owner in keys_of(site.folder).owners()} == {MANAGER, NURSE}
    keys_of(site.folder).unlock(MANAGER, NEW)
    assert program.bench is not None
    known = find_credential(program.bench.read(), MANAGER)
    assert known is not None, "it stands from today, and is not taken again"
    assert is_hash_of(known.former[0], NEW)


def test_whoever_closes_the_sheet_while_the_key_is_tried_is_let_in_all_the_same(
    site: KeptSite, start: Start, qtbot: QtBot
) -> None:
    site.close()
    program = start(site.folder)
    for key, said in ((" ".join(written(bytes(20))), True), (KEY_TEXT, False)):
        press(program.sign_in.password, Qt.Key.Key_F9, qtbot)
        sheet = fill(program, key, NEW, NEW, qtbot)
        sheet.close_sheet()
        QCoreApplication.sendPostedEvents(sheet, QEvent.Type.DeferredDelete)
        assert not shiboken6.isValid(sheet)
        if said:
            qtbot.waitUntil(lambda: "不是这份数据的恢复密钥" in program.sign_in.said)
    qtbot.waitUntil(lambda: program.bench is not None and program.window.is_working)
    assert events(program)[-1] == ("user.signed_in", MANAGER)


def test_a_nurse_gets_no_password_by_the_envelope(site: KeptSite, start: Start, qtbot: QtBot) -> None:
    site.close()
    program = start(site.folder)
    press(program.sign_in.password, Qt.Key.Key_F9, qtbot)
    sheet = sheet_of(program)
    press(sheet.password, Qt.Key.Key_F2, qtbot)
    fill(program, KEY_TEXT, NEW, NEW, qtbot)
    qtbot.waitUntil(lambda: bool(sheet.said) and "正在" not in sheet.said)
    assert program.bench is None
    keys_of(site.folder).unlock(NURSE, PASSWORD)


def test_another_envelope_opens_nothing(site: KeptSite, start: Start, qtbot: QtBot) -> None:
    site.close()
    program = start(site.folder)
    press(program.sign_in.password, Qt.Key.Key_F9, qtbot)
    sheet = fill(program, " ".join(written(bytes(20))), NEW, NEW, qtbot)
    qtbot.waitUntil(lambda: "不是这份数据的恢复密钥" in sheet.said)
    assert "2026-11-20" in sheet.said
    assert program.bench is None


def find(program: Program, folder: Path, qtbot: QtBot) -> None:
    press(program.sign_in, Qt.Key.Key_F10, qtbot)
    copies = program.recovering.copies
    assert copies is not None
    copies.folder.setText(str(folder / "nothing"))
    press(copies.folder, Qt.Key.Key_Return, qtbot)
    qtbot.waitUntil(lambda: "没有找到备份" in copies.field.error)
    copies.folder.setText(str(folder))
    press(copies.folder, Qt.Key.Key_Return, qtbot)
    qtbot.waitUntil(lambda: bool(copies.found))
    assert faults(copies) == {}
    press(copies.found[0], Qt.Key.Key_1, qtbot)


def test_on_a_new_machine_a_backup_is_put_in_place_and_the_manager_is_at_work(
    site: KeptSite, start: Start, qtbot: QtBot, tmp_path: Path
) -> None:
    site.back_up(tmp_path / "disk")
    site.close()
    shutil.rmtree(site.folder)
    new = tmp_path / "new"
    program = start(new)
    assert "找不到密钥文件" in program.sign_in.said
    find(program, tmp_path / "disk", qtbot)
    with qtbot.waitSignal(program.unlocked, timeout=20_000):
        fill(program, KEY_TEXT, NEW, NEW, qtbot)
    kinds = ["recovery_key.used", "user.signed_in", "store.restored"]
    assert events(program) == [(kind, MANAGER) for kind in kinds]
    assert [owner.staff_id for owner in keys_of(new).owners()] == [MANAGER]


def test_the_guide_of_a_machine_with_nothing_on_it_leads_to_the_restore_and_back(
    site: KeptSite, start: Start, qtbot: QtBot, tmp_path: Path
) -> None:
    """SEC-3: a new PC begins with the guide, so the way to a backup begins there."""
    site.back_up(tmp_path / "disk")
    site.close()
    program = start(tmp_path / "new")
    guide = Guide(program, lambda: None)
    assert guide.page.isVisible()
    for size in ((1366, 768), (1280, 720)):
        program.window.resize(*size)
        assert faults(guide.page) == {}
    press(guide.page, Qt.Key.Key_F10, qtbot)
    copies = program.recovering.copies
    assert copies is not None
    press(copies.folder, Qt.Key.Key_Escape, qtbot)
    assert "按 Esc 回到设置" in program.sign_in.said
    press(program.sign_in.password, Qt.Key.Key_Escape, qtbot)
    assert guide.page.isVisible()
    press(guide.page, Qt.Key.Key_F10, qtbot)
    copies = program.recovering.copies
    assert copies is not None
    copies.folder.setText(str(tmp_path / "disk"))
    press(copies.folder, Qt.Key.Key_Return, qtbot)
    qtbot.waitUntil(lambda: bool(copies.found))
    press(copies.found[0], Qt.Key.Key_1, qtbot)
    with qtbot.waitSignal(program.unlocked, timeout=20_000):
        fill(program, KEY_TEXT, NEW, NEW, qtbot)
    assert program.window.is_working


def test_on_the_same_machine_the_password_is_enough_and_everybody_keeps_theirs(
    site: KeptSite, start: Start, qtbot: QtBot, tmp_path: Path
) -> None:
    backup = site.back_up(tmp_path / "disk")
    site.close()
    (site.folder / "store.db").write_bytes(b"x" * 8192)
    program = start(site.folder)
    find(program, backup.folder, qtbot)
    with qtbot.waitSignal(program.unlocked, timeout=20_000):
        fill(program, "", PASSWORD, "", qtbot)
    assert [kind for kind, _ in events(program)][-2:] == ["user.signed_in", "store.restored"]
    assert (site.folder / "store.db").read_bytes() == b"x" * 8192, "what was there stays"
    assert len(keys_of(site.folder).owners()) == 2


def test_the_county_opens_a_backup_by_what_is_typed_on_a_new_machine(
    site: KeptSite, start: Start, qtbot: QtBot, tmp_path: Path
) -> None:
    disk, private = tmp_path / "disk", bytes(range(32))
    county = CountyKey("阜城县疾控中心", "2026-11-20T01:00:00.000Z", public_of(private))
    let_county_in(site.store, county, "云溪镇卫生院", county.made_at, seeded_random(32), use_keyring=False)
    site.back_up(disk)
    site.close()
    shutil.rmtree(site.folder)
    program = start(tmp_path / "new")
    press(program.sign_in, Qt.Key.Key_F11, qtbot)
    sheet = program.recovering.request
    assert sheet is not None
    sheet.target.setText(" ")
    press(sheet.target, Qt.Key.Key_Return, qtbot)
    assert "请填写" in sheet.form.field("target").error
    assert faults(sheet) == {}
    sheet.target.setText(str(disk))
    press(sheet.target, Qt.Key.Key_Return, qtbot)
    qtbot.waitUntil(lambda: "找不到密钥文件" in sheet.said)
    sheet.source.setText(str(tmp_path / "new"))
    press(sheet.target, Qt.Key.Key_Return, qtbot)
    qtbot.waitUntil(lambda: "没有找到备份" in sheet.said)
    sheet.source.setText(str(disk))
    press(sheet.target, Qt.Key.Key_Return, qtbot)
    qtbot.waitUntil(lambda: "已写到" in sheet.said)
    assert faults(sheet) == {}
    request = read_request(next(disk.glob("*.json")).read_bytes())
    press(sheet.target, Qt.Key.Key_Escape, qtbot)
    groups = " ".join(written(unseal(private, request.wrapped, request.bound)))
    find(program, disk, qtbot)
    with qtbot.waitSignal(program.unlocked, timeout=20_000):
        fill(program, groups, NEW, NEW, qtbot)
    kinds = ["county_key.used", "user.signed_in", "store.restored"]
    assert events(program) == [(kind, MANAGER) for kind in kinds]


def test_where_many_work_everybody_can_be_picked_and_the_sheet_is_whole(qtbot: QtBot) -> None:
    owners = [SlotOwner(f"u-{number}", f"李 {number}", "护士") for number in range(1, 16)]
    asked: list[Recovery] = []
    over = QWidget()
    dress_window(over)
    qtbot.addWidget(over)
    over.resize(1366, 768)
    over.show()
    over.activateWindow()
    qtbot.waitUntil(over.isActiveWindow)
    sheet = RecoverySheet(over, "用恢复密钥登录", owners, asked.append)
    sheet.open_sheet(sheet.key)
    assert faults(over, scrolls=True) == {}
    sheet.key.setText(KEY_TEXT)
    sheet.password.setText(NEW)
    sheet.again.setText(NEW)
    sheet.who[14].click()
    press(sheet.password, Qt.Key.Key_Return, qtbot)
    assert [one.staff_id for one in asked] == ["u-15"]
