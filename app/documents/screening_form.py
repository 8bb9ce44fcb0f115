"""The printed screening and consent form (VER-5, VER-6): what was asked and told, with lines to sign on."""

from dataclasses import dataclass
from datetime import date, datetime

from app.documents.form_texts import ConsentText, QuestionForm
from app.documents.page import A4
from app.domain.people import Sex
from app.domain.screening import Decision, QuestionAnswer
from app.domain.signature import Stroke


@dataclass(frozen=True)
class Examined:
    """The person on the form and the vaccine that is planned; empty texts leave room to write by hand."""

    name: str
    sex: Sex
    birth_on: date
    document_number: str
    """Masked when it is printed."""
    ticket_number: str = ""
    temperature: str = ""
    """Degrees Celsius."""
    vaccine_name: str = ""
    dose_numbers: tuple[int, ...] = ()
    """One for each vaccine named."""


@dataclass(frozen=True)
class SignedOnScreen:
    """A signature drawn on the screen, to stand in the place of one in ink."""

    strokes: tuple[Stroke, ...]
    relation: str
    signed_at: datetime
    digest: str
    """Of signature and content, hexadecimal: by its beginning the paper is found in the journal."""


@dataclass(frozen=True)
class ScreeningPaper:
    """What the form is filled with; without answers and decision it is a blank to be filled in by hand."""

    site_name: str
    enquiry_phone: str
    examined: Examined
    printed_at: datetime
    questions: QuestionForm
    answers: tuple[QuestionAnswer, ...] = ()
    decision: Decision | None = None
    reason: str = ""
    advice: str = ""
    review_on: date | None = None
    doctor_name: str = ""
    """Printed beside the line the doctor signs on."""
    consent: ConsentText | None = None
    """Adds the notice and consent as a further sheet."""
    also_told: tuple[ConsentText, ...] = ()
    """Adds those of other vaccines given at the same visit, a sheet each."""
    agreed: bool | None = None
    price: str = ""
    """Vaccine price and service fee in words; stands only on the form of a non-programme vaccine."""
    signed: SignedOnScreen | None = None
    """The recipient's signature under answers and advice; without it there is a line to sign on."""
    consent_signed: SignedOnScreen | None = None
    practice: bool = False


def screening_pdf(paper: ScreeningPaper) -> bytes:
    """Return the form as an A4 PDF; raises GlyphMissing for a character without a font."""
    # reportlab is loaded by the first form, not by the start of the program.
    from app.documents.consent_pages import draw_consent
    from app.documents.pen import Document, write_pdf
    from app.documents.screening_pages import draw_screening

    def draw(document: Document) -> None:
        draw_screening(paper, document)
        for consent in filter(None, (paper.consent, *paper.also_told)):
            draw_consent(paper, consent, document)

    return write_pdf(A4, f"{paper.questions.title} {paper.examined.ticket_number}".strip(), draw)
