"""Several doses at one visit, and not one law of the single dose weaker (APP-8, VER-1, OBS-1)."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from app.domain.catalogue import BodySite
from app.domain.checklist import PERSON_ITEMS, VIAL_ITEMS, ChecklistIncomplete, Injection, Item
from app.domain.clock import read_instant
from app.domain.codes import TraceCode
from app.domain.journal import Json
from app.domain.observation import Look, StillObserving
from app.domain.schedule.together import SeriesTwice
from app.domain.screening import Decision, Plan
from app.domain.vial import CodeSource, WrongProduct
from app.domain.visit import Encounter, VisitState
from app.storage import encounters, immunizations, journal, screenings
from app.storage.observations import find_observation, seated
from app.workflows import certificates, immunization, needle, observation, registration, screening
from app.workflows.needle import NeedleView
from app.workflows.needle_facts import ReactionOpen
from app.workflows.observation import MoreToCome
from app.workflows.screening import ConsentForm, NotToBeAnswered
from tests.factories import CONSENT, DOCTOR, MANAGER, NURSE, QUESTIONS, all_no
from tests.strategies import some
from tests.workflows.copied_site import CopiedSite, quick_folder
from tests.workflows.morning import check_consistency

THREE = ("HEPB-10", "FLU4-1", "RAB-1")
IN_ORDER = ("RAB-1", "HEPB-10", "FLU4-1")  # urgent, programme, others
THIRTY = timedelta(minutes=30)


class Visit:
    """One adult's visit at a small site, brought forward dose by dose."""

    def __init__(self, site: CopiedSite, *products: str) -> None:
        self.site = site
        self.site.open_day()
        self.encounter_id = site.registered().encounter_id
        self.vial = 0
        if products:
            self.screen(*products)
        for product in products:
            self.answer(product)

    def screen(self, *products: str) -> None:
        first, *others = (Plan(product, 1) for product in products)
        self.site.as_user(DOCTOR)
        form = replace(all_no(), plan=first, also=tuple(others))
        self.site.desk.do(screening.record_screening, self.encounter_id, form, QUESTIONS)

    @classmethod
    def unanswered(cls, site: CopiedSite, *products: str) -> "Visit":
        """Return a visit that is screened, nobody told of anything."""
        visit = cls(site)
        visit.screen(*products)
        return visit

    def answer(self, product: str, *, agreed: bool = True) -> None:
        self.site.as_user(DOCTOR)
        form = ConsentForm(CONSENT, agreed, "家属", "本人", reason="再想想", product_code=product)
        self.site.desk.do(screening.record_consent, self.encounter_id, form)

    def call(self) -> None:
        self.site.as_user(NURSE)
        self.site.desk.do(needle.call_ticket, self.encounter_id)

    def scan(self, product: str) -> None:
        code = TraceCode(self.site.vials(product)[self.vial])
        self.site.desk.do(needle.scan_vial, self.encounter_id, code, CodeSource.SCANNED)

    def confirm(self) -> None:
        for item in PERSON_ITEMS:
            self.site.desk.do(needle.confirm_item, self.encounter_id, item)

    def record(self) -> Json:
        view = self.view
        assert view.planned is not None
        injection = Injection(view.body_site or view.planned.body_site, view.planned.route)
        return self.site.desk.do(immunization.record_immunization, self.encounter_id, injection)

    def give(self, product: str) -> Json:
        self.vial += 1
        return self.site.give(self.encounter_id, product, self.vial)

    @property
    def view(self) -> NeedleView:
        return needle.needle_view(self.site.desk.read(), self.encounter_id, self.site.desk.now())

    @property
    def encounter(self) -> Encounter:
        return encounters.get_encounter(self.site.desk.read(), self.encounter_id)

    def state(self) -> VisitState:
        return self.encounter.state

    @property
    def doses(self) -> list[Json]:
        return immunizations.all_of_encounter(self.site.desk.read(), self.encounter_id)


def started(site: CopiedSite, *products: str) -> Visit:
    visit = Visit(site, *products)
    visit.call()
    return visit


# What is planned, and agreed to


