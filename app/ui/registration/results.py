"""Turns people found into the entries of the result list."""

from datetime import date

from app.domain.people import age_on
from app.domain.screening import Decision
from app.domain.visit import ENDED, VisitState
from app.ui.kit.search_result import Found
from app.ui.kit.tokens import Tone
from app.ui.texts.registration import MATCHED_BY, NOTHING_TODAY, document_words, standing_words
from app.ui.texts.words import SEXES, age_words
from app.workflows.finding import Hit, MatchedBy, Standing


def entry(hit: Hit, today: date) -> Found:
    """Return one person as the list shows them."""
    patient, match = hit.patient, hit.match
    tone, icon = _look(hit.standing)
    age = age_words(age_on(patient.birth_on, today))
    return Found(
        result_id=patient.patient_id,
        name=patient.name,
        line=f"{SEXES[patient.sex]}·{age}·{patient.birth_on}·{document_words(patient).removeprefix('证件')}",
        state=standing_words(hit.standing, today) or NOTHING_TODAY,
        tone=tone,
        icon=icon,
        matched=match.characters,
        pinyin=match.syllables,
        initials=match.initials,
        reading=_chip(hit),
    )


def _chip(hit: Hit) -> str:
    if hit.match.rare_character:
        return f"{hit.match.rare_character} 读 {hit.match.rare_reading.capitalize()}"
    return MATCHED_BY[hit.by] if hit.by is not MatchedBy.NAME and hit.match.characters == () else ""


def _look(standing: Standing) -> tuple[Tone, str]:
    if standing.visit is not None:
        if standing.visit.state in (VisitState.RELEASED, VisitState.OBSERVING):
            return Tone.SUCCESS, "done"
        if standing.visit.state in ENDED:
            return Tone.WARNING, "clock"
        return Tone.INFO, "ticket"
    if standing.advice is Decision.DEFER:
        return Tone.WARNING, "clock"
    if standing.advice is Decision.DO_NOT:
        return Tone.WARNING, "forbidden"
    return Tone.PLAIN, "waiting"
