"""The verdict on a scan: painted before anything is written, and said on in the banner once it is."""

from dataclasses import replace

from app.domain.refusals import Refusal
from app.ui.kit.tokens import Tone
from app.ui.texts import sentence_of
from app.ui.vaccination.next_step import Step
from app.ui.vaccination.stop_words import TITLES
from app.workflows.needle import Judged


def verdict_words(verdict: Judged | Refusal) -> str:
    """Return who is called, or that the vial is the right one; a refusal is said once the act has refused."""
    if isinstance(verdict, Refusal):
        return ""
    if verdict.vial is not None:
        return "药瓶相符"
    return f"{verdict.encounter.ticket_number} {verdict.patient.name}"


def verdict_step(verdict: Judged | Refusal) -> Step:
    """Return the banner of the moment; it names no key, for nothing stands yet that a key could act on."""
    if not isinstance(verdict, Refusal):
        return Step("done", verdict_words(verdict), tone=Tone.SUCCESS)
    if verdict.stop:
        return Step("stop", f"停！不能接种：{TITLES[type(verdict)]}", tone=Tone.DANGER)
    return Step("warning", sentence_of(verdict).happened, tone=Tone.WARNING)


def said_on(words: str, step: Step) -> Step:
    """Return the step that follows a verdict, the verdict still before it."""
    return replace(step, sentence=f"{words}，{step.sentence}", tone=Tone.SUCCESS) if words else step
