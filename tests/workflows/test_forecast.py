"""The schedule on a site's records: what is next by need, and how a plan stands to it (VER-5, VER-9)."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from app.domain.leaflet import Leaflet, LeafletInterval
from app.domain.people import Patient
from app.domain.schedule.standing import Standing
from app.practice.site import products
from app.storage import immunizations, patients, projections
from app.ui.texts.forecast import together_words, why_words
from app.workflows import registration
from app.workflows.forecast import (
    PersonForecast,
    forecast_from,
    forecast_of,
    proposal_for,
    visit_plan,
)
from app.workflows.screening import DepartureUnexplained, record_screening
from tests.factories import DOCTOR, NURSE, QUESTIONS, all_no
from tests.ui.registration.people import child
from tests.workflows.copied_site import CopiedSite

PRODUCTS = {product.product_code: product for product in products()}
TODAY = date(2026, 11, 22)


def born(days: int) -> Patient:
    return child(born=TODAY - timedelta(days))


def given(vaccine_code: str, day: date) -> dict[str, str]:
    return {"vaccine_code": vaccine_code, "occurred_at": f"{day}T02:00:00.000Z"}


def forecast(patient: Patient, *history: dict[str, str]) -> PersonForecast:
    return forecast_from(patient, history, TODAY)


def test_what_may_be_given_today_comes_first_and_the_rest_by_date() -> None:
    found = forecast(born(70)).next_doses
    today = [one.is_for_today for one in found]
    assert today == sorted(today, reverse=True)
    later = [one.line.recommended_on for one in found if not one.is_for_today]
    assert later == sorted(later, key=lambda day: day or date.max)


def test_a_dose_counts_on_its_day_in_china() -> None:
    """16:00 UTC is the next day at the site."""
    patient = born(70)
    late = patient.birth_on + timedelta(days=60)
    history = [{"vaccine_code": "DTaP", "occurred_at": f"{late}T16:00:00.000Z"}]
    (pair,) = forecast_from(patient, history, TODAY).doses
    assert pair[1].dose.given_on == late + timedelta(days=1)


def test_the_number_counts_the_doses_that_count() -> None:
    patient = born(300)
    first = patient.birth_on
    hepb = [given("HepB", first), given("HepB", first + timedelta(days=10))]
    proposal = proposal_for(forecast(patient, *hepb), patient, PRODUCTS["HEPB-10"])
    assert (proposal.dose_number, proposal.standing) == (2, Standing.DUE)
    assert not proposal.departs(2)
    assert proposal.departs(3)


@pytest.mark.parametrize(
    ("days", "product_code", "departs"),
    [
        (70, "DTAP-1", False),
        (40, "DTAP-1", True),  # not yet two months old
        (300, "JEL-1", False),
        (300, "MPSVAC-1", True),  # MPSV-A is due
        (800, "MPSVAC-1", False),  # from 24 months on, AC alone
        (70, "FLU4-1", False),  # the programme is silent
    ],
)
def test_a_plan_departs_where_the_schedule_says_something_else(
    days: int, product_code: str, departs: bool
) -> None:
    patient = born(days)
    proposal = proposal_for(forecast(patient), patient, PRODUCTS[product_code])
    assert proposal.departs(1) is departs


def test_either_way_to_begin_against_encephalitis_is_what_the_schedule_says() -> None:
    patient, inactivated = born(300), replace(PRODUCTS["JEL-1"], vaccine_code="JE-I", live=False)
    assert not proposal_for(forecast(patient), patient, inactivated).departs(1)
    begun = forecast(patient, given("JE-L", patient.birth_on + timedelta(days=250)))
    assert proposal_for(begun, patient, inactivated).departs(1)


def test_of_a_grown_up_the_childrens_programme_says_nothing() -> None:
    adult = born(365 * 30)
    for product in PRODUCTS.values():
        proposal = proposal_for(forecast(adult, given("HepB", TODAY - timedelta(90))), adult, product)
        assert proposal.standing is None
        assert proposal.dose_number == (2 if product.vaccine_code == "HepB" else 1)


def test_the_site_reads_its_own_records_and_refuses_an_unexplained_departure(site: CopiedSite) -> None:
    site.as_user(NURSE)
    newborn = child(born=site.desk.today() - timedelta(days=70))
    baby = site.desk.do(registration.register_patient, newborn)
    visit = site.registered(baby)
    site.as_user(DOCTOR)
    with pytest.raises(DepartureUnexplained) as refused:
        site.desk.do(record_screening, visit.encounter_id, all_no("DTAP-1", 2), QUESTIONS)
    assert (refused.value.dose_number, refused.value.proposed) == (2, 1)
    site.desk.do(record_screening, visit.encounter_id, all_no("DTAP-1", 1), QUESTIONS)
    db = site.desk.read()
    assert immunizations.history_of(db, baby.patient_id) == []
    assert forecast_of(db, baby, site.desk.today()).dose_numbers()["DTaP"] == 1


def together(patient: Patient, picked: str | None, *history: dict[str, str]) -> str:
    found = forecast(patient, *history)
    product = PRODUCTS[picked] if picked else None
    return together_words(
        visit_plan(found, tuple(PRODUCTS.values()), [product] if product else []), found.rules
    )


def test_what_is_due_today_is_said_with_its_limbs() -> None:
    words = together(born(75), None, given("HepB", TODAY - timedelta(75)))
    assert words.startswith("今天可以同时种：")
    for told in ("乙肝疫苗 左上臂", "百白破疫苗 右大腿", "脊灰灭活疫苗 左大腿"):
        assert told in words


def test_what_is_picked_stands_for_its_alternative_and_goes_with_the_rest() -> None:
    """JE-L is due anyway: picked or not it stands there once."""
    patient = born(260)
    assert together(patient, "JEL-1").count("乙脑") == together(patient, None).count("乙脑") == 1
    assert "活疫苗今天没有一起种的，要等到 2026-12-20。" in together(patient, "JEL-1")


def test_what_the_doctor_is_asked_about_is_not_proposed() -> None:
    """BCG between three months and four years wants a test first."""
    patient = born(800)
    assert any(one.vaccine_code == "BCG" and one.is_for_today for one in forecast(patient).next_doses)
    assert "卡介苗" not in together(patient, None)


def test_what_must_wait_is_said_with_its_day_and_why() -> None:
    grown_up = replace(born(0), birth_on=date(1970, 1, 1))
    words = together(grown_up, "ZOS-1", given("MMR", TODAY - timedelta(10)))
    assert "要等到 2026-12-10（因为麻腮风疫苗）" in words


def test_one_alone_with_nothing_beside_it_needs_no_words() -> None:
    assert together(replace(born(0), birth_on=date(1970, 1, 1)), "FLU4-1") == ""


def test_a_leaflet_keeps_a_dose_waiting_also_where_the_schedule_is_silent() -> None:
    """An adult, a vaccine of no programme: the leaflet's interval is said with its name."""
    product = PRODUCTS["ZOS-1"]
    patient = born(365 * 60)
    early = proposal_for(forecast(patient, given("ZOS", TODAY - timedelta(30))), patient, product)
    assert (early.standing, early.dose_number) == (Standing.LATER, 2)
    assert early.earliest_on == date(2026, 12, 23)
    assert early.departs(2)
    assert "示例" in why_words(early.reasons, {})
    late = proposal_for(forecast(patient, given("ZOS", TODAY - timedelta(70))), patient, product)
    assert (late.standing, late.reasons) == (None, ())


