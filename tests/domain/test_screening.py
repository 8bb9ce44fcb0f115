"""A screening is complete or refused: eleven answers, a decision, what belongs to it (VER-5)."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.people import Sex
from app.domain.refusals import Refusal
from app.domain.screening import (
    QUESTION_IDS,
    AdviceMissing,
    Answer,
    Decision,
    NoteMissing,
    Plan,
    PlanMissing,
    QuestionAnswer,
    QuestionUnanswered,
    ReasonMissing,
    ReviewDateMissing,
    ScreeningForm,
    SignatureMissing,
    check_form,
    is_asked,
)
from tests.domain.facts import TODAY

ALL_NO = tuple(QuestionAnswer(question_id, Answer.NO) for question_id in QUESTION_IDS)
TOMORROW = TODAY + timedelta(days=1)
COMPLETE = ScreeningForm(
    ALL_NO,
    Decision.PROCEED,
    reason="发热",
    advice="热退一周后再来",
    review_on=TOMORROW,
    plan=Plan("FLU4-1", 1),
    signed_by="曾丽",
    signer_relation="本人",
)

notes = st.sampled_from(["", " ", "青霉素"])
answers = st.builds(QuestionAnswer, st.sampled_from(QUESTION_IDS), st.sampled_from(Answer), notes)


def refusal_of(form: ScreeningForm) -> Refusal | None:
    try:
        check_form(form, TODAY)
    except Refusal as refusal:
        return refusal
    return None


@pytest.mark.parametrize("decision", Decision)
def test_a_complete_form_passes(decision: Decision) -> None:
    assert refusal_of(replace(COMPLETE, decision=decision)) is None


@given(st.sets(st.sampled_from(QUESTION_IDS)))
def test_every_question_left_open_is_named_in_order(left_open: set[str]) -> None:
    form = replace(COMPLETE, answers=tuple(a for a in ALL_NO if a.question_id not in left_open))
    expected = tuple(q for q in QUESTION_IDS if q in left_open)
    assert refusal_of(form) == (QuestionUnanswered(expected) if expected else None)


@given(st.lists(answers, max_size=3), st.sets(st.sampled_from(QUESTION_IDS), max_size=3))
def test_a_form_passes_only_with_one_answer_to_each_question_and_a_note_to_each_yes(
    said: list[QuestionAnswer], not_asked: set[str]
) -> None:
    form = replace(COMPLETE, answers=(*said, *(a for a in ALL_NO if a.question_id not in not_asked)))
    fitting = [a for a in form.answers if a.answer is not Answer.NOT_APPLICABLE or a.question_id == "10"]
    once = all(sum(a.question_id == q for a in fitting) == 1 for q in QUESTION_IDS)
    noted = all(a.note.strip() for a in form.answers if a.answer is Answer.YES)
    assert (refusal_of(form) is None) is (once and noted)


@given(st.sampled_from(QUESTION_IDS))
def test_not_applicable_answers_question_ten_alone(question_id: str) -> None:
    changed = tuple(
        replace(each, answer=Answer.NOT_APPLICABLE) if each.question_id == question_id else each
        for each in ALL_NO
    )
    refusal = refusal_of(replace(COMPLETE, answers=changed))
    assert refusal == (None if question_id == "10" else QuestionUnanswered((question_id,)))


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"decision": Decision.DEFER, "reason": " "}, ReasonMissing(Decision.DEFER)),
        ({"decision": Decision.DO_NOT, "reason": ""}, ReasonMissing(Decision.DO_NOT)),
        ({"decision": Decision.DO_NOT, "advice": " "}, AdviceMissing()),
        ({"decision": Decision.DEFER, "review_on": None}, ReviewDateMissing(None, TODAY)),
        ({"decision": Decision.DEFER, "review_on": TODAY}, ReviewDateMissing(TODAY, TODAY)),
        ({"plan": None}, PlanMissing()),
        ({"signed_by": " "}, SignatureMissing()),
        ({"answers": (replace(ALL_NO[0], answer=Answer.YES), *ALL_NO[1:])}, NoteMissing(("1",))),
    ],
)
def test_what_is_missing_is_refused_by_name(changes: dict[str, object], refusal: Refusal) -> None:
    assert refusal_of(replace(COMPLETE, **changes)) == refusal  # type: ignore[arg-type]


def test_a_yes_with_a_note_does_not_forbid_the_dose() -> None:
    """The form itself says so: more questions are needed, the doctor decides."""
    first = replace(ALL_NO[0], answer=Answer.YES, note="昨天腹泻一次")
    assert refusal_of(replace(COMPLETE, answers=(first, *ALL_NO[1:]))) is None


@pytest.mark.parametrize(
    ("sex", "years", "asked"),
    [
        (Sex.FEMALE, 14, False), (Sex.FEMALE, 15, True), (Sex.FEMALE, 49, True), (Sex.FEMALE, 50, False),
        (Sex.MALE, 30, False), (Sex.UNKNOWN, 30, True), (Sex.UNSTATED, 30, True),
    ],
)  # fmt: skip
def test_question_ten_is_put_to_women_of_child_bearing_age(sex: Sex, years: int, asked: bool) -> None:
    assert is_asked("10", sex, years) is asked
    assert is_asked("9", sex, years)
