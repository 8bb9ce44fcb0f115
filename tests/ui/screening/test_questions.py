"""Eleven questions with three states each; unanswered is not 否 (VER-5, N2023 annex 5-5)."""

from datetime import timedelta

import pytest

from app.documents.form_texts import screening_questions
from app.domain.people import Patient
from app.domain.screening import QUESTION_IDS, Answer
from app.ui.kit.fitted_text import FittedText
from app.ui.kit.question_row import QuestionRow
from app.ui.screening.question_list import NotAskedRow
from tests.ui.registration.people import child, somebody
from tests.ui.registration.rig import DeskRig
from tests.ui.screening.steps import answers, begin, examination, screened, woman


def rows(rig: DeskRig) -> dict[str, QuestionRow | NotAskedRow]:
    return examination(rig).questions._rows


def bar_is_open(rig: DeskRig) -> bool:
    return examination(rig).missing() == ""


def test_the_whole_wording_of_the_form_is_shown_and_is_what_is_asked(rig: DeskRig) -> None:
    begin(rig, woman())
    for question in screening_questions().questions:
        examination(rig).questions.asked.emit(question.question_id)
        assert question.text in panel_words(rig)


def test_one_key_answers_a_question_and_goes_on(rig: DeskRig) -> None:
    begin(rig, woman())
    rig.press("2")
    assert examination(rig).draft.answers == {"1": Answer.NO}
    assert examination(rig).current_id == "2"
    assert rig.screening.banner.sentence == "请问第 2 问，按 1 或 2"


def test_nothing_is_answered_beforehand(rig: DeskRig) -> None:
    begin(rig, woman())
    assert examination(rig).draft.unanswered() == list(QUESTION_IDS)


def test_not_asked_is_not_no_and_locks_the_decision(rig: DeskRig) -> None:
    begin(rig, woman())
    rig.press(*"2222222222")
    assert examination(rig).draft.unanswered() == ["11"]
    rig.press("Alt+1")
    assert not examination(rig).is_deciding
    rig.press("2", "Alt+1")
    assert examination(rig).is_deciding


def test_three_takes_an_answer_back(rig: DeskRig) -> None:
    begin(rig, woman())
    rig.press("2", "Up", "3")
    assert examination(rig).draft.answer_of("1") is None
    assert "未问" in rows(rig)["1"].accessibleName() or "正在问" in rows(rig)["1"].accessibleName()


def test_yes_asks_for_its_note_and_the_note_is_mandatory(rig: DeskRig) -> None:
    """NoteMissing cannot be reached from here: the decision stays locked."""
    begin(rig, woman())
    rig.press("1")
    assert rig.focus is examination(rig).note
    assert "请写备注" in rig.screening.banner.sentence
    rig.press("Enter")
    rig.press(*"2222222222")
    assert not bar_is_open(rig)
    rig.press("Alt+1")
    assert not examination(rig).is_deciding
    rig.press("Enter")
    assert examination(rig).current_id == "1"
    assert rig.focus is examination(rig).note
    rig.type("昨晚三十八度")
    assert bar_is_open(rig)


def test_digits_in_a_note_are_letters_not_answers(rig: DeskRig) -> None:
    begin(rig, woman())
    rig.press("1")
    rig.type("38.2")
    rig.press("Enter")
    assert examination(rig).draft.notes["1"] == "38.2"
    assert examination(rig).draft.answers == {"1": Answer.YES}
    assert examination(rig).current_id == "2"


def test_tab_leads_to_the_note_and_arrows_to_any_question(rig: DeskRig) -> None:
    begin(rig, woman())
    rig.press("Down", "Down")
    assert examination(rig).current_id == "3"
    rig.press("Tab")
    assert rig.focus is examination(rig).note


def test_tab_out_of_the_note_leads_back_to_the_question(rig: DeskRig) -> None:
    """Rule 5: 是 has put the keyboard into the note; Tab, as the page prints it, stays here."""
    begin(rig, woman())
    rig.press("1", "Tab")
    assert rig.focus is examination(rig).panel
    rig.press("2")
    assert examination(rig).draft.answers["1"] is Answer.NO
    rig.press("Tab", "Tab", "2")
    assert examination(rig).draft.answers["2"] is Answer.NO


def test_enter_finds_the_next_question_without_an_answer(rig: DeskRig) -> None:
    begin(rig, woman())
    rig.press("Down", "2", "2", "Up", "Up", "Enter")
    assert examination(rig).current_id == "4"
    rig.press(*"22222222", "Enter")
    assert examination(rig).current_id == "1"


@pytest.mark.parametrize(
    ("patient", "asked"),
    [
        (woman(), True),
        (somebody("沈知夏", born=woman().birth_on, sequence=21), False),
        (somebody("沈奶奶", sequence=22), False),
    ],
)
def test_question_ten_is_put_to_women_of_child_bearing_age_alone(
    rig: DeskRig, patient: Patient, asked: bool
) -> None:
    visit = screened(rig, patient)
    assert answers(rig, visit)["10"] == ("no" if asked else "not_applicable")


def test_a_question_that_is_not_put_says_so_and_is_no_answer_of_anybody(rig: DeskRig) -> None:
    begin(rig)
    assert isinstance(rows(rig)["10"], NotAskedRow)
    assert "不适用" in rows(rig)["10"].accessibleName()
    assert "10" not in examination(rig).draft.unanswered()


def test_the_doctor_may_ask_it_all_the_same(rig: DeskRig) -> None:
    begin(rig)
    rig.press(*"222222222")
    assert examination(rig).current_id == "11"
    rig.press("Up", "2")
    assert examination(rig).draft.answer_of("10") is Answer.NO
    assert isinstance(rows(rig)["10"], QuestionRow)
    rig.press("Up", "3")
    assert examination(rig).draft.answer_of("10") is Answer.NOT_APPLICABLE
    assert isinstance(rows(rig)["10"], NotAskedRow)


def test_answers_are_kept_while_another_person_is_looked_at(rig: DeskRig) -> None:
    visit = begin(rig, woman())
    rig.press("2", "1")
    rig.type("青霉素")
    begin(rig, child(born=rig.site.desk.today() - timedelta(days=500)))
    assert examination(rig).draft.answers == {}
    rig.press("2")
    rig.scan_ticket(visit)
    assert examination(rig).draft.answers == {"1": Answer.NO, "2": Answer.YES}
    assert examination(rig).draft.notes["2"] == "青霉素"
    assert examination(rig).current_id == "3"


def test_a_click_answers_the_row_it_is_on(rig: DeskRig) -> None:
    begin(rig, woman())
    examination(rig).questions.answered.emit("5", Answer.NO)
    assert examination(rig).draft.answers == {"5": Answer.NO}


def panel_words(rig: DeskRig) -> str:
    return "".join(each.text for each in examination(rig).panel.findChildren(FittedText))
