"""The dark line that names what was just done and takes it back for a while."""

from collections.abc import Callable
from time import monotonic

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QPushButton, QSizePolicy, QWidget

from app.ui.kit.icons import draw_icon
from app.ui.kit.key_cap import KeyState
from app.ui.kit.painting import draw_box, draw_focus, draw_text, elided, smooth
from app.ui.kit.shortcuts import bind_key
from app.ui.kit.strip import Strip
from app.ui.kit.tokens import BODY_TEXT, CAPTION_TEXT, LIGHT, RADIUS, Tone

_MARKS = {Tone.SUCCESS: ("done", LIGHT.toast_mark), Tone.WARNING: ("warning", LIGHT.toast_warning)}
_UNDO_ROOM = 172


class _UndoButton(QPushButton):
    """撤销 with its key, on the dark line."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAutoDefault(False)
        self.setAccessibleName(self.tr("撤销"))
        self.setAccessibleDescription("Ctrl+Z")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the word and the key."""
        painter = smooth(QPainter(self))
        rect = QRectF(self.rect())
        strip = Strip(painter, rect.adjusted(8, 0, -8, 0), 10)
        strip.key_right("Ctrl+Z", 24, KeyState.ON_DARK)
        strip.text_right(self.accessibleName(), LIGHT.on_nav, BODY_TEXT, True)
        if self.hasFocus() or self.underMouse():
            draw_focus(painter, rect.adjusted(0, 4, 0, -4), 6, on_dark=True)
        painter.end()


class Toast(QWidget):
    """A line in a row of its own, so it covers nothing and nothing moves when it comes and goes.

    ``clock`` gives running seconds. The countdown ends in ``expired``; the deed is undone by whoever hears
    ``undone``.
    """

    undone = Signal()
    """Ctrl+Z or a click on 撤销, while there is time left."""

    expired = Signal()
    """The time to undo has run out."""

    def __init__(self, clock: Callable[[], float] = monotonic, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._clock, self._until = clock, 0.0
        self._sentence, self._tone, self._left = "", Tone.SUCCESS, 0
        self._undo = _UndoButton(self)
        self._undo.clicked.connect(self._undone)
        self._ticks = QTimer(self)
        self._ticks.setInterval(1000)
        self._ticks.timeout.connect(self.refresh)
        self.setFixedHeight(48)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        policy.setRetainSizeWhenHidden(True)
        self.setSizePolicy(policy)
        self.hide()

    def bind(self, page: QWidget) -> "Toast":
        """Let Ctrl+Z undo while ``page`` has the keyboard, and return the toast."""
        bind_key(page, "Ctrl+Z", self._undone)
        return self

    def announce(self, sentence: str, undo_seconds: int = 0, tone: Tone = Tone.SUCCESS) -> None:
        """Name what was done, and offer to undo it for ``undo_seconds`` (0: it cannot be undone)."""
        self._sentence, self._tone = sentence, tone
        self._until = self._clock() + undo_seconds
        self._left = undo_seconds
        self._undo.setVisible(undo_seconds > 0)
        if undo_seconds:
            self._ticks.start()
        self.setAccessibleName(sentence)
        self.show()
        self.update()

    def dismiss(self) -> None:
        """Take the line away."""
        self._ticks.stop()
        self._left = 0
        self.hide()

    def refresh(self) -> None:
        """Count down; called every second."""
        left = max(0, round(self._until - self._clock()))
        if left and self._left_words(left) != self._left_words(self._left):
            self.update()
        self._left = left
        if left == 0:
            self._ticks.stop()
            self._undo.hide()
            self.update()
            self.expired.emit()

    def sizeHint(self) -> QSize:
        """Return the height of the row."""
        return QSize(480, 48)

    def resizeEvent(self, event: object) -> None:
        """Keep 撤销 at the right, before the time left."""
        self._undo.setGeometry(self.width() - _UNDO_ROOM - 92, 2, _UNDO_ROOM, 44)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the line."""
        painter = smooth(QPainter(self))
        rect = QRectF(self.rect())
        draw_box(painter, rect, LIGHT.toast, None, 0, RADIUS)
        icon, colour = _MARKS.get(self._tone, ("info", LIGHT.nav_edge))
        draw_icon(painter, QPointF(27, rect.center().y()), icon, colour, 20)
        undoing = self._left > 0
        right = self._undo.x() + 16 if undoing else rect.right() - 16
        shown = elided(self._sentence, BODY_TEXT, False, right - 50)
        draw_text(painter, 50, rect.center().y(), shown, LIGHT.on_nav, BODY_TEXT)
        if undoing:
            draw_text(
                painter,
                self._undo.geometry().right() + 4,
                rect.center().y(),
                self._left_words(self._left),
                LIGHT.on_nav_muted,
                CAPTION_TEXT,
            )
        painter.end()
        self.setToolTip(self._sentence if shown != self._sentence else "")

    def _undone(self) -> None:
        if self._left > 0 and self.isVisible():
            self.dismiss()
            self.undone.emit()

    def _left_words(self, seconds: int) -> str:
        if seconds >= 60:
            return self.tr("还剩 {0} 分").format(round(seconds / 60))
        return self.tr("还剩 {0} 秒").format(seconds)
