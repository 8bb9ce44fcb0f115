"""One screening as far as it has got: kept per visit, so that nothing typed is lost by looking elsewhere."""

from dataclasses import dataclass, field, replace
from datetime import date

from app.domain.journal import Json
from app.domain.people import Patient, age_on
from app.domain.screening import (
    QUESTION_IDS,
    Answer,
    Decision,
    Plan,
    QuestionAnswer,
    ScreeningForm,
    is_asked,
)
from app.domain.signature import Drawn
from app.ui.texts.screening import likely_signer


@dataclass
class Draft:
    """Answers, notes, decision and signatures; an unanswered question has no entry in ``answers``."""

    not_asked: frozenset[str] = frozenset()
    """Questions that are not put to this person: 不适用."""
    answers: dict[str, Answer] = field(default_factory=dict)
    notes: dict[str, str] = field(default_factory=dict)
    decision: Decision | None = None
    product_code: str = ""
    dose_number: int = 1
    also: list[Plan] = field(default_factory=list)
    """What goes in at this visit beside the product being picked."""
    reason: str = ""
    considered: str = ""
    """What the doctor found on the questions that the answers raise for the product."""
    advice: str = ""
    review_on: date | None = None
    signer: str = ""
    relation: str = ""
    doctor_signed: bool = False
    recipient_signed: bool = False
    """On paper."""
    drawn: Drawn | None = None
    """The recipient's signature on the screen."""
    signed_form: ScreeningForm | None = None
    """What stood in the draft when it was drawn."""
    lost: bool = False
    """The signature on the screen was taken away, because something was changed after it."""

    def answer_of(self, question_id: str) -> Answer | None:
        """Return the answer as it counts; None for one not asked yet."""
        given = self.answers.get(question_id)
        return Answer.NOT_APPLICABLE if given is None and question_id in self.not_asked else given

    def give(self, question_id: str, answer: Answer | None) -> None:
        """Answer a question, or take its answer back."""
        if answer is None:
            self.answers.pop(question_id, None)
        else:
            self.answers[question_id] = answer

    def unanswered(self) -> list[str]:
        """Return the questions without an answer, in the order of the form."""
        return [question_id for question_id in QUESTION_IDS if self.answer_of(question_id) is None]

    def without_note(self) -> list[str]:
        """Return the questions answered 是 whose note is missing."""
        return [
            question_id
            for question_id in QUESTION_IDS
            if self.answer_of(question_id) is Answer.YES and not self.note_of(question_id)
        ]

    def note_of(self, question_id: str) -> str:
        """Return the note to a question, empty if there is none."""
        return self.notes.get(question_id, "").strip()

    def notes_to_yes(self) -> str:
        """Return what was noted to every 是: the reason, as a rule, of a decision against."""
        return "；".join(
            self.note_of(question_id)
            for question_id in QUESTION_IDS
            if self.answer_of(question_id) is Answer.YES and self.note_of(question_id)
        )

    def answered_count(self) -> int:
        """Return how many of the eleven have an answer."""
        return len(QUESTION_IDS) - len(self.unanswered())

    def answered(self) -> tuple[QuestionAnswer, ...]:
        """Return the answers given so far, with their notes."""
        return tuple(
            QuestionAnswer(question_id, answer, self.note_of(question_id))
            for question_id in QUESTION_IDS
            if (answer := self.answer_of(question_id)) is not None
        )

    def plans(self) -> tuple[Plan, ...]:
        """Return all that is picked, in the order in which it was."""
        picked = (Plan(self.product_code, self.dose_number),) if self.product_code else ()
        return (*self.also, *picked)

    def pick_another(self) -> None:
        """Keep what is picked and pick one more."""
        self.also = list(self.plans())
        self.product_code, self.dose_number = "", 1

    def drop_last(self) -> None:
        """Go back to the product picked before the one being picked."""
        plan = self.also.pop()
        self.product_code, self.dose_number = plan.product_code, plan.dose_number

    def to_form(self) -> ScreeningForm:
        """Return what the doctor hands in; the workflow judges it."""
        decision = self.decision
        assert decision is not None, "a form is handed in with a decision"
        proceed = decision is Decision.PROCEED
        plans = self.plans() if proceed else ()
        return ScreeningForm(
            answers=self.answered(),
            decision=decision,
            reason="" if proceed else self.reason.strip(),
            advice=self.advice.strip() if decision is Decision.DO_NOT else "",
            review_on=self.review_on if decision is Decision.DEFER else None,
            plan=plans[0] if plans else None,
            also=plans[1:],
            considered=self.considered.strip() if proceed else "",
            signed_by=self.signer.strip(),
            signer_relation=self.relation.strip(),
            drawn=self.drawn,
        )

    def take_signature(self, form: ScreeningForm, drawn: Drawn) -> None:
        """Keep a signature that was drawn under this form; it takes the place of one on paper."""
        self.drawn, self.signed_form, self.lost = drawn, replace(form, drawn=None), False
        self.recipient_signed = False
        self.drop_if_changed()

    def sign_on_paper(self, *, signed: bool) -> None:
        """Note whether paper is signed; it takes the place of a signature on the screen."""
        self.recipient_signed, self.drawn, self.signed_form, self.lost = signed, None, None, False

    def drop_if_changed(self) -> None:
        """Take the signature on the screen away when anything is no longer as it was signed.

        Between two decisions only the answers can differ.
        """
        signed = self.signed_form
        if signed is None:
            return
        if self.decision is None:
            stands = self.answered() == signed.answers
        else:
            stands = replace(self.to_form(), drawn=None) == signed
        if not stands:
            self.drawn, self.signed_form, self.lost = None, None, True


def new_draft(patient: Patient, today: date) -> Draft:
    """Return an empty screening of a person: question 10 is 不适用 for whom it is not put to."""
    years = age_on(patient.birth_on, today).years
    not_asked = frozenset(
        question_id for question_id in QUESTION_IDS if not is_asked(question_id, patient.sex, years)
    )
    signer, relation = likely_signer(patient, today)
    return Draft(not_asked=not_asked, signer=signer, relation=relation)


def draft_again(patient: Patient, record: Json, today: date) -> Draft:
    """Return a screening to be made again: the answers of the one before, nothing decided or signed."""
    draft = new_draft(patient, today)
    for question_id, answer, note in record["answers"]:
        if answer != Answer.NOT_APPLICABLE:
            draft.answers[question_id] = Answer(answer)
        draft.notes[question_id] = note
    recipient = record["signatures"]["recipient"]
    draft.signer, draft.relation = recipient["name"], recipient["relation"]
    return draft
