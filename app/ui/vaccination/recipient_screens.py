"""The recipient's look on the nurse's own screen and, where there is one, on a second screen."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QGuiApplication, QScreen

from app.ui.vaccination.recipient_view import RecipientView, show_on_screen
from app.ui.vaccination.recipient_words import RecipientWords


def other_screen(own: QScreen | None, screens: Sequence[QScreen]) -> QScreen | None:
    """Return the first screen that is not ``own``, or None."""
    return next((screen for screen in screens if screen is not own), None)


class RecipientScreens(QObject):
    """The same view twice; either button accepts."""

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

    def show_words(self, words: RecipientWords) -> None:
        """Show the words on every screen there is."""
        self.own.show_words(words)
        screen = other_screen(self.own.screen(), self._screens())
        if screen is None:
            self.leave()
        else:
            self.show_on(words, screen)

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
