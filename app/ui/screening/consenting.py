"""Telling and asking for each planned vaccine, one after the other."""

from collections.abc import Callable

from app.documents.form_texts import consent_text
from app.domain.refusals import Refusal
from app.domain.visit import Encounter, VisitState
from app.storage import catalogue, encounters, patients, planned_doses, screenings
from app.ui.bench import Bench
from app.ui.screening.consent_view import ConsentView
from app.ui.station import Station
from app.workflows import screening
from app.workflows.screening import ConsentForm

UNREAD_SECONDS = 1.0
"""An answer so soon after the one before is the same key bouncing, not an answer to the next vaccine."""


class Consenting:
    """Fills the view with the next vaccine that is to be answered, and records the answer."""

    def __init__(
        self,
        page: Station,
        bench: Bench,
        view: Callable[[], ConsentView],
        answered: Callable[[Encounter], object],
    ) -> None:
        self._page, self._bench, self._view, self._answered = page, bench, view, answered
        self._answered_at = -UNREAD_SECONDS
        self.is_acting = False

    def show(self, encounter: Encounter) -> None:
        """Show what is told of the next vaccine that has no answer yet."""
        db = self._bench.read()
        planned = planned_doses.open_doses(db, encounter.encounter_id)
        place, dose = next((place, dose) for place, dose in enumerate(planned) if dose.consented is None)
        record = screenings.screening_record(db, encounter.encounter_id)
        assert record is not None, "screened"
        product, signed = catalogue.get_product(db, dose.product_code), record["signatures"]["recipient"]
        self._view().show_consent(
            encounter,
            patients.get_patient(db, encounter.patient_id),
            product,
            dose.dose_number,
            consent_text(programme=product.programme),
            (signed["name"], signed["relation"]),
            self._page.tr("第 {n} 种，共 {all} 种").format(n=place + 1, all=len(planned))
            if len(planned) > 1
            else "",
        )

    def answer(self, form: ConsentForm) -> None:
        """Record an answer; a key that bounces answers nothing twice."""
        encounter = self._view().encounter
        now = self._bench.desk.clock.monotonic()
        if encounter is None or self.is_acting or now - self._answered_at < UNREAD_SECONDS:
            return
        self.is_acting = True
        self._bench.submit_or(
            self._page,
            lambda _: self._done(encounter),
            self._refused,
            screening.record_consent,
            encounter.encounter_id,
            form,
        )

    def _refused(self, refusal: Refusal) -> None:
        self.is_acting = False
        self._bench.refuse(refusal)

    def _done(self, encounter: Encounter) -> None:
        self.is_acting = False
        now = encounters.get_encounter(self._bench.read(), encounter.encounter_id)
        if now.state is VisitState.SCREENED:
            self._answered_at = self._bench.desk.clock.monotonic()
        self._answered(now)