def test_the_plan_goes_by_precedence_and_gives_each_the_least_used_limb(site: CopiedSite) -> None:
    visit = Visit(site, *THREE)
    placed = [(dose.product_code, dose.body_site) for dose, _ in visit.view.doses]
    assert [code for code, _ in placed] == list(IN_ORDER)
    assert [limb for _, limb in placed] == [BodySite.LEFT_ARM, BodySite.RIGHT_ARM, BodySite.LEFT_ARM]


def test_two_in_one_limb_say_so(site: CopiedSite) -> None:
    assert [product.product_code for product in Visit(site, *THREE).view.same_limb] == ["FLU4-1"]


def test_one_dose_alone_is_written_as_it_always_was(site: CopiedSite) -> None:
    visit = Visit(site, "FLU4-1")
    record = screenings.screening_record(site.desk.read(), visit.encounter_id)
    consent = screenings.consent_record(site.desk.read(), visit.encounter_id)
    assert record is not None
    assert consent is not None
    assert "also" not in record
    assert "product_code" not in consent


def test_two_against_one_disease_are_refused(site: CopiedSite) -> None:
    with pytest.raises(SeriesTwice) as refused:
        Visit(site, "FLU4-1", "RAB-1", "FLU4-1")
    assert refused.value == SeriesTwice("四价流感疫苗", "四价流感疫苗")


def test_each_product_has_its_answer_before_anybody_is_called(site: CopiedSite) -> None:
    """VER-6: told and asked for each vaccine."""
    visit = Visit.unanswered(site, "FLU4-1", "RAB-1")
    with pytest.raises(NotToBeAnswered):
        visit.answer("")
    visit.answer("RAB-1")
    assert visit.state() is VisitState.SCREENED
    with pytest.raises(NotToBeAnswered):
        visit.answer("RAB-1")
    visit.answer("FLU4-1")
    assert visit.state() is VisitState.READY


def test_declining_one_leaves_the_others(site: CopiedSite) -> None:
    """VER-7."""
    visit = Visit.unanswered(site, "FLU4-1", "RAB-1")
    visit.answer("RAB-1", agreed=False)
    visit.answer("FLU4-1")
    visit.call()
    with pytest.raises(WrongProduct):
        visit.scan("RAB-1")
    visit.give("FLU4-1")
    assert visit.state() is VisitState.OBSERVING


# At the needle


def test_after_one_dose_the_next_waits_at_the_same_needle(site: CopiedSite) -> None:
    visit = started(site, *THREE)
    visit.give("RAB-1")
    assert visit.state() is VisitState.AT_STATION
    at_needle = needle.person_at_needle(site.desk.read(), visit.encounter.session_id, "接种台 1")
    assert at_needle == visit.encounter
    view = visit.view
    assert view.planned is not None
    assert (view.planned.product_code, view.vial) == ("HEPB-10", None)
    assert set(view.facts.confirmations) == {Item.BOOKLET, Item.NAME}


def test_the_vial_of_a_later_one_may_come_first(site: CopiedSite) -> None:
    visit = started(site, *THREE)
    visit.give("FLU4-1")
    visit.give("RAB-1")
    visit.give("HEPB-10")
    assert [dose["product_code"] for dose in visit.doses] == ["FLU4-1", "RAB-1", "HEPB-10"]
    assert visit.state() is VisitState.OBSERVING


def test_a_vial_that_was_given_from_already_is_not_for_this_visit(site: CopiedSite) -> None:
    visit = started(site, "FLU4-1", "RAB-1")
    visit.give("FLU4-1")
    visit.vial += 1
    with pytest.raises(WrongProduct):
        visit.scan("FLU4-1")


def test_the_consent_of_a_dose_is_the_one_for_its_product(site: CopiedSite) -> None:
    visit = started(site, *THREE)
    for product in THREE:
        visit.give(product)
    consents = {
        event.body["consent_id"]: event.body["product_code"]
        for event in journal.events(site.desk.read())
        if event.kind == "consent.recorded" and event.body["encounter_id"] == visit.encounter_id
    }
    assert [consents[dose["consent_id"]] for dose in visit.doses] == list(THREE)


