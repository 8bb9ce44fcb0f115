"""The box that always takes a code: what it wants, and below that what became of the last one."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QLineEdit, QPushButton, QSizePolicy, QWidget

from app.ui.kit.borrowed_line import dress_line, gives_way, keeps_enter
from app.ui.kit.chip import TONE_ICONS
from app.ui.kit.icons import draw_icon
from app.ui.kit.kept import draw_kept
from app.ui.kit.key_cap import KeyState
from app.ui.kit.painting import Fitted, draw_box, draw_centred, draw_fitted, draw_focus, fit_sentence, smooth
from app.ui.kit.shortcuts import bind_key
from app.ui.kit.strip import Strip
from app.ui.kit.tokens import BANNER_HEIGHT, BODY_TEXT, CAPTION_TEXT, LIGHT, RADIUS, RIGHT_COLUMN, Tone

_ICON_ROOM = 66
_OUT_ROOM = 64


class _WayOut(QPushButton):
    """The F9 读不出 corner of the box."""

    def __init__(self, words: str, key: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._words, self._key = words, key
        self.setAutoDefault(False)
        self.setAccessibleName(words)
        self.setAccessibleDescription(key)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw what the box has not drawn: the ground under the mouse, the ring of the keyboard."""
        pointed = self.underMouse() or self.isDown()
        if not (pointed or self.hasFocus()):
            return
        painter = smooth(QPainter(self))
        rect = QRectF(self.rect())
        if pointed:
            draw_box(painter, rect, LIGHT.plain_tint, None, 0, 6)
            self.draw(painter, rect)
        if self.hasFocus():
            draw_focus(painter, rect, 6)
        painter.end()

    def draw(self, painter: QPainter, rect: QRectF) -> None:
        """Draw the key over its word."""
        middle = rect.center()
        cap = Strip(painter, QRectF(middle.x() - 14, rect.top() + rect.height() * 0.3 - 12, 60, 24))
        cap.key(self._key, 24, KeyState.WAITING)
        below = QPointF(middle.x(), rect.top() + rect.height() * 0.77)
        draw_centred(painter, below, self._words, LIGHT.muted, CAPTION_TEXT)


