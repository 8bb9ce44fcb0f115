"""What each special condition of a patient does to the answer: found by answering without it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from app.domain.schedule.answers import Assessment
from app.domain.schedule.engine import assess
from app.domain.schedule.history import Dose, Subject
from app.domain.schedule.packs import Packs


def changed_groups(
    patient: Subject, history: Sequence[Dose], packs: Packs, on: date
) -> dict[str, frozenset[str]]:
    """Return, for each condition that holds on a day, the vaccine groups of which it changes the answer.

    What only several together change is put down to each of them: nothing is changed silently.
    """
    held = {one.code: one for one in patient.observations if one.holds(on)}
    if not held:
        return {}
    without = assess(replace(patient, observations=()), history, packs, on)
    alone = {
        code: _differing(without, assess(replace(patient, observations=(one,)), history, packs, on))
        for code, one in held.items()
    }
    named = frozenset[str]().union(*alone.values())
    together = _differing(without, assess(patient, history, packs, on)) if len(held) > 1 else named
    return {code: groups | (together - named) for code, groups in alone.items()}


def _differing(one: Assessment, other: Assessment) -> frozenset[str]:
    """Return the groups of which two answers say something different."""
    lines = {line.group: line for line in one.forecasts}
    others = {line.group: line for line in other.forecasts}
    found = {group for group in lines.keys() | others.keys() if lines.get(group) != others.get(group)}
    for dose, again in zip(one.evaluations, other.evaluations, strict=True):
        if dose != again:
            found |= {part.group for part in (*dose.antigens, *again.antigens)}
    return frozenset(found)