def test_an_open_alarm_lets_no_further_dose_go_in(site: CopiedSite) -> None:
    visit = started(site, "FLU4-1", "RAB-1")
    visit.give("RAB-1")
    visit.vial += 1
    visit.scan("FLU4-1")
    visit.confirm()
    site.desk.do(observation.raise_alarm, visit.encounter_id, "皮疹")
    with pytest.raises(ReactionOpen):
        visit.record()
    with pytest.raises(ReactionOpen):
        visit.scan("FLU4-1")
    site.as_user(DOCTOR)
    site.desk.do(observation.close_alarm, visit.encounter_id)
    site.as_user(NURSE)
    visit.record()
    assert visit.state() is VisitState.OBSERVING


def test_the_draft_of_a_reaction_names_every_dose(site: CopiedSite) -> None:
    visit = started(site, "FLU4-1", "RAB-1")
    visit.give("RAB-1")
    visit.give("FLU4-1")
    draft = site.desk.do(observation.raise_alarm, visit.encounter_id, "皮疹")
    assert draft["vaccine_name"] == "四价流感疫苗"
    assert [other["vaccine_name"] for other in draft["also_given"]] == ["狂犬疫苗"]


# What stops the rest


def test_back_to_the_doctor_the_rest_is_deferred_and_the_first_observed(site: CopiedSite) -> None:
    visit = started(site, "FLU4-1", "RAB-1")
    visit.give("RAB-1")
    site.desk.do(needle.return_visit, visit.encounter_id, "doctor", "孩子哭闹")
    assert visit.state() is VisitState.REGISTERED
    site.as_user(DOCTOR)
    later = site.desk.today() + timedelta(days=7)
    deferred = replace(all_no(), decision=Decision.DEFER, reason="哭闹", plan=None, review_on=later)
    site.desk.do(screening.record_screening, visit.encounter_id, deferred, QUESTIONS)
    assert visit.state() is VisitState.OBSERVING
    check_consistency(site)


def test_back_to_the_doctor_what_went_in_is_not_planned_again(site: CopiedSite) -> None:
    visit = started(site, "FLU4-1", "RAB-1")
    visit.give("RAB-1")
    site.desk.do(needle.return_visit, visit.encounter_id, "doctor", "想换一种")
    with pytest.raises(SeriesTwice):
        visit.screen("RAB-1")
    visit.screen("HEPB-10")
    visit.answer("HEPB-10")
    visit.call()
    assert visit.view.body_site is BodySite.RIGHT_ARM
    visit.give("HEPB-10")
    assert visit.state() is VisitState.OBSERVING


def test_the_registration_may_call_the_rest_off(site: CopiedSite) -> None:
    visit = started(site, "FLU4-1", "RAB-1")
    visit.give("RAB-1")
    site.desk.do(registration.cancel_visit, visit.encounter_id, "家长要走")
    assert visit.state() is VisitState.OBSERVING


def test_a_dose_voided_with_a_reason_calls_the_rest_off(site: CopiedSite) -> None:
    visit = started(site, *THREE)
    first, second = visit.give("RAB-1"), visit.give("HEPB-10")
    site.as_user(MANAGER)
    site.desk.do(immunization.void_immunization, first["immunization_id"], "录入错误", site.beside())
    assert visit.state() is VisitState.OBSERVING
    site.desk.do(immunization.void_immunization, second["immunization_id"], "录入错误", site.beside())
    assert visit.state() is VisitState.CANCELLED
    check_consistency(site)


# The observation


def test_nobody_is_released_while_another_dose_is_planned(site: CopiedSite) -> None:
    visit = started(site, "FLU4-1", "RAB-1")
    visit.give("RAB-1")
    site.clock.go(minutes=31)
    with pytest.raises(MoreToCome):
        site.desk.do(observation.release, visit.encounter_id, tuple(Look))
    visit.give("FLU4-1")
    with pytest.raises(StillObserving):
        site.desk.do(observation.release, visit.encounter_id, tuple(Look))
    site.clock.go(minutes=30)
    site.desk.do(observation.release, visit.encounter_id, tuple(Look))
    assert visit.state() is VisitState.RELEASED


def test_the_board_shows_one_person_with_all_their_doses_once(site: CopiedSite) -> None:
    visit = started(site, "FLU4-1", "RAB-1")
    visit.give("RAB-1")
    (between,) = seated(site.desk.read())
    assert between.has_more_to_come
    visit.give("FLU4-1")
    (seat,) = seated(site.desk.read())
    assert not seat.has_more_to_come
    assert seat.doses == (("狂犬疫苗", 1), ("四价流感疫苗", 1))


