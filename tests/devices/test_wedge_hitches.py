"""A scanner that stutters: half a code is never taken for a code, and its late CR presses nothing (TRC-2)."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pytestqt.qtbot import QtBot

from app.devices.burst import LONGEST_GAP_MS, LONGEST_HITCH_MS
from tests.devices.typist import SCANNER_GAP
from tests.devices.wedge_page import Desk, KeySpy

CODE = "83857930000879766660"
ENTER = "KeyPress '\\r'"
machine_texts = st.text([chr(code) for code in range(0x20, 0x7F)] + ["\x1d"], min_size=6, max_size=60)


@pytest.mark.parametrize("stop", [1, 3, 7])
@pytest.mark.parametrize("pause", [LONGEST_GAP_MS + 1, LONGEST_HITCH_MS])
def test_a_line_end_that_comes_late_makes_no_scan_and_presses_nothing(
    desk: Desk, stop: int, pause: int
) -> None:
    """Nobody knows what the scanner lost meanwhile, so nothing is guessed."""
    widget = desk.page.stops()[stop]
    widget.setFocus()
    before, spy = desk.page.contents(), KeySpy(widget)
    desk.typist.type("1231231", SCANNER_GAP)
    desk.typist.type("\r", pause)
    assert desk.sent() == ([], ["1231231"], [])
    assert (desk.page.contents(), ENTER in spy.keys) == (before, False)


def test_a_line_end_after_the_keys_were_already_refused_presses_nothing(desk: Desk, qtbot: QtBot) -> None:
    desk.page.tick.setFocus()
    spy = KeySpy(desk.page.tick)
    with qtbot.waitSignal(desk.router.rejected):
        desk.typist.type("1231231", SCANNER_GAP)
    desk.typist.type("\r", 100)
    assert spy.keys == []
    desk.typist.type("\r", 1000)
    assert ENTER in spy.keys


@pytest.mark.parametrize(("text", "pause"), [("1234567", LONGEST_HITCH_MS + 1), ("12345", 100)])
def test_enter_some_time_after_quick_typing_is_a_persons(desk: Desk, text: str, pause: int) -> None:
    desk.page.line.setFocus()
    spy = KeySpy(desk.page.line)
    desk.typist.type(text, SCANNER_GAP)
    desk.typist.type("\r", pause)
    assert (desk.sent(), ENTER in spy.keys) == (([], [], []), True)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    text=machine_texts,
    data=st.data(),
    stop=st.integers(0, 10),
    pause=st.integers(LONGEST_GAP_MS + 1, LONGEST_HITCH_MS),
)
def test_a_scan_that_hitches_is_refused_and_never_taken_for_a_shorter_code(
    desk: Desk, text: str, data: st.DataObject, stop: int, pause: int
) -> None:
    page = desk.page
    page.stops()[stop].setFocus()
    before = page.contents()
    place = data.draw(st.integers(3, len(text) - 1))
    desk.typist.type(text[0], 1000)
    desk.typist.type(text[1:place], SCANNER_GAP)
    desk.typist.type(text[place], pause)
    desk.typist.type(text[place + 1 :] + "\r", SCANNER_GAP)
    scans, rejects, deeds = desk.sent()
    assert (scans, deeds, "".join(rejects).endswith(text[place:])) == ([], [], True)
    assert page.contents() == before


def test_the_scan_after_one_that_hitched_is_taken(desk: Desk) -> None:
    desk.page.line.setFocus()
    desk.typist.type(CODE[:18], SCANNER_GAP)
    desk.typist.type(CODE[18], 70)
    desk.typist.type(CODE[19] + "\r", SCANNER_GAP)
    desk.typist.type(CODE[0], 70)
    desk.typist.type(CODE[1:] + "\r", SCANNER_GAP)
    assert (desk.scans, desk.rejects) == ([CODE], [CODE[18:]])
