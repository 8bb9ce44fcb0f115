"""Visits that end without a dose, and doses that nearly went wrong; each told in a sentence, nothing lost."""

from app.domain.codes import TicketCode, ticket_text
from app.domain.vial import CodeOverused
from app.domain.visit import Encounter, VisitState
from app.storage import immunizations, needle, screenings
from app.ui.vaccination.page import VaccinationPage
from app.workflows.observation import raise_alarm
from tests.factories import DOCTOR
from tests.journeys.conftest import Workroom


def ticket(visit: Encounter) -> str:
    return ticket_text(TicketCode(visit.ticket_token))


def ask_eleven_questions(room: Workroom, visit: Encounter) -> None:
    room.site.as_user(DOCTOR)
    room.press("F3")
    room.scan(ticket(visit))
    for _ in range(12):
        room.hand.press("2")


def stopped(room: Workroom) -> bool:
    """Return whether the stop fills the page."""
    page = room.station
    assert isinstance(page, VaccinationPage)
    return page.stops.stop is not None and not page.faces.is_desk


def doses_of(room: Workroom, visit: Encounter) -> int:
    return int(immunizations.of_encounter(room.bench.read(), visit.encounter_id) is not None)


def test_a_deferred_visit_ends_with_reason_and_review_date(workroom: Workroom) -> None:
    """VER-5, VER-8: 推迟接种."""
    visit = workroom.site.registered()
    ask_eleven_questions(workroom, visit)
    workroom.press("Alt+2")
    workroom.hand.type("fever")
    workroom.press("Alt+7", "F11", "F12", "Enter")
    assert workroom.state(visit) is VisitState.DEFERRED
    record = screenings.screening_record(workroom.bench.read(), visit.encounter_id)
    assert record is not None
    assert record["reason"] == "fever"
    assert record["review_on"] == "2026-11-30"


def test_a_contraindicated_visit_ends_with_the_medical_advice(workroom: Workroom) -> None:
    """VER-5: 不宜接种, with the advice the law asks for (疫苗管理法 art. 45)."""
    visit = workroom.site.registered()
    ask_eleven_questions(workroom, visit)
    workroom.press("Alt+3")
    workroom.hand.type("allergy")
    workroom.press("Tab")
    workroom.hand.type("see allergist")
    workroom.press("F11", "F12", "Enter")
    assert workroom.state(visit) is VisitState.NOT_ADVISED


def test_a_declined_consent_ends_the_visit_and_is_recorded(workroom: Workroom) -> None:
    """VER-7: informed, voluntary; a refusal must be recordable."""
    visit = workroom.site.registered()
    ask_eleven_questions(workroom, visit)
    workroom.press("Alt+1", "Down", "F11", "F12", "Enter")
    assert workroom.state(visit) is VisitState.SCREENED
    workroom.press("Alt+2", "1", "Enter")
    assert workroom.state(visit) is VisitState.DECLINED
    consent = screenings.consent_record(workroom.bench.read(), visit.encounter_id)
    assert consent is not None
    assert consent["agreed"] is False


def test_an_expired_vial_stops_everything_and_a_good_one_goes_on(workroom: Workroom) -> None:
    """TRC-2, rule 9: Enter does not pass the stop; the next good vial does."""
    visit = workroom.site.ready()
    workroom.press("F4")
    workroom.scan(ticket(visit))
    workroom.tones.clear()
    workroom.scan(workroom.site.vials("FLU4-1", expired=True)[0])
    assert stopped(workroom)
    workroom.press("Enter")
    assert stopped(workroom)
    assert needle.find_vial(workroom.bench.read(), visit.encounter_id) is None
    workroom.scan(workroom.site.vials("FLU4-1")[0])
    assert not stopped(workroom)
    workroom.press("1", "2", "3", "4", "Enter")
    assert workroom.state(visit) is VisitState.OBSERVING


