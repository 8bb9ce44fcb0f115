"""A desk in the middle of its morning: the real shell in a real window, scanner and keyboard at hand."""

from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.devices.wedge import WedgeRouter
from app.domain.refusals import Refusal
from app.domain.visit import Encounter, VisitState
from app.storage import encounters
from app.ui.bench import Bench
from app.ui.kit.theme import dress_window
from app.ui.shell import Shell
from app.ui.station import Station
from app.ui.work import STATIONS
from tests.factories import SmallSite
from tests.journeys.hand import Hand


@dataclass
class Workroom:
    """The site, its window, and a hand that works there."""

    site: SmallSite
    bench: Bench
    shell: Shell
    hand: Hand
    tones: list[str] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)

    @property
    def station(self) -> Station:
        """The page at the front."""
        return self.shell.current

    def state(self, visit: Encounter) -> VisitState:
        """Return where a visit stands."""
        return encounters.get_encounter(self.bench.read(), visit.encounter_id).state

    def settle(self) -> None:
        """Wait until the window shows what the acts so far have done."""
        self.hand.catch_up(self.bench)

    def press(self, *keys: str) -> None:
        """Press keys one after the other, seeing the answer of each."""
        for key in keys:
            self.hand.press(key)
            self.settle()

    def scan(self, code: str) -> None:
        """Scan and see what comes of it."""
        self.hand.scan(code)
        self.settle()


@pytest.fixture
def workroom(small_site: SmallSite, qtbot: QtBot, qapp: QApplication) -> Iterator[Workroom]:
    bench = Bench(small_site.desk)
    shell = Shell(bench, STATIONS)
    dress_window(shell)
    qtbot.addWidget(shell)
    router = WedgeRouter(shell)
    router.watch_all(qapp)
    router.scanned.connect(shell.take_scan)
    shell.resize(1366, 732)
    hand = Hand(shell)
    room = Workroom(small_site, bench, shell, hand)
    shell.sounds.played.connect(room.tones.append)
    bench.refused.connect(room.refusals.append)
    hand.take_window()
    shell.start()
    yield room
    router.stop()
    bench.close()