def test_a_leaflet_never_makes_a_dose_earlier_than_the_schedule() -> None:
    patient = born(120)
    history = (given("HepB", patient.birth_on), given("HepB", patient.birth_on + timedelta(31)))
    known = forecast(patient, *history)
    plain = proposal_for(known, patient, PRODUCTS["HEPB-10"])
    for length, later in (("28 days", False), ("9 months", True)):
        leaflet = Leaflet("说明书", "", (LeafletInterval(length),))
        said = proposal_for(known, patient, replace(PRODUCTS["HEPB-10"], leaflet=leaflet))
        assert plain.earliest_on is not None
        assert said.earliest_on is not None
        assert (said.earliest_on > plain.earliest_on) is later
        assert (said == plain) is not later


def test_a_rebuilt_store_answers_the_same_of_everybody(site: CopiedSite) -> None:
    for vial, product in enumerate(("HEPB-10", "MMR-1", "IPV-5")):
        site.vaccinated(site.patient(min_months=10, index=vial), product, vial)

    def answers() -> dict[str, PersonForecast]:
        db = site.desk.read()
        ids = [row[0] for row in db.execute("select patient_id from patient")]
        return {one: forecast_of(db, patients.get_patient(db, one), site.desk.today()) for one in ids}

    before = answers()
    assert sum(len(one.doses) for one in before.values()) == 3
    site.store.write(lambda transaction: projections.rebuild(transaction.db))
    assert answers() == before
