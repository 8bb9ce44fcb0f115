"""A virtual screen with a window manager, real keys by xdotool, and programs that run on it."""

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from queue import Empty, Queue
from threading import Thread
from typing import Any

import pytest

from app.devices.burst import LONGEST_HITCH_MS
from tests.patience import Patience

PATIENCE = 20.0
"""Seconds until a program that says nothing counts as stuck."""

_KEYSYMS = {
    "\r": "Return", "\t": "Tab", "\x1d": "ctrl+bracketright", " ": "space", "]": "bracketright", ":": "colon",
    "-": "minus", "(": "parenleft", ")": "parenright", "/": "slash", ".": "period", "$": "dollar",
    "%": "percent", "*": "asterisk", "+": "plus", "\x1b": "Escape",
}  # fmt: skip


def needs(*programs: str) -> None:
    """Skip the test where a program it drives is not installed."""
    missing = [program for program in programs if shutil.which(program) is None]
    if missing:
        pytest.skip(f"not installed: {', '.join(missing)}")


class Screen:
    """One X display that belongs to the test session."""

    def __init__(self, display: str) -> None:
        # Without a session bus of its own a program would launch one that nobody ends.
        own = {"DISPLAY": display, "QT_QPA_PLATFORM": "xcb", "DBUS_SESSION_BUS_ADDRESS": "unix:path=/none"}
        self._environment = {**os.environ, **own}

    @classmethod
    @contextlib.contextmanager
    def open(cls) -> Iterator["Screen"]:
        """Start the display and openbox, and end both; a display that another test took at once is left."""
        needs("Xvfb", "openbox", "xdotool")
        for _ in range(3):
            with _display() as number, contextlib.ExitStack() as programs:
                screen = cls(f":{number}")
                programs.enter_context(_ended(screen.start(["openbox"], stdout=subprocess.DEVNULL)))
                if screen.is_managed():
                    yield screen
                    return
        pytest.fail("openbox does not manage the virtual screen")

    def start(
        self, words: Sequence[str], environment: Mapping[str, str] | None = None, **options: Any
    ) -> "subprocess.Popen[str]":
        """Start a program on this screen, in a process group of its own."""
        options = {"stderr": subprocess.DEVNULL, "text": True, "start_new_session": True} | options
        return subprocess.Popen(words, env={**self._environment, **(environment or {})}, **options)

    def is_managed(self) -> bool:
        """Return whether openbox manages the screen, after giving it some time to start."""
        words = ["xdotool", "get_desktop"]
        with contextlib.suppress(AssertionError):
            until(lambda: subprocess.run(words, env=self._environment, capture_output=True).returncode == 0)
            return True
        return False

    def type(self, text: str, *, gap_ms: int) -> None:
        """Press real keys, so many milliseconds apart; 0 is as fast as the machine goes."""
        keys = [_KEYSYMS.get(character, character) for character in text]
        words = ["xdotool", "key", "--clearmodifiers", "--delay", str(gap_ms), *keys]
        subprocess.run(words, env=self._environment, check=True)


def until(condition: Any, patience: float = PATIENCE, said: str = "") -> None:
    """Return when the condition holds; fail if it never does."""
    left = Patience(patience)
    while not condition():
        assert not left.is_over(), said or "nothing happened"
        time.sleep(0.02)


