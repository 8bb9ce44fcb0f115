"""The real program, signed in at a copy of the big site, its keys and scans sent through the window."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from time import perf_counter

from PySide6.QtCore import QEventLoop, QObject, Qt, QTimer, SignalInstance
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from app.practice.site import MANAGER
from app.storage.keys import SlotOwner, key_file
from app.ui.bench import Bench
from app.ui.shell import Shell
from app.ui.start import open_window
from benchmarks.big_site import KEY, copied_folder
from tests.devices.typist import SCANNER_GAP, Typist

PASSWORD = "measure-2026"
PATIENCE_MS = 20_000


class AtDesk:
    """The window and who sits at it."""

    def __init__(self, folder: Path) -> None:
        self.app, self.program = open_window(["--data", str(folder)])
        self.program.window.resize(1366, 768)
        self._wait(self.program.sign_in.painted)
        fetched = QEventLoop()
        QTimer.singleShot(0, lambda: self.program.run_aside(int, lambda _: fetched.quit()))
        fetched.exec()

    @property
    def window(self) -> QWidget:
        """The window at the front."""
        return self.program.window

    @property
    def bench(self) -> Bench:
        """The bench; somebody has signed in."""
        assert self.program.bench is not None, "signed in"
        return self.program.bench

    @property
    def shell(self) -> Shell:
        """The shell; somebody has signed in."""
        assert self.program.shell is not None, "signed in"
        return self.program.shell

    def sign_in(self) -> float:
        """Type the password; return the milliseconds from Enter to the painted shell."""
        QTest.keyClicks(self.program.sign_in.password, PASSWORD)
        start = perf_counter()
        QTimer.singleShot(0, lambda: QTest.keyClick(self.program.sign_in.password, Qt.Key.Key_Return))
        self._wait(self.program.unlocked)
        self.paint()
        took_ms = (perf_counter() - start) * 1000
        for _ in self.shell.stations.values():
            pass  # each is built, as while nobody touches anything: a key of QTest is no touch
        return took_ms

    def until_committed(self, act: Callable[[], object]) -> float:
        """Return the milliseconds from ``act`` until what it wrote is committed and painted."""
        start = perf_counter()
        QTimer.singleShot(0, act)
        self._wait(self.bench.committed)
        self.paint()
        return (perf_counter() - start) * 1000

    @cached_property
    def typist(self) -> Typist:
        """Who is at the keyboard and the scanner: one clock for both, as in the system."""
        return Typist(self.window.windowHandle())

    def press(self, key: str) -> None:
        """Press one key, the way the window system sends it."""
        self.typist.type(key)

    def scan(self, text: str, begin: Callable[[], object]) -> None:
        """Scan, and come back when all is committed and painted; ``begin`` is called at the line end."""
        self.typist.type(text[:1])
        self.typist.type(text[1:], SCANNER_GAP)
        self.app.processEvents()

        def end() -> None:
            begin()
            self.typist.type("\r", SCANNER_GAP)

        self.until_committed(end)

    def paint(self) -> None:
        """Let the window work off what has come: answers, layouts, at last the paint; no timers."""
        for _ in range(3):
            self.app.sendPostedEvents()

    def settle(self) -> None:
        """Let everything be written and all answers come home."""
        self.bench.desk.store.write(lambda transaction: None)
        for _ in range(3):
            self.app.processEvents()

    def _wait(self, signal: SignalInstance) -> None:
        """Wait for a signal, in vain at most ``PATIENCE_MS``."""
        loop = QEventLoop()
        connection = signal.connect(lambda *_: loop.quit())
        QTimer.singleShot(PATIENCE_MS, loop, lambda: loop.exit(1))
        if loop.exec():
            raise TimeoutError(f"{signal} never came")
        QObject.disconnect(connection)


@contextmanager
def at_desk(people: int, doses: int) -> Iterator[AtDesk]:
    """Yield the program before anybody has signed in."""
    with keyed_folder(people, doses) as folder:
        desk = AtDesk(folder)
        try:
            yield desk
        finally:
            desk.program.close()


@contextmanager
def keyed_folder(people: int, doses: int) -> Iterator[Path]:
    """Yield a folder with a copy of the big site and the manager's key."""
    with copied_folder(people, doses) as folder:
        owner = SlotOwner(MANAGER.staff_id, MANAGER.name, MANAGER.title)
        key_file(folder, os.urandom, use_keyring=False).add(owner, PASSWORD, KEY, os.urandom)
        yield folder
