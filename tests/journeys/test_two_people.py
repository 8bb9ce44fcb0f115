"""A vial of an unknown code, given by two and voided by two: real window, keys and scanner (SEC-6, REG-8)."""

from app.domain.codes import TicketCode, ticket_text
from app.domain.visit import VisitState
from app.storage import immunizations, journal
from app.workflows.credentials import set_badge
from tests.factories import DOCTOR, NURSE
from tests.journeys.conftest import Workroom

BADGE = "1002003400"
"""Digits, which are keys of the sheets: a scan presses none of them."""


def test_a_dose_entered_by_hand_and_voided_takes_a_colleagues_badge_both_times(workroom: Workroom) -> None:
    site = workroom.site
    site.as_user(DOCTOR)
    set_badge(site.desk, BADGE)
    site.as_user(NURSE)
    visit = site.ready()
    workroom.press("F4")
    workroom.scan(ticket_text(TicketCode(visit.ticket_token)))
    workroom.press("1")
    workroom.scan("12345678901234567890")
    workroom.press("Enter", "Enter", "Enter")
    workroom.scan(BADGE)
    workroom.press("Enter", "2", "3", "4", "Enter")
    assert workroom.state(visit) is VisitState.OBSERVING
    dose = immunizations.of_encounter(workroom.bench.read(), visit.encounter_id)
    assert dose is not None
    assert (dose["performer"], dose["code_approved_by"]) == (NURSE, DOCTOR)

    workroom.shell.go_to("certificate", visit.encounter_id)
    workroom.settle()
    workroom.press("F9", "Enter", "2", "Enter")
    assert workroom.state(visit) is VisitState.OBSERVING, "one alone voids nothing"
    workroom.scan(BADGE)
    workroom.press("Enter")
    assert workroom.state(visit) is VisitState.CANCELLED
    (told,) = immunizations.recorded_here(workroom.bench.read(), dose["patient_id"])
    assert (told["void_reason"], told["voided_by"], told["void_approved_by"]) == ("记错疫苗", NURSE, DOCTOR)
    kinds = [event.kind for event in journal.events(workroom.bench.read())]
    assert kinds.count("vial.presented") == kinds.count("immunization.voided") == 1
