"""The one window: the sign-in page, and behind it the shell of whoever is signed in."""

from PySide6.QtCore import Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.ui.kit.pages import Pages
from app.ui.kit.practice_banner import PracticeBanner
from app.ui.kit.theme import dress_window, ground
from app.ui.sign_in.page import SignInPage


class MainWindow(QWidget):
    """Shows one page at a time; light enough to be painted before anything is unlocked."""

    closed = Signal()
    """The person has closed the window."""

    def __init__(self, sign_in: SignInPage, *, practice: bool) -> None:
        super().__init__()
        dress_window(self)
        ground(self)
        self.setWindowTitle("接种岗 Vaxpost" + ("·练习" if practice else ""))
        self.setMinimumSize(1280, 700)
        self._pages = Pages()
        self._sign_in = sign_in
        self._work: QWidget | None = None
        self._pages.addWidget(sign_in)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        self.practice_banner: PracticeBanner | None = None
        """At the practice site alone."""
        if practice:
            self.practice_banner = PracticeBanner(
                "练习：都是假的人和药，只传练习中心，不算数·Ctrl+J 练习更正"
            )
            layout.addWidget(self.practice_banner)
        layout.addWidget(self._pages, 1)

    def show_work(self, shell: QWidget) -> None:
        """Bring the shell to the front."""
        self._work = shell
        self.show_guide(shell)

    def show_guide(self, page: QWidget) -> None:
        """Bring to the front what is no work: nothing of it stands behind the sign-in page afterwards."""
        if self._pages.indexOf(page) < 0:
            self._pages.addWidget(page)
        self._pages.setCurrentWidget(page)

    def show_sign_in(self, staff_id: str = "", sentence: str = "") -> None:
        """Bring the sign-in page to the front, somebody picked; the work stays as it is, a blur behind it."""
        if self._work is not None and self.is_working:
            self._sign_in.cover(self._work.grab())
        self._pages.setCurrentWidget(self._sign_in)
        if staff_id:
            self._sign_in.pick(staff_id)
        self._sign_in.show_sentence(sentence)

    @property
    def is_working(self) -> bool:
        """Return whether the shell is at the front."""
        return self._work is not None and self._pages.currentWidget() is self._work

    def closeEvent(self, event: QCloseEvent) -> None:
        """Say that the window goes."""
        self.closed.emit()
        super().closeEvent(event)
