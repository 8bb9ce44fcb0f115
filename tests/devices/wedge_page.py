"""A page with one of everything that can have the keyboard, a router and somebody at the keys."""

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QLineEdit,
    QListWidget,
    QPlainTextEdit,
    QPushButton,
    QSpinBox,
    QTextEdit,
    QVBoxLayout,
    QWidget,
)
from pytestqt.qtbot import QtBot

from app.devices.code_line_edit import CodeLineEdit
from app.devices.wedge import WedgeRouter
from tests.devices.typist import Typist


class PageKeyLine(QLineEdit):
    """A line that leaves 1, 2 and 3 to the page while it is empty, as the scan box of the needle does."""

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.ShortcutOverride:
            event.setAccepted(bool(self.text()) or event.text() not in "123")
            return True
        return super().event(event)


class KeySpy(QObject):
    """Notes every key that reaches a widget."""

    def __init__(self, widget: QWidget) -> None:
        super().__init__(widget)
        self.keys: list[str] = []
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
            self.keys.append(f"{event.type().name} {event.text()!r}")  # type: ignore[attr-defined]
        return False


class Page(QWidget):
    """A page with one of everything that can have the keyboard, a primary button and keys of its own."""

    def __init__(self) -> None:
        super().__init__()
        self.deeds: list[str] = []
        self.code, self.line, self.locked = CodeLineEdit(), QLineEdit("张𬱖 备注"), QLineEdit("只读")
        self.note, self.rich = QPlainTextEdit("第一行\n第二行 𬱖"), QTextEdit("多行")
        self.number, self.choice, self.tick = QSpinBox(), QComboBox(), QCheckBox("过敏")
        self.list, self.primary, self.scan_box = QListWidget(), QPushButton("已接种"), PageKeyLine()
        self.list.addItems(["1 甲", "2 乙", "3 丙"])
        self.choice.addItems(["1 甲", "2 乙", "3 丙"])
        self.locked.setReadOnly(True)
        self.primary.clicked.connect(lambda: self.deeds.append("primary"))
        layout = QVBoxLayout(self)
        for widget in self.stops():
            layout.addWidget(widget)
        for key in ("1", "2", "3", "Return", "?"):
            QShortcut(QKeySequence(key), self).activated.connect(lambda key=key: self.deeds.append(key))

    def stops(self) -> list[QWidget]:
        """Return all that can have the keyboard."""
        fields = [self.code, self.line, self.locked, self.note, self.rich, self.number]
        return [*fields, self.choice, self.tick, self.list, self.primary, self.scan_box]

    def contents(self) -> list[object]:
        """Return everything typing could change."""
        return [
            [(line.text(), line.cursorPosition()) for line in (self.code, self.line, self.scan_box)],
            [(edit.toPlainText(), edit.textCursor().position()) for edit in (self.note, self.rich)],
            self.number.value(), self.choice.currentIndex(), self.tick.isChecked(), self.list.currentRow(),
            self.stops().index(self.focusWidget()),
        ]  # fmt: skip


class Desk:
    """A page on the screen, its router, and somebody at the keyboard."""

    def __init__(self, qtbot: QtBot) -> None:
        self.page = Page()
        qtbot.addWidget(self.page)
        self.page.show()
        qtbot.waitExposed(self.page)
        window = self.page.windowHandle()
        self.scans: list[str] = []
        self.rejects: list[str] = []
        self.router = WedgeRouter()
        self.router.scanned.connect(self.scans.append)
        self.router.rejected.connect(self.rejects.append)
        self.router.watch(window)
        self.typist = Typist(window)

    def sent(self) -> tuple[list[str], list[str], list[str]]:
        """Return scans, rejects and deeds since the last time."""
        result = list(self.scans), list(self.rejects), list(self.page.deeds)
        for spent in (self.scans, self.rejects, self.page.deeds):
            spent.clear()
        return result
