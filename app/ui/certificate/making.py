"""Makes a certificate off the screen thread: sign, draw, and what the page then shows."""

from dataclasses import dataclass

from app.documents.certificate_sheet import Paper, certificate_pdf
from app.documents.hcert import signed_text
from app.documents.trust import Identity, key_id
from app.domain.certificate import CertificateFacts


@dataclass(frozen=True)
class Made:
    """A certificate ready to be issued and printed."""

    facts: CertificateFacts
    signed: str | None
    key_id: str | None
    pdf: bytes


def make_certificate(facts: CertificateFacts, signer: Identity | None, paper: Paper) -> Made:
    """Sign and draw; raises GlyphMissing for a character no font has, SigningKeyOutOfDate."""
    signed = signed_text(facts, signer) if signer else None
    kid = key_id(signer.certificate_der).hex() if signer else None
    return Made(facts, signed, kid, certificate_pdf(facts, signed, paper))


def mark_certificate(made: Made, paper: Paper, mark: str) -> bytes:
    """Draw the same sheets once more with who takes them out as a file, when and why; raises GlyphMissing."""
    return certificate_pdf(made.facts, made.signed, paper, mark)