class ScanBox(QWidget):
    """A 3 px box with a line for typed codes inside it.

    ``make_edit`` builds the line (the one that works with the scanners); the line's placeholder is what the
    box takes. Keys in ``set_page_keys`` reach the page while nothing has been typed.
    """

    typed = Signal(str)
    """A code was typed and ended with Enter; scans do not come this way."""

    unreadable_reported = Signal()
    """F9: the code cannot be read, the person wants the guided way out."""

    def __init__(
        self,
        make_edit: Callable[[], QLineEdit],
        prompt: str = "",
        *,
        way_out: bool = True,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._result, self._at, self._tone, self._fault = "", "", Tone.PLAIN, False
        self._page_keys: frozenset[str] = frozenset()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.setMaximumHeight(BANNER_HEIGHT)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)  # nothing under it needs to be drawn
        self.edit = self._prepare(make_edit())
        self._way_out = _WayOut(self.tr("读不出"), "F9", self) if way_out else None
        if self._way_out is not None:
            self._way_out.clicked.connect(self.unreadable_reported)
        self.setFocusProxy(self.edit)
        self.show_prompt(prompt or self.tr("请扫任意码"))

    def bind(self, page: QWidget) -> "ScanBox":
        """Let F9 work on ``page`` and return the box."""
        bind_key(page, "F9", self.unreadable_reported.emit)
        return self

    def show_prompt(self, prompt: str) -> None:
        """Say what the box takes."""
        if prompt != self.edit.placeholderText():
            self.edit.setPlaceholderText(prompt)
            self.edit.setAccessibleName(prompt)

    def show_result(self, sentence: str, at: str = "", tone: Tone = Tone.SUCCESS) -> None:
        """Say what became of the last code, and at what time (``09:41``)."""
        self._tell(sentence, at, tone)

    def show_fault(self, sentence: str) -> None:
        """Say that no code can come (scanner unplugged, separator missing): the whole box turns amber."""
        self._tell(sentence, "", Tone.WARNING, fault=True)

    def clear_result(self) -> None:
        """Forget the last code."""
        self._tell("", "", self._tone)

    def set_page_keys(self, keys: str) -> None:
        """Leave the characters in ``keys`` (such as ``1234``) to the page while the line is empty."""
        self._page_keys = frozenset(keys)

    @property
    def result(self) -> str:
        """Return the sentence of the last code, empty if there is none."""
        return self._result

    def sizeHint(self) -> QSize:
        """Return the size it has in the right column."""
        return QSize(RIGHT_COLUMN, BANNER_HEIGHT)

    def minimumSizeHint(self) -> QSize:
        """Return the height it may give way to on a low screen."""
        return QSize(240, 64)

    def resizeEvent(self, event: object) -> None:
        """Put the line and the way out into their places."""
        self._place()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Leave the page its keys while nothing is typed, and keep its Enter away from what is."""
        if gives_way(self.edit, event, self._page_keys):
            event.ignore()
            return True
        if keeps_enter(self.edit, event):
            event.accept()
            return True
        if event.type() in (QEvent.Type.FocusIn, QEvent.Type.FocusOut):
            self.update()
        return super().eventFilter(watched, event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the box and the second line, or copy them: each key of a scan draws the line over them."""
        out = self._way_out is not None
        shown = (self.edit.hasFocus(), self._fault, self._result_lines(), self._result, self._tone, out)
        draw_kept(self, shown, LIGHT.page, self._draw)

    def _draw(self, painter: QPainter) -> None:
        rect = QRectF(self.rect())
        edge = LIGHT.warning if self._fault else LIGHT.primary if self.edit.hasFocus() else LIGHT.border
        draw_box(painter, rect, LIGHT.warning_tint if self._fault else LIGHT.surface, edge, 3, RADIUS)
        mark = LIGHT.warning if self._fault else LIGHT.primary
        draw_icon(painter, QPointF(37, rect.center().y()), "scan", mark, 38)
        self._draw_result(painter)
        if self._way_out is not None:
            self._way_out.draw(painter, QRectF(self._way_out.geometry()))

    def _place(self) -> None:
        out = _OUT_ROOM if self._way_out is not None else 12
        height = self.height()
        lines = self._result_lines()
        middle = height * (0.24 if len(lines.lines) > 1 else 0.34)
        room = self.width() - _ICON_ROOM - out - 2  # not under the way out, which would be drawn with it
        self.edit.setGeometry(_ICON_ROOM - 4, round(middle) - 14, room, 28)
        self.setToolTip(self._result if lines.cut else "")
        if self._way_out is not None:
            self._way_out.setGeometry(self.width() - out - 6, 6, out, height - 12)

    def _draw_result(self, painter: QPainter) -> None:
        lines, ink = self._result_lines(), LIGHT.tone(self._tone).ink
        if self._result:
            height = self.height() * (0.52 if len(lines.lines) > 1 else 0.3)
            below = self.height() * (0.7 if len(lines.lines) > 1 else 0.72) - height / 2
            draw_icon(painter, QPointF(_ICON_ROOM + 8, below + height / 2), TONE_ICONS[self._tone], ink, 16)
            draw_fitted(painter, QRectF(_ICON_ROOM + 22, below, self.width(), height), lines, ink, True)

    def _result_lines(self) -> Fitted:
        out = _OUT_ROOM + 10 if self._way_out is not None else 12
        room = self.width() - _ICON_ROOM - 22 - out
        return fit_sentence(f"{self._result} {self._at}".strip(), room, 40, (CAPTION_TEXT,), True)

    def _prepare(self, edit: QLineEdit) -> QLineEdit:
        dress_line(edit, self, BODY_TEXT)
        edit.returnPressed.connect(self._typed)
        return edit

    def _typed(self) -> None:
        code = self.edit.text().strip()
        if code:
            self.edit.clear()
            self.typed.emit(code)

    def _tell(self, result: str, at: str, tone: Tone, *, fault: bool = False) -> None:
        if (result, at, tone, fault) != (self._result, self._at, self._tone, self._fault):
            self._result, self._at, self._tone, self._fault = result, at, tone, fault
            self.edit.setAccessibleDescription(f"{result} {at}".strip())
            self._place()
            self.update()
