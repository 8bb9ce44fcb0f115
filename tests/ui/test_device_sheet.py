"""Ctrl+D: what the sheet of the devices does besides choosing them."""

import os
import pty
from collections.abc import Iterator
from itertools import chain

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.devices.frame_reading import read_codes
from app.devices.scanner_check import CHECK_TEXT, Check, Outcome, Point
from app.devices.sounds import Tone
from app.devices.wedge import WedgeRouter
from app.documents.scanner_sheet import SETTINGS, STEPS
from app.domain.codes import GS, ScanBrokenOff
from app.ui.bench import Bench
from app.ui.certificate.page import CertificatePage
from app.ui.kit.buttons import ActionButton
from app.ui.kit.sheet import Sheet
from app.ui.kit.text import Text
from app.ui.scanner_check_sheet import CheckCode
from app.ui.shell import Shell
from app.ui.texts.scanner_check import OTHER_CODE, RIGHT, TO_SET, said_of
from tests.devices.typist import SCANNER_GAP, Typist
from tests.documents.rendering import pages, text
from tests.factories import MANAGER, SmallSite
from tests.ui.looking import bring_up


@pytest.fixture
def shell(small_site: SmallSite, qtbot: QtBot) -> Iterator[Shell]:
    """The shell round one light page: the sheet is the same over all."""
    small_site.as_user(MANAGER)
    bench = Bench(small_site.desk)
    shell = Shell(bench, [CertificatePage])
    bring_up(shell, qtbot)
    shell.start()
    yield shell
    bench.close()


@pytest.fixture
def sheet(shell: Shell, qtbot: QtBot) -> Sheet:
    """The sheet, opened by its key on a machine that can be heard."""
    shell.sounds.audible = True
    QTest.keyClick(shell.windowHandle(), Qt.Key.Key_D, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: len(sheets(shell)) == 1)
    return sheets(shell)[0]


def sheets(shell: Shell) -> list[Sheet]:
    return [one for one in shell.findChildren(Sheet) if one.isVisible()]


def button_of(sheet: Sheet, words: str) -> ActionButton:
    (button,) = [one for one in sheet.findChildren(ActionButton) if one.text() == words]
    return button


def test_the_volume_test_plays_both_tones_and_says_which_is_which(
    shell: Shell, sheet: Sheet, qtbot: QtBot
) -> None:
    """Rule 13: short high = taken, low double = refused; pressed twice it is one test."""
    button = button_of(sheet, "试听提示音")
    heard: list[str] = []
    shell.sounds.played.connect(heard.append)
    for _ in range(2):
        QTest.keyClick(shell.windowHandle(), button.key)  # type: ignore[call-overload]
    assert "一声高音" in button.accessibleDescription()
    qtbot.waitUntil(lambda: len(heard) == 2)
    assert heard == [Tone.TAKEN, Tone.REFUSED]
    assert "两声低音" in button.accessibleDescription()
    assert sheet.isVisible(), "the words are read there"


@pytest.fixture
def gun(shell: Shell, sheet: Sheet) -> Typist:
    """A scanner that types, before the scanner check, which is opened from the sheet by its key."""
    router = WedgeRouter(shell)
    router.scanned.connect(shell.take_scan)
    router.rejected.connect(shell.take_broken_scan)
    router.watch(shell.windowHandle())
    key = button_of(sheet, "检查扫码枪").key
    QTest.keyClick(shell.windowHandle(), key)  # type: ignore[call-overload]
    router.pass_pause()
    (check,) = sheets(shell)
    assert check.accessibleName() == "检查扫码枪"
    return Typist(shell.windowHandle())


def said(shell: Shell) -> str:
    return "".join(words.text() for words in sheets(shell)[0].findChildren(Text))


