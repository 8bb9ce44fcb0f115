"""One person, one number: taking it, taking it back, printing it again (APP-6, REG-12)."""

from dataclasses import replace
from datetime import timedelta

from pytestqt.qtbot import QtBot

from app.domain.permissions import NotPermitted
from app.domain.screening import Decision
from app.domain.visit import Encounter, VisitState
from app.storage import encounters
from app.storage.site import get_site, running_session
from app.ui.kit.text import Text
from app.ui.kit.toast import Toast
from app.workflows import registration, screening, site_setup
from tests.factories import DOCTOR, MANAGER, NURSE, OBSERVER, QUESTIONS, SmallSite, all_no
from tests.ui.registration.people import child, number_of, register, somebody
from tests.ui.registration.rig import DeskRig


def with_thermometer(site: SmallSite) -> None:
    site.as_user(MANAGER)
    settings = replace(get_site(site.desk.read()), takes_temperature=True)
    site.desk.do(site_setup.configure_site, settings)
    site.as_user(NURSE)


def newest(rig: DeskRig) -> Encounter:
    session = running_session(rig.bench.read())
    assert session is not None
    return encounters.newest_tickets(rig.bench.read(), session.session_id, 1)[0]


def test_a_card_and_one_key_give_a_number_that_is_printed_at_once_and_again(
    rig: DeskRig, qtbot: QtBot
) -> None:
    """APP-6: without a printer it is kept as a file, and the card says which."""
    known = register(rig.site, somebody())
    rig.scan(number_of())
    with qtbot.waitSignal(rig.bench.delivered) as delivered:
        rig.press("Enter")
    assert rig.keys == 1
    visit = newest(rig)
    assert visit.patient_id == known.patient_id
    assert rig.registration.banner.sentence == "已登记，请取走号票"
    assert visit.ticket_number in rig.registration.person.ticket.accessibleName()
    assert visit.ticket_number in toast(rig).accessibleName()
    assert visit.ticket_number in delivered.args[0]
    assert "未打印" in rig.registration.person.ticket.accessibleName()
    assert rig.focus is rig.registration.search.line
    with qtbot.waitSignal(rig.bench.delivered):
        rig.press("F10")
    assert visit.ticket_number in toast(rig).accessibleName(), "a lost ticket is printed again"

    rig.press("F12", "Esc")
    assert rig.state(visit) is VisitState.REGISTERED, "Esc leaves it as it is"
    assert rig.focus is rig.registration.search.line
    rig.press("Enter")
    assert len(rig.events("encounter.opened")) == 1, "a second Enter takes no second number"
    assert rig.registration.search.text == "", "it calls the next person"


def test_the_toast_takes_a_number_back_and_typing_begins_the_next_search(rig: DeskRig) -> None:
    register(rig.site, somebody())
    rig.type("oyya")
    rig.press("Enter")
    visit = newest(rig)
    assert visit.ticket_number in toast(rig).accessibleName()
    rig.undo()
    assert rig.state(visit) is VisitState.CANCELLED
    assert "已退号" in toast(rig).accessibleName()
    assert rig.registration.banner.sentence == "请核对本人"
    rig.press("Enter")
    assert newest(rig).encounter_id != visit.encounter_id
    rig.type("z")
    assert rig.registration.search.text == "z"


def test_the_family_of_a_child_is_asked_to_take_the_ticket(rig: DeskRig) -> None:
    minor = register(rig.site, child(born=rig.site.desk.today() - timedelta(days=400)))
    rig.scan(minor.document_number)
    assert "监护人" in rig.registration.banner.sentence
    rig.press("Enter")
    assert rig.registration.banner.sentence == "已登记，请家长取走号票"


def test_a_visit_is_called_off_with_its_reason(rig: DeskRig) -> None:
    register(rig.site, somebody())
    for key, reason in (("1", "离开了，今天不种"), ("3", "其他原因")):
        rig.scan(number_of())
        rig.press("Enter", "F12", key)
        assert rig.state(newest(rig)) is VisitState.CANCELLED
        assert rig.events("encounter.cancelled")[-1].body["reason"] == reason
    assert len(rig.events("encounter.cancelled")) == 2


