"""The observation station under test: the real shell and page on a real store, the clock in hand."""

from datetime import timedelta

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.domain.codes import ScannedCode
from app.domain.journal import Event
from app.domain.refusals import Refusal
from app.domain.visit import Encounter, VisitState
from app.storage import encounters, journal
from app.ui.bench import Bench
from app.ui.kit.toast import Toast
from app.ui.observation.hall_watch import Watched
from app.ui.observation.page import ObservationPage
from app.ui.shell import Shell
from app.ui.station import Station
from tests.factories import OBSERVER, SmallSite
from tests.ui.looking import bring_up

_KEYS = {
    "Enter": Qt.Key.Key_Return,
    "Esc": Qt.Key.Key_Escape,
    "Left": Qt.Key.Key_Left,
    "Right": Qt.Key.Key_Right,
    "Up": Qt.Key.Key_Up,
    "Down": Qt.Key.Key_Down,
    "PgUp": Qt.Key.Key_PageUp,
    "PgDn": Qt.Key.Key_PageDown,
    "Tab": Qt.Key.Key_Tab,
} | {f"F{number}": Qt.Key(Qt.Key.Key_F1 + number - 1) for number in range(1, 13)}
_WITH = {"Ctrl": Qt.KeyboardModifier.ControlModifier, "Alt": Qt.KeyboardModifier.AltModifier}


class Elsewhere(Station):
    """The place of the certificate page: it keeps whom it was asked to show."""

    station_id = "certificate"
    help_topic = "certificate"

    def __init__(self, bench: Bench) -> None:
        super().__init__(bench)
        self.toast = Toast(bench.desk.clock.monotonic, self)
        self.entered: str | None = None

    def enter(self, encounter_id: str | None) -> None:
        """Keep whom it was asked to show."""
        self.entered = encounter_id

    def refresh(self, kinds: frozenset[str]) -> None:
        """Show nothing."""

    def take_code(self, code: ScannedCode) -> bool:
        """Take every code."""
        return True


class ObservationRig:
    """Seats people, lets time pass, presses keys as a person does."""

    def __init__(self, site: SmallSite, qtbot: QtBot) -> None:
        self.site, self.qtbot = site, qtbot
        self.refusals: list[Refusal] = []
        self.said: list[str] = []
        self._seated = 0
        site.as_user(OBSERVER)
        self.bench = Bench(site.desk)
        self.bench.refused.connect(self.refusals.append)
        self.bench.announced.connect(lambda sentence, undo: self.said.append(sentence))
        self.shell = Shell(self.bench, [ObservationPage, Elsewhere])
        page = self.shell.current
        assert isinstance(page, ObservationPage)
        self.page = page
        bring_up(self.shell, qtbot)
        self.shell.start()
        self.settle()

    def close(self) -> None:
        """Stop the bench and take the wall board away."""
        if self.page.wall.board is not None:
            self.page.wall.board.close()
        self.bench.close()

    def settle(self) -> None:
        """Let everything that was asked for be written, and all answers come home."""
        for _ in range(4):
            self.site.store.write(lambda transaction: None)
            QCoreApplication.processEvents()

    def seat(self, *, minutes_ago: float = 0) -> str:
        """Inject the next person and return the encounter; ``minutes_ago`` lets that time pass afterwards."""
        (encounter_id,) = self.seat_all(minutes_ago)
        return encounter_id

    def seat_all(self, *minutes_ago: float) -> list[str]:
        """Inject one person after the other, so many minutes passing after each, and look at the board."""
        seated = []
        for minutes in minutes_ago:
            patient = self.site.patient(index=self._seated)
            record = self.site.vaccinated(patient, vial=self._seated)
            self._seated += 1
            self.site.clock.go(minutes=minutes)
            seated.append(str(record["encounter_id"]))
        self.site.as_user(OBSERVER)
        self.tick()
        return seated

    def go(self, seconds: float = 0, *, minutes: float = 0) -> None:
        """Let time pass, as the bench sees it."""
        self.site.clock.go(seconds, minutes=minutes)
        self.tick()

    def jump(self, by: timedelta) -> None:
        """Set the wall clock wrong."""
        self.site.clock.jump(by)
        self.tick()

    def tick(self) -> None:
        """Let the second pass."""
        self.settle()
        self.bench.tick()
        self.settle()

    def press(self, *keys: str) -> None:
        """Press keys, each answered before the next; ``Alt+1`` and ``Ctrl+Z`` as printed on the caps."""
        for key in keys:
            held, _, last = key.rpartition("+")
            modifier = _WITH[held] if held else Qt.KeyboardModifier.NoModifier
            code = _KEYS.get(last) or Qt.Key(ord(last.upper()))
            target = self.shell.windowHandle()
            if held or last in _KEYS:
                QTest.keyClick(target, code, modifier)
            else:
                QTest.keyClick(target, last)  # type: ignore[call-overload]
            self.settle()

    def type(self, text: str) -> None:
        """Type into whatever has the keyboard."""
        for character in text:
            QTest.keyClick(self.shell.windowHandle(), character)  # type: ignore[call-overload]
        self.settle()

    def scan(self, text: str) -> None:
        """Scan a code."""
        self.shell.take_scan(text)
        self.settle()

    def visit(self, encounter_id: str) -> Encounter:
        """Return the visit as it stands in the store."""
        return encounters.get_encounter(self.site.desk.read(), encounter_id)

    def state(self, encounter_id: str) -> VisitState:
        """Return where the visit stands."""
        return self.visit(encounter_id).state

    def events(self, kind: str) -> list[Event]:
        """Return the events of a kind, the oldest first."""
        return list(journal.events_of(self.site.desk.read(), [kind]))

    @property
    def selected(self) -> str:
        """Return the encounter in the panel, empty for nobody."""
        person = self.page.selected
        return person.encounter_id if person else ""

    @property
    def tickets(self) -> list[str]:
        """Return the tickets of the cards shown, in their order."""
        return [card.observed.ticket for card in self.page.grid.cards]

    def person(self, encounter_id: str) -> Watched:
        """Return a person on the board."""
        person = self.page.watch.find(encounter_id)
        assert person is not None
        return person
