"""One question of the health form in the list: its answer is 是, 否 or not yet asked."""

from dataclasses import dataclass
from enum import StrEnum

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSizePolicy, QWidget

from app.ui.kit.key_cap import KeyState
from app.ui.kit.painting import draw_box, draw_focus, draw_open_mark, smooth
from app.ui.kit.strip import Strip
from app.ui.kit.tokens import BODY_TEXT, CAPTION_TEXT, INNER_RADIUS, LIGHT


class Answer(StrEnum):
    """The three states of a question; not asked is never taken for 否."""

    YES = "yes"
    NO = "no"
    UNASKED = "unasked"


@dataclass(frozen=True)
class Question:
    """What a row shows: the number, the shortened wording, the answer and the note to a 是."""

    question_id: str
    number: int
    words: str
    answer: Answer = Answer.UNASKED
    note: str = ""


class AnswerBox(QPushButton):
    """是 or 否 of one row; answers differ by fill, border and icon, not by colour alone."""

    def __init__(self, answer: Answer, parent: QWidget) -> None:
        super().__init__(parent)
        self.answer = answer
        self._words = self.tr("是") if answer is Answer.YES else self.tr("否")
        self._key = "1" if answer is Answer.YES else "2"
        self._given, self._current = False, False
        self.setAutoDefault(False)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def show_answer(self, question: Question, *, current: bool) -> None:
        """Show whether this is the answer, and whether its key works now."""
        self._given, self._current = question.answer is self.answer, current
        self.setAccessibleName(f"{question.number} {self._words}")
        self.update()

    def sizeHint(self) -> QSize:
        """Return the box with half of the gaps round it."""
        return QSize(80, 46)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the box."""
        painter = smooth(QPainter(self))
        rect = QRectF(self.rect()).adjusted(4, 2, -4, -2)
        yes = self.answer is Answer.YES
        ink = LIGHT.muted
        if self._given:
            ink = LIGHT.warning if yes else LIGHT.ink
            draw_box(painter, rect, LIGHT.warning_tint if yes else LIGHT.plain_tint, ink, 2, INNER_RADIUS)
        elif self._current:
            ink = LIGHT.primary
            draw_box(painter, rect, LIGHT.surface, ink, 2, INNER_RADIUS)
        else:
            draw_box(painter, rect, LIGHT.surface, LIGHT.border, 1, INNER_RADIUS)
        mark = 24 if self._given or self._current else 0
        strip = Strip(painter, rect.adjusted((rect.width() - 18 - mark) / 2, 0, 0, 0), 6)
        if self._given:
            strip.icon("warning" if yes else "check", ink, 17)
        strip.text(self._words, ink, BODY_TEXT, self._given or self._current)
        if self._current and not self._given:
            strip.key(self._key, 24, KeyState.OUTLINED)
        if self.hasFocus() or self.underMouse():
            draw_focus(painter, rect, INNER_RADIUS)
        painter.end()


class QuestionRow(QWidget):
    """A row of the list; a click on the words asks this question now."""

    answered = Signal(str, object)
    """The question's id and the ``Answer`` that was clicked."""

    asked = Signal(str)
    """The row was clicked: its question is to be the current one."""

    def __init__(self, question: Question, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._question, self._current = question, False
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._boxes = [AnswerBox(answer, self) for answer in (Answer.YES, Answer.NO)]
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 4, 0)
        layout.setSpacing(0)
        layout.addStretch(1)
        for box in self._boxes:
            box.clicked.connect(self._answer)
            layout.addWidget(box)
        self._tell()

    @property
    def question(self) -> Question:
        """Return what is shown."""
        return self._question

    def show_question(self, question: Question, *, current: bool = False) -> None:
        """Change the row; ``current`` marks the one being asked. What stands there already is left alone."""
        if (question, current) != (self._question, self._current):
            self._question, self._current = question, current
            self._tell()
            self.update()

    def sizeHint(self) -> QSize:
        """Return the height of a row."""
        return QSize(640, 46)

    def minimumSizeHint(self) -> QSize:
        """Return the least height: a target."""
        return QSize(360, 44)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Ask this question now."""
        self.asked.emit(self._question.question_id)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the row."""
        painter = smooth(QPainter(self))
        rect, shown = QRectF(self.rect()), self._question
        yes = shown.answer is Answer.YES
        if self._current:
            draw_box(painter, rect, LIGHT.info_tint, LIGHT.primary, 2, INNER_RADIUS)
        else:
            if yes:
                draw_box(painter, rect, LIGHT.warning_tint, None, 0, 0)
            draw_box(painter, QRectF(0, rect.bottom() - 1, rect.width(), 1), LIGHT.line, None, 0, 0)
        strip = Strip(painter, rect.adjusted(8, 0, -(self._boxes[0].sizeHint().width() * 2 + 12), 0), 10)
        number = Strip(painter, QRectF(8, rect.top(), 26, rect.height()), 0)
        number.text_right(str(shown.number), LIGHT.primary if self._current else LIGHT.muted, BODY_TEXT, True)
        strip.left += 40
        self._draw_state(strip)
        strip.text(shown.words, LIGHT.ink, BODY_TEXT, self._current or yes)
        if yes and shown.note:
            strip.text(shown.note, LIGHT.warning, CAPTION_TEXT, True)
        painter.end()
        self.setToolTip(f"{shown.words}\n{shown.note}".strip() if strip.cut else "")

    def _tell(self) -> None:
        shown, current = self._question, self._current
        self.setAccessibleName(f"{shown.number} {shown.words} {self._words(shown.answer, current)}")
        for box in self._boxes:
            box.show_answer(shown, current=current)

    def _draw_state(self, strip: Strip) -> None:
        words = self._words(self._question.answer, self._current)
        if self._current:
            strip.text_right(words, LIGHT.primary, CAPTION_TEXT, True)
            strip.icon_right("current", LIGHT.primary, 18)
        elif self._question.answer is Answer.UNASKED:
            strip.text_right(words, LIGHT.muted, CAPTION_TEXT, True)
            draw_open_mark(
                strip.painter, QRectF(strip.right - 16, strip.centre - 8, 16, 16).center(), LIGHT.muted, 14
            )
            strip.right -= 26

    def _words(self, answer: Answer, current: bool) -> str:
        if current:
            return self.tr("正在问")
        return {Answer.YES: self.tr("是"), Answer.NO: self.tr("否"), Answer.UNASKED: self.tr("未问")}[answer]

    def _answer(self) -> None:
        box = self.sender()
        if isinstance(box, AnswerBox):
            self.answered.emit(self._question.question_id, box.answer)
