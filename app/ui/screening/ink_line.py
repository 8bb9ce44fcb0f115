"""The line that says a signature was drawn on the screen, with a small picture of its ink."""

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.domain.signature import PAD_HEIGHT, PAD_WIDTH, Drawn, Stroke
from app.ui.kit.painting import draw_box, smooth
from app.ui.kit.signature_pad import draw_ink
from app.ui.kit.strip import Strip
from app.ui.kit.tokens import BODY_TEXT, INNER_RADIUS, LIGHT, TARGET

_INK = 1.4


class InkLine(QWidget):
    """Hidden until there is a signature."""

    def __init__(self, words: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._strokes: Sequence[Stroke] = ()
        self._words = words or self.tr("已在屏幕上签名")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(TARGET)
        self.hide()

    def show_signature(self, drawn: Drawn | None, name: str) -> None:
        """Show whose signature there is, or nothing."""
        self._strokes = drawn.signature.strokes if drawn else ()
        self.setAccessibleName(f"{name} {self._words}" if drawn else "")
        self.setVisible(drawn is not None)
        self.update()

    def sizeHint(self) -> QSize:
        """Return the room of words and ink."""
        return QSize(300, TARGET)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the words, and the ink at the right."""
        painter = smooth(QPainter(self))
        rect = QRectF(self.rect())
        draw_box(painter, rect, LIGHT.success_tint, LIGHT.success, 1.5, INNER_RADIUS)
        high = rect.height() - 8
        wide = high * PAD_WIDTH / PAD_HEIGHT
        picture = QRectF(rect.right() - wide - 6, rect.top() + 4, wide, high)
        draw_box(painter, picture, LIGHT.surface, None, 0, 3)
        draw_ink(painter, picture, self._strokes, _INK)
        strip = Strip(painter, rect.adjusted(12, 0, -wide - 12, 0), 10)
        strip.icon("done", LIGHT.success, 20)
        strip.text(self._words, LIGHT.ink, BODY_TEXT, True)
        painter.end()
        self.setToolTip(self.accessibleName() if strip.cut else "")
