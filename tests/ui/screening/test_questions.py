"""Eleven questions with three states each; unanswered is not 否 (VER-5, N2023 annex 5-5)."""

from datetime import timedelta

from app.documents.form_texts import screening_questions
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


def test_one_key_answers_a_question_and_what_is_not_asked_locks_the_decision(rig: DeskRig) -> None:
    begin(rig, woman())
    assert examination(rig).draft.unanswered() == list(QUESTION_IDS), "nothing is answered beforehand"
    rig.press("2")
    assert examination(rig).draft.answers == {"1": Answer.NO}
    assert examination(rig).current_id == "2"
    assert rig.screening.banner.sentence == "请问第 2 问，按 1 或 2"
    rig.press("Up", "3")
    assert examination(rig).draft.answer_of("1") is None, "3 takes an answer back"
    assert "未问" in rows(rig)["1"].accessibleName() or "正在问" in rows(rig)["1"].accessibleName()
    examination(rig).questions.answered.emit("5", Answer.NO)
    assert examination(rig).draft.answers == {"5": Answer.NO}, "a click answers the row it is on"

    rig.press("Enter", *"222222222")
    assert len(examination(rig).draft.unanswered()) == 1
    rig.press("Alt+1")
    assert not examination(rig).is_deciding, "not asked is not no"
    rig.press("Enter", "2", "Alt+1")
    assert examination(rig).is_deciding


def test_tab_goes_between_question_and_note_whose_digits_are_no_answers(rig: DeskRig) -> None:
    """Rule 5: 是 has put the keyboard into the note; Tab, as the page prints it, stays here."""
    begin(rig, woman())
    rig.press("1", "Tab")
    assert rig.focus is examination(rig).panel
    rig.press("2")
    assert examination(rig).draft.answers["1"] is Answer.NO
    rig.press("Tab", "Tab", "2")
    assert examination(rig).draft.answers["2"] is Answer.NO
    rig.press("1")
    rig.type("38.2")
    rig.press("Enter")
    assert examination(rig).draft.notes["3"] == "38.2"
    assert examination(rig).draft.answers == {"1": Answer.NO, "2": Answer.NO, "3": Answer.YES}
    assert examination(rig).current_id == "4"
    rig.press("Down", "Down")
    assert examination(rig).current_id == "6", "arrows lead to any question"
    rig.press("Tab")
    assert examination(rig).note.hasFocus()


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


def test_enter_finds_the_next_question_without_an_answer(rig: DeskRig) -> None:
    begin(rig, woman())
    rig.press("Down", "2", "2", "Up", "Up", "Enter")
    assert examination(rig).current_id == "4"
    rig.press(*"22222222", "Enter")
    assert examination(rig).current_id == "1"


def test_question_ten_is_put_to_women_of_child_bearing_age_alone(rig: DeskRig) -> None:
    man, old = somebody("沈知夏", born=woman().birth_on, sequence=21), somebody("沈奶奶", sequence=22)
    for patient, answer in ((woman(), "no"), (man, "not_applicable"), (old, "not_applicable")):
        visit = screened(rig, patient)
        assert answers(rig, visit)["10"] == answer
        rig.press("Esc")


def test_a_question_that_is_not_put_says_so_and_the_doctor_may_ask_it_all_the_same(rig: DeskRig) -> None:
    begin(rig)
    assert isinstance(rows(rig)["10"], NotAskedRow)
    assert "不适用" in rows(rig)["10"].accessibleName()
    assert "10" not in examination(rig).draft.unanswered(), "it is no answer of anybody"
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


def panel_words(rig: DeskRig) -> str:
    return "".join(each.text for each in examination(rig).panel.findChildren(FittedText))