def test_somebody_else_gave_the_number_a_moment_ago(rig: DeskRig) -> None:
    """AlreadyInVisit: the page shows the number that stands, and gives no other."""
    person = register(rig.site, somebody())
    rig.scan(number_of())
    visit = rig.site.desk.do(registration.open_visit, person.patient_id)
    rig.press("Enter")
    rig.settle()
    assert len(rig.events("encounter.opened")) == 1
    assert visit.ticket_number in rig.registration.person.ticket.accessibleName()
    assert rig.refusals == []


def test_the_answer_to_a_late_second_number_names_the_first(rig: DeskRig) -> None:
    person = register(rig.site, somebody())
    rig.scan(number_of())
    rig.bench.submit(rig.bench, None, registration.open_visit, person.patient_id)
    rig.press("Enter")
    rig.settle()
    assert "今天已经取过号：A001" in rig.registration.banner.sentence
    assert len(rig.events("encounter.opened")) == 1


def test_a_deferral_is_shown_but_stops_nobody(rig: DeskRig) -> None:
    person = register(rig.site, somebody())
    visit = rig.site.registered(person)
    review_on = rig.site.desk.today() + timedelta(days=7)
    rig.site.as_user(DOCTOR)
    form = replace(all_no(), decision=Decision.DEFER, reason="发热", review_on=review_on, plan=None)
    rig.site.desk.do(screening.record_screening, visit.encounter_id, form, QUESTIONS)
    rig.site.as_user(NURSE)
    rig.scan(number_of())
    assert f"复诊 {review_on}" in rig.registration.banner.sentence
    assert "由预检医生判断" in person_words(rig)
    rig.press("Enter")
    assert newest(rig).encounter_id != visit.encounter_id
    assert newest(rig).patient_id == person.patient_id


def test_who_may_not_register_is_told_so_and_may_look(rig: DeskRig) -> None:
    register(rig.site, somebody())
    rig.site.as_user(OBSERVER)
    rig.scan(number_of())
    rig.press("Enter")
    assert [type(refusal) for refusal in rig.refusals] == [NotPermitted]
    rig.press("Enter")
    rig.site.as_user(NURSE)
    rig.press("Enter")
    assert len(rig.events("encounter.opened")) == 1


def test_where_temperature_is_taken_it_comes_before_the_number_and_can_be_one(rig: DeskRig) -> None:
    """REG-12: people are measured, the value is registered. TemperatureMissing and TemperatureOutOfRange."""
    with_thermometer(rig.site)
    register(rig.site, somebody())
    rig.scan(number_of())
    rig.press("Enter")
    temperature = rig.registration.person.temperature
    for typed, words in (("", "还没有填体温"), ("366", "“366”不可能"), ("3a", "“3a”不可能")):
        assert rig.focus is temperature.edit
        temperature.edit.clear()
        rig.type(typed)
        rig.press("Enter")
        assert words in temperature_words(rig)
        assert rig.focus is temperature.edit
        assert rig.events("encounter.opened") == []
        assert rig.refusals == []

    temperature.edit.clear()
    rig.type("36.")
    other = register(rig.site, somebody("李沐阳", sequence=13))
    rig.site.desk.do(registration.open_visit, other.patient_id, "36.5")
    rig.settle()
    assert temperature.value == "36.", "half typed it survives what others do"
    assert rig.focus is temperature.edit
    rig.type("6")
    rig.press("Enter")
    assert newest(rig).temperature == "36.6"
    assert rig.focus is rig.registration.search.line


def test_a_high_temperature_is_a_hint_and_no_rule(rig: DeskRig) -> None:
    with_thermometer(rig.site)
    register(rig.site, somebody())
    rig.scan(number_of())
    rig.press("Enter")
    for typed, tells in (("37.3", True), ("37.2", False), ("38.6", True)):
        rig.registration.person.temperature.edit.clear()
        rig.type(typed)
        assert ("请告诉预检医生" in temperature_words(rig)) is tells, typed
    rig.press("Enter")
    assert newest(rig).temperature == "38.6"


def toast(rig: DeskRig) -> Toast:
    return rig.registration.toast


def temperature_words(rig: DeskRig) -> str:
    return "".join(each.text() for each in rig.registration.person.temperature.findChildren(Text))


def person_words(rig: DeskRig) -> str:
    return "".join(each.text() for each in rig.registration.person.findChildren(Text) if each.isVisible())
