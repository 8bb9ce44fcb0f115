"""The eleven questions in their official order, each 是, 否, 未问 or 不适用."""

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.documents.form_texts import Question as QuestionText
from app.domain.screening import Answer
from app.ui.kit import question_row
from app.ui.kit.card import Card
from app.ui.kit.layouts import column
from app.ui.kit.painting import draw_box, smooth
from app.ui.kit.question_row import Question, QuestionRow
from app.ui.kit.strip import Strip
from app.ui.kit.tokens import BODY_TEXT, CAPTION_TEXT, GAP, INNER_RADIUS, LIGHT
from app.ui.screening.draft import Draft

_SHOWN = {
    Answer.YES: question_row.Answer.YES,
    Answer.NO: question_row.Answer.NO,
    None: question_row.Answer.UNASKED,
}
GIVEN = {question_row.Answer.YES: Answer.YES, question_row.Answer.NO: Answer.NO}
"""The kit's answers as the form records them; 未问 is None."""
_LOWEST_ROW = 34
LONGEST_BESIDE_NOTE = 14


def shown_answer(answer: Answer | None) -> question_row.Answer:
    """Return an answer as the kit shows it; 不适用 has a row of its own."""
    return _SHOWN.get(answer, question_row.Answer.UNASKED)


class NotAskedRow(QWidget):
    """A question that is not put to this person; a click asks it all the same."""

    asked = Signal(str)
    """The row was clicked."""

    def __init__(self, number: int, text: QuestionText, why: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._number, self._text, self._why = number, text, why
        self._current = False
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName(f"{number} {text.text} {why}")

    def show_current(self, current: bool) -> None:
        """Mark the row as the one looked at."""
        self._current = current
        self.update()

    def sizeHint(self) -> QSize:
        """Return the height of a row."""
        return QSize(640, 46)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Ask this question now."""
        self.asked.emit(self._text.question_id)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the row."""
        painter = smooth(QPainter(self))
        rect = QRectF(self.rect())
        if self._current:
            draw_box(painter, rect, LIGHT.info_tint, LIGHT.primary, 2, INNER_RADIUS)
        else:
            draw_box(painter, rect, LIGHT.page, None, 0, 0)
            draw_box(painter, QRectF(0, rect.bottom() - 1, rect.width(), 1), LIGHT.line, None, 0, 0)
        number = Strip(painter, QRectF(8, rect.top(), 26, rect.height()), 0)
        number.text_right(str(self._number), LIGHT.muted, BODY_TEXT, True)
        strip = Strip(painter, rect.adjusted(48, 0, -16, 0), 10)
        strip.text_right(self._why, LIGHT.muted, CAPTION_TEXT, True)
        strip.icon_right("forbidden", LIGHT.muted, 18)
        strip.text(self._text.text, LIGHT.muted, BODY_TEXT)
        painter.end()
        self.setToolTip(self._text.text if strip.cut else "")


class QuestionList(Card):
    """Rows give way in height on a low screen, so that all eleven are always in view."""

    asked = Signal(str)
    """A row was clicked: its question is to be the current one."""
    answered = Signal(str, object)
    """The question's id and the ``Answer`` that was clicked."""

    def __init__(self, parent: QWidget | None = None) -> None:
        self._column = column(gap=0, margins=(GAP, 2, GAP, 2))
        super().__init__(self._column, parent=parent)
        self._rows: dict[str, QuestionRow | NotAskedRow] = {}
        self._texts: tuple[QuestionText, ...] = ()
        self._words: dict[str, str] = {}

    def show_questions(self, texts: Sequence[QuestionText], draft: Draft) -> None:
        """Show the form of a person."""
        self._texts = tuple(texts)
        self._words = {text.question_id: text.text for text in texts}
        while (item := self._column.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.hide()
                old.deleteLater()
        self._rows = {}
        for number, text in enumerate(texts, start=1):
            row = self._make_row(number, text, draft)
            row.setMinimumHeight(_LOWEST_ROW)
            row.asked.connect(self.asked)
            self._rows[text.question_id] = row
            self._column.addWidget(row)

    def show_draft(self, draft: Draft, current_id: str) -> None:
        """Show the answers given so far and which question is being asked."""
        if any(
            isinstance(row, NotAskedRow) is not (draft.answer_of(question_id) is Answer.NOT_APPLICABLE)
            for question_id, row in self._rows.items()
        ):
            self.show_questions(self._texts, draft)
        for question_id, row in self._rows.items():
            current = question_id == current_id
            if isinstance(row, NotAskedRow):
                row.show_current(current)
                continue
            known = row.question
            row.show_question(
                Question(
                    question_id,
                    known.number,
                    _words_beside_note(self._words[question_id], draft.note_of(question_id)),
                    shown_answer(draft.answer_of(question_id)),
                    draft.note_of(question_id),
                ),
                current=current,
            )

    def _make_row(self, number: int, text: QuestionText, draft: Draft) -> QuestionRow | NotAskedRow:
        if draft.answer_of(text.question_id) is Answer.NOT_APPLICABLE:
            return NotAskedRow(number, text, self.tr("不适用"))
        row = QuestionRow(Question(text.question_id, number, text.text))
        row.answered.connect(self._answered)
        return row

    def _answered(self, question_id: str, answer: question_row.Answer) -> None:
        self.answered.emit(question_id, GIVEN[answer])


def _words_beside_note(words: str, note: str) -> str:
    """Return the beginning of a long question where its note needs room; the panel has the whole wording."""
    if not note or len(words) <= LONGEST_BESIDE_NOTE:
        return words
    return f"{words[: LONGEST_BESIDE_NOTE - 1]}…"
