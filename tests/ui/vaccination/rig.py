"""A needle under test: the real shell with the real page on a real store, worked by keys and scans."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.devices.webcam import Webcam
from app.domain.checklist import Item
from app.domain.codes import TicketCode, ticket_text
from app.domain.journal import Event, Json
from app.domain.refusals import Refusal
from app.domain.visit import Encounter, VisitState
from app.storage import encounters, immunizations, journal
from app.ui.bench import Bench
from app.ui.shell import Shell
from app.ui.vaccination.page import VaccinationPage
from tests.factories import DOCTOR, SmallSite
from tests.ui.looking import bring_up

_KEYS = {
    "Enter": Qt.Key.Key_Return,
    "Keypad": Qt.Key.Key_Enter,
    "Esc": Qt.Key.Key_Escape,
    "Tab": Qt.Key.Key_Tab,
    "Backspace": Qt.Key.Key_Backspace,
    "Up": Qt.Key.Key_Up,
    "Down": Qt.Key.Key_Down,
} | {f"F{number}": Qt.Key(Qt.Key.Key_F1 + number - 1) for number in range(1, 13)}


class NeedleRig:
    """Counts the keys and scans it is asked for: the budget is a requirement."""

    def __init__(
        self, site: SmallSite, qtbot: QtBot, find_camera: Callable[[], Webcam | None] = lambda: None
    ) -> None:
        self.site, self.keys, self.scans = site, 0, 0
        self.refusals: list[Refusal] = []
        self.bench = Bench(site.desk)
        self.bench.refused.connect(self.refusals.append)
        self.shell = Shell(self.bench, [partial(VaccinationPage, find_camera=find_camera)])
        page = self.shell.current
        assert isinstance(page, VaccinationPage)
        self.page = page
        bring_up(self.shell, qtbot)
        self.shell.start()
        self.settle()

    def close(self) -> None:
        """Stop the bench's clock and thread."""
        self.bench.close()

    def settle(self) -> None:
        """Let everything that was asked for be written, and all answers come home."""
        for _ in range(4):
            self.site.store.write(lambda transaction: None)
            QCoreApplication.processEvents()

    def press(self, *keys: str) -> None:
        """Press keys as a person does, each answered before the next."""
        for key in keys:
            self.keys += 1
            code = _KEYS.get(key)
            target = self.shell.windowHandle()
            if code is None:
                QTest.keyClick(target, key)  # type: ignore[call-overload]
            else:
                QTest.keyClick(target, code)
            self.settle()

    def undo(self) -> None:
        """Press Ctrl+Z."""
        QTest.keyClick(self.shell.windowHandle(), Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
        self.settle()

    def scan(self, text: str) -> None:
        """Scan a code."""
        self.scans += 1
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

    def scan_vial(self, product_code: str = "FLU4-1", vial: int = 0, *, expired: bool = False) -> None:
        """Scan a vial from the fridge."""
        self.scan(self.site.vials(product_code, expired=expired)[vial])

    def come(self, product_code: str = "FLU4-1", index: int = 0) -> Encounter:
        """Bring somebody to the needle by their ticket."""
        encounter = self.site.ready(self.site.patient(index=index), product_code)
        self.settle()
        self.scan_ticket(encounter)
        return encounter

    def confirmed_all(self, product_code: str = "FLU4-1", index: int = 0) -> Encounter:
        """Bring somebody to the moment of the injection."""
        encounter = self.come(product_code, index)
        self.press("1")
        self.scan_vial(product_code)
        self.press("2", "3", "4")
        return encounter

    def state(self, encounter: Encounter) -> VisitState:
        """Return where a visit stands in the store."""
        return encounters.get_encounter(self.bench.read(), encounter.encounter_id).state

    def dose(self, encounter: Encounter) -> Json | None:
        """Return the visit's dose that counts."""
        return immunizations.of_encounter(self.bench.read(), encounter.encounter_id)

    def events(self, kind: str) -> list[Event]:
        """Return the journal's events of a kind."""
        return list(journal.events_of(self.bench.read(), [kind]))

    def confirmed(self) -> set[Item]:
        """Return what persons have confirmed at the needle."""
        view = self.page.needle.view
        return set(view.facts.confirmations) if view else set()

    @property
    def banner(self) -> str:
        """Return what stands in the place of the banner."""
        desk = self.page.desk
        return desk.notice.words if desk.notice.isVisible() else desk.banner.sentence

    def stopped(self) -> Refusal | None:
        """Return the refusal of the stop at the front."""
        stop = self.page.stops.stop
        return stop.refusal if stop and self.page.stops.panel.isVisible() else None

    def recipient_looks(self) -> bool:
        """Return whether the screen is turned to the recipient."""
        return self.page.faces.recipient.own.isVisible()

    def sheet_is_open(self) -> bool:
        """Return whether a question stands over the page."""
        sheet = self.page.sheet
        return sheet is not None and sheet.isVisible()