def test_once_a_clock_was_confirmed_taking_a_dose_back_lets_nobody_go_sooner(site: CopiedSite) -> None:
    site.desk.do(observation.mark_clock)
    visit = started(site, "FLU4-1", "RAB-1")
    visit.give("RAB-1")
    site.clock.jump(timedelta(hours=2))
    second = visit.give("FLU4-1")
    doubt = site.desk.do(observation.mark_clock)
    assert doubt is not None
    site.desk.do(observation.confirm_clock, doubt)
    before = find_observation(site.desk.read(), visit.encounter_id)
    site.desk.do(immunization.undo_immunization, second["immunization_id"])
    after = find_observation(site.desk.read(), visit.encounter_id)
    assert before is not None
    assert after is not None
    assert after.due_at == before.due_at == site.clock.now() + THIRTY


def test_a_certificate_states_both(site: CopiedSite) -> None:
    visit = started(site, "FLU4-1", "RAB-1")
    visit.give("RAB-1")
    visit.give("FLU4-1")
    facts = site.desk.do(certificates.prepare_certificate, visit.encounter.patient_id)
    assert {dose.product_code for dose in facts.doses} == {"RAB-1", "FLU4-1"}


# Laws


def check_own_checklist(doses: Sequence[Json]) -> None:
    """Eleven items for each, and what speaks of a vial seen after the dose before went in (VER-1)."""
    for place, dose in enumerate(doses):
        assert [item for item, *_ in dose["checks"]] == [str(item) for item in Item]
        earlier = [other["occurred_at"] for other in doses[:place]]
        seen = [at for item, _, _, at in dose["checks"] if item in VIAL_ITEMS]
        assert all(at > max(earlier) for at in seen if earlier)


DEEDS = st.sampled_from([("give", 0), ("give", 1), ("give", 2), ("undo", 0), ("undo", 1), ("skip", 0)])
STEPS = st.lists(DEEDS, max_size=7)


@settings(max_examples=some(12), deadline=None, suppress_health_check=list(HealthCheck))
@given(STEPS, st.lists(st.integers(1, 3), min_size=7, max_size=7))
@example([("give", 0), ("give", 1), ("undo", 0), ("give", 2), ("undo", 1)], [2] * 7)
def test_in_any_order_and_whatever_is_taken_back(steps: list[tuple[str, int]], minutes: list[int]) -> None:
    """OBS-1, VER-1: 30 minutes from the last injection that counts; each dose by a checklist of its own."""
    with quick_folder() as folder:
        site = CopiedSite(Path(folder))
        try:
            visit = started(site, *THREE)
            for (deed, place), waited in zip(steps, minutes, strict=False):
                _do(visit, deed, place)
                _check(visit)
                site.clock.go(minutes=waited)
            check_consistency(site)
        finally:
            site.close()


def _do(visit: Visit, deed: str, place: int) -> None:
    """Give what is still open, take back what is fresh, or record without a vial: refused."""
    desk = visit.site.desk
    given_codes = {dose["product_code"] for dose in visit.doses}
    if deed == "give" and THREE[place] not in given_codes:
        visit.give(THREE[place])
        check_own_checklist(visit.doses)
    elif deed == "undo" and len(visit.doses) > place:
        dose = visit.doses[-1 - place]
        if visit.site.clock.now() - read_instant(dose["occurred_at"]) <= timedelta(minutes=5):
            desk.do(immunization.undo_immunization, dose["immunization_id"])
    elif deed == "skip" and visit.view.vial is None and visit.state() is VisitState.AT_STATION:
        with pytest.raises(ChecklistIncomplete):
            visit.record()


def _check(visit: Visit) -> None:
    doses, observed = visit.doses, find_observation(visit.site.desk.read(), visit.encounter_id)
    assert visit.state() is (VisitState.OBSERVING if len(doses) == len(THREE) else VisitState.AT_STATION)
    if not doses:
        assert observed is None
        return
    assert observed is not None
    assert observed.due_at == read_instant(doses[-1]["occurred_at"]) + THIRTY
    assert len(seated(visit.site.desk.read())) == 1
