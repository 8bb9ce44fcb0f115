"""What the banner says of the person chosen: look at them, hand out the ticket, or go on."""

from datetime import date

from app.domain.people import is_minor
from app.ui.kit.tokens import Tone
from app.ui.texts.registration import standing_words
from app.workflows.finding import Hit

Step = tuple[str, str, str, str, Tone]
"""Icon, sentence, key, the words before the key, and the tone."""


def step_of(hit: Hit, taken_id: str, today: date) -> Step:
    """Return the next step; ``taken_id`` is the visit whose ticket has just been taken here."""
    visit, minor = hit.standing.visit, is_minor(hit.patient.birth_on, today)
    if visit is None:
        return "look", "请核对孩子和监护人" if minor else "请核对本人", "Enter", "取号 按", Tone.INFO
    if visit.encounter_id == taken_id:
        words = f"已登记，请{'家长' if minor else ''}取走号票"
        return "ticket", words, "Enter", "叫下一位 按", Tone.SUCCESS
    again = "叫下一位 按" if hit.standing.is_in_visit else "再取号 按"
    return "ticket", standing_words(hit.standing, today), "Enter", again, Tone.INFO
