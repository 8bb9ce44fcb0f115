"""The papers of a visit, made from its records: ticket, slips, screening form."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from app.devices.printer import NoPrinter, PaperKind
from app.documents.bitmap import Bitmap
from app.documents.forecast_slip import DosesGiven, DoseToCome, ForecastSlip, forecast_bitmap
from app.documents.form_texts import consent_text, screening_questions
from app.documents.observation_slip import GivenDose, ObservationSlip, observation_bitmap
from app.documents.screening_form import Examined, ScreeningPaper, SignedOnScreen, screening_pdf
from app.documents.ticket import Ticket, ticket_bitmap
from app.domain.clock import read_instant
from app.domain.codes import TicketCode, ticket_text
from app.domain.people import Patient
from app.domain.refusals import Refusal
from app.domain.screening import ScreeningForm
from app.domain.signature import Drawn
from app.domain.signed_records import DOCTOR
from app.domain.visit import Encounter, VisitState
from app.storage import catalogue, encounters, immunizations, patients
from app.storage.site import get_site
from app.ui.texts.forecast import given_words, parents_why, short_words, when_words
from app.ui.texts.reasons import names_in
from app.workflows.audit import note_print
from app.workflows.forecast import forecast_of, packs_in_use
from app.workflows.screening import ConsentForm

if TYPE_CHECKING:
    from app.ui.bench import Bench

FIRST_PLACE = "预检台"
NOWHERE = "没有打印机"
"""Where paper went that came by itself at a site without a printer."""


class Paper:
    """Composes from the records on the screen thread; draws and delivers aside."""

    def __init__(self, bench: "Bench") -> None:
        self._bench = bench

    def print_ticket(self, encounter: Encounter) -> None:
        """Print the queue ticket: number, who is ahead, where to go; no name, no vaccine."""
        db = self._bench.read()
        site = get_site(db)
        waiting = encounters.queue(db, encounter.session_id, VisitState.REGISTERED)
        ahead = sum(each.registered_at < encounter.registered_at for each in waiting)
        ticket = Ticket(
            site.name, encounter.ticket_number, ahead, None, FIRST_PLACE,
            ticket_text(TicketCode(encounter.ticket_token)), self._bench.now(), site.enquiry_phone,
            site.practice,
        )  # fmt: skip
        serial = f"{self._bench.desk.today():%Y%m%d}-{encounter.ticket_number}"
        self._aside(
            lambda: self._slip(ticket_bitmap(ticket), f"ticket-{serial}", PaperKind.TICKET), asked=False
        )

    def print_observation_slip(self, encounter_id: str) -> None:
        """Print the slip that says until when to sit."""
        db = self._bench.read()
        doses, site = immunizations.all_of_encounter(db, encounter_id), get_site(db)
        if not doses:
            return
        last = doses[-1]
        encounter = encounters.get_encounter(db, encounter_id)
        slip = ObservationSlip(
            encounter.ticket_number, last["patient"]["name"], read_instant(last["occurred_at"]),
            read_instant(last["observe_until"]),
            tuple(GivenDose(dose["vaccine_name"], dose["lot_number"]) for dose in doses),
            ticket_text(TicketCode(encounter.ticket_token)), site.enquiry_phone, site.practice,
        )  # fmt: skip
        serial = f"{self._bench.desk.today():%Y%m%d}-{encounter.ticket_number}"
        kind = PaperKind.OBSERVATION_SLIP
        self._kept(
            "留观条",
            encounter.patient_id,
            lambda: self._slip(observation_bitmap(slip), f"slip-{serial}", kind),
            asked=False,
        )

    def print_forecast(self, patient: Patient) -> None:
        """Print the slip with the next appointment and every dose to come."""
        db, today = self._bench.read(), self._bench.desk.today()
        site, forecast = get_site(db), forecast_of(db, patient, today)
        names = names_in(packs_in_use())
        days = [one.line.recommended_on for one in forecast.next_doses if one.line.recommended_on]
        slip = ForecastSlip(
            name=patient.name,
            site_name=site.name,
            next_on=min((day for day in days if day > today), default=None),
            given=tuple(DosesGiven(*words) for words in given_words(forecast.doses).items()),
            doses=tuple(
                DoseToCome(
                    short_words(one, forecast.rules),
                    when_words(one.standing, one.line.earliest_on),
                    parents_why(one, names),
                )
                for one in forecast.next_doses
            ),
            unverified=any(one.line.unverified for one in forecast.next_doses),
            printed_at=self._bench.now(),
            enquiry_phone=site.enquiry_phone,
            practice=site.practice,
        )
        serial = f"forecast-{today:%Y%m%d}-{patient.patient_id[-6:]}"
        kind = PaperKind.FORECAST_SLIP
        self._kept("预约条", patient.patient_id, lambda: self._slip(forecast_bitmap(slip), serial, kind))

    def print_screening(
        self, encounter: Encounter, form: ScreeningForm, doctor: str = "", consent: ConsentForm | None = None
    ) -> None:
        """Print the screening form as filled so far, with the consent text when a vaccine is picked.

        Of several vaccines the programme's and the others' have a text each.
        ``doctor`` is who screened, if it is not who is signed in; ``consent`` is the answer to it.
        """
        db = self._bench.read()
        site = get_site(db)
        plans = (form.plan, *form.also) if form.plan else ()
        products = [catalogue.get_product(db, plan.product_code) for plan in plans]
        notices = [
            consent_text(programme=programme) for programme in {one.programme: None for one in products}
        ]
        patient, user = patients.get_patient(db, encounter.patient_id), self._bench.desk.user
        paper = ScreeningPaper(
            site_name=site.name,
            enquiry_phone=site.enquiry_phone,
            examined=Examined(
                patient.name, patient.sex, patient.birth_on, patient.document_number,
                encounter.ticket_number, encounter.temperature or "",
                "、".join(product.vaccine_name for product in products),
                tuple(plan.dose_number for plan in plans),
            ),
            printed_at=self._bench.now(),
            questions=screening_questions(),
            answers=form.answers,
            decision=form.decision,
            reason=form.reason,
            advice=form.advice,
            review_on=form.review_on,
            doctor_name=doctor or (user.name if user else ""),
            consent=notices[0] if notices else None,
            also_told=tuple(notices[1:]),
            doctor_signed=_on_screen(form.doctor_drawn, DOCTOR),
            agreed=consent.agreed if consent else None,
            declined_because=consent.reason if consent and not consent.agreed else "",
            signed=_on_screen(form.drawn, form.signer_relation),
            consent_signed=_on_screen(consent.drawn, consent.relation) if consent else None,
            practice=site.practice,
        )  # fmt: skip
        serial = f"form-{self._bench.desk.today():%Y%m%d}-{encounter.ticket_number}"
        self._kept(
            "预检表",
            encounter.patient_id,
            lambda: self._bench.printing.deliver(screening_pdf(paper), serial, PaperKind.FORM),
        )

    def _kept(self, what: str, patient_id: str, work: Callable[[], str], *, asked: bool = True) -> None:
        """Print what names a person once the trail has it; who may not gets no paper."""
        try:
            self._bench.printing.require_way()
        except Refusal as refusal:
            (self._refused if asked else self._came_unasked)(refusal)
            return
        self._bench.submit(
            self._bench, lambda _: self._aside(work, asked=asked), note_print, what, patient_id
        )

    def _slip(self, bitmap: Bitmap, serial: str, kind: PaperKind) -> str:
        return self._bench.printing.deliver_slip(bitmap, serial, kind)

    def _aside(self, work: Callable[[], str], *, asked: bool = True) -> None:
        refused = self._refused if asked else self._came_unasked
        self._bench.run_aside(self._bench, self._delivered, refused, work)

    def _delivered(self, where: str) -> None:
        self._bench.delivered.emit(where)

    def _refused(self, refusal: Refusal) -> None:
        self._bench.refuse(refusal)

    def _came_unasked(self, refusal: Refusal) -> None:
        """Stop nobody's work for paper that comes by itself, where no printer is chosen."""
        if isinstance(refusal, NoPrinter):
            self._bench.delivered.emit(NOWHERE)
        else:
            self._bench.refuse(refusal)


def _on_screen(drawn: Drawn | None, relation: str) -> SignedOnScreen | None:
    if drawn is None:
        return None
    signature, at = drawn.signature, read_instant(drawn.signed_at)
    return SignedOnScreen(signature.strokes, relation, at, signature.digest)
