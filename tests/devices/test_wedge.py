"""Scans are told from typing whatever has the keyboard (SITE-13; ux.md rules 5 and 6, *Scanning*)."""

from collections.abc import Callable

import pytest
import shiboken6
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut, QTextCursor
from PySide6.QtWidgets import (
    QApplication,
    QDialog,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QTextEdit,
    QWidget,
)
from pytestqt.qtbot import QtBot

from app.devices.burst import LONGEST_GAP_MS, LONGEST_MEAN_MS
from app.devices.wedge import WedgeRouter
from tests.devices.typist import SCANNER_GAP, Typist
from tests.devices.wedge_page import Desk, KeySpy

CODE = "]d20106901234567892172606301012ABC\x1d21SN 0001"
QUICK = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
machine_texts = st.text([chr(code) for code in range(0x20, 0x7F)] + ["\x1d"], min_size=6, max_size=60)


@st.composite
def machine_gaps(draw: st.DrawFn) -> list[int]:
    """Return gaps no scan may exceed: none over 60 ms, the mean not over 35."""
    gaps = draw(st.lists(st.integers(0, LONGEST_GAP_MS), min_size=61, max_size=61))
    spent, fitting = 0, []
    for count, gap in enumerate(gaps):
        gap = min(gap, LONGEST_MEAN_MS * (count + 1) - spent)
        fitting.append(gap)
        spent += gap
    return fitting


@QUICK
@given(text=machine_texts, gaps=machine_gaps(), stop=st.integers(0, 10), end=st.sampled_from("\r\t\n"))
def test_any_scan_arrives_whole_and_leaves_no_trace(
    desk: Desk, text: str, gaps: list[int], stop: int, end: str
) -> None:
    """The first gap counts from a pause, so that the mean is that of the keys of the scan alone."""
    page = desk.page
    page.stops()[stop].setFocus()
    before = page.contents()
    desk.typist.type(text[0], 1000)
    desk.typist.type(text[1:] + end, gaps)
    assert desk.sent() == ([text], [], [])
    assert page.contents() == before


@QUICK
@given(
    text=st.text([chr(code) for code in range(0x20, 0x7F)], min_size=1, max_size=25),
    gaps=st.lists(st.integers(LONGEST_GAP_MS + 1, 900), min_size=25, max_size=25),
    stop=st.sampled_from([0, 1, 3, 4]),
)
def test_typing_at_a_persons_speed_is_never_a_scan_and_reaches_its_field(
    desk: Desk, text: str, gaps: list[int], stop: int
) -> None:
    field = desk.page.stops()[stop]
    assert isinstance(field, QLineEdit | QPlainTextEdit | QTextEdit)
    field.setFocus()
    field.clear()
    desk.typist.type(text, gaps)
    written = field.text() if isinstance(field, QLineEdit) else field.toPlainText()
    assert (desk.sent(), written) == (([], [], []), text)


@QUICK
@given(st.lists(st.integers(LONGEST_MEAN_MS + 1, LONGEST_GAP_MS), min_size=21, max_size=21))
def test_keys_slower_than_the_mean_of_a_scanner_are_no_scan(desk: Desk, gaps: list[int]) -> None:
    desk.page.line.setFocus()
    desk.page.line.clear()
    desk.typist.type("8", 1000)
    desk.typist.type("3857930000879766660\r", gaps)
    assert desk.scans == []
    assert desk.page.line.text() == "83857930000879766660"


@pytest.mark.parametrize("text", ["12345\r", "1234567"])
def test_five_characters_or_no_line_end_are_no_scan(desk: Desk, text: str) -> None:
    desk.page.line.setFocus()
    desk.page.line.clear()
    desk.typist.type(text, SCANNER_GAP)
    desk.typist.press(Qt.Key.Key_Escape)
    assert desk.sent()[0] == []
    assert desk.page.line.text() == text.rstrip()


