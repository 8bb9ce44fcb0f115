"""A dose given as recorded but for a detail: the wrong version ends and the right one stands, in one act."""

from dataclasses import dataclass

from app.domain.catalogue import BodySite, Route
from app.domain.checklist import body_sites_of
from app.domain.journal import Json
from app.domain.refusals import Refusal
from app.domain.staff import Role
from app.domain.vial import CodeSource
from app.storage import catalogue, staff
from app.workflows.desk import Act
from app.workflows.immunization import CorrectionReasonMissing, standing_dose

DOSE_NUMBERS = range(1, 21)
"""Doses of one vaccine a person may have had."""


@dataclass(frozen=True)
class Correction:
    """How a dose was in truth; what is None was recorded right."""

    body_site: BodySite | None = None
    dose_number: int | None = None
    lot_id: str | None = None
    """A lot of the same product at this site."""
    performer: str | None = None
    """Id of the member of staff who injected."""


@dataclass(unsafe_hash=True)
class NothingCorrected(Refusal):
    """What is stated is what stands already."""


@dataclass(unsafe_hash=True)
class CorrectionNotPossible(Refusal):
    """A dose of this product cannot have been given so; ``field`` of Correction."""

    field: str


@dataclass(unsafe_hash=True)
class CorrectionNeedsManager(Refusal):
    """Somebody else's dose, and who gave a dose, are corrected by a manager alone."""

    performer_name: str


def correct_immunization(act: Act, immunization_id: str, correction: Correction, reason: str) -> Json:
    """Record how a dose was in truth, with a reason; returns the version that stands now (REG-8).

    The version before is voided as any dose entered in error and points at the new one, which points back
    (``corrects``); time, visit, observation and the eleven checks stay. Another lot leaves the trace code
    out: it was that of another pack. Raises CorrectionReasonMissing, DoseUnknown, CorrectionNeedsManager,
    CorrectionNotPossible or NothingCorrected.
    """
    act.require("correct_immunization")
    if not reason.strip():
        raise CorrectionReasonMissing()
    record = standing_dose(act.db, immunization_id)
    is_own = record["performer"] == act.user.staff_id and correction.performer in (None, act.user.staff_id)
    if not is_own and Role.MANAGER not in act.user.roles:
        raise CorrectionNeedsManager(record["performer_name"])
    told = _told(act, record, correction)
    changed = sorted(key for key, value in told.items() if record[key] != value)
    if not changed:
        raise NothingCorrected()
    stands = {key: value for key, value in record.items() if key != "status"} | told
    stands |= {
        "immunization_id": act.new_id(),
        "corrects": immunization_id,
        "correction": {
            "reason": reason.strip(),
            "changed": changed,
            "by": act.user.staff_id,
            "by_name": act.user.name,
            "at": act.at,
        },
    }
    before = {
        "immunization_id": immunization_id,
        "encounter_id": record["encounter_id"],
        "reason": reason.strip(),
        "voided_at": act.at,
        "corrected_by": stands["immunization_id"],
    }
    act.append("immunization.voided", before, person=record["patient_id"])
    act.append("immunization.recorded", stands, person=record["patient_id"])
    return stands


def _told(act: Act, record: Json, correction: Correction) -> Json:
    """Return the fields of a dose record that a correction states; raises CorrectionNotPossible."""
    told: Json = {}
    if correction.body_site is not None:
        if correction.body_site not in body_sites_of(Route(record["route"])):
            raise CorrectionNotPossible("body_site")
        told["body_site"] = str(correction.body_site)
    if correction.dose_number is not None:
        if correction.dose_number not in DOSE_NUMBERS:
            raise CorrectionNotPossible("dose_number")
        told["dose_number"] = correction.dose_number
    if correction.lot_id is not None:
        told |= _of_lot(act, record, correction.lot_id)
    if correction.performer is not None:
        member = staff.find_staff(act.db, correction.performer)
        if member is None or Role.VACCINATOR not in member.roles:
            raise CorrectionNotPossible("performer")
        told |= {"performer": member.staff_id, "performer_name": member.name}
    return told


def _of_lot(act: Act, record: Json, lot_id: str) -> Json:
    lot = catalogue.find_lot(act.db, lot_id)
    if lot is None or lot.product_code != record["product_code"]:
        raise CorrectionNotPossible("lot_id")
    if lot.lot_number == record["lot_number"]:
        return {}
    return {
        "lot_number": lot.lot_number,
        "expires_on": lot.expires_on.isoformat(),
        "trace_code": None,
        "code_source": str(CodeSource.UNREADABLE),
        "code_reason": "更正批号",
    }
