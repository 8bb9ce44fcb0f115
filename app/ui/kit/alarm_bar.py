"""The solid red bar above everything: somebody needs the doctor. Only a person takes it away."""

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.ui.kit.buttons import ActionButton
from app.ui.kit.fitted_text import FittedText
from app.ui.kit.icons import draw_icon
from app.ui.kit.layouts import column, row
from app.ui.kit.painting import draw_box, smooth
from app.ui.kit.tokens import BANNER_TEXT, BODY_TEXT, LIGHT, MARGIN, RADIUS


class AlarmBar(QWidget):
    """Ticket and call in 40 px, the facts below, its buttons (kinds ``ON_DANGER…``) at the right."""

    def __init__(self, buttons: Sequence[ActionButton] = (), parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title = FittedText("", BANNER_TEXT, colour=LIGHT.on_danger, lines=1)
        self._facts = FittedText("", BODY_TEXT, bold=False, colour=LIGHT.on_danger, lines=1)
        words = column(self._title, self._facts, gap=0)
        words.setStretch(0, 3)
        words.setStretch(1, 2)
        self.setLayout(row(words, *buttons, gap=MARGIN, margins=(96, 8, MARGIN, 8)))
        self.setFixedHeight(104)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_alarm(self, title: str, facts: str) -> None:
        """Say who (``A 008 请找医生``), and what is known and how long ago."""
        self._title.show_text(title)
        self._facts.show_text(facts)
        self.setAccessibleName(f"{title} {facts}")

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the ground and the lamp."""
        painter = smooth(QPainter(self))
        rect = QRectF(self.rect())
        draw_box(painter, rect, LIGHT.danger, None, 0, RADIUS)
        draw_icon(painter, QPointF(51, rect.center().y()), "emergency", LIGHT.on_danger, 54)
        painter.end()
