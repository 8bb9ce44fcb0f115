"""The exercise of correction through the window of the practice site, with keys alone (S3, STF-6)."""

from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from app.practice.exercise import Exercise, Fault
from app.practice.facts import PASSWORD
from app.practice.preparation import prepare_site
from app.storage import immunizations
from app.ui.certificate.void_sheet import VoidSheet
from app.ui.exercise.sheets import DoneSheet, TaskSheet
from app.ui.exercise.walk import CorrectionWalk
from app.ui.kit.table import Marked
from app.ui.program import Program, Setting
from app.ui.shell import Shell
from app.ui.texts.correction import DETAILS
from app.ui.work import build_shell, offer_exercises
from tests.clocks import ManualClock
from tests.journeys.hand import Hand
from tests.ui.kit.screen_rules import faults

FIELDS = list(DETAILS)


class Room:
    """The practice program with a nurse at the desk, and a hand at its keyboard."""

    def __init__(self, program: Program) -> None:
        self.program, self.hand = program, Hand(program.window)

    @property
    def shell(self) -> Shell:
        assert self.program.shell is not None
        return self.program.shell

    @property
    def walk(self) -> CorrectionWalk:
        (walk,) = self.shell.findChildren(CorrectionWalk)
        return walk

    @property
    def exercise(self) -> Exercise:
        assert self.walk.exercise is not None
        return self.walk.exercise

    @property
    def says(self) -> str:
        """What stands at the top of the window."""
        banner = self.program.window.practice_banner
        assert banner is not None
        return banner.sentence

    def press(self, *keys: str) -> None:
        for key in keys:
            self.hand.press(key)
            self.settle()

    def settle(self) -> None:
        self.hand.catch_up(self.shell.bench)

    def sheets(self, kind: type[QWidget]) -> list[QWidget]:
        return [sheet for sheet in self.shell.findChildren(kind) if sheet.isVisible()]

    def wait_for(self, kind: type[QWidget]) -> None:
        self.hand.wait_until(lambda: bool(self.sheets(kind)), f"a {kind.__name__} is shown")

    def lay(self, *wanted: Fault) -> None:
        """Ask for exercises until one has a fault that is wanted."""
        self.press("Ctrl+j")
        self.wait_for(TaskSheet)
        while self.exercise.fault not in wanted:
            before = self.exercise
            self.press("F9")
            self.hand.wait_until(lambda before=before: self.exercise is not before, "another is laid")  # type: ignore[misc]

    def void(self) -> None:
        """Void the dose beside somebody else."""
        sheet = self.walk._page.records.sheet
        assert isinstance(sheet, VoidSheet)
        self.press("1")
        sheet.second.secret.setFocus()
        self.hand.type(PASSWORD)
        self.press("Enter")

    def find(self) -> None:
        """Begin, and do what the first two steps say."""
        self.press("Enter")
        assert "1/4" in self.says
        self.press("F6", *self.exercise.person.document_number[-4:], "Enter")
        self.hand.wait_until(lambda: "2/4" in self.says, "the person is found")


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("prepared")
    prepare_site(folder, ManualClock(), Random(3).randbytes, residents=5)
    return folder


@pytest.fixture
def room(prepared: Path, tmp_path: Path, qtbot: QtBot) -> Iterator[Room]:
    for file in prepared.iterdir():
        if file.is_file():
            (tmp_path / file.name).write_bytes(file.read_bytes())

    def build(program: Program) -> Shell:
        shell = build_shell(program)
        offer_exercises(program, shell)
        return shell

    setting = Setting(tmp_path, ManualClock(), Random(4).randbytes, practice=True)
    program = Program(setting, build)
    program.start()
    program.window.resize(1280, 720)
    room = Room(program)
    room.hand.take_window()
    with qtbot.waitSignal(program.unlocked):
        room.hand.type(PASSWORD)
        room.hand.press("Enter")
    room.settle()
    yield room
    program.window.close()


