"""Copying doses given elsewhere from a person's booklet (补录), and taking one back (REG-8, CRT-4)."""

from datetime import UTC, datetime, time
from typing import Any

from sqlite_utils import Database

from app.domain.clock import CHINA, instant_text, local_day, read_instant
from app.domain.journal import Json
from app.domain.past_doses import (
    LONGEST_WORDS,
    Evidence,
    PastDoseForm,
    PastDoseGone,
    PastDoseReasonMissing,
    check_past_dose,
)
from app.storage import elsewhere, immunizations, patients
from app.workflows.desk import Act
from app.workflows.forecast import packs_in_use

EVIDENCES = {
    Evidence.BOOKLET: "预防接种证",
    Evidence.CERTIFICATE: "接种凭证",
    Evidence.OTHER_SYSTEM: "其他系统",
}
"""As it stands in the record, for whoever reads it later."""
_NOON = time(12, tzinfo=CHINA)
"""A paper has no time of day."""


def kinds_of_vaccines() -> dict[str, str]:
    """Return what may be copied, by code: every kind that the packs in use know."""
    return {
        vaccine.code: vaccine.title
        for pack in packs_in_use().packs
        for vaccine in pack.vaccines
        if vaccine.title
    }


def copied_doses(db: Database, patient_id: str) -> list[Json]:
    """Return a person's copied doses that count, wherever they were copied, the oldest first."""
    return [dose for dose in elsewhere.doses_of(db, patient_id) if not dose["product_code"]]


def record_past_dose(act: Act, patient_id: str, form: PastDoseForm) -> str:
    """Copy one dose; returns its id. Raises NotPermitted and the refusals of ``check_past_dose``."""
    act.require("record_past_dose")
    patient, known = patients.get_patient(act.db, patient_id), kinds_of_vaccines()
    given = [
        (str(dose["vaccine_code"]), local_day(read_instant(dose["occurred_at"])))
        for dose in immunizations.history_of(act.db, patient_id)
    ]
    check_past_dose(form, known, patient.birth_on, act.today, given)
    assert form.given_on is not None, "checked"
    where, dose_id = form.given_at.strip()[:LONGEST_WORDS] or "外地", act.new_id()
    body: dict[str, Any] = {
        "immunization_id": dose_id,
        "patient_id": patient_id,
        "vaccine_code": form.vaccine_code,
        "vaccine_name": known[form.vaccine_code],
        "product_code": "",
        "dose_number": form.dose_number,
        "lot_number": form.lot_number.strip()[:LONGEST_WORDS],
        "trace_code": None,
        "site_name": f"{where}（据{EVIDENCES[form.evidence]}）",
        "occurred_at": instant_text(datetime.combine(form.given_on, _NOON).astimezone(UTC)),
        "evidence": str(form.evidence),
        "recorded_at": act.at,
    }
    act.append("past_dose.recorded", body, person=patient_id)
    return dose_id


def withdraw_past_dose(act: Act, patient_id: str, dose_id: str, reason: str) -> None:
    """Take a copied dose back, with a reason; it stays in the journal and counts no more.

    Raises NotPermitted, PastDoseReasonMissing or PastDoseGone.
    """
    act.require("withdraw_past_dose")
    if not reason.strip():
        raise PastDoseReasonMissing
    if all(dose["immunization_id"] != dose_id for dose in copied_doses(act.db, patient_id)):
        raise PastDoseGone
    body = {"immunization_id": dose_id, "patient_id": patient_id, "reason": reason.strip(), "at": act.at}
    act.append("past_dose.withdrawn", body, person=patient_id)