def test_the_code_on_the_screen_is_what_the_check_waits_for(shell: Shell, gun: Typist) -> None:
    """Read from the pixels, as a scanner reads them; GS1, or no gun would send a separator."""
    (code,) = sheets(shell)[0].findChildren(CheckCode)
    assert read_codes(code.grab().toImage()) == {f"]d2{CHECK_TEXT}"}


def test_a_gun_that_is_set_up_well_is_told_so_and_nothing_else_hears_it(
    shell: Shell, gun: Typist, qtbot: QtBot
) -> None:
    refused: list[object] = []
    shell.bench.refused.connect(refused.append)
    page = shell.current
    gun.scan(CHECK_TEXT)
    assert RIGHT in said(shell)
    gun.scan("81234567890123456789")
    assert OTHER_CODE in said(shell)
    assert (refused, shell.current) == ([], page)
    QTest.keyClick(shell.windowHandle(), Qt.Key.Key_Escape)
    assert sheets(shell) == []


@pytest.mark.parametrize(
    ("sent", "gap", "fault"),
    [
        (CHECK_TEXT.replace(GS, "") + "\r", SCANNER_GAP, (Point.SEPARATOR, Outcome.WRONG)),
        (CHECK_TEXT.upper() + "\r", SCANNER_GAP, (Point.CASE, Outcome.WRONG)),
        (CHECK_TEXT + "\r", 50, (Point.SPEED, Outcome.WRONG)),
        (CHECK_TEXT + "\r", 90, (Point.SPEED, Outcome.WRONG)),
        (CHECK_TEXT, SCANNER_GAP, (Point.LINE_END, Outcome.WRONG)),
    ],
)
def test_what_is_set_wrongly_is_said_with_what_to_set(
    shell: Shell, gun: Typist, qtbot: QtBot, sent: str, gap: int, fault: tuple[Point, Outcome]
) -> None:
    gun.type(sent, gap)
    qtbot.waitUntil(lambda: TO_SET in said(shell))
    check = Check(dict.fromkeys(Point, Outcome.RIGHT) | {fault[0]: fault[1]})
    for point in Point:
        assert said_of(point, check) in said(shell)
    assert said(shell).count(said_of(fault[0], check)) == 1
    assert [words.text() for words in sheets(shell)[0].findChildren(Text)].count("对") == 3


def test_a_serial_gun_without_line_end_is_told_of_too(shell: Shell, gun: Typist, qtbot: QtBot) -> None:
    """SITE-13: at the desk its half code is a sentence, at the check it is the line end."""
    master, slave = pty.openpty()
    shell.devices.use_port(os.ttyname(slave))
    os.write(master, CHECK_TEXT.encode())
    qtbot.waitUntil(lambda: "Suffix" in said(shell))
    QTest.keyClick(shell.windowHandle(), Qt.Key.Key_Escape)
    with qtbot.waitSignal(shell.bench.refused) as told:
        os.write(master, b"123412")
    assert told.args == [ScanBrokenOff(6)]
    shell.devices.close()
    os.close(slave)
    os.close(master)


def test_the_page_beside_the_scanner_holds_the_code_the_check_waits_for_and_every_setting(
    shell: Shell, sheet: Sheet, qtbot: QtBot
) -> None:
    """ux.md *Scanning*: read from the paper, as a scanner reads it."""
    with qtbot.waitSignal(shell.bench.announced) as announced:
        QTest.keyClick(shell.windowHandle(), button_of(sheet, "打印扫码枪设置页").key)  # type: ignore[call-overload]
    (paper,) = (shell.bench.desk.store.path.parent / "sheets").glob("scanner-*.pdf")
    assert paper.name in announced.args[0]
    (page,) = pages(paper.read_bytes(), 100)
    grey = QImage(page.tobytes(), page.width, page.height, page.width, QImage.Format.Format_Grayscale8)
    assert read_codes(grey) == {f"]d2{CHECK_TEXT}"}
    words = text(paper.read_bytes())
    for told in (*STEPS, *chain.from_iterable(SETTINGS)):
        assert told.replace(" ", "") in words
