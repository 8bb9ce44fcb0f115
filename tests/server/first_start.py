"""A computer on which there is no site yet: its window, and a hand that fills in the guide."""

from pathlib import Path

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from app.devices.system_clock import SystemClock
from app.domain.clock import Clock
from app.ui.program import Program, Setting
from app.ui.set_up.guide import Guide
from app.ui.set_up.page import SetUpPage
from app.ui.work import build_site_shell
from tests.journeys.hand import Hand
from tests.strategies import seeded_random


class FirstStart:
    """The window of a computer on which there is no site yet."""

    def __init__(self, folder: Path, clock: Clock | None = None) -> None:
        self.practice_asked = 0
        self.folder = folder
        self.program = Program(Setting(folder, clock or SystemClock(), seeded_random(5)), build_site_shell)
        self.program.start(ready=False)
        self.page: SetUpPage = Guide(self.program, self._ask_practice).page
        self.hand = Hand(self.program.window)
        self.hand.take_window()
        self.hand.wait_until(lambda: not self.page.is_busy, "the guide is ready")

    def _ask_practice(self) -> None:
        self.practice_asked += 1

    def fill(self, *texts: str) -> None:
        """Type each text and Enter, as a scanner does or a person."""
        for text in texts:
            self.hand.wait_until(lambda: not self.page.is_busy, "the guide listens")
            edit = self.program.window.focusWidget()
            assert edit is not None, "a field has the keyboard"
            write(edit, text)
            self.hand.press("Enter")
        self.hand.wait_until(lambda: not self.page.is_busy, "there is an answer")

    def clear(self, field_id: str) -> None:
        """Empty a field and go there."""
        edit = self.page.form.edits[field_id]
        edit.setFocus()
        QTest.keyClick(edit, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
        QTest.keyClick(edit, Qt.Key.Key_Delete)

    def cut_power(self) -> "FirstStart":
        """End without a word to anybody, and start again on the same folder."""
        self.program.window.close()
        return FirstStart(self.folder)


def write(edit: QWidget, text: str) -> None:
    """Type it; Chinese characters come from the input method, all at once."""
    if text.isascii():
        QTest.keyClicks(edit, text)
    else:
        composed = QInputMethodEvent()
        composed.setCommitString(text)
        QCoreApplication.sendEvent(edit, composed)
