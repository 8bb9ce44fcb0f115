"""Signing on the screen: the workflow says what is signed, a sheet takes the ink, the device signs both."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from PySide6.QtWidgets import QWidget

from app.documents.form_texts import TextVersion
from app.documents.signing import sign
from app.domain.refusals import Refusal
from app.domain.screening import Decision, ScreeningForm
from app.domain.signature import Drawn, Signed, Stroke
from app.domain.signed_records import DOCTOR, form_of
from app.domain.visit import Encounter
from app.storage.screenings import screening_record
from app.sync.store_outbox import StoreOutbox
from app.ui.bench import Bench
from app.ui.screening.consent_view import ConsentView
from app.ui.screening.decline_sheet import Declined, DeclineSheet
from app.ui.screening.examination import Examination
from app.ui.screening.sign_sheet import SignSheet
from app.ui.texts.words import DECISIONS
from app.workflows.screening import (
    ConsentForm,
    FormText,
    consent_to_sign,
    decision_to_sign,
    screening_to_sign,
)

_WHAT = {
    Decision.PROCEED: "本人已接受健康询问，回答属实，同意医学建议：建议接种。",
    Decision.DEFER: "本人已接受健康询问，回答属实，同意医学建议：推迟接种。",
    Decision.DO_NOT: "本人已接受健康询问，回答属实，已知道不宜接种和给出的医学建议。",
}
_DECIDED = {
    decision: f"本人已逐项询问并核对健康状况，医学建议：{words}。" for decision, words in DECISIONS.items()
}
_REFUSED = "本人已阅读或听人念过告知内容，不同意接种：{plan}。原因：{reason}。"
_CONSENT = "本人已阅读或听人念过告知内容，同意接种：{plan}。"


class ScreenSigning:
    """Lets doctor and recipient sign over the page, a refusal as well, and prints what was signed."""

    def __init__(
        self,
        page: QWidget,
        bench: Bench,
        examination: Callable[[], Examination],
        consent: Callable[[], ConsentView],
        text: TextVersion,
    ) -> None:
        self._page, self._bench, self._text = page, bench, form_text(text)
        self._examination, self._consent = examination, consent

    def sign_screening(self) -> None:
        """Let the recipient sign the answers and the decision as they stand in the draft."""
        examination = self._examination()
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

    def sign_decision(self) -> None:
        """Let the doctor sign what was asked, found and decided, as it stands in the draft."""
        examination = self._examination()
        case, draft = examination.case, examination.draft
        if case is None or draft.decision is None:
            return
        form, encounter_id = draft.to_form(), case.encounter.encounter_id
        self._ask(
            lambda: decision_to_sign(self._bench.desk.case(), encounter_id, form, self._text),
            _who(case.doctor, DOCTOR),
            _told(form, _DECIDED),
            lambda drawn: examination.take_doctors(draft, form, drawn),
        )

    def ask_refusal(self) -> None:
        """Ask why somebody does not agree, and whether they sign that on the screen (VER-7)."""
        DeclineSheet(self._page, self._decline, of_several=self._consent().is_one_of_several).ask()

    def _decline(self, answer: Declined) -> None:
        consent = self._consent()
        if (encounter := consent.encounter) is None:
            return
        form = consent.form(agreed=False, reason=answer.reason)

        def answered(form: ConsentForm) -> None:
            # A ticket scanned meanwhile may have brought somebody else to the front.
            if consent.encounter is not encounter:
                return
            consent.answered.emit(form)
            if answer.printed:
                self._print(encounter, form)

        if not answer.on_screen:
            answered(form)
            return
        self._ask(
            lambda: consent_to_sign(self._bench.desk.case(), encounter.encounter_id, form),
            _who(form.signed_by, form.relation),
            _REFUSED.format(plan=consent.plan, reason=form.reason),
            lambda drawn: answered(replace(form, drawn=drawn)),
        )

    def sign_consent(self) -> None:
        """Let the recipient sign that they agree to the dose that is planned."""
        consent = self._consent()
        if (encounter := consent.encounter) is None:
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
        consent = self._consent()
        if consent.encounter is not None:
            self._print(consent.encounter, consent.form(agreed=True))

    def _print(self, encounter: Encounter, form: ConsentForm) -> None:
        """Print the screening that stands with what was told of the one vaccine that is answered."""
        record = screening_record(self._bench.read(), encounter.encounter_id)
        if not record:
            return
        doctor, screened = record["signatures"]["doctor"]["name"], form_of(record)
        told = (plan for plan in (screened.plan, *screened.also) if plan)
        one = next(plan for plan in told if plan.product_code == form.product_code)
        self._bench.paper.print_screening(encounter, replace(screened, plan=one, also=()), doctor, form)

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


def _told(form: ScreeningForm, words: Mapping[Decision, str] = _WHAT) -> str:
    """The sentence over the pad, with what the doctor says."""
    said = "；".join(filter(None, (form.reason, form.advice)))
    if form.review_on is not None:
        said = f"{said}；{form.review_on.isoformat()} 复诊"
    return f"{words[form.decision]}{said}"
