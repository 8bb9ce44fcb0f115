"""The one search box and what it finds (REG-2, REG-12; ux.md rules 2, 3, 24)."""

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt

from app.domain import identity
from app.domain.condensed import Condensed, Person
from app.storage import patients, search_terms
from app.storage.elsewhere import put_elsewhere
from app.sync.store_inbox import StoreInbox
from app.ui.kit.search_result import SearchResult
from app.ui.kit.text import Text
from app.ui.texts import sentence_of
from app.workflows.finding import MOST_SHOWN
from app.workflows.name_readings import readings
from tests.ui.registration.people import ADULT_BORN, number_of, register, somebody
from tests.ui.registration.rig import DeskRig


def shown(rig: DeskRig) -> list[SearchResult]:
    return [each for each in rig.registration.search.results.findChildren(SearchResult) if each.isVisible()]


def test_no_input_method_gets_at_the_box_until_it_is_let_in(rig: DeskRig) -> None:
    line = rig.registration.search.line
    assert line.inputMethodQuery(Qt.InputMethodQuery.ImEnabled) is False
    rig.press("Alt+1")
    assert line.inputMethodQuery(Qt.InputMethodQuery.ImEnabled) is True
    assert rig.focus is line
    rig.press("Esc")
    assert line.inputMethodQuery(Qt.InputMethodQuery.ImEnabled) is False


def test_initials_find_a_person_mark_what_matched_and_follow_what_others_do(rig: DeskRig) -> None:
    person = register(rig.site, somebody())
    assert rig.focus is rig.registration.search.line
    rig.type("oyya")
    (result,) = shown(rig)
    assert result.found.matched == (0, 1, 2, 3)
    assert result.found.initials == (0, 1, 2, 3)
    assert result.isChecked()
    assert rig.registration.banner.sentence == "请核对本人"
    visit = rig.site.registered(person)
    rig.settle()
    assert visit.ticket_number in shown(rig)[0].found.state
    rig.press("Esc")
    assert [each.found.result_id for each in shown(rig)] == [visit.patient_id]
    assert not shown(rig)[0].isChecked(), "the last numbers stand ready while nothing is searched for"
    rig.type("zzzzzz")
    assert shown(rig) == []
    assert "按 F9 新建档案" in rig.registration.search.notice.words
    assert "F9" in rig.registration.banner.accessibleName()


def test_who_came_a_moment_ago_in_a_great_many_is_found_by_the_number_and_soon_by_the_name(
    rig: DeskRig, monkeypatch: pytest.MonkeyPatch
) -> None:
    """REG-2: nobody begins a second record while the area's people come in."""
    monkeypatch.setattr(search_terms, "MANY", 1)
    person = replace(somebody(), patient_id="0190a0b0-0000-7000-8000-0000000000aa")
    body = patients.patient_body(person) | {"readings": readings(person.name)}
    told = Condensed(people=(Person(1, body),))
    rig.site.store.write(lambda transaction: put_elsewhere(transaction.db, told))
    rig.type("oyya")
    assert shown(rig) == []
    assert "还在接收" in rig.registration.search.notice.words
    assert rig.registration.banner.sentence == "还在接收本地区的档案，过几秒再查"
    assert "F9" not in rig.registration.banner.accessibleName()
    rig.press("Esc")
    rig.type(person.document_number)
    assert [each.found.result_id for each in shown(rig)] == [person.patient_id]
    rig.press("Esc")
    StoreInbox(rig.site.store, rig.site.clock).make_findable()
    rig.type("oyya")
    assert [each.found.result_id for each in shown(rig)] == [person.patient_id]


def test_a_heteronym_that_matched_is_named(rig: DeskRig) -> None:
    register(rig.site, somebody("区延越"))
    rig.type("oyy")
    assert shown(rig)[0].found.reading == "区 读 Ōu"


def test_digits_say_by_which_fact_they_found_and_characters_find_as_well(rig: DeskRig) -> None:
    known = register(rig.site, somebody())
    facts = (
        ("19620304", "生日相符"),
        (number_of()[-4:].lower(), "证件相符"),
        ("10033344455", "电话相符"),
    )
    for typed, why in facts:
        rig.type(typed)
        found = {each.found.result_id: each.found.reading for each in shown(rig)}
        assert found[known.patient_id] == why
        rig.press("Esc")
    rig.type(number_of().lower())
    assert rig.registration.search.results.selected_id == known.patient_id, "a whole number at once"
    rig.press("Esc", "Alt+1")
    rig.type("欧阳予安")
    assert [each.found.name for each in shown(rig)] == ["欧阳予安"]


def test_several_people_are_never_taken_for_one(rig: DeskRig) -> None:
    """REG-2: one phone stands for a whole family; Enter before choosing gives nobody a number."""
    family = [
        register(rig.site, somebody(name, sequence=n)) for n, name in ((11, "欧阳予安"), (13, "欧阳澜"))
    ]
    rig.type("10033344455")
    assert {each.found.result_id for each in shown(rig)} == {person.patient_id for person in family}
    rig.press("Enter")
    assert rig.events("encounter.opened") == []
    rig.press("Down", "Down", "Enter")
    (event,) = rig.events("encounter.opened")
    assert event.body["patient_id"] == shown(rig)[1].found.result_id


def test_more_than_twenty_ask_for_another_letter(rig: DeskRig) -> None:
    for number in range(MOST_SHOWN + 1):
        register(rig.site, somebody(sequence=11 + 2 * number))
    rig.type("oyya")
    assert len(shown(rig)) == MOST_SHOWN
    assert "还有更多，请再输一个字" in visible_words(rig)


def test_an_impossible_number_says_why_and_is_kept(rig: DeskRig) -> None:
    impossible = (
        ("360426199101010072", identity.WrongCheckDigit("2", "1")),
        ("110101199002300014", identity.ImpossibleBirthDate("19900230")),
    )
    for number, refusal in impossible:
        for bring in (rig.scan, rig.type):
            bring(number)
            said = sentence_of(refusal)
            assert rig.registration.search.notice.words == str(said)
            assert rig.registration.banner.sentence == said.happened
            assert rig.registration.search.text == number
            rig.site.registered(rig.site.patient(index=len(rig.events("encounter.opened"))))
            rig.settle()
            assert rig.registration.search.notice.words == str(said), "it stays while others work"
            rig.press("Esc")
    rig.scan("11010520300101001X")
    assert "晚于今天" in rig.registration.banner.sentence


def test_a_scanned_card_of_nobody_begins_a_record_with_what_it_tells(rig: DeskRig) -> None:
    """REG-12: people bring their card; it is read first."""
    rig.scan(number_of(sequence=22))
    form = rig.registration.form.form
    assert form.isVisible()
    assert form.value("document_number") == number_of(sequence=22)
    assert form.birth_on == ADULT_BORN
    assert form.value("sex") == "2"
    assert rig.focus is form.control("name")


def test_a_residence_permit_is_recognised_as_one(rig: DeskRig) -> None:
    rig.scan("810000199001010019")
    assert rig.registration.form.form.value("document_type") == "hmt_residence_permit"


def test_a_ticket_brings_its_person(rig: DeskRig) -> None:
    visit = rig.site.registered()
    rig.scan_ticket(visit)
    assert rig.page is rig.registration
    assert rig.registration.search.results.selected_id == visit.patient_id
    assert visit.ticket_number in rig.registration.banner.sentence


def visible_words(rig: DeskRig) -> str:
    return "".join(each.text() for each in rig.registration.findChildren(Text) if each.isVisible())
