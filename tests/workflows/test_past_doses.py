"""Doses copied from a booklet count as those of other sites do, until they are taken back (REG-8, CRT-4)."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from app.domain.condensed import condense, read_lines, write_lines
from app.domain.feed import SHARED_KINDS
from app.domain.past_doses import (
    Evidence,
    PastDoseDayWrong,
    PastDoseForm,
    PastDoseGone,
    PastDoseKnown,
    PastDoseReasonMissing,
    PastDoseUnclear,
)
from app.domain.people import Patient
from app.domain.refusals import Refusal
from app.storage import journal, projections
from app.storage.elsewhere import put_elsewhere
from app.storage.immunizations import history_of
from app.workflows import past_doses
from app.workflows.forecast import PersonForecast, forecast_of
from tests.factories import DOCTOR, NURSE
from tests.ui.registration.people import child, register
from tests.workflows.copied_site import CopiedSite, everything, quick_folder

TODAY = date(2026, 11, 23)
BORN = date(2025, 3, 10)


@pytest.fixture(scope="module")
def site() -> Iterator[CopiedSite]:
    with quick_folder() as folder:
        site = CopiedSite(Path(folder) / "site")
        yield site
        site.close()


@pytest.fixture
def baby(site: CopiedSite) -> Patient:
    """A child who came from elsewhere with a booklet."""
    number = site.desk.read().execute("select count(*) from patient").fetchone()[0]
    return register(site, child(born=BORN, sequence=2 * number))


def form(vaccine: str, given_on: str, number: int, lot: str = "", where: str = "") -> PastDoseForm:
    return PastDoseForm(vaccine, date.fromisoformat(given_on), number, Evidence.BOOKLET, lot, where)


def copy(site: CopiedSite, patient: Patient, *forms: PastDoseForm) -> list[str]:
    return [site.desk.do(past_doses.record_past_dose, patient.patient_id, one) for one in forms]


def forecast(site: CopiedSite, patient: Patient) -> PersonForecast:
    return forecast_of(site.desk.read(), patient, TODAY)


def next_of(site: CopiedSite, patient: Patient, group: str) -> tuple[str, int, date | None]:
    (one,) = [one for one in forecast(site, patient).next_doses if one.line.group == group]
    return one.vaccine_code, one.dose_number, one.line.earliest_on


DTAP = (form("DTaP", "2025-05-10", 1), form("DTaP", "2025-07-10", 2), form("DTaP", "2025-09-10", 3))


def test_what_the_booklet_says_counts_in_the_forecast(site: CopiedSite, baby: Patient) -> None:
    assert next_of(site, baby, "DTP")[:2] == ("DTaP", 1)
    copy(site, baby, *DTAP)
    assert next_of(site, baby, "DTP") == ("DTaP", 4, date(2026, 9, 10))
    assert [judged.status for _, judged in forecast(site, baby).doses] == ["valid"] * 3


def test_in_any_order_and_before_or_after_doses_of_this_site_the_answer_is_the_same(
    site: CopiedSite, baby: Patient
) -> None:
    copy(site, baby, DTAP[2], DTAP[0])
    site.vaccinated(baby, "HEPB-10", 0)
    copy(site, baby, form("HepB", "2025-03-10", 1), DTAP[1])
    assert next_of(site, baby, "DTP") == ("DTaP", 4, date(2026, 9, 10))
    told = [(str(d["vaccine_code"]), str(d["occurred_at"])[:10]) for d, _ in forecast(site, baby).doses]
    assert told == sorted(told, key=lambda one: one[1])


def test_it_says_where_it_is_from_and_needs_no_lot(site: CopiedSite, baby: Patient) -> None:
    copy(site, baby, form("MMR", "2025-11-10", 1, where="太原某社区"), form("BCG", "2025-03-10", 1, "K9"))
    bcg, mmr = history_of(site.desk.read(), baby.patient_id)
    assert (mmr["site_name"], mmr["lot_number"]) == ("太原某社区（据预防接种证）", "")
    assert (bcg["site_name"], bcg["lot_number"]) == ("外地（据预防接种证）", "K9")
    assert [d["vaccine_code"] for d in past_doses.copied_doses(site.desk.read(), baby.patient_id)] == [
        "BCG",
        "MMR",
    ]


@pytest.mark.parametrize(
    ("wrong", "refusal"),
    [
        (form("DTaP", "2025-03-09", 1), PastDoseDayWrong(date(2025, 3, 9), BORN, TODAY)),
        (form("DTaP", "2026-11-24", 1), PastDoseDayWrong(date(2026, 11, 24), BORN, TODAY)),
        (form("", "2025-05-10", 1), PastDoseUnclear("vaccine_code")),
        (form("NOTHING", "2025-05-10", 1), PastDoseUnclear("vaccine_code")),
        (replace(DTAP[0], given_on=None), PastDoseUnclear("given_on")),
        (replace(DTAP[0], dose_number=None), PastDoseUnclear("dose_number")),
        (replace(DTAP[0], dose_number=0), PastDoseUnclear("dose_number")),
        (replace(DTAP[0], dose_number=10), PastDoseUnclear("dose_number")),
        (replace(DTAP[2], dose_number=9), PastDoseKnown("百白破疫苗", date(2025, 9, 10))),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_written(
    site: CopiedSite, baby: Patient, wrong: PastDoseForm, refusal: Refusal
) -> None:
    copy(site, baby, DTAP[2])
    before = sum(1 for _ in journal.events(site.desk.read()))
    with pytest.raises(type(refusal)) as caught:
        copy(site, baby, wrong)
    assert caught.value == refusal
    assert sum(1 for _ in journal.events(site.desk.read())) == before


def test_birth_and_today_are_days_on_which_a_dose_may_have_been_given(
    site: CopiedSite, baby: Patient
) -> None:
    copy(site, baby, form("BCG", "2025-03-10", 1), form("FLU4", "2026-11-23", 1))
    assert len(history_of(site.desk.read(), baby.patient_id)) == 2


def test_one_too_early_is_copied_and_the_schedule_says_that_it_does_not_count(
    site: CopiedSite, baby: Patient
) -> None:
    copy(site, baby, form("DTaP", "2025-04-10", 1))
    ((_, judged),) = forecast(site, baby).doses
    assert judged.status == "not_valid"


def test_a_dose_taken_back_counts_no_more_and_stays_in_the_journal(site: CopiedSite, baby: Patient) -> None:
    first, *_ = copy(site, baby, *DTAP)
    with pytest.raises(PastDoseReasonMissing):
        site.desk.do(past_doses.withdraw_past_dose, baby.patient_id, first, " ")
    site.as_user(DOCTOR)
    site.desk.do(past_doses.withdraw_past_dose, baby.patient_id, first, "抄错了人")
    with pytest.raises(PastDoseGone):
        site.desk.do(past_doses.withdraw_past_dose, baby.patient_id, first, "再来一次")
    site.as_user(NURSE)
    assert len(history_of(site.desk.read(), baby.patient_id)) == 2
    last = list(journal.events(site.desk.read()))[-2]
    assert (last.kind, last.body["reason"], last.user) == ("past_dose.withdrawn", "抄错了人", DOCTOR)
    copy(site, baby, DTAP[0])
    assert len(history_of(site.desk.read(), baby.patient_id)) == 3


def test_a_dose_given_here_is_not_taken_back_as_a_copied_one(site: CopiedSite, baby: Patient) -> None:
    dose = site.vaccinated(baby, "HEPB-10", 1)
    with pytest.raises(PastDoseGone):
        site.desk.do(past_doses.withdraw_past_dose, baby.patient_id, dose["immunization_id"], "看错")


def test_after_a_rebuild_tables_and_forecast_are_the_same(site: CopiedSite, baby: Patient) -> None:
    first, *_ = copy(site, baby, *DTAP)
    site.desk.do(past_doses.withdraw_past_dose, baby.patient_id, first, "抄错了")
    before, said = everything(site.desk.read()), forecast(site, baby)
    site.store.write(lambda transaction: projections.rebuild(transaction.db))
    assert everything(site.desk.read()) == before
    assert forecast(site, baby) == said


def test_another_site_of_the_area_reads_the_same_doses(site: CopiedSite, baby: Patient) -> None:
    first, *_ = copy(site, baby, *DTAP)
    site.desk.do(past_doses.withdraw_past_dose, baby.patient_id, first, "抄错了")
    shared = [event for event in journal.events(site.desk.read()) if event.kind in SHARED_KINDS]
    told = read_lines(write_lines(condense(shared)))
    with quick_folder() as folder:
        other = CopiedSite(Path(folder) / "other")
        other.store.write(lambda transaction: put_elsewhere(transaction.db, told))
        doses = history_of(other.desk.read(), baby.patient_id)
        assert doses == history_of(site.desk.read(), baby.patient_id)
        assert len(doses) == 2
        other.close()
