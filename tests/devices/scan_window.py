"""A small window with a router, run as a program of its own; told by lines on stdin, answers JSON lines."""

import json
import sys
import time
from typing import Any

from PySide6.QtCore import QEvent, QObject, QSocketNotifier, Qt, QTimer
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.devices.code_line_edit import CodeLineEdit
from app.devices.wedge import WedgeRouter

SHIFTING = (Qt.Key.Key_Shift, Qt.Key.Key_Control)


class ScanWindow(QWidget):
    """Fields, a button, page keys 1 to 4, Return and Ctrl+Z."""

    def __init__(self) -> None:
        super().__init__()
        self._stops = {
            "code": CodeLineEdit(), "line": QLineEdit(), "note": QPlainTextEdit(), "tick": QCheckBox("tick"),
            "button": QPushButton("primary"),
        }  # fmt: skip
        layout = QVBoxLayout(self)
        for widget in self._stops.values():
            layout.addWidget(widget)
        button = self._stops["button"]
        assert isinstance(button, QPushButton)
        button.clicked.connect(lambda: self._note("deeds", "button"))
        for key in ("1", "2", "3", "4", "Return"):
            QShortcut(QKeySequence(key), self).activated.connect(lambda key=key: self._note("deeds", key))
        self._happened: dict[str, list[Any]] = {}
        self._instants: list[int] = []
        self._busy = QTimer(self, interval=100)
        self._busy.timeout.connect(lambda: time.sleep(0.09))
        self._clear()

    def start(self) -> None:
        """Show the window, watch it and listen."""
        self._router = WedgeRouter(self)
        self._router.scanned.connect(lambda text: self._note("scans", text))
        self._router.rejected.connect(lambda text: self._note("rejects", text))
        self._commands = QSocketNotifier(sys.stdin.fileno(), QSocketNotifier.Type.Read, self)
        self._commands.activated.connect(self._obey)
        self.show()
        self._router.watch(self.windowHandle())
        self.windowHandle().installEventFilter(self)
        _say("ready")

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Note when each key came, before the router sees it."""
        if isinstance(event, QKeyEvent) and _is_from_keyboard(event):
            self._instants.append(event.timestamp())
        return False

    def _note(self, kind: str, what: str) -> None:
        self._happened[kind].append(what)

    def _obey(self) -> None:
        command, _, word = sys.stdin.readline().strip().partition(" ")
        match command:
            case "focus":
                self._stops[word].setFocus()
                self._come_to_front()
            case "clear":
                self._clear()
                _say("cleared")
            case "busy":
                self._busy.start()
                _say("busied")
            case "settle":
                QTimer.singleShot(150, lambda: _say("settled"))
            case "report":
                self._report()
            case _:
                QApplication.quit()

    def _come_to_front(self) -> None:
        if self.isActiveWindow():
            _say("focused")
            return
        self.raise_()
        self.activateWindow()
        QTimer.singleShot(50, self._come_to_front)

    def _clear(self) -> None:
        self._happened = {"scans": [], "rejects": [], "deeds": []}
        self._instants.clear()
        for name in ("code", "line", "note"):
            self._stops[name].clear()  # type: ignore[attr-defined]

    def _report(self) -> None:
        note = self._stops["note"]
        assert isinstance(note, QPlainTextEdit)
        lines = {name: line.text() for name, line in self._stops.items() if isinstance(line, QLineEdit)}
        gaps = [later - earlier for earlier, later in zip(self._instants, self._instants[1:], strict=False)]
        texts = lines | {"note": note.toPlainText()}
        _say("report", **self._happened, texts=texts, keys=len(self._instants), gaps=gaps)


def _is_from_keyboard(event: QKeyEvent) -> bool:
    asked = event.type() == QEvent.Type.ShortcutOverride and event.spontaneous()
    return asked and event.key() not in SHIFTING


def _say(event: str, **facts: Any) -> None:
    print(json.dumps({"event": event, **facts}), flush=True)


if __name__ == "__main__":
    application = QApplication(sys.argv)
    window = ScanWindow()
    window.start()
    sys.exit(application.exec())
