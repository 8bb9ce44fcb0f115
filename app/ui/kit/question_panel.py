"""The question being asked, in the wording of the form, with its two large answers."""

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QPushButton, QSizePolicy, QWidget

from app.ui.kit.card import Card
from app.ui.kit.fitted_text import FittedText
from app.ui.kit.fonts import text_width
from app.ui.kit.key_cap import KeyCap, KeyState, draw_key_cap
from app.ui.kit.layouts import box, column, empty, row
from app.ui.kit.painting import draw_box, draw_focus, draw_text, smooth
from app.ui.kit.question_row import Answer
from app.ui.kit.shortcuts import bind_key
from app.ui.kit.text import Text
from app.ui.kit.tokens import CAPTION_TEXT, FACT_TEXT, GAP, INNER_RADIUS, LIGHT, PADDING, Tone


class BigAnswer(QPushButton):
    """是 or 否 with its key, 64 px high."""

    def __init__(self, words: str, key: str, parent: QWidget | None = None) -> None:
        super().__init__(words, parent)
        self.key = key
        self._given = False
        self.setAutoDefault(False)
        self.setAccessibleName(words)
        self.setAccessibleDescription(key)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def show_given(self, given: bool) -> None:
        """Show whether this is the answer already given."""
        if given != self._given:
            self._given = given
            self.update()

    def sizeHint(self) -> QSize:
        """Return its size."""
        return QSize(190, 64)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the answer."""
        painter = smooth(QPainter(self))
        rect = QRectF(self.rect())
        fill = LIGHT.plain_tint if self.isDown() or self.underMouse() else LIGHT.surface
        draw_box(painter, rect, fill, LIGHT.ink if self._given else LIGHT.primary, 2, INNER_RADIUS)
        width = text_width(self.text(), FACT_TEXT, True)
        left = rect.center().x() - (width + 12 + 40) / 2
        ink = LIGHT.ink if self._given else LIGHT.primary
        draw_text(painter, left, rect.center().y(), self.text(), ink, FACT_TEXT, True)
        state = KeyState.DONE if self._given else KeyState.CURRENT
        cap = QRectF(
            QPointF(left + width + 12, rect.center().y() - 20),
            QPointF(left + width + 52, rect.center().y() + 20),
        )
        draw_key_cap(painter, cap, self.key, 40, state)
        if self.hasFocus():
            draw_focus(painter, rect, INNER_RADIUS)
        painter.end()


class QuestionPanel(Card):
    """Caption, wording, 是 1 / 否 2, and the other keys that work here."""

    answered = Signal(object)
    """An ``Answer``: by 1, 2, 3 (back to not asked) or a click."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(None, Tone.INFO, outlined=True, parent=parent)
        self._caption = Text("", CAPTION_TEXT, bold=True, colour=LIGHT.info)
        self._wording = FittedText("", FACT_TEXT, lines=4, at_top=True)
        self._yes, self._no = BigAnswer(self.tr("是"), "1"), BigAnswer(self.tr("否"), "2")
        self._hints = row(gap=12)
        layout = column(
            self._caption,
            self._wording,
            row(self._yes, self._no),
            self._hints,
            margins=(PADDING, 14, PADDING, 12),
        )
        layout.setStretch(1, 1)
        self.setLayout(layout)
        self._yes.clicked.connect(self._answer_yes)
        self._no.clicked.connect(self._answer_no)

    def bind(self, page: QWidget) -> "QuestionPanel":
        """Let 1, 2 and 3 answer while ``page`` has the keyboard, and return the panel."""
        bind_key(page, "1", self._answer_yes)
        bind_key(page, "2", self._answer_no)
        bind_key(page, "3", self._take_back)
        return self

    def show_question(self, caption: str, wording: str, answer: Answer = Answer.UNASKED) -> None:
        """Show which question it is, the wording of the form, and the answer it already has."""
        self._caption.show_text(caption)
        self._wording.show_text(wording)
        self._yes.show_given(answer is Answer.YES)
        self._no.show_given(answer is Answer.NO)

    def show_hints(self, hints: Sequence[tuple[str, str]]) -> None:
        """Show the other keys: ``[("Enter", "下一未答"), ("3", "改回未问")]``."""
        empty(self._hints)
        for key, words in hints:
            self._hints.addWidget(box(row(KeyCap(key), Text(words, CAPTION_TEXT), gap=GAP - 2)))
        self._hints.addStretch(1)

    def _answer_yes(self) -> None:
        self.answered.emit(Answer.YES)

    def _answer_no(self) -> None:
        self.answered.emit(Answer.NO)

    def _take_back(self) -> None:
        self.answered.emit(Answer.UNASKED)
