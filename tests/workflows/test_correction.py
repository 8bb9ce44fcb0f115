"""A detail of a dose recorded wrong: put right with a reason, both versions kept (REG-8)."""

import pytest

from app.domain.catalogue import BodySite
from app.domain.checklist import Item
from app.domain.clock import instant_text
from app.domain.codes import TraceCode
from app.domain.observation import Look
from app.domain.vial import CodeSource
from app.domain.visit import VisitState
from app.storage import certificates, encounters, immunizations, journal
from app.storage.observations import find_observation
from app.workflows import needle, observation
from app.workflows.certificates import issue_certificate, prepare_certificate
from app.workflows.correction import (
    Correction,
    CorrectionNeedsManager,
    CorrectionNotPossible,
    NothingCorrected,
    correct_immunization,
)
from app.workflows.immunization import CorrectionReasonMissing, DoseUnknown, undo_immunization
from app.workflows.site_setup import receive_lot
from tests.factories import DOCTOR, MANAGER, NURSE
from tests.workflows.copied_site import CopiedSite
from tests.workflows.morning import check_consistency

RIGHT = Correction(BodySite.RIGHT_ARM)


def test_both_versions_stay_and_only_the_right_one_counts(site: CopiedSite) -> None:
    wrong = site.vaccinated()
    site.clock.go(minutes=60 * 24)
    right = site.desk.do(correct_immunization, wrong["immunization_id"], RIGHT, " 记录时选错 ")
    db = site.desk.read()
    told = immunizations.recorded_here(db, wrong["patient_id"])
    assert [(dose["body_site"], dose["status"], dose["corrected"]) for dose in told] == [
        ("left_arm", "entered-in-error", True),
        ("right_arm", "completed", False),
    ]
    assert right["corrects"] == wrong["immunization_id"]
    said = {"reason": "记录时选错", "changed": ["body_site"], "by": NURSE, "by_name": wrong["performer_name"]}
    assert right["correction"] == said | {"at": instant_text(site.clock.now())}
    same = set(wrong) - {"immunization_id", "body_site"}
    assert {key: right[key] for key in same} == {key: wrong[key] for key in same}, "time and checks stay"
    assert [dose["body_site"] for dose in immunizations.history_of(db, wrong["patient_id"])] == ["right_arm"]
    kinds = [event.kind for event in journal.events(db) if event.kind.startswith("immunization")]
    assert kinds == ["immunization.recorded", "immunization.voided", "immunization.recorded"]
    check_consistency(site)


def test_who_sits_under_observation_goes_on_sitting(site: CopiedSite) -> None:
    """Nothing of the minutes is lost, and an open alarm stands in nobody's way."""
    wrong = site.vaccinated()
    visit = wrong["encounter_id"]
    site.desk.do(observation.raise_alarm, visit, "皮疹")
    before = find_observation(site.desk.read(), visit)
    site.desk.do(correct_immunization, wrong["immunization_id"], RIGHT, "记录时选错")
    assert find_observation(site.desk.read(), visit) == before
    assert encounters.get_encounter(site.desk.read(), visit).state is VisitState.OBSERVING


def test_the_vial_of_the_next_dose_stays_presented_while_the_last_one_is_corrected(site: CopiedSite) -> None:
    """APP-8: the person is at the needle, what was confirmed of the second vial stands."""
    site.open_day()
    visit = site.ready(None, "HEPB-10", "FLU4-1").encounter_id
    site.desk.do(needle.call_ticket, visit)
    wrong = site.give(visit, "HEPB-10")
    code = TraceCode(site.vials("FLU4-1")[0])
    site.desk.do(needle.scan_vial, visit, code, CodeSource.SCANNED)
    site.desk.do(needle.confirm_item, visit, Item.APPEARANCE)
    before = needle.needle_view(site.desk.read(), visit, site.clock.now()).facts
    told = Correction(BodySite.LEFT_BUTTOCK)
    site.desk.do(correct_immunization, wrong["immunization_id"], told, "记录时选错")
    after = needle.needle_view(site.desk.read(), visit, site.clock.now()).facts
    assert (after.vial, after.confirmations) == (before.vial, before.confirmations)
    assert after.vial is not None
    check_consistency(site)


