"""A dose is laid with one fault and judged by what became of it (S3, STF-6)."""

from dataclasses import replace

import pytest

from app.domain.catalogue import BodySite
from app.domain.journal import Json
from app.domain.permissions import NotPermitted
from app.practice.exercise import Exercise, Fault, NotAtPractice, Standing, judge, lay_out
from app.storage import catalogue, immunizations
from app.storage.site import get_site
from app.workflows.correction import Correction, correct_immunization
from app.workflows.immunization import void_immunization
from app.workflows.site_setup import configure_site
from tests.factories import DOCTOR, MANAGER, SmallSite


def laid(site: SmallSite, fault: Fault) -> Exercise:
    """Lay doses until one has this fault."""
    assert site.desk.user is not None
    last = None
    for _ in range(40):
        exercise = lay_out(site.desk, site.desk.user, last)
        if exercise.fault is fault:
            return exercise
        last = exercise.fault
    raise AssertionError(f"{fault} never came")


def right(site: SmallSite, truth: Json) -> Correction:
    lots = {lot.lot_number: lot.lot_id for lot in catalogue.lots_of(site.desk.read(), "FLU4-1")}
    return Correction(
        BodySite(truth["body_site"]) if "body_site" in truth else None,
        truth.get("dose_number"),
        lots[truth["lot_number"]] if "lot_number" in truth else None,
    )


def standing(site: SmallSite, exercise: Exercise) -> Standing:
    return judge(site.desk.read(), exercise).standing


@pytest.mark.parametrize("fault", [Fault.ARM, Fault.DOSE_NUMBER, Fault.LOT])
def test_a_wrong_detail_is_right_once_it_is_corrected_to_what_was_so(
    small_site: SmallSite, fault: Fault
) -> None:
    exercise = laid(small_site, fault)
    dose = exercise.wrong["immunization_id"]
    assert standing(small_site, exercise) is Standing.OPEN
    elsewhere = small_site.desk.do(correct_immunization, dose, Correction(BodySite.LEFT_BUTTOCK), "试试")
    assert standing(small_site, exercise) is Standing.OTHERWISE
    truth = {"body_site": exercise.wrong["body_site"]} | exercise.truth
    small_site.desk.do(correct_immunization, elsewhere["immunization_id"], right(small_site, truth), "改对")
    judged = judge(small_site.desk.read(), exercise)
    assert judged.standing is Standing.RIGHT
    assert [version["status"] for version in judged.versions] == [immunizations.VOIDED] * 2 + ["completed"]


def test_a_dose_that_was_given_is_not_voided(small_site: SmallSite) -> None:
    exercise = laid(small_site, Fault.ARM)
    small_site.desk.do(void_immunization, exercise.wrong["immunization_id"], "记错了人", small_site.beside())
    assert standing(small_site, exercise) is Standing.VOIDED


def test_a_dose_of_somebody_else_is_voided_and_no_correction_will_do(small_site: SmallSite) -> None:
    exercise = laid(small_site, Fault.PERSON)
    arm = Correction(BodySite.LEFT_BUTTOCK)
    kept = small_site.desk.do(correct_immunization, exercise.wrong["immunization_id"], arm, "试试")
    assert standing(small_site, exercise) is Standing.KEPT
    small_site.desk.do(void_immunization, kept["immunization_id"], "记错了人", small_site.beside())
    assert standing(small_site, exercise) is Standing.RIGHT


def test_each_exercise_is_another_person_and_another_fault(small_site: SmallSite) -> None:
    assert small_site.desk.user is not None
    before = lay_out(small_site.desk, small_site.desk.user)
    for _ in range(6):
        exercise = lay_out(small_site.desk, small_site.desk.user, before.fault)
        assert exercise.fault is not before.fault
        assert exercise.person.patient_id != before.person.patient_id
        before = exercise


def count(site: SmallSite) -> int:
    (entries,) = site.desk.read().execute("select count(*) from journal").fetchone()
    return int(entries)


def test_at_a_real_site_nothing_is_laid(small_site: SmallSite) -> None:
    small_site.as_user(MANAGER)
    small_site.desk.do(configure_site, replace(get_site(small_site.desk.read()), practice=False))
    refused(small_site, NotAtPractice)


def test_who_could_not_correct_it_gets_none(small_site: SmallSite) -> None:
    small_site.as_user(DOCTOR)
    refused(small_site, NotPermitted)


def refused(site: SmallSite, refusal: type[Exception]) -> None:
    assert site.desk.user is not None
    before = count(site)
    with pytest.raises(refusal):
        lay_out(site.desk, site.desk.user)
    assert count(site) == before