def test_a_persons_enter_presses_the_primary_button_and_a_scanners_does_not(desk: Desk) -> None:
    """VER-1: a confirmation needs a real key (ux.md rule 6)."""
    desk.page.primary.setDefault(True)
    desk.page.primary.setFocus()
    spy = KeySpy(desk.page.primary)
    desk.typist.scan(CODE)
    assert (desk.sent(), spy.keys) == (([CODE], [], []), [])
    desk.typist.press(Qt.Key.Key_Space, " ")
    desk.typist.press(Qt.Key.Key_Escape)
    assert desk.sent() == ([], [], ["primary"])


def test_the_second_line_end_of_cr_lf_is_swallowed_too(desk: Desk) -> None:
    desk.page.line.setFocus()
    pressed: list[bool] = []
    desk.page.line.returnPressed.connect(lambda: pressed.append(True))
    desk.typist.scan(CODE)
    desk.typist.type("\r", SCANNER_GAP)
    assert pressed == []
    desk.typist.type("\r")
    assert pressed == [True]


def test_a_page_key_acts_for_a_person_after_a_moment_and_never_for_a_scan(desk: Desk, qtbot: QtBot) -> None:
    """VER-1: a scan full of 1, 2 and 3 confirms nothing."""
    desk.page.tick.setFocus()
    desk.typist.scan("123123?")
    assert desk.sent() == (["123123?"], [], [])
    desk.typist.type("3")
    assert desk.page.deeds == []
    qtbot.waitUntil(lambda: desk.page.deeds == ["3"])


def test_page_keys_act_in_the_order_in_which_a_person_pressed_them(desk: Desk) -> None:
    desk.page.tick.setFocus()
    desk.typist.type("12", 45)
    desk.typist.press(Qt.Key.Key_Question, "?", Qt.KeyboardModifier.ShiftModifier, gap=45)
    desk.typist.press(Qt.Key.Key_3, "3", Qt.KeyboardModifier.KeypadModifier, gap=200)
    desk.typist.press(Qt.Key.Key_Escape)
    assert desk.sent() == ([], [], ["1", "2", "?", "3"])


def test_the_scan_box_that_leaves_keys_to_the_page_keeps_order_and_takes_scans(desk: Desk) -> None:
    box = desk.page.scan_box
    box.setFocus()
    desk.typist.scan("12312AB")
    assert (desk.sent(), box.text()) == ((["12312AB"], [], []), "")
    box.textChanged.connect(lambda text: desk.page.deeds.append(f"typed {text}"))
    desk.typist.type("1a2", 45)
    desk.typist.press(Qt.Key.Key_Escape)
    assert desk.sent() == ([], [], ["1", "typed a", "typed a2"])


def test_only_a_live_shortcut_acts(desk: Desk) -> None:
    page = desk.page
    shortcuts = {shortcut.key().toString(): shortcut for shortcut in page.findChildren(QShortcut)}
    shortcuts["1"].setEnabled(False)
    shortcuts["2"].setContext(Qt.ShortcutContext.WidgetShortcut)
    with_children = Qt.ShortcutContext.WidgetWithChildrenShortcut
    dialog, hidden, off = QDialog(page), QWidget(page), QPushButton("停", page)
    off.setEnabled(False)
    for shown in (dialog, off):
        shown.show()
    for owner, context in [(page.list, with_children), *((owner, None) for owner in (dialog, hidden, off))]:
        shortcut = QShortcut(QKeySequence("3"), owner)
        shortcut.setContext(context or Qt.ShortcutContext.WindowShortcut)
        shortcut.activated.connect(lambda owner=owner: page.deeds.append(type(owner).__name__))
    page.tick.setFocus()
    desk.typist.type("123", 100)
    desk.typist.press(Qt.Key.Key_Escape)
    assert desk.sent()[2] == ["3"]


def test_a_key_that_two_pages_claim_does_nothing_as_qt_has_it(desk: Desk) -> None:
    QShortcut(QKeySequence("3"), desk.page).activated.connect(lambda: desk.page.deeds.append("second"))
    desk.page.tick.setFocus()
    desk.typist.type("3")
    desk.typist.press(Qt.Key.Key_Escape)
    assert desk.sent()[2] == []


