"""At the needle: who is called, who confirms what (VER-1, TRC-2, REG-2)."""

from dataclasses import replace
from datetime import timedelta

import pytest

from app.domain.checklist import PERSON_ITEMS, Item, NotConsented, NotScreened, ScreeningOutdated
from app.domain.codes import TraceCode
from app.domain.screening import Decision
from app.domain.vial import CodeSource, Vial
from app.domain.visit import Encounter, TicketUnknown, VisitState, WrongStep
from app.storage import encounters, journal
from app.storage.needle import confirmations, find_vial
from app.workflows import needle, screening
from app.workflows.needle import OtherPersonAtNeedle, needle_view
from tests.factories import DOCTOR, NURSE, QUESTIONS, all_no
from tests.workflows.copied_site import CopiedSite


def scan(site: CopiedSite, encounter: Encounter, code: str) -> Vial:
    return site.desk.do(needle.scan_vial, encounter.encounter_id, TraceCode(code), CodeSource.SCANNED)


# The ticket


def test_a_ticket_is_called_to_this_desk(site: CopiedSite) -> None:
    called = site.at_needle()
    assert (called.state, called.desk, called.called_by) == (VisitState.AT_STATION, "接种台 1", NURSE)
    assert called.called_at == site.clock.now()


def test_a_second_person_is_not_called_while_one_is_at_the_needle(site: CopiedSite) -> None:
    site.at_needle()
    other = site.ready(site.patient(index=1))
    with pytest.raises(OtherPersonAtNeedle) as caught:
        site.desk.do(needle.call_ticket, other.encounter_id)
    assert (caught.value.ticket_number, caught.value.scanned_ticket) == ("A001", "A002")


def test_another_desk_calls_its_own_people(site: CopiedSite) -> None:
    site.at_needle()
    other = site.ready(site.patient(index=1))
    site.desk.name = "接种台 2"
    assert site.desk.do(needle.call_ticket, other.encounter_id).desk == "接种台 2"


def test_the_same_ticket_scanned_again_keeps_what_was_done(site: CopiedSite) -> None:
    checked = site.checked()
    site.desk.do(needle.call_ticket, checked.encounter_id)
    assert set(confirmations(site.desk.read(), checked.encounter_id)) == set(PERSON_ITEMS)


def test_a_call_from_another_desk_begins_anew(site: CopiedSite) -> None:
    """The vial and what one nurse saw do not walk to another needle."""
    checked = site.checked()
    site.desk.name = "接种台 2"
    site.desk.do(needle.call_ticket, checked.encounter_id)
    assert find_vial(site.desk.read(), checked.encounter_id) is None
    assert confirmations(site.desk.read(), checked.encounter_id) == {}


@pytest.mark.parametrize("decision", [Decision.DEFER, Decision.DO_NOT])
def test_nobody_is_called_against_the_doctors_advice(site: CopiedSite, decision: Decision) -> None:
    visit = site.registered()
    site.as_user(DOCTOR)
    form = replace(
        all_no(),
        decision=decision,
        reason="发热",
        advice="不要接种",
        review_on=site.desk.today() + timedelta(days=7),
    )
    site.desk.do(screening.record_screening, visit.encounter_id, form, QUESTIONS)
    site.as_user(NURSE)
    with pytest.raises(WrongStep):
        site.desk.do(needle.call_ticket, visit.encounter_id)


def test_nobody_is_called_before_screening_and_consent(site: CopiedSite) -> None:
    visit = site.registered()
    with pytest.raises(WrongStep):
        site.desk.do(needle.call_ticket, visit.encounter_id)
    site.as_user(DOCTOR)
    site.desk.do(screening.record_screening, visit.encounter_id, all_no(), QUESTIONS)
    site.as_user(NURSE)
    with pytest.raises(WrongStep):
        site.desk.do(needle.call_ticket, visit.encounter_id)


def test_a_screening_of_yesterday_is_asked_again(site: CopiedSite) -> None:
    ready = site.ready()
    site.clock.go(minutes=24 * 60)
    site.open_day()
    with pytest.raises(ScreeningOutdated):
        site.desk.do(needle.call_ticket, ready.encounter_id)
    site.desk.do(needle.return_visit, ready.encounter_id, "doctor", "昨天的预检")
    visit = encounters.get_encounter(site.desk.read(), ready.encounter_id)
    assert visit.state is VisitState.REGISTERED


def test_an_unknown_ticket_is_refused(site: CopiedSite) -> None:
    ready = site.ready()
    assert needle.find_ticket(site.desk.read(), ready.ticket_token).encounter_id == ready.encounter_id
    with pytest.raises(TicketUnknown):
        needle.find_ticket(site.desk.read(), "0000000000")


@pytest.mark.parametrize(("to", "state"), [("queue", VisitState.READY), ("doctor", VisitState.REGISTERED)])
def test_who_is_sent_back_leaves_vial_and_confirmations_behind(
    site: CopiedSite, to: str, state: VisitState
) -> None:
    checked = site.checked()
    site.desk.do(needle.return_visit, checked.encounter_id, to, "想再问问医生")
    db = site.desk.read()
    assert encounters.get_encounter(db, checked.encounter_id).state is state
    assert find_vial(db, checked.encounter_id) is None
    assert confirmations(db, checked.encounter_id) == {}
    with pytest.raises(WrongStep):
        site.desk.do(needle.return_visit, checked.encounter_id, "queue", "")


def test_who_was_sent_to_the_doctor_is_screened_and_asked_for_consent_again(site: CopiedSite) -> None:
    checked = site.checked()
    site.desk.do(needle.return_visit, checked.encounter_id, "doctor", "发热")
    site.as_user(DOCTOR)
    site.desk.do(screening.record_screening, checked.encounter_id, all_no(), QUESTIONS)
    site.as_user(NURSE)
    view = needle_view(site.desk.read(), checked.encounter_id, site.clock.now())
    assert view.encounter.state is VisitState.SCREENED
    assert isinstance(view.results[0].refusal, NotConsented)


# The items


def test_each_confirmation_is_kept_with_who_and_when(site: CopiedSite) -> None:
    encounter = site.at_needle()
    scan(site, encounter, site.vials("FLU4-1")[0])
    for item in PERSON_ITEMS:
        site.clock.go(2)
        site.desk.do(needle.confirm_item, encounter.encounter_id, item)
    given = confirmations(site.desk.read(), encounter.encounter_id)
    assert [given[item].by for item in PERSON_ITEMS] == [NURSE] * 4
    times = [given[item].at for item in PERSON_ITEMS]
    assert times == sorted(set(times))


def test_a_confirmation_taken_back_is_open_again_and_both_are_kept(site: CopiedSite) -> None:
    checked = site.checked()
    site.desk.do(needle.withdraw_item, checked.encounter_id, Item.NAME)
    assert Item.NAME not in confirmations(site.desk.read(), checked.encounter_id)
    kinds = [event.kind for event in journal.events(site.desk.read())]
    assert kinds.count("check.confirmed") == 4
    assert kinds.count("check.withdrawn") == 1


def test_nothing_is_confirmed_for_somebody_who_was_not_called(site: CopiedSite) -> None:
    ready = site.ready()
    for act in (needle.confirm_item, needle.withdraw_item):
        with pytest.raises(WrongStep):
            site.desk.do(act, ready.encounter_id, Item.BOOKLET)


def test_the_view_shows_a_visit_without_screening_as_stopped(site: CopiedSite) -> None:
    visit = site.registered()
    view = needle_view(site.desk.read(), visit.encounter_id, site.clock.now())
    assert isinstance(view.results[0].refusal, NotScreened)
