"""Screening (预检): the eleven official questions, their three states, the doctor's decision."""

from collections import Counter
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from app.domain.people import Sex
from app.domain.refusals import Refusal
from app.domain.signature import Drawn

QUESTION_IDS = tuple(str(number) for number in range(1, 12))
"""N2023 annex 5-5; the wording lives in resources/forms."""
ONLY_WOMEN_OF_CHILD_BEARING_AGE = "10"
CHILD_BEARING_YEARS = range(15, 50)
"""Whom question 10 is put to; everybody else is 不适用 (the ages are the usual convention, unverified)."""


class Answer(StrEnum):
    """Unanswered is None and differs from NO; NOT_APPLICABLE only for question 10."""

    YES = "yes"
    NO = "no"
    NOT_APPLICABLE = "not_applicable"


class Decision(StrEnum):
    """The form's three medical advices."""

    PROCEED = "1"
    DEFER = "2"
    DO_NOT = "3"


@dataclass(frozen=True)
class QuestionAnswer:
    """One answered question; ``note`` is mandatory for YES."""

    question_id: str
    answer: Answer
    note: str = ""


@dataclass(frozen=True)
class Plan:
    """What the doctor decided is to be given."""

    product_code: str
    dose_number: int


@dataclass(frozen=True)
class ScreeningForm:
    """What the doctor hands in.

    PROCEED needs ``plan``, the two others a reason, DEFER a review date as well, DO_NOT the medical advice.
    """

    answers: tuple[QuestionAnswer, ...]
    decision: Decision
    reason: str = ""
    advice: str = ""
    review_on: date | None = None
    plan: Plan | None = None
    also: tuple[Plan, ...] = ()
    """What else goes in at this visit, beside ``plan``."""
    considered: str = ""
    """What the doctor found on the grave questions that the answers raise for the plan (domain/raised.py)."""
    signed_by: str = ""
    """The recipient or guardian who signed the form."""
    signer_relation: str = ""
    drawn: Drawn | None = None
    """Their signature on the screen; without one paper was signed."""


@dataclass(unsafe_hash=True)
class QuestionUnanswered(Refusal):
    """Some questions have no answer yet, or more than one."""

    question_ids: tuple[str, ...]


@dataclass(unsafe_hash=True)
class NoteMissing(Refusal):
    """A 是 without its note."""

    question_ids: tuple[str, ...]


@dataclass(unsafe_hash=True)
class ReasonMissing(Refusal):
    """推迟 or 不宜 without a reason."""

    decision: Decision


@dataclass(unsafe_hash=True)
class AdviceMissing(Refusal):
    """不宜接种 without the medical advice that has to be given and recorded (疫苗管理法 art. 45)."""


@dataclass(unsafe_hash=True)
class ReviewDateMissing(Refusal):
    """推迟 without a date to come back, or one that is not in the future."""

    review_on: date | None
    today: date


@dataclass(unsafe_hash=True)
class PlanMissing(Refusal):
    """建议接种 without a product and dose number."""


@dataclass(unsafe_hash=True)
class SignatureMissing(Refusal):
    """Nobody is named who signed the form."""


def is_asked(question_id: str, sex: Sex, years: int) -> bool:
    """Return whether a question is put to somebody of this sex and age; all but question 10 are."""
    if question_id != ONLY_WOMEN_OF_CHILD_BEARING_AGE:
        return True
    return sex is not Sex.MALE and years in CHILD_BEARING_YEARS


def check_asked(form: ScreeningForm, sex: Sex, years: int) -> None:
    """Pass a form in which no question that is put to this person is 不适用; raises QuestionUnanswered."""
    left_out = tuple(
        given.question_id
        for given in form.answers
        if given.answer is Answer.NOT_APPLICABLE and is_asked(given.question_id, sex, years)
    )
    if left_out:
        raise QuestionUnanswered(left_out)


def check_form(form: ScreeningForm, today: date) -> None:
    """Pass a complete form; raises one of the refusals above (VER-5, N2023 annex 5-5)."""
    answered = Counter(given.question_id for given in form.answers if _is_answer(given))
    if missing := tuple(q for q in QUESTION_IDS if answered[q] != 1):
        raise QuestionUnanswered(missing)
    if bare := tuple(g.question_id for g in form.answers if g.answer is Answer.YES and not g.note.strip()):
        raise NoteMissing(bare)
    if form.decision is not Decision.PROCEED and not form.reason.strip():
        raise ReasonMissing(form.decision)
    if form.decision is Decision.DEFER and (form.review_on is None or form.review_on <= today):
        raise ReviewDateMissing(form.review_on, today)
    if form.decision is Decision.DO_NOT and not form.advice.strip():
        raise AdviceMissing()
    if form.decision is Decision.PROCEED and form.plan is None:
        raise PlanMissing()
    if not form.signed_by.strip():
        raise SignatureMissing()


def _is_answer(given: QuestionAnswer) -> bool:
    """不适用 answers question 10 alone."""
    return given.answer is not Answer.NOT_APPLICABLE or given.question_id == ONLY_WOMEN_OF_CHILD_BEARING_AGE


SELF = "本人"
"""The relation of somebody who signs for themselves."""


@dataclass(unsafe_hash=True)
class GuardianMustSign(Refusal):
    """For a minor the guardian is told and signs (疫苗管理法 art. 45, 民法典 art. 27, 34)."""

    age_years: int
