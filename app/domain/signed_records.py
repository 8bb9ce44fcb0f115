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
"""The kinds of events that carry the recipient's signature."""
_TEXT = frozenset({"text_id", "text_version", "text_sha256"})
_PAPER = frozenset({"name", "relation", "means"})
_DRAWN = _PAPER | {
    "strokes", "digest", "algorithm", "public_key", "value", "document_hash", "signed_at",
}  # fmt: skip
_NOT_SIGNED = frozenset({"encounter_id", "screening_id", "recorded_at", "questions", "signatures"})
_CONSENT_NOT_SIGNED = frozenset({"encounter_id", "consent_id", "recorded_at", "signature"}) | _TEXT


def signer_in(body: Json) -> Json:
    """Return the part of a screening or consent that says who signed for the recipient, and how."""
    part: Json = body["signatures"]["recipient"] if "signatures" in body else body["signature"]
    return part


def content_of(body: Json, patient_id: str, document_hash: str, signed_at: str) -> Signed:
    """Return what is signed with this body of a screening or consent; the signature in it is not looked at.

    Raises KeyError on what is no such body.
    """
    signer = signer_in(body)
    if "signatures" in body:
        what = "advice" if body["decision"] == Decision.DO_NOT else "screening"
        text = body["questions"]
        answers = {key: value for key, value in body.items() if key not in _NOT_SIGNED}
        answers["signatures"] = {who: by for who, by in body["signatures"].items() if who != "recipient"}
        answers["questions"] = {key: value for key, value in text.items() if key not in _TEXT}
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
        drawn=(
            Drawn(read_signature(signer), signer["signed_at"])
            if signer["means"] == SignatureMeans.DRAWN
            else None
        ),
    )


def _plan_of(said: Json) -> Plan:
    return Plan(said["product_code"], said["dose_number"])


def drawn_in(body: Json, patient_id: str) -> tuple[DrawnSignature, Signed] | None:
    """Return the drawn signature of a recorded body and what it stands under, None where paper was signed.

    Raises SignatureNotBound on a signature that is no longer whole.
    """
    try:
        part = signer_in(body)
        if part["means"] == SignatureMeans.PAPER and part.keys() == _PAPER:
            return None
        if part["means"] != SignatureMeans.DRAWN or part.keys() != _DRAWN:
            raise SignatureNotBound("screening" if "signatures" in body else "consent")
        return read_signature(part), content_of(body, patient_id, part["document_hash"], part["signed_at"])
    except (KeyError, TypeError, ValueError, AttributeError) as broken:
        raise SignatureNotBound("screening" if "signatures" in body else "consent") from broken
