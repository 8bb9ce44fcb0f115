"""What nobody asked for is said on the screen: half a code, a damaged page, a fault of the program."""

import shutil
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from threading import Thread

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from sqlcipher3 import dbapi2

from app.domain.codes import ScanBrokenOff
from app.domain.refusals import Refusal
from app.practice.facts import PASSWORD
from app.storage.connecting import StoreUnreadable
from app.storage.keys import DATABASE
from app.storage.opening import open_store
from app.ui.faults import tell_of_bugs_without_people
from app.ui.kit.tokens import LIGHT
from app.ui.program import Program, Setting
from app.ui.set_up.page import SetUpPage
from app.ui.shell import Shell
from app.ui.sign_in.page import SignInPage
from app.ui.start import PRACTICE, lead_through_set_up
from app.ui.texts import sentence_of
from app.ui.unforeseen import Unforeseen
from app.ui.window import MainWindow
from app.ui.work import build_shell
from tests.clocks import ManualClock
from tests.devices.typist import SCANNER_GAP, Typist
from tests.factories import MANAGER
from tests.ui.signing_in import random, sign_in, working


def test_a_store_that_is_damaged_further_inside_says_so_at_the_first_act(
    program: Program, folder: Path, qtbot: QtBot
) -> None:
    """Bad input: it opens, for its first pages are whole; whoever signs in is told what to do."""
    damage_table(folder, "stream")
    sign_in(program, qtbot)
    qtbot.waitUntil(lambda: "数据文件读不出来" in program.sign_in.said)
    assert program.sign_in.password.isEnabled()
    assert not program.window.is_working


def test_what_nobody_foresaw_is_shown_once_for_each_place(program: Program, qtbot: QtBot) -> None:
    """Rule 17: where it was, and nothing of what the program held."""
    working(program, qtbot)
    bench, shown, unforeseen = program.bench, list[Refusal](), Unforeseen(program)
    assert bench is not None
    bench.refused.connect(shown.append)
    people: dict[str, int] = {}
    for work in (lambda: people["王小明"], lambda: people["王小明"], lambda: 1 // 0):
        thread = Thread(target=lambda work=work: unforeseen.tell(error_of(work)))
        thread.start()
        thread.join()
    qtbot.waitUntil(lambda: len(shown) == 2)
    assert [getattr(refusal, "kind", "") for refusal in shown] == ["KeyError", "ZeroDivisionError"]
    assert "王小明" not in f"{shown}{sentence_of(shown[0])}"
    assert program.window.is_working


def test_a_page_that_a_screen_cannot_read_is_said_to_be_damage(program: Program, qtbot: QtBot) -> None:
    working(program, qtbot)
    bench, shown, unforeseen = program.bench, list[Refusal](), Unforeseen(program)
    assert bench is not None
    bench.refused.connect(shown.append)
    unforeseen.tell(dbapi2.DatabaseError("database disk image is malformed"))
    assert shown == [StoreUnreadable(str(program.setting.folder / DATABASE), "SQLITE_CORRUPT")]


def test_what_nobody_foresaw_is_shown_where_the_guide_has_led(
    prepared: Path, tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From the guide of a first start on to the practice site, whose window is another."""
    for place in (sys, threading):
        monkeypatch.setattr(place, "excepthook", place.excepthook)
    shutil.copytree(prepared, tmp_path / PRACTICE)
    first = Program(Setting(tmp_path / "site", ManualClock(), random), build_shell)
    tell_of_bugs_without_people(Unforeseen(first).tell)
    lead_through_set_up(first)
    first.start(ready=False)
    first.window.findChildren(SetUpPage)[0].practice_asked.emit()
    tops = QApplication.topLevelWidgets()
    (window,) = [one for one in tops if isinstance(one, MainWindow) and one.isVisible()]
    (page,) = window.findChildren(SignInPage)
    qtbot.waitUntil(lambda: bool(page.names))
    error = error_of(lambda: 1 // 0)
    sys.excepthook(type(error), error, error.__traceback__)
    assert Path(__file__).name in page.said
    window.close()
    first.close()


def error_of(work: Callable[[], object]) -> BaseException:
    with pytest.raises((KeyError, ZeroDivisionError)) as caught:
        work()
    return caught.value


def damage_table(folder: Path, table: str) -> None:
    """Overwrite a piece of the first page of a table, as a bad sector would."""
    store = open_store(folder, MANAGER, PASSWORD, random)
    db = store.read()
    (page,) = db.execute("select rootpage from sqlite_master where name = ?", [table]).fetchone()
    size = int(db.execute("pragma page_size").fetchone()[0])
    store.close()
    with (folder / DATABASE).open("r+b") as file:
        file.seek(page * size - size // 2)
        file.write(b"damage")


def test_keys_of_a_scanner_that_make_no_code_are_told_of_where_somebody_works(
    program: Program, qtbot: QtBot
) -> None:
    """SITE-13: a gun that sends no line end must not be silent."""
    working(program, qtbot)
    shell = program.shell
    assert shell is not None
    shell.go_to("vaccination", None)
    window = program.window.windowHandle()
    with qtbot.waitSignal(shell.bench.refused) as told:
        Typist(window).type("123412", SCANNER_GAP)
    assert told.args == [ScanBrokenOff(6)]


def test_what_nobody_did_and_somebody_has_to_look_at_has_the_amber_mark_and_nothing_to_undo(
    shell: Shell,
) -> None:
    def marks() -> set[str]:
        picture = shell.current.toast.grab().toImage()
        return {picture.pixelColor(x, y).name() for x in range(17, 38) for y in range(14, 34)}

    undone: list[bool] = []
    shell.bench.announce("已接种", lambda: undone.append(True))
    assert LIGHT.toast_mark.lower() in marks()
    shell.bench.warn("本机时钟比中心快 3 天 0 小时，请校正")
    assert LIGHT.toast_warning.lower() in marks()
    assert shell.current.toast.accessibleName() == "本机时钟比中心快 3 天 0 小时，请校正"
    QTest.keyClick(shell.windowHandle(), Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert undone == []