def test_each_step_says_what_to_press_until_both_versions_stand_side_by_side(room: Room) -> None:
    usual = room.says
    assert "Ctrl+J" in usual
    room.lay(Fault.ARM, Fault.DOSE_NUMBER, Fault.LOT)
    assert faults(room.shell) == {}
    exercise = room.exercise
    ((field, true),) = exercise.truth.items()
    room.find()
    room.press("F9")
    assert "3/4" in room.says
    assert "F10" in room.says
    room.press("F10")
    assert "4/4" in room.says
    asked = room.walk._page.records.sheet
    assert asked is not None
    room.press(*["Tab"] * FIELDS.index(field))
    choice = asked.lists[field]  # type: ignore[attr-defined]
    wanted = {"body_site": true, "dose_number": str(true)}.get(field)
    place = choice.findData(wanted) if wanted else choice.findText(true)
    way = "Down" if place > choice.currentIndex() else "Up"
    room.press(*[way] * abs(place - choice.currentIndex()), "1", "Enter")
    room.wait_for(DoneSheet)
    assert faults(room.shell) == {}
    (done,) = room.sheets(DoneSheet)
    assert isinstance(done, DoneSheet)
    before, after = (done.table.paged.row_at(row) for row in range(2))
    assert isinstance(before[1], Marked)
    assert before[1].struck
    assert (before[-1][:4], after[-1]) == ("更正前：", "计入接种史")
    assert room.says == usual, "the walk is over"
    room.press("Enter")
    room.wait_for(TaskSheet)
    assert room.exercise.person.patient_id != exercise.person.patient_id
    assert room.exercise.fault is not exercise.fault
    room.press("F10")
    assert room.says == usual
    assert not room.sheets(TaskSheet)


def test_what_was_done_wrong_is_said_and_the_dose_waits(room: Room) -> None:
    room.lay(Fault.ARM)
    room.find()
    room.press("F9", "F10", "Tab", "Down", "1", "Enter")
    assert "还不对" in room.says
    room.press("F9", "Enter")
    assert "先按 Esc" in room.says, "a dose that was given is not voided"
    room.void()
    room.hand.wait_until(lambda: not room.walk._page.records.is_open, "it is voided all the same")
    assert "不作废" in room.says
    assert not room.sheets(DoneSheet)
    room.press("Ctrl+j", "F9")
    room.hand.wait_until(lambda: room.exercise.fault is not Fault.ARM, "another is laid")


def test_a_dose_of_somebody_else_is_voided(room: Room) -> None:
    room.lay(Fault.PERSON)
    room.find()
    room.press("F9")
    assert "Enter 作废" in room.says
    room.press("F10")
    assert "先按 Esc" in room.says
    room.press("Esc", "F9", "Enter")
    assert "记错了人" in room.says
    dose = room.exercise.wrong
    assert PASSWORD in room.says
    assert faults(room.shell) == {}
    room.void()
    room.wait_for(DoneSheet)
    (told,) = immunizations.recorded_here(room.shell.bench.read(), dose["patient_id"])
    assert told["void_reason"] == "记错了人"


def test_at_a_real_site_the_key_does_nothing(prepared: Path, tmp_path: Path, qtbot: QtBot) -> None:
    for file in prepared.iterdir():
        if file.is_file():
            (tmp_path / file.name).write_bytes(file.read_bytes())
    program = Program(Setting(tmp_path, ManualClock(), Random(4).randbytes), build_shell)
    program.start()
    room = Room(program)
    room.hand.take_window()
    with qtbot.waitSignal(program.unlocked):
        room.hand.type(PASSWORD)
        room.hand.press("Enter")
    room.press("Ctrl+j")
    for _ in range(3):
        QApplication.processEvents()
    assert room.shell.findChildren(CorrectionWalk) == []
    assert room.sheets(TaskSheet) == []
    program.window.close()
