"""Special conditions of a person (特殊情况): a doctor states them, and corrects them with a reason."""

from app.domain.conditions import (
    Condition,
    ConditionForm,
    ConditionReasonMissing,
    ConditionStatus,
    ConditionSuperseded,
    check_condition,
    standing,
)
from app.domain.people import Patient
from app.storage import conditions, patients
from app.workflows.desk import Act
from app.workflows.forecast import vocabulary


def record_condition(act: Act, patient_id: str, form: ConditionForm) -> str:
    """Record a condition that was not stated before; returns its id.

    Only a doctor may (VER-5, SITE-8). Raises the refusals of ``check_condition``.
    """
    act.require("record_condition")
    patient = patients.get_patient(act.db, patient_id)
    return _state(act, patient, form, None, "")


def amend_condition(
    act: Act, patient_id: str, condition_id: str, form: ConditionForm | None, reason: str
) -> str:
    """Put another statement in the place of one, or take it back (``form`` None); returns the new one's id.

    Both stay on record, with the reason. Raises ConditionReasonMissing, ConditionSuperseded, and the
    refusals of ``check_condition``.
    """
    act.require("amend_condition")
    statements = conditions.statements_of(act.db, patient_id)
    former = next(one for one in statements if one.condition_id == condition_id)
    if not former.stands:
        raise ConditionSuperseded(former.title)
    if not reason.strip():
        raise ConditionReasonMissing(former.title)
    return _state(act, patients.get_patient(act.db, patient_id), form, former, reason.strip())


def _state(
    act: Act, patient: Patient, form: ConditionForm | None, former: Condition | None, reason: str
) -> str:
    known = vocabulary()
    if form is not None:
        stated = standing(conditions.statements_of(act.db, patient.patient_id))
        others = [one for one in stated if one != former]
        check_condition(form, known, patient.birth_on, act.today, others)
        said = (form.code, known[form.code], form.since, form.until, form.note.strip())
    else:
        assert former is not None, "only what was stated is taken back"
        said = (former.code, former.title, former.since, former.until, former.note)
    statement = Condition(
        act.new_id(),
        patient.patient_id,
        *said,
        ConditionStatus.STATED if form is not None else ConditionStatus.ENTERED_IN_ERROR,
        former.condition_id if former else None,
        reason,
        act.at,
        act.user.name,
    )
    act.append("condition.recorded", conditions.condition_body(statement), person=patient.patient_id)
    return statement.condition_id
