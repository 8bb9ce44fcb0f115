"""Who waits for the doctor; who came back from the needle and why; who is gone meanwhile (FLW-2, VER-5)."""

from datetime import timedelta

from app.domain.codes import TicketCode
from app.domain.visit import VisitState
from app.ui.kit.search_result import SearchResult
from app.workflows import needle, registration, screening
from tests.factories import DOCTOR, NURSE
from tests.ui.registration.people import number_of, somebody
from tests.ui.registration.rig import DeskRig
from tests.ui.screening.steps import begin, come, examination, record, screened, woman

WHY = "接种前又说昨晚发热 38.2 ℃"


def shown(rig: DeskRig) -> list[SearchResult]:
    return [each for each in rig.screening.waiting.results.findChildren(SearchResult) if each.isVisible()]


def returned(rig: DeskRig) -> object:
    """Bring somebody back from the needle by its F11."""
    rig.site.as_user(NURSE)
    visit = rig.site.at_needle(rig.site.patient())
    rig.site.desk.do(needle.return_visit, visit.encounter_id, "doctor", WHY)
    rig.site.as_user(DOCTOR)
    rig.settle()
    return visit


def test_who_takes_a_number_appears_and_enter_begins_with_the_one_marked(rig: DeskRig) -> None:
    assert shown(rig) == []
    assert rig.screening.banner.sentence == "没有人等，扫号票也可以开始"
    rig.press("Enter")
    assert rig.screening.waiting.isVisible()

    first = come(rig, woman())
    rig.site.clock.go(minutes=12)
    second = come(rig, somebody(sequence=13))
    assert [each.found.reading for each in shown(rig)] == ["A001", "A002"]
    assert "等 12 分" in shown(rig)[0].found.state, "counted from the number"
    assert rig.screening.waiting.results.selected_id == first.encounter_id
    assert rig.screening.banner.sentence == "请叫 A001 沈知夏"
    rig.press("Down")
    come(rig, somebody("李沐阳", sequence=15))
    assert rig.screening.waiting.results.selected_id == second.encounter_id, "the mark stays"
    rig.press("Enter")
    case = examination(rig).case
    assert case is not None
    assert case.encounter.encounter_id == second.encounter_id


def test_a_card_opens_the_visit_of_its_person(rig: DeskRig) -> None:
    """ux.md rule 3: any screen takes any known code."""
    visit = come(rig)
    rig.scan(number_of())
    case = examination(rig).case
    assert case is not None
    assert case.encounter.encounter_id == visit.encounter_id


def test_a_ticket_typed_by_hand_goes_the_same_way(rig: DeskRig) -> None:
    visit = come(rig, woman())
    come(rig, somebody(sequence=13))
    rig.type(f"vxt1:{visit.ticket_token}".lower())
    rig.press("Enter")
    case = examination(rig).case
    assert case is not None
    assert case.encounter.encounter_id == visit.encounter_id


def test_a_ticket_that_belongs_elsewhere_is_not_taken(rig: DeskRig) -> None:
    visit = screened(rig, woman())
    rig.press("Alt+1")
    assert rig.screening.take_code(TicketCode(visit.ticket_token)) is False


def test_a_visit_sent_back_from_the_needle_shows_why(rig: DeskRig) -> None:
    returned(rig)
    assert "接种台退回" in shown(rig)[0].found.state
    rig.press("Enter")
    case = examination(rig).case
    assert case is not None
    assert case.returned_because == WHY
    assert WHY in examination(rig).person.findChildren(type(examination(rig).person._third))[-1].text()
    assert examination(rig).draft.unanswered() == [], "the answers given before are there again"
    assert not examination(rig).draft.doctor_signed


def test_a_visit_screened_anew_is_no_longer_sent_back(rig: DeskRig) -> None:
    visit = begin(rig, woman())
    assert screening.returned_because(rig.bench.read(), visit.encounter_id) == ""
    returned(rig)
    rig.shell.go_to("screening", None)
    rig.press("Esc", "Down", "Enter", "Alt+1", "1", "F11", "F12", "Enter")
    case = examination(rig).case
    assert case is not None
    assert screening.returned_because(rig.bench.read(), case.encounter.encounter_id) == ""
    assert record(rig, case.encounter)["decision"] == "1"


def test_a_visit_called_off_elsewhere_says_so_over_the_open_form_and_enter_leaves_it(rig: DeskRig) -> None:
    visit = begin(rig, woman())
    rig.press(*["2"] * 11, "Alt+1", "1", "F11", "F12")
    rig.site.as_user(NURSE)
    rig.site.desk.do(registration.cancel_visit, visit.encounter_id, "离开")
    rig.site.as_user(DOCTOR)
    rig.settle()
    assert visit.ticket_number in rig.screening.banner.sentence
    assert "已取消" in rig.screening.banner.sentence
    assert rig.state(visit) is VisitState.CANCELLED
    rig.press("Enter")
    assert rig.screening.waiting.isVisible()
    assert rig.events("screening.recorded") == []
    assert rig.refusals == []


def test_a_visit_called_off_while_its_consent_is_heard_takes_no_answer(rig: DeskRig) -> None:
    visit = screened(rig, woman())
    rig.site.as_user(NURSE)
    rig.site.desk.do(registration.cancel_visit, visit.encounter_id, "离开")
    rig.site.as_user(DOCTOR)
    rig.settle()
    rig.press("Alt+1")
    assert rig.events("consent.recorded") == []
    assert visit.ticket_number in rig.screening.banner.sentence
    rig.press("Enter")
    assert rig.screening.waiting.isVisible()


def test_a_temperature_worth_telling_is_told_to_the_doctor(rig: DeskRig) -> None:
    """REG-12."""
    person = come(rig, somebody(born=rig.site.desk.today() - timedelta(days=9000)))
    rig.site.as_user(NURSE)
    rig.site.desk.do(registration.cancel_visit, person.encounter_id, "离开")
    visit = rig.site.desk.do(registration.open_visit, person.patient_id, "37.6")
    rig.site.as_user(DOCTOR)
    rig.scan_ticket(visit)
    chip = examination(rig).person._chip
    assert (chip.words, str(chip.tone)) == ("37.6 ℃", "warning")
