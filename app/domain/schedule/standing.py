"""How a line of the forecast stands on a day, in the word a parent would use."""

from datetime import date
from enum import StrEnum

from app.domain.schedule.answers import GroupForecast, SeriesStatus


class Standing(StrEnum):
    """Where a vaccine group stands; the first three have a next dose."""

    LATE = "late"
    """It should have been given by now (逾期)."""
    DUE = "due"
    """It may be given today, and it is recommended (可种)."""
    EARLY = "early"
    """It may be given today; it is recommended later."""
    LATER = "later"
    """Not yet (未到)."""
    ASK = "ask"
    """It may be given today if the doctor decides so (医生决定)."""
    DONE = "done"
    NOT_NEEDED = "not_needed"
    AGED_OUT = "aged_out"
    CONTRAINDICATED = "contraindicated"


_CLOSED = {
    SeriesStatus.COMPLETE: Standing.DONE,
    SeriesStatus.IMMUNE: Standing.NOT_NEEDED,
    SeriesStatus.NOT_RECOMMENDED: Standing.NOT_NEEDED,
    SeriesStatus.AGED_OUT: Standing.AGED_OUT,
    SeriesStatus.CONTRAINDICATED: Standing.CONTRAINDICATED,
}
MAY_BE_GIVEN = frozenset({Standing.LATE, Standing.DUE, Standing.EARLY, Standing.ASK})
"""The standings in which the next dose may be given on the day asked about."""


def standing_of(line: GroupForecast, on: date) -> Standing:
    """Return how a group stands on the day ``on``."""
    if line.status is not SeriesStatus.NOT_COMPLETE or line.earliest_on is None:
        return _CLOSED.get(line.status, Standing.NOT_NEEDED)
    if on < line.earliest_on:
        return Standing.LATER
    if any(reason.name == "ask_doctor" for reason in line.reasons):
        return Standing.ASK
    if line.past_due_on is not None and line.past_due_on < on:
        return Standing.LATE
    return Standing.EARLY if line.recommended_on and on < line.recommended_on else Standing.DUE
