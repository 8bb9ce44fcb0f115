"""The recipient's look on the nurse's own screen and, where one is free, on a second screen."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, QSize, Signal
from PySide6.QtGui import QGuiApplication, QScreen
from PySide6.QtWidgets import QApplication

from app.ui.vaccination.recipient_view import RecipientView, show_on_screen
from app.ui.vaccination.recipient_words import RecipientWords


class RecipientScreens(QObject):
    """The same view twice; either button accepts.

    A screen on which another window of ours stands (the wall board) is never covered.
    """

    accepted = Signal()
    """The recipient or guardian accepted by a click or a touch."""

    def __init__(
        self, parent: QObject, screens: Callable[[], Sequence[QScreen]] = QGuiApplication.screens
    ) -> None:
        super().__init__(parent)
        self._screens = screens
        self.own = RecipientView()
        self.own.accepted.connect(self.accepted)
        self.second: RecipientView | None = None

    def prepare(self, words: RecipientWords, room: QSize) -> None:
        """Draw unseen what will be shown in this room; what is seen stays as it is."""
        if not self.own.isVisible():
            self.own.resize(room)
        for view in (self.own, self.second):
            if view is not None:
                view.prepare(words)

    def show_words(self, words: RecipientWords) -> None:
        """Show the words on every screen there is."""
        self.own.show_words(words)
        screen = self.free_screen()
        if screen is None:
            self.leave()
        else:
            self.show_on(words, screen)

    def free_screen(self) -> QScreen | None:
        """Return the first screen on which no window of ours stands, or None."""
        taken = {
            window.screen()
            for window in QApplication.topLevelWidgets()
            if window.isVisible() and window is not self.second
        }
        return next((screen for screen in self._screens() if screen not in taken), None)

    def show_on(self, words: RecipientWords, screen: QScreen) -> None:
        """Show the words on another screen."""
        if self.second is None:
            self.second = RecipientView()
            self.second.accepted.connect(self.accepted)
        self.second.show_words(words)
        if not self.second.isVisible():
            show_on_screen(self.second, screen)

    def leave(self) -> None:
        """Take the view off the second screen."""
        if self.second is not None:
            self.second.hide()
