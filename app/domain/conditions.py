"""Special conditions (特殊情况) of a person, as a doctor stated them; a correction supersedes, both stay.

Which conditions there are is the vocabulary of the rule packs (``ObservationKind``). A statement is never
changed: one that corrects or takes back another names it and says why.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from app.domain.refusals import Refusal
from app.domain.schedule.history import Observed


class ConditionStatus(StrEnum):
    """What a statement says of itself."""

    STATED = "stated"
    ENTERED_IN_ERROR = "entered-in-error"
    """It takes back the statement that it supersedes."""


LONGEST_NOTE = 200
"""Characters of a note and of a reason."""


@dataclass(frozen=True)
class ConditionForm:
    """What a doctor hands in."""

    code: str
    """Of the packs' vocabulary, as ``pregnant``."""
    since: date | None = None
    """The first day on which it is so; None is not known."""
    until: date | None = None
    """The last day on which it was so; None while it lasts."""
    note: str = ""


@dataclass(frozen=True)
class Condition:
    """One statement."""

    condition_id: str
    patient_id: str
    code: str
    title: str
    """What the code was called when it was stated."""
    since: date | None
    until: date | None
    note: str
    status: ConditionStatus
    supersedes: str | None
    """``condition_id`` of the statement that it corrects."""
    reason: str
    """Why that one was corrected or taken back."""
    recorded_at: str
    recorded_by: str
    superseded: bool = False
    """Another statement names this one: it is shown, and counts for nothing."""

    @property
    def stands(self) -> bool:
        """Return whether the statement counts."""
        return not self.superseded and self.status is ConditionStatus.STATED

    def observed(self) -> Observed:
        """Return it as the schedule asks for it."""
        return Observed(self.code, self.since, self.until)


@dataclass(unsafe_hash=True)
class ConditionUnknown(Refusal):
    """No rule pack in use has a word for it."""

    code: str


@dataclass(unsafe_hash=True)
class ConditionDatesWrong(Refusal):
    """It would begin before birth or after today, or end before it began."""

    since: date | None
    until: date | None
    birth_on: date
    today: date


@dataclass(unsafe_hash=True)
class ConditionStated(Refusal):
    """A statement of the same condition stands for some of these days: that one is to be corrected."""

    title: str
    since: date | None
    until: date | None


@dataclass(unsafe_hash=True)
class ConditionSuperseded(Refusal):
    """What was to be corrected has been corrected or taken back meanwhile."""

    title: str


@dataclass(unsafe_hash=True)
class ConditionReasonMissing(Refusal):
    """A correction without its reason."""

    title: str


def check_condition(
    form: ConditionForm, known: Mapping[str, str], birth_on: date, today: date, others: Sequence[Condition]
) -> None:
    """Pass what may be stated beside ``others``, the statements of this person that stand without it.

    ``known``: the vocabulary. Raises ConditionUnknown, ConditionDatesWrong or ConditionStated.
    """
    if form.code not in known:
        raise ConditionUnknown(form.code)
    begins, ends = form.since or birth_on, form.until or date.max
    if not birth_on <= begins <= min(ends, today):
        raise ConditionDatesWrong(form.since, form.until, birth_on, today)
    for other in others:
        if other.code != form.code:
            continue
        if begins <= (other.until or date.max) and (other.since or date.min) <= ends:
            raise ConditionStated(other.title, other.since, other.until)


def standing(statements: Sequence[Condition]) -> tuple[Condition, ...]:
    """Return the statements that count."""
    return tuple(one for one in statements if one.stands)