def test_a_persons_space_still_presses_the_button_and_a_persons_letter_finds_its_row(desk: Desk) -> None:
    desk.page.tick.setFocus()
    desk.typist.type(" ")
    desk.typist.press(Qt.Key.Key_Escape)
    assert desk.page.tick.isChecked()
    desk.page.list.setFocus()
    for shortcut in desk.page.findChildren(QShortcut):
        shortcut.setEnabled(False)
    desk.typist.type("2")
    desk.typist.press(Qt.Key.Key_Escape)
    assert desk.page.list.currentRow() == 1


def test_a_key_held_down_is_no_scan(desk: Desk) -> None:
    desk.page.line.setFocus()
    desk.page.line.clear()
    desk.typist.type("a")
    for _ in range(20):
        desk.typist.press(Qt.Key.Key_A, "a", gap=25, repeats=True)
    desk.typist.type("\r", 25)
    assert desk.scans == []
    assert desk.page.line.text() == "a" * 21


def test_two_equal_characters_that_seem_to_repeat_are_part_of_the_scan(desk: Desk) -> None:
    """X11 takes a release and a press of one key in the same millisecond for a key held down."""
    desk.page.line.setFocus()
    before = desk.page.line.text()
    desk.typist.type("838", SCANNER_GAP)
    desk.typist.press(Qt.Key.Key_8, "8", gap=2, repeats=True)
    desk.typist.type("5793\r", SCANNER_GAP)
    assert (desk.scans, desk.page.line.text()) == (["83885793"], before)


def test_a_scan_into_a_selection_puts_the_selected_text_back(desk: Desk) -> None:
    line, note = desk.page.line, desk.page.note
    line.setFocus()
    line.setSelection(1, 4)
    selected = line.selectedText()
    desk.typist.scan(CODE)
    assert (line.text(), line.selectedText()) == ("张𬱖 备注", selected)
    note.setFocus()
    note.moveCursor(QTextCursor.MoveOperation.End)
    note.moveCursor(QTextCursor.MoveOperation.StartOfLine, QTextCursor.MoveMode.KeepAnchor)
    desk.typist.scan(CODE)
    assert note.toPlainText() == "第一行\n第二行 𬱖"
    assert note.textCursor().selectedText() == "第二行 𬱖"
    assert desk.scans == [CODE, CODE]


def test_what_a_person_typed_before_a_scan_stays(desk: Desk) -> None:
    desk.page.line.setFocus()
    desk.page.line.clear()
    desk.typist.type("abc")
    desk.typist.scan(CODE)
    desk.typist.type("def")
    assert (desk.page.line.text(), desk.scans) == ("abcdef", [CODE])


def test_a_scan_into_a_masked_field_leaves_it_as_it_was(desk: Desk) -> None:
    desk.page.line.setInputMask("9999-99-99;_")
    desk.page.line.setText("2026-03-14")
    desk.page.line.setCursorPosition(0)
    desk.page.line.setFocus()
    desk.typist.scan("83857930000879766660")
    assert desk.page.line.text() == "2026-03-14"


def test_focus_that_moves_during_a_scan_changes_nothing(desk: Desk) -> None:
    desk.page.line.setFocus()
    before = desk.page.line.text()
    desk.typist.type(CODE[:10], SCANNER_GAP)
    desk.page.note.setFocus()
    desk.typist.type(CODE[10:20], SCANNER_GAP)
    desk.page.primary.setFocus()
    desk.typist.type(CODE[20:] + "\r", SCANNER_GAP)
    assert desk.sent() == ([CODE], [], [])
    assert (desk.page.line.text(), desk.page.note.toPlainText()) == (before, "第一行\n第二行 𬱖")


def test_a_field_that_is_gone_before_the_scan_ends_does_no_harm(desk: Desk) -> None:
    temporary = QLineEdit(desk.page)
    temporary.show()
    temporary.setFocus()
    desk.typist.type(CODE[:10], SCANNER_GAP)
    desk.page.line.setFocus()
    shiboken6.delete(temporary)
    desk.typist.type(CODE[10:] + "\r", SCANNER_GAP)
    assert desk.scans == [CODE]


