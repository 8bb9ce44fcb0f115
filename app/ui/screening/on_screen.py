"""Signing on the screen: the workflow says what is signed, a sheet takes the ink, the device signs both."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from PySide6.QtWidgets import QWidget

from app.documents.form_texts import TextVersion
from app.documents.signing import sign
from app.domain.refusals import Refusal
from app.domain.screening import Decision, ScreeningForm
from app.domain.signature import Drawn, Signed, Stroke
from app.domain.signed_records import form_of
from app.storage.screenings import screening_record
from app.sync.store_outbox import StoreOutbox
from app.ui.bench import Bench
from app.ui.screening.consent_view import ConsentView
from app.ui.screening.examination import Examination
from app.ui.screening.sign_sheet import SignSheet
from app.workflows.screening import FormText, consent_to_sign, screening_to_sign

_WHAT = {
    Decision.PROCEED: "本人已接受健康询问，回答属实，同意医学建议：建议接种。",
    Decision.DEFER: "本人已接受健康询问，回答属实，同意医学建议：推迟接种。",
    Decision.DO_NOT: "本人已接受健康询问，回答属实，已知道不宜接种和给出的医学建议。",
}
_CONSENT = "本人已阅读或听人念过告知内容，同意接种：{plan}。"


class ScreenSigning:
    """Lets the recipient sign the decision or the consent over the page, and prints what was signed."""

    def __init__(
        self, page: QWidget, bench: Bench, examination: Examination, consent: ConsentView, text: TextVersion
    ) -> None:
        self._page, self._bench, self._text = page, bench, form_text(text)
        self._examination, self._consent = examination, consent
        examination.sign_asked.connect(self.sign_screening)
        consent.sign_asked.connect(self.sign_consent)
        consent.print_asked.connect(self.print_consent)

    def sign_screening(self) -> None:
        """Let the recipient sign the answers and the decision as they stand in the draft."""
        examination = self._examination
        case, draft = examination.case, examination.draft
        if case is None or draft.decision is None:
            return
        form, encounter_id = draft.to_form(), case.encounter.encounter_id
        who = _who(form.signed_by, form.signer_relation)
        self._ask(
            lambda: screening_to_sign(self._bench.desk.case(), encounter_id, form, self._text),
            who,
            _told(form),
            lambda drawn: examination.take_signature(draft, form, drawn),
        )

    def sign_consent(self) -> None:
        """Let the recipient sign that they agree to the dose that is planned."""
        consent, encounter = self._consent, self._consent.encounter
        if encounter is None:
            return
        form = consent.form(agreed=True)

        def done(drawn: Drawn) -> None:
            # A ticket scanned meanwhile may have brought somebody else to the front.
            if consent.encounter is encounter:
                consent.take_signature(form, drawn)

        self._ask(
            lambda: consent_to_sign(self._bench.desk.case(), encounter.encounter_id, form),
            _who(form.signed_by, form.relation),
            _CONSENT.format(plan=consent.plan),
            done,
        )

    def print_consent(self) -> None:
        """Print the screening that stands and the consent, each with its signature."""
        encounter = self._consent.encounter
        record = encounter and screening_record(self._bench.read(), encounter.encounter_id)
        if encounter is None or not record:
            return
        doctor, consent = record["signatures"]["doctor"]["name"], self._consent.form(agreed=True)
        screened = form_of(record)
        told = (plan for plan in (screened.plan, *screened.also) if plan)
        one = next(plan for plan in told if plan.product_code == consent.product_code)
        self._bench.paper.print_screening(encounter, replace(screened, plan=one, also=()), doctor, consent)

    def _ask(
        self, content: Callable[[], Signed], who: str, what: str, done: Callable[[Drawn], object]
    ) -> None:
        """Open the sheet unless the record would be refused anyway."""
        desk = self._bench.desk

        def take(strokes: Sequence[Stroke]) -> None:
            try:
                signed = content()
                signature = sign(StoreOutbox(desk.store).seal_key(desk.random), signed, strokes)
            except Refusal as refusal:
                self._bench.refuse(refusal)
                return
            done(Drawn(signature, signed.signed_at))

        try:
            content()
        except Refusal as refusal:
            self._bench.refuse(refusal)
            return
        sheet = SignSheet(self._page, who, what)
        sheet.signed.connect(take)
        sheet.open_sheet()


def form_text(version: TextVersion) -> FormText:
    """Return which text was shown, as it is recorded."""
    return FormText(version.text_id, version.version, version.sha256)


def _who(name: str, relation: str) -> str:
    return f"请 {name}（{relation}）签名" if relation else f"请 {name} 签名"


def _told(form: ScreeningForm) -> str:
    """The sentence over the pad, with what the doctor says."""
    said = "；".join(filter(None, (form.reason, form.advice)))
    if form.review_on is not None:
        said = f"{said}；{form.review_on.isoformat()} 复诊"
    return f"{_WHAT[form.decision]}{said}"
