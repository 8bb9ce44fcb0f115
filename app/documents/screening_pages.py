"""The sheet 健康状况询问与接种禁忌核查表: eleven questions, the medical advice, both signatures."""

from app.documents.cells import Block, baseline, draw_cell
from app.documents.fit import fit
from app.documents.form_parts import (
    LEFT,
    RIGHT,
    draw_box,
    draw_choice,
    draw_doctors_signature,
    draw_foot,
    draw_head,
    draw_signature,
)
from app.documents.form_texts import Question
from app.documents.page import MM, Align
from app.documents.pen import Document, Ink, Pen
from app.documents.screening_form import ScreeningPaper
from app.documents.typefaces import Style
from app.domain.screening import Answer, QuestionAnswer

_QUESTION, _YES, _NO, _NOTE = LEFT + 8, LEFT + 112, LEFT + 124, LEFT + 136
_QUESTION_ROOM, _NOTE_ROOM = 100.0, 37.0
_HEAD, _ROW, _LINE = 7.6, 11.0, 4.7
_SIZE = 9.6


def draw_screening(paper: ScreeningPaper, document: Document) -> None:
    """Draw the sheet; raises GlyphMissing."""
    pen, form = document.sheet(), paper.questions
    y = draw_head(pen, paper, form.title, form.source)
    pen.box(LEFT, y, RIGHT - LEFT, 7.4, fill=Ink.SURFACE, radius=1.2)
    pen.text(LEFT + 3, baseline(y + 3.7, 8.6), form.introduction, 8.6)
    y = _draw_questions(pen, paper, y + 10.4)
    y = _draw_advice(pen, paper, y + 4)
    _draw_signatures(pen, paper, y)
    place = "第 1 张" if paper.consent else "共 1 张"
    draw_foot(pen, paper, form.version.imprint, place, paper.signed, paper.doctor_signed)


def _draw_questions(pen: Pen, paper: ScreeningPaper, y: float) -> float:
    health, yes, no, note = paper.questions.columns
    pen.box(LEFT, y, RIGHT - LEFT, _HEAD, fill=Ink.PRIMARY)
    line = baseline(y + _HEAD / 2, 9)
    pen.text(_QUESTION, line, health, 9, Style.BOLD, Ink.WHITE)
    pen.text(_YES + 1.7, line, yes, 9, Style.BOLD, Ink.WHITE, Align.CENTRE)
    pen.text(_NO + 1.7, line, no, 9, Style.BOLD, Ink.WHITE, Align.CENTRE)
    pen.text(_NOTE, line, note, 9, Style.BOLD, Ink.WHITE)
    y += _HEAD
    given = {answer.question_id: answer for answer in paper.answers}
    for question in paper.questions.questions:
        y = _draw_question(pen, question, given.get(question.question_id), y)
    pen.line(LEFT, y, RIGHT, y, 1.0, Ink.PRIMARY)
    return y


def _draw_question(pen: Pen, question: Question, given: QuestionAnswer | None, y: float) -> float:
    fitted = fit(question.text, Style.REGULAR, (_SIZE,), _QUESTION_ROOM * MM, 3)
    high = max(_ROW, len(fitted.lines) * _LINE + 3.4)
    answer = given.answer if given else None
    if answer is Answer.YES:
        pen.box(LEFT, y, RIGHT - LEFT, high, fill=Ink.WARNING_FILL)
    centre = y + high / 2
    number = question.question_id
    pen.text(LEFT + 4, baseline(centre, _SIZE), number, _SIZE, ink=Ink.MUTED, align=Align.CENTRE)
    for row, words in enumerate(fitted.lines):
        middle = centre + (row - (len(fitted.lines) - 1) / 2) * _LINE
        pen.text(_QUESTION, baseline(middle, _SIZE), words, _SIZE)
    draw_box(pen, _YES, centre, ticked=answer is Answer.YES)
    draw_box(pen, _NO, centre, ticked=answer is Answer.NO)
    note = "不适用" if answer is Answer.NOT_APPLICABLE else given.note if given else ""
    draw_cell(pen, _NOTE, centre, (_NOTE_ROOM, high - 1), [Block(note, 8.6, most_lines=4)])
    pen.line(LEFT, y + high, RIGHT, y + high, 0.4, Ink.LINE)
    return y + high


def _draw_advice(pen: Pen, paper: ScreeningPaper, y: float) -> float:
    pen.text(LEFT, baseline(y + 3, 10.5), "医学建议", 10.5, Style.SERIF)
    x = LEFT + 24
    for number, (decision, words) in enumerate(paper.questions.advice.items(), start=1):
        x = draw_choice(pen, x, y + 3, f"{number} {words}", ticked=paper.decision is decision) + 12
    said = "；".join(filter(None, (paper.reason, paper.advice)))
    if paper.review_on is not None:
        said = "；".join(filter(None, (said, f"{paper.review_on.isoformat()} 复诊")))
    pen.text(LEFT, baseline(y + 12, 9.6), "具体建议", 9.6)
    if said:
        draw_cell(pen, LEFT + 24, y + 12, (RIGHT - LEFT - 24, 9.4), [Block(said, 9.6)])
    pen.line(LEFT + 24, y + 17, RIGHT, y + 17, 0.5, Ink.MUTED)
    return y + 26


def _draw_signatures(pen: Pen, paper: ScreeningPaper, y: float) -> None:
    draw_doctors_signature(pen, y, paper.doctor_name, paper.doctor_signed)
    pen.text(LEFT, y + 12.6, paper.questions.agreement, 10.5, Style.BOLD)
    draw_signature(pen, y + 22, paper.signed)
