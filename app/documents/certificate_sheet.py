"""The printed certificate 《预防接种凭证》 (CRT-1, APP-12): facts and their signed text in, a PDF out."""

from functools import partial

from app.documents.page import Paper
from app.domain.certificate import CertificateFacts, check_certifiable

__all__ = ["Paper", "certificate_pdf"]


def certificate_pdf(
    facts: CertificateFacts, signed: str | None, paper: Paper = Paper.A5, mark: str = ""
) -> bytes:
    """Return the sheets as a PDF.

    ``signed`` is the text of ``hcert.signed_text``; None prints 未签名 in the place of the code, for a
    workstation that is not enrolled. ``mark``: who took it out as a file, when and why. Raises
    NoDoseToCertify, and GlyphMissing for a character without a font.
    """
    # reportlab costs a tenth of a second: paid by the first sheet, not by the start of the program.
    from app.documents.certificate_pages import draw_certificate
    from app.documents.pen import write_pdf

    check_certifiable(facts)
    return write_pdf(
        paper.value, f"预防接种凭证 {facts.serial}", partial(draw_certificate, facts, signed, mark)
    )
