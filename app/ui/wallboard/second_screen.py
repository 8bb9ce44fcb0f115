"""Puts the wall board on the second screen when there is one, and on Ctrl+B wherever there is room."""

import shiboken6
from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QGuiApplication, QScreen
from PySide6.QtWidgets import QWidget

from app.ui.bench import Bench
from app.ui.observation.hall_watch import HallWatch
from app.ui.wallboard.board import WallBoard


class SecondScreen(QObject):
    """Opens and closes the board; once a person has closed it, it comes back only when asked."""

    shown = Signal(bool)
    """The board was opened or closed (for the device strip)."""

    def __init__(self, bench: Bench, watch: HallWatch, page: QWidget) -> None:
        super().__init__(page)
        self._bench, self._watch, self._page = bench, watch, page
        self._declined = False
        self.board: WallBoard | None = None
        application = QGuiApplication.instance()
        assert isinstance(application, QGuiApplication), "a page needs an application"
        application.screenAdded.connect(lambda _: self.open_if_second_screen())
        application.screenRemoved.connect(self._screen_gone)
        self.destroyed.connect(lambda _=None, holder=self.__dict__: _close(holder.get("board")))

    @property
    def is_open(self) -> bool:
        """Return whether the board can be seen."""
        return self.board is not None and self.board.isVisible()

    def toggle(self) -> None:
        """Open or close the board (Ctrl+B)."""
        if self.is_open:
            self._declined = True
            self._close()
        else:
            self._declined = False
            self._open(self._other_screen())

    def open_if_second_screen(self) -> None:
        """Open the board on a screen the station does not use, unless a person has closed it."""
        other = self._other_screen()
        if other is not None and not self.is_open and not self._declined and self._page.isVisible():
            self._open(other)

    def _open(self, screen: QScreen | None) -> None:
        if self.board is None:
            self.board = WallBoard(self._bench, self._watch)
        self.board.refresh()
        if screen is None:
            self.board.show()
        else:
            self.board.setGeometry(screen.geometry())
            self.board.showFullScreen()
        self.shown.emit(True)

    def _close(self) -> None:
        if self.board is not None:
            self.board.hide()
            self.shown.emit(False)

    def _other_screen(self) -> QScreen | None:
        own = self._page.screen()
        return next((screen for screen in QGuiApplication.screens() if screen is not own), None)

    def _screen_gone(self, screen: QScreen) -> None:
        if self.board is not None and self.is_open and self.board.screen() is screen:
            self._close()


def _close(board: object) -> None:
    if isinstance(board, WallBoard) and shiboken6.isValid(board):
        board.close()
