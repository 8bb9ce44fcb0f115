"""The dose: recorded once, only after all eleven items; corrected by a new entry, never deleted."""

from dataclasses import dataclass
from datetime import timedelta

from app.domain.checklist import CheckFacts, CheckResult, Injection, require_all
from app.domain.clock import instant_text
from app.domain.journal import Json
from app.domain.observation import AlarmOpen
from app.domain.people import Patient
from app.domain.refusals import Refusal
from app.domain.visit import Encounter, VisitState, require_state
from app.storage import encounters, immunizations, observations, screenings
from app.workflows.desk import Act, SecondPerson
from app.workflows.needle_facts import check_facts, check_no_reaction

UNDO_MINUTES = 5
"""How long Ctrl+Z takes a dose back; later, or once receipted, it is corrected with a reason (ux.md 7, 8)."""


@dataclass(unsafe_hash=True)
class RouteDiffers(Refusal):
    """The stated route is not the product's."""

    stated: str
    needed: str


@dataclass(unsafe_hash=True)
class TooLateToUndo(Refusal):
    """The dose can only be corrected with a reason now."""

    receipted: bool


@dataclass(unsafe_hash=True)
class CorrectionReasonMissing(Refusal):
    """A correction needs its reason."""


@dataclass(unsafe_hash=True)
class DoseUnknown(Refusal):
    """There is no such dose that counts."""

    immunization_id: str


def record_immunization(act: Act, encounter_id: str, injection: Injection) -> Json:
    """Record the dose just injected; returns its record with all of Appendix B.

    No valid training certificate, no injection (STF-1): TrainingCertificateMissing or …Expired. Raises the
    first hard fact against it, ChecklistIncomplete, or RouteDiffers. The instant of the act starts the
    observation (疫苗管理法 art. 45, 46; N2023 8.1, 9.2.1; VER-1, TRC-2).
    """
    act.require("record_immunization")
    act.require_training()
    encounter = encounters.get_encounter(act.db, encounter_id)
    require_state(encounter, VisitState.AT_STATION)
    facts = check_facts(act.db, encounter)
    results = require_all(facts, act.now)
    check_no_reaction(act.db, encounter_id)
    if facts.planned and injection.route is not facts.planned.route:
        raise RouteDiffers(str(injection.route), str(facts.planned.route))
    body = _record(act, encounter, facts, injection, results)
    act.append("immunization.recorded", body, person=encounter.patient_id)
    return body


def undo_immunization(act: Act, immunization_id: str) -> None:
    """Take back a dose recorded by mistake a moment ago; raises TooLateToUndo, DoseUnknown or AlarmOpen."""
    act.require("undo_immunization")
    record = _standing(act, immunization_id)
    receipted = immunizations.receipted_at(act.db, immunization_id) is not None
    latest = instant_text(act.now - timedelta(minutes=UNDO_MINUTES))
    if receipted or record["occurred_at"] < latest:
        raise TooLateToUndo(receipted)
    _check_no_alarm(act, record)
    _void(act, record, {"reason": "撤销"})


def void_immunization(
    act: Act, immunization_id: str, reason: str, second: SecondPerson | None = None
) -> None:
    """Mark a dose as entered in error, with a reason; the entry stays and both are shown (REG-8).

    Two people answer for it. Its visit is over: vial, ticks and screening of another hour are never carried
    to an injection. Raises CorrectionReasonMissing, DoseUnknown, AlarmOpen, SecondPersonNeeded or
    SecondPersonIsFirst.
    """
    act.require("void_immunization")
    if not reason.strip():
        raise CorrectionReasonMissing()
    record = _standing(act, immunization_id)
    _check_no_alarm(act, record)
    approved_by = act.require_second("void_immunization", second).staff_id
    _void(act, record, {"reason": reason.strip(), "visit_over": True, "approved_by": approved_by})


def _standing(act: Act, immunization_id: str) -> Json:
    record = immunizations.find(act.db, immunization_id)
    if record is None or record["status"] != immunizations.COMPLETED:
        raise DoseUnknown(immunization_id)
    return record


def _check_no_alarm(act: Act, record: Json) -> None:
    observation = observations.find_observation(act.db, record["encounter_id"])
    if observation and observation.alarm_at:
        # With the dose its observation goes, and the alarm with it: only a doctor closes an alarm.
        raise AlarmOpen(observation.alarm_at)


def _void(act: Act, record: Json, said: Json) -> None:
    body = {
        "immunization_id": record["immunization_id"],
        "encounter_id": record["encounter_id"],
        "voided_at": act.at,
    }
    act.append("immunization.voided", body | said, person=record["patient_id"])


def _record(
    act: Act, encounter: Encounter, facts: CheckFacts, injection: Injection, results: tuple[CheckResult, ...]
) -> Json:
    """Build the dose record of domain.md, Appendix B."""
    vial, planned = facts.vial, facts.planned
    assert vial is not None, "the gate lets nothing pass without a vial"
    assert planned is not None, "the gate lets nothing pass without a plan"
    due = act.now + timedelta(minutes=act.site.observation_minutes)
    screening_id, consent_id = screenings.standing_ids(act.db, encounter.encounter_id, planned.product_code)
    record = {
        "immunization_id": act.new_id(),
        "encounter_id": encounter.encounter_id,
        "patient_id": encounter.patient_id,
        "patient": _snapshot(facts.patient),
        "vaccine_code": planned.vaccine_code,
        "vaccine_name": planned.vaccine_name,
        "full_name": planned.full_name,
        "product_code": planned.product_code,
        "specification": planned.specification,
        "dosage_form": planned.dosage_form,
        "market_holder": planned.market_holder,
        "manufacturer": planned.manufacturer,
        "lot_number": vial.lot.lot_number,
        "expires_on": vial.lot.expires_on.isoformat(),
        "trace_code": vial.trace_code,
        "code_source": str(vial.source),
        "code_reason": vial.reason,
        "pack_level": "1",
        "doses_per_pack": vial.doses,
        "vial_opened_at": instant_text(vial.opened_at or act.now),
        "dose_index_in_vial": vial.doses_used + 1,
        "occurred_at": act.at,
        "performer": act.user.staff_id,
        "performer_name": act.user.name,
        "dose_number": facts.dose_number,
        "series_doses": planned.series_doses,
        "programme": "nip" if planned.programme else "non_nip",
        "dose_quantity_ml": planned.dose_quantity_ml,
        "route": str(injection.route),
        "body_site": str(injection.body_site),
        "screening_id": screening_id,
        "consent_id": consent_id,
        "checks": [_check(result) for result in results],
        "observe_until": instant_text(due),
        "session_id": encounter.session_id,
        "site_name": act.site.name,
    }
    return record | ({"code_approved_by": vial.approved_by} if vial.approved_by else {})


def _snapshot(patient: Patient) -> Json:
    """Return who was injected as on file then, so that later edits do not rewrite history."""
    return {
        "name": patient.name,
        "sex": str(patient.sex),
        "birth_on": patient.birth_on.isoformat(),
        "document_type": patient.document_type,
        "document_number": patient.document_number,
    }


def _check(result: CheckResult) -> list[str | None]:
    """Return item, how, who and when."""
    at = instant_text(result.at) if result.at else None
    return [str(result.item), str(result.how) if result.how else None, result.by, at]