def test_a_wrong_code_at_the_needle_leaves_the_visit_as_it_was(workroom: Workroom) -> None:
    """TRC-2: carton code, another product, a code no delivery holds."""
    stock = next(lot for lot in workroom.site.stock if lot.product_code == "FLU4-1")
    codes = {
        "carton": stock.carton_code,
        "other product": workroom.site.vials("MMR-1")[0],
        "unknown": "12345678901234567890",
    }
    visit = workroom.site.ready()
    workroom.press("F4")
    workroom.scan(ticket(visit))
    for what, code in codes.items():
        workroom.tones.clear()
        workroom.scan(code)
        assert "taken" in workroom.tones, what
        assert workroom.state(visit) is VisitState.AT_STATION, what
        assert needle.find_vial(workroom.bench.read(), visit.encounter_id) is None, what
        assert doses_of(workroom, visit) == 0, what


def test_two_tickets_in_a_row_keep_the_first_person_at_the_needle(workroom: Workroom) -> None:
    first = workroom.site.ready(workroom.site.patient(index=0))
    second = workroom.site.ready(workroom.site.patient(index=1))
    workroom.press("F4")
    workroom.scan(ticket(first))
    workroom.scan(ticket(second))
    assert workroom.state(first) is VisitState.AT_STATION
    assert workroom.state(second) is VisitState.READY


def test_somebody_elses_id_number_at_the_needle_is_stopped(workroom: Workroom) -> None:
    visit = workroom.site.ready(workroom.site.patient(index=0))
    other = workroom.site.patient(index=1)
    workroom.press("F4")
    workroom.scan(ticket(visit))
    workroom.scan(other.document_number)
    page = workroom.station
    assert isinstance(page, VaccinationPage)
    assert page.stops.stop is not None
    assert doses_of(workroom, visit) == 0


def test_the_same_code_is_refused_when_its_doses_are_used_up(workroom: Workroom) -> None:
    """TRC-2: a one-dose pack is used once."""
    workroom.site.vaccinated(workroom.site.patient(index=0), vial=0)
    visit = workroom.site.ready(workroom.site.patient(index=1))
    workroom.press("F4")
    workroom.scan(ticket(visit))
    workroom.scan(workroom.site.vials("FLU4-1")[0])
    page = workroom.station
    assert isinstance(page, VaccinationPage)
    assert page.stops.stop is not None, workroom.refusals
    assert isinstance(page.stops.stop.refusal, CodeOverused)


def test_a_scan_while_a_refusal_is_shown_closes_it_and_is_used(workroom: Workroom) -> None:
    visit = workroom.site.ready()
    workroom.press("F4")
    workroom.scan("VXT1:0000000000")
    workroom.scan(ticket(visit))
    assert workroom.state(visit) is VisitState.AT_STATION


def test_a_bad_check_digit_gets_a_sentence_and_the_low_tone(workroom: Workroom) -> None:
    """REG-12: wrong check digit, impossible date."""
    workroom.press("F2")
    workroom.tones.clear()
    workroom.scan("110101194912310025")
    assert "refused" in workroom.tones


def test_the_dose_cannot_be_recorded_by_the_wrong_role(workroom: Workroom) -> None:
    """The workflow refuses, not the button."""
    visit = workroom.site.checked()
    workroom.site.as_user(DOCTOR)
    workroom.press("F4")
    workroom.press("Enter")
    assert doses_of(workroom, visit) == 0


def test_the_hall_hears_when_somebody_may_go_and_when_somebody_is_unwell(workroom: Workroom) -> None:
    """Rule 13, OBS-3: tones are sounded, and never the only signal."""
    dose = workroom.site.vaccinated()
    workroom.settle()
    workroom.site.clock.go(minutes=30)
    workroom.bench.tick()
    workroom.settle()
    assert "due" in workroom.tones
    workroom.site.desk.do(raise_alarm, dose["encounter_id"], "头晕")
    workroom.settle()
    assert "alarm" in workroom.tones
