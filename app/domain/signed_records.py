"""What a drawn signature in a record stands under: all of the record but its id and the time of recording.

The screen asks this before somebody signs, the act before it records, and the checker years later: it is one
function of the body, so the three cannot differ.
"""

from datetime import date

from app.domain.journal import Json
from app.domain.screening import Answer, Decision, Plan, QuestionAnswer, ScreeningForm
from app.domain.signature import (
    Drawn,
    DrawnSignature,
    SignatureMeans,
    SignatureNotBound,
    Signed,
    read_signature,
)

RECORDS = ("screening.recorded", "consent.recorded")
"""The kinds of events that carry signatures: the recipient's, and on a screening the doctor's."""
DOCTOR = "医生"
"""As whom a doctor signs."""
_TEXT = frozenset({"text_id", "text_version", "text_sha256"})
_PAPER = frozenset({"name", "relation", "means"})
_DOCTOR_PAPER = frozenset({"staff_id", "name", "means"})
_INK = frozenset({
    "strokes", "digest", "algorithm", "public_key", "value", "document_hash", "signed_at",
})  # fmt: skip
_NOT_SIGNED = frozenset({"encounter_id", "screening_id", "recorded_at", "questions", "signatures"})
_CONSENT_NOT_SIGNED = frozenset({"encounter_id", "consent_id", "recorded_at", "signature"}) | _TEXT


def signer_in(body: Json) -> Json:
    """Return the part of a screening or consent that says who signed for the recipient, and how."""
    part: Json = body["signatures"]["recipient"] if "signatures" in body else body["signature"]
    return part


def content_of(body: Json, patient_id: str, document_hash: str, signed_at: str) -> Signed:
    """Return what is signed with this body of a screening or consent; the signature in it is not looked at.

    The recipient signs under the doctor's signature too. Raises KeyError on what is no such body.
    """
    signer = signer_in(body)
    if "signatures" in body:
        what = "advice" if body["decision"] == Decision.DO_NOT else "screening"
        text = body["questions"]
        answers = _found(body)
        answers["signatures"] = {who: by for who, by in body["signatures"].items() if who != "recipient"}
    else:
        what, text = "consent", body
        answers = {key: value for key, value in body.items() if key not in _CONSENT_NOT_SIGNED}
    return Signed(
        what=what,
        encounter_id=body["encounter_id"],
        patient_id=patient_id,
        document_hash=document_hash,
        text_id=text["text_id"],
        text_version=text["text_version"],
        text_sha256=text["text_sha256"],
        answers=answers,
        signer=signer["name"],
        relation=signer["relation"],
        signed_at=signed_at,
    )


def decision_of(body: Json, patient_id: str, document_hash: str, signed_at: str) -> Signed:
    """Return what the doctor signs with this body of a screening: answers, findings and decision.

    Who signs for the recipient is not among it: that stands under the recipient's own.
    """
    doctor, text = body["signatures"]["doctor"], body["questions"]
    return Signed(
        what="decision",
        encounter_id=body["encounter_id"],
        patient_id=patient_id,
        document_hash=document_hash,
        text_id=text["text_id"],
        text_version=text["text_version"],
        text_sha256=text["text_sha256"],
        answers=_found(body) | {"staff_id": doctor["staff_id"]},
        signer=doctor["name"],
        relation=DOCTOR,
        signed_at=signed_at,
    )


def _found(body: Json) -> Json:
    """Return what a screening says but for its signatures."""
    found = {key: value for key, value in body.items() if key not in _NOT_SIGNED}
    found["questions"] = {key: value for key, value in body["questions"].items() if key not in _TEXT}
    return found


def form_of(body: Json) -> ScreeningForm:
    """Return the form that was recorded with this body of a screening."""
    plan, review_on, signer = body["plan"], body["review_on"], signer_in(body)
    return ScreeningForm(
        answers=tuple(QuestionAnswer(number, Answer(given), note) for number, given, note in body["answers"]),
        decision=Decision(body["decision"]),
        reason=body["reason"],
        advice=body["advice"],
        review_on=date.fromisoformat(review_on) if review_on else None,
        plan=_plan_of(plan) if plan else None,
        also=tuple(map(_plan_of, body.get("also", ()))),
        considered=body.get("considered", ""),
        signed_by=signer["name"],
        signer_relation=signer["relation"],
        drawn=_drawn_of(signer),
        doctor_drawn=_drawn_of(body["signatures"]["doctor"]),
    )


def _plan_of(said: Json) -> Plan:
    return Plan(said["product_code"], said["dose_number"])


def _drawn_of(part: Json) -> Drawn | None:
    return Drawn(read_signature(part), part["signed_at"]) if part["means"] == SignatureMeans.DRAWN else None


def drawn_in(body: Json, patient_id: str) -> tuple[tuple[DrawnSignature, Signed], ...]:
    """Return the drawn signatures of a recorded body and what each stands under; none where paper was signed.

    Raises SignatureNotBound on a signature that is no longer whole.
    """
    try:
        signers = [(signer_in(body), _PAPER, content_of)]
        if "signatures" in body:
            signers.append((body["signatures"]["doctor"], _DOCTOR_PAPER, decision_of))
        return tuple(
            (read_signature(part), content(body, patient_id, part["document_hash"], part["signed_at"]))
            for part, on_paper, content in signers
            if _is_drawn(part, on_paper)
        )
    except (KeyError, TypeError, ValueError, AttributeError) as broken:
        raise SignatureNotBound("screening" if "signatures" in body else "consent") from broken


def _is_drawn(part: Json, on_paper: frozenset[str]) -> bool:
    """Return whether a signature was drawn; raises ValueError on what is neither drawn nor on paper."""
    if part["means"] == SignatureMeans.PAPER and part.keys() == on_paper:
        return False
    if part["means"] != SignatureMeans.DRAWN or part.keys() != on_paper | _INK:
        raise ValueError
    return True