class ScanWindow:
    """The window of ``scan_window.py`` in its own process: told what to do, it reports what happened."""

    def __init__(self, process: "subprocess.Popen[str]", screen: Screen) -> None:
        self._process, self._screen = process, screen
        self._answers: Queue[dict[str, Any]] = Queue()
        Thread(target=self._listen, daemon=True).start()
        self._expect("ready")

    def focus(self, stop: str) -> None:
        """Give the keyboard to one of the window's widgets."""
        self._say(f"focus {stop}")
        self._expect("focused")

    def report(self) -> dict[str, Any]:
        """Return what happened since the last ``clear``, and what the fields hold."""
        self._say("report")
        return self._expect("report")

    def clear(self) -> None:
        """Forget what happened and empty the fields."""
        self._say("clear")
        self._expect("cleared")

    def be_busy(self) -> None:
        """Let the window be unable to answer most of the time."""
        self._say("busy")
        self._expect("busied")

    def type(self, text: str, *, stop: str, gap_ms: int) -> dict[str, Any]:
        """Press real keys into a widget and return the report once the window has seen them."""
        self.clear()
        self.focus(stop)
        self._screen.type(text, gap_ms=gap_ms)
        self._seen(len(text))
        return self.report()

    def compose(self, text: str, *, stop: str, composed: str) -> bool:
        """Type by an input method; return whether it made of it what it should."""
        self.clear()
        self.focus("tick")  # a method that came up late notices a field only when it gets the keyboard
        self.focus(stop)
        self._screen.type(text, gap_ms=100)
        with contextlib.suppress(AssertionError):
            until(lambda: self.report()["texts"][stop] == composed, patience=8)
            return True
        return False

    def scan(self, text: str, *, stop: str, gap_ms: int = 0) -> dict[str, Any]:
        """Scan into a widget; once more if the machine was too busy to press keys as fast as a scanner."""
        for _ in range(8):
            report = self.type(text + "\r", stop=stop, gap_ms=gap_ms)
            gaps = report["gaps"]
            if max(gaps) <= 60 and sum(gaps) <= 35 * len(text):
                return report
            time.sleep(2 * LONGEST_HITCH_MS / 1000)  # as a person does: sooner, it is the rest of that scan
        pytest.fail(f"this machine cannot press keys at a scanner's speed: gaps of {gaps} ms")

    def _seen(self, count: int) -> None:
        until(lambda: self.report()["keys"] >= count, said="the keys never came")
        self._say("settle")
        self._expect("settled")

    def _say(self, words: str) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(words + "\n")
        self._process.stdin.flush()

    def _expect(self, event: str) -> dict[str, Any]:
        try:
            answer = self._answers.get(timeout=PATIENCE)
        except Empty:
            pytest.fail(f"the window never said {event}")
        assert answer["event"] == event
        return answer

    def _listen(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            if line.startswith("{"):  # services of the session write to the same pipe
                self._answers.put(json.loads(line))
        self._answers.put({"event": "the end"})


@contextlib.contextmanager
def scan_window(
    screen: Screen, *before: str, environment: Mapping[str, str] | None = None
) -> Iterator[ScanWindow]:
    """Open the window on the screen, started by the words in ``before``."""
    words = [*before, sys.executable, "-m", "tests.devices.scan_window"]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "cwd": Path(__file__).parents[2]}
    with _ended(screen.start(words, environment, **pipes)) as process:
        yield ScanWindow(process, screen)


@contextlib.contextmanager
def _display() -> Iterator[str]:
    """Start an X server on a free display and return its number."""
    reading, writing = os.pipe()
    words = ["Xvfb", "-displayfd", str(writing), "-screen", "0", "1366x768x24", "-nolisten", "tcp"]
    with _ended(subprocess.Popen(words, pass_fds=[writing], stderr=subprocess.DEVNULL)):
        os.close(writing)
        with os.fdopen(reading) as pipe:
            number = pipe.readline().strip()
        assert number, "Xvfb did not start"
        yield number


@contextlib.contextmanager
def _ended(process: "subprocess.Popen[Any]") -> Iterator["subprocess.Popen[Any]"]:
    """End the program when the block ends, and with it all that it started, if it leads a group."""
    leads = os.getpgid(process.pid) == process.pid
    try:
        yield process
    finally:
        if leads:
            _signal_group(process.pid, signal.SIGTERM)
        else:
            process.terminate()
        process.wait(PATIENCE)
        if leads:
            until(lambda: not _signal_group(process.pid, signal.SIGKILL), said="its children never ended")
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                pipe.close()


def _signal_group(group: int, number: signal.Signals) -> bool:
    """Send a signal to a group; return whether it has members."""
    try:
        os.killpg(group, number)
    except ProcessLookupError:
        return False
    return True