@pytest.mark.parametrize(
    ("text", "gap", "reject"),
    [("12\r", SCANNER_GAP, "12"), ("12345\r", SCANNER_GAP, "12345"), ("123123\r", 50, "123123")],
    ids=["far too short", "too short", "too slow"],
)
def test_where_no_field_wants_text_a_poor_scan_does_nothing_and_is_reported(
    desk: Desk, text: str, gap: int, reject: str
) -> None:
    """A short bar code full of page keys must not confirm anything, nor its CR press anything."""
    desk.page.tick.setFocus()
    spy = KeySpy(desk.page.tick)
    desk.typist.type(text, gap)
    assert (desk.sent(), spy.keys) == (([], [reject], []), [])


def test_a_scan_without_line_end_does_nothing_and_is_reported(desk: Desk, qtbot: QtBot) -> None:
    desk.page.tick.setFocus()
    with qtbot.waitSignal(desk.router.rejected) as rejected:
        desk.typist.type("123123123", SCANNER_GAP)
    assert rejected.args == ["123123123"]
    assert desk.page.deeds == []


def test_two_scans_in_a_row_are_two_scans(desk: Desk) -> None:
    desk.page.code.setFocus()
    desk.typist.scan("83857930000879766660")
    desk.typist.scan("VXT1:ABCDEFGH0Z")
    assert desk.scans == ["83857930000879766660", "VXT1:ABCDEFGH0Z"]


def test_the_code_line_leaves_undo_to_the_page_and_keeps_input_methods_out(desk: Desk) -> None:
    code = desk.page.code
    code.setFocus()
    desk.typist.type("abc")
    for field in (code, desk.page.line):
        field.setFocus()
        claimed = desk.typist.press(Qt.Key.Key_Z, "\x1a", Qt.KeyboardModifier.ControlModifier)
        assert claimed is (field is desk.page.line)
    assert code.text() == "abc"
    assert code.inputMethodQuery(Qt.InputMethodQuery.ImEnabled) is False
    assert desk.page.line.inputMethodQuery(Qt.InputMethodQuery.ImEnabled) is True


def test_every_window_that_gets_the_keyboard_is_watched(qtbot: QtBot, qapp: object) -> None:
    scans: list[str] = []
    router = WedgeRouter()
    router.scanned.connect(scans.append)
    router.watch_all(qapp)  # type: ignore[arg-type]
    make: list[Callable[[], QWidget]] = [QLineEdit, QPushButton]
    for widget in (build() for build in make):
        qtbot.addWidget(widget)
        widget.show()
        widget.activateWindow()
        qtbot.waitUntil(widget.isActiveWindow)
        Typist(widget.windowHandle()).scan(CODE)
    assert scans == [CODE, CODE]
    router.stop()


def test_a_window_listens_to_the_router_that_came_last(qtbot: QtBot) -> None:
    """Two at one window would ask each other for ever who claims a key."""
    first, second = WedgeRouter(), WedgeRouter()
    field = QLineEdit()
    qtbot.addWidget(field)
    field.show()
    heard: list[str] = []
    first.scanned.connect(heard.append)
    first.watch(field.windowHandle())
    second.watch(field.windowHandle())
    with qtbot.waitSignal(second.scanned):
        Typist(field.windowHandle()).scan(CODE)
    assert heard == []


def test_a_stopped_router_leaves_the_window_to_the_next_one(qtbot: QtBot, qapp: QApplication) -> None:
    first, second = WedgeRouter(), WedgeRouter()
    field = QLineEdit()
    qtbot.addWidget(field)
    field.show()
    window = field.windowHandle()
    first.watch_all(qapp)
    first.watch(window)
    first.stop()
    second.watch(window)
    with qtbot.waitSignal(second.scanned) as heard:
        Typist(window).scan("89008080000001000000")
    assert heard.args == ["89008080000001000000"]
