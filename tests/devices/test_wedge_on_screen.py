"""Real keys into a real window, at a scanner's and at a person's speed, also under a Chinese input method.

SITE-13: any keyboard-wedge scanner works, whatever has the keyboard and whatever input method is on.
"""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.devices.screen import ScanWindow, Screen, needs, scan_window

CODE = "]d20106901234567892172606301012ABC\x1d21SN0001"
EMPTY = {"code": "", "line": "", "note": ""}
STOPS = ("code", "line", "note", "tick", "button")


@pytest.fixture(scope="module")
def window(screen: Screen) -> Iterator[ScanWindow]:
    with scan_window(screen) as opened:
        yield opened


@pytest.mark.parametrize("stop", STOPS)
def test_a_scan_with_its_separator_arrives_whole_and_leaves_no_trace(window: ScanWindow, stop: str) -> None:
    report = window.scan(CODE, stop=stop)
    assert (report["scans"], report["rejects"], report["deeds"]) == ([CODE], [], [])
    assert report["texts"] == EMPTY


@pytest.mark.parametrize("stop", ["tick", "button"])
def test_a_scan_full_of_page_keys_confirms_nothing(window: ScanWindow, stop: str) -> None:
    """VER-1: page keys 1 to 4 are shortcuts that Qt itself would run."""
    report = window.scan("12341234123412341234", stop=stop, gap_ms=4)
    assert (report["scans"], report["deeds"]) == (["12341234123412341234"], [])


def test_a_person_types_presses_enter_and_uses_page_keys_as_ever(window: ScanWindow) -> None:
    typed = window.type("12ab cd\r", stop="line", gap_ms=120)
    assert (typed["scans"], typed["texts"]["line"], typed["deeds"]) == ([], "12ab cd", ["Return"])
    noted = window.type("ab cd", stop="note", gap_ms=120)
    assert (noted["scans"], noted["texts"]["note"], noted["deeds"]) == ([], "ab cd", [])
    pressed = window.type("1 3\r", stop="button", gap_ms=120)
    assert (pressed["scans"], pressed["rejects"]) == ([], [])
    assert pressed["deeds"] == ["1", "button", "3", "Return"]


def test_a_scan_arrives_whole_though_the_screen_is_busy(screen: Screen) -> None:
    """The timer that gives up on a held key must not overtake the keys that wait."""
    with scan_window(screen) as window:
        window.be_busy()
        for _ in range(5):
            report = window.scan(CODE, stop="tick", gap_ms=4)
            assert (report["scans"], report["deeds"], report["rejects"]) == ([CODE], [], [])


START_IBUS = """
ibus-daemon --panel disable --xim &
for attempt in $(seq 100); do
  ibus engine libpinyin
  [ "$(ibus engine)" = libpinyin ] && break
  sleep 0.2
done
exec "$@"
"""


@pytest.fixture
def chinese(screen: Screen) -> Iterator[ScanWindow]:
    """Open the window in a session whose input method is Chinese pinyin, switched on."""
    needs("dbus-run-session", "ibus-daemon", "ibus")
    if not Path("/usr/share/ibus/component/libpinyin.xml").exists():
        pytest.skip("not installed: ibus-libpinyin")
    starter = ("dbus-run-session", "--", "bash", "-c", START_IBUS, "start-ibus")
    with tempfile.TemporaryDirectory(prefix="ibus-") as home:  # short: a socket's path has 107 characters
        own = dict.fromkeys(("HOME", "XDG_RUNTIME_DIR", "XDG_CONFIG_HOME", "XDG_CACHE_HOME"), home)
        environment = {**own, "QT_IM_MODULE": "ibus", "GSETTINGS_BACKEND": "memory"}
        with scan_window(screen, *starter, environment=environment) as opened:
            if not any(opened.compose("nihao ", stop="line", composed="你好") for _ in range(5)):
                pytest.skip("ibus did not start with libpinyin here: typing nihao does not give 你好")
            yield opened


def test_a_chinese_input_method_does_not_touch_a_scan_into_the_code_line(chinese: ScanWindow) -> None:
    for stop in ("code", "tick", "button"):
        report = chinese.scan(CODE, stop=stop)
        assert (report["scans"], report["deeds"], report["texts"]) == ([CODE], [], EMPTY)