def test_who_has_left_is_not_called_back(site: CopiedSite) -> None:
    wrong = site.vaccinated()
    site.clock.go(minutes=31)
    site.desk.do(observation.release, wrong["encounter_id"], tuple(Look))
    right = site.desk.do(correct_immunization, wrong["immunization_id"], RIGHT, "记录时选错")
    assert encounters.get_encounter(site.desk.read(), wrong["encounter_id"]).state is VisitState.RELEASED
    site.desk.do(correct_immunization, right["immunization_id"], Correction(dose_number=2), "录错剂次")
    assert [
        dose["dose_number"] for dose in immunizations.of_patient(site.desk.read(), wrong["patient_id"])
    ] == [2]
    check_consistency(site)


def test_a_certificate_of_the_wrong_version_stands_no_longer(site: CopiedSite) -> None:
    wrong = site.vaccinated()
    facts = site.desk.do(prepare_certificate, wrong["patient_id"])
    site.desk.do(issue_certificate, wrong["patient_id"], facts, None, None)
    site.desk.do(correct_immunization, wrong["immunization_id"], Correction(dose_number=2), "录错剂次")
    db = site.desk.read()
    assert certificates.newest_of(db, wrong["patient_id"]) is None
    (stated,) = site.desk.do(prepare_certificate, wrong["patient_id"]).doses
    assert stated.dose_number == 2


def test_another_lot_takes_its_expiry_along_and_leaves_the_code_to_the_pack_it_stands_on(
    site: CopiedSite,
) -> None:
    wrong = site.vaccinated()
    site.as_user(MANAGER)
    lot_id = site.desk.do(receive_lot, "FLU4-1", "REAL-1", "2027-09-30")
    site.as_user(NURSE)
    right = site.desk.do(
        correct_immunization, wrong["immunization_id"], Correction(lot_id=lot_id), "录错批号"
    )
    assert (right["lot_number"], right["expires_on"], right["trace_code"]) == ("REAL-1", "2027-09-30", None)
    assert immunizations.use_of_code(site.desk.read(), wrong["trace_code"]) == (0, None)


def test_a_correction_taken_back_at_once_leaves_the_visit_at_the_needle(site: CopiedSite) -> None:
    wrong = site.vaccinated()
    right = site.desk.do(correct_immunization, wrong["immunization_id"], RIGHT, "记录时选错")
    site.desk.do(undo_immunization, right["immunization_id"])
    assert encounters.get_encounter(site.desk.read(), wrong["encounter_id"]).state is VisitState.AT_STATION
    check_consistency(site)


def test_what_is_no_correction_is_refused_and_nothing_is_written(site: CopiedSite) -> None:
    wrong = site.vaccinated()
    other_lot = next(lot.lot_id for lot in site.stock if lot.product_code == "RAB-1")
    before = immunizations.recorded_here(site.desk.read(), wrong["patient_id"])
    dose = wrong["immunization_id"]
    for correction, reason, refusal in (
        (RIGHT, " ", CorrectionReasonMissing),
        (Correction(), "为什么", NothingCorrected),
        (Correction(BodySite.LEFT_ARM), "为什么", NothingCorrected),
        (Correction(BodySite.MOUTH), "为什么", CorrectionNotPossible),
        (Correction(dose_number=0), "为什么", CorrectionNotPossible),
        (Correction(lot_id=other_lot), "为什么", CorrectionNotPossible),
        (Correction(lot_id="no such lot"), "为什么", CorrectionNotPossible),
    ):
        with pytest.raises(refusal):
            site.desk.do(correct_immunization, dose, correction, reason)
    with pytest.raises(DoseUnknown):
        site.desk.do(correct_immunization, "no such dose", RIGHT, "为什么")
    assert immunizations.recorded_here(site.desk.read(), wrong["patient_id"]) == before


def test_who_gave_a_dose_is_corrected_by_the_manager_alone(site: CopiedSite) -> None:
    wrong = site.vaccinated()
    as_other = Correction(performer=MANAGER)
    with pytest.raises(CorrectionNeedsManager):
        site.desk.do(correct_immunization, wrong["immunization_id"], as_other, "记在别人名下")
    site.as_user(MANAGER)
    with pytest.raises(CorrectionNotPossible):
        site.desk.do(correct_immunization, wrong["immunization_id"], Correction(performer=DOCTOR), "记错")
    right = site.desk.do(correct_immunization, wrong["immunization_id"], as_other, "记在别人名下")
    assert right["performer"] == MANAGER
    site.as_user(NURSE)
    with pytest.raises(CorrectionNeedsManager):
        site.desk.do(correct_immunization, right["immunization_id"], RIGHT, "不是我打的")
