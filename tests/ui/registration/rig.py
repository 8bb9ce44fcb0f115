"""Stations under test: the real shell with real pages on a real store, worked by keys and scans."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from app.domain.codes import TicketCode, ticket_text
from app.domain.journal import Event
from app.domain.refusals import Refusal
from app.domain.visit import Encounter, VisitState
from app.storage import encounters, journal
from app.ui.bench import Bench
from app.ui.registration.page import RegistrationPage
from app.ui.screening.page import ScreeningPage
from app.ui.shell import Shell
from app.ui.station import Station
from tests.factories import DOCTOR, SmallSite
from tests.ui.kit.screen_rules import faults
from tests.ui.looking import bring_up

_NAMED = {
    "Enter": Qt.Key.Key_Return,
    "Esc": Qt.Key.Key_Escape,
    "Tab": Qt.Key.Key_Tab,
    "Up": Qt.Key.Key_Up,
    "Down": Qt.Key.Key_Down,
    "Plus": Qt.Key.Key_Plus,
    "Minus": Qt.Key.Key_Minus,
} | {f"F{number}": Qt.Key(Qt.Key.Key_F1 + number - 1) for number in range(1, 13)}
LARGE, SMALL = (1366, 768), (1280, 720)
"""Logical sizes of the whole window at scale 1 and 1.5 (ux.md rule 23)."""


class DeskRig:
    """Counts the keys it is asked for, and keeps every refusal nobody else showed."""

    def __init__(self, site: SmallSite, qtbot: QtBot, stations: Sequence[Callable[[Bench], Station]]) -> None:
        self.site, self.keys = site, 0
        self.refusals: list[Refusal] = []
        self.bench = Bench(site.desk)
        self.bench.refused.connect(self.refusals.append)
        self.shell = Shell(self.bench, stations)
        bring_up(self.shell, qtbot, LARGE)
        self.shell.start()
        self.settle()

    def close(self) -> None:
        """Stop the bench's clock."""
        self.bench.close()

    @property
    def page(self) -> Station:
        """The station at the front."""
        return self.shell.current

    @property
    def registration(self) -> RegistrationPage:
        """The registration page."""
        page = self.shell.stations["registration"]
        assert isinstance(page, RegistrationPage)
        return page

    @property
    def screening(self) -> ScreeningPage:
        """The screening page."""
        page = self.shell.stations["screening"]
        assert isinstance(page, ScreeningPage)
        return page

    def resize(self, size: tuple[int, int]) -> None:
        """Give the window a size; one that needs more room would grow, where a screen has no more."""
        self.shell.resize(*size)
        self.settle()
        assert (self.shell.width(), self.shell.height()) == size

    def fits(self, *keys: str, scrolls: bool = False) -> None:
        """Press keys and look at the page in both sizes (ux.md rules 21 to 25); the window has to be dressed.

        A list that ``scrolls`` goes on below its edge, over what stands there.
        """
        self.press(*keys)
        for size in (LARGE, SMALL):
            self.resize(size)
            assert faults(self.page, scrolls=scrolls) == {}, keys

    def settle(self) -> None:
        """Let everything that was asked for be written, and all answers come home."""
        for _ in range(4):
            self.site.store.write(lambda transaction: None)
            QCoreApplication.processEvents()

    def press(self, *keys: str) -> None:
        """Press keys as printed on the caps (``Alt+1``, ``F9``, ``2``), each answered before the next."""
        for key in keys:
            self.keys += 1
            self._click(key)
            self.settle()

    def undo(self) -> None:
        """Press Ctrl+Z."""
        modifier = Qt.KeyboardModifier.ControlModifier
        QTest.keyClick(self.shell.windowHandle(), Qt.Key.Key_Z, modifier)
        self.settle()

    def type(self, text: str) -> None:
        """Type into whatever has the keyboard; letters of an input method arrive as a whole."""
        if text.isascii():
            for key in text:
                self.keys += 1
                self._click(key)
            self.settle()
            return
        line = QApplication.focusWidget()
        insert = getattr(line, "insert", None) or getattr(line, "insertPlainText", None)
        assert insert is not None, f"{line} takes no words"
        insert(text)
        self.keys += 1
        self.settle()

    def scan(self, text: str) -> None:
        """Scan a code."""
        self.shell.take_scan(text)
        self.settle()

    def second(self, staff_id: str = DOCTOR) -> None:
        """Let a colleague, who has signed in today and has a badge, scan it."""
        badge = self.site.badge(staff_id)
        self.settle()
        self.scan(badge)

    def scan_ticket(self, encounter: Encounter) -> None:
        """Scan somebody's ticket."""
        self.scan(ticket_text(TicketCode(encounter.ticket_token)))

    def state(self, encounter: Encounter) -> VisitState:
        """Return where a visit stands in the store."""
        return encounters.get_encounter(self.bench.read(), encounter.encounter_id).state

    def events(self, kind: str) -> list[Event]:
        """Return the journal's events of a kind."""
        return list(journal.events_of(self.bench.read(), [kind]))

    @property
    def focus(self) -> QWidget | None:
        """What has the keyboard."""
        return QApplication.focusWidget()

    def _click(self, key: str) -> None:
        target = self.shell.windowHandle()
        modifier = Qt.KeyboardModifier.NoModifier
        if key.startswith("Alt+"):
            modifier, key = Qt.KeyboardModifier.AltModifier, key.removeprefix("Alt+")
        if key.startswith("Ctrl+"):
            modifier, key = Qt.KeyboardModifier.ControlModifier, key.removeprefix("Ctrl+")
            QTest.keyClick(target, Qt.Key(ord(key)), modifier)
            return
        code = _NAMED.get(key)
        if code is None:
            QTest.keyClick(target, key, modifier)  # type: ignore[call-overload]
        else:
            QTest.keyClick(target, code, modifier)
