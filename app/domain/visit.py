"""One visit (encounter): its state is computed from what happened, never typed in."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from app.domain.catalogue import BodySite
from app.domain.refusals import Refusal
from app.domain.screening import Decision


class VisitState(StrEnum):
    """Where a visit stands (domain.md §1.2; truth table in docs/states.md)."""

    REGISTERED = "registered"
    SCREENED = "screened"
    READY = "ready"
    AT_STATION = "at_station"
    OBSERVING = "observing"
    RELEASED = "released"
    LEFT_EARLY = "left_early"
    DEFERRED = "deferred"
    NOT_ADVISED = "not_advised"
    DECLINED = "declined"
    CANCELLED = "cancelled"


ENDED = frozenset(
    {
        VisitState.RELEASED,
        VisitState.LEFT_EARLY,
        VisitState.DEFERRED,
        VisitState.NOT_ADVISED,
        VisitState.DECLINED,
        VisitState.CANCELLED,
    }
)


@dataclass(frozen=True)
class VisitFacts:
    """What happened in a visit, as far as its state depends on it."""

    cancelled: bool = False
    decision: Decision | None = None
    consented: bool | None = None
    """None: not asked yet; False: declined."""
    called: bool = False
    vaccinated: bool = False
    """A dose of the visit counts."""
    more: bool = False
    """A planned dose has neither been given nor declined, or the doctor is to plan the rest anew."""
    ended: bool = False
    ended_early: bool = False


def visit_state(facts: VisitFacts) -> VisitState:
    """Return the state that follows from the facts."""
    if not facts.vaccinated:
        return VisitState.CANCELLED if facts.cancelled else _before_the_dose(facts)
    if facts.ended:
        return VisitState.LEFT_EARLY if facts.ended_early else VisitState.RELEASED
    return _before_the_next_dose(facts)


def _before_the_next_dose(facts: VisitFacts) -> VisitState:
    """After a dose a visit goes on to the next one; whatever stops it leaves the observation."""
    if facts.cancelled or not facts.more:
        return VisitState.OBSERVING
    before = _before_the_dose(facts)
    return VisitState.OBSERVING if before in ENDED else before


def _before_the_dose(facts: VisitFacts) -> VisitState:
    if facts.decision is None:
        return VisitState.REGISTERED
    if facts.decision is Decision.DEFER:
        return VisitState.DEFERRED
    if facts.decision is Decision.DO_NOT:
        return VisitState.NOT_ADVISED
    if facts.consented is None:
        return VisitState.SCREENED
    if not facts.consented:
        return VisitState.DECLINED
    return VisitState.AT_STATION if facts.called else VisitState.READY


@dataclass(frozen=True)
class PlannedDose:
    """One dose the doctor has planned for a visit."""

    product_code: str
    dose_number: int
    body_site: BodySite
    consented: bool | None = None
    """None: not asked yet."""
    immunization_id: str | None = None
    """The dose that came of it and counts."""


@dataclass(frozen=True)
class Encounter:
    """One visit as the records show it."""

    encounter_id: str
    session_id: str
    patient_id: str
    ticket_number: str
    """As printed: A017."""
    ticket_token: str
    registered_at: datetime
    state: VisitState
    temperature: str | None = None
    """Degrees Celsius as text, where the site takes it."""
    called_at: datetime | None = None
    called_by: str = ""
    desk: str = ""


@dataclass(unsafe_hash=True)
class WrongStep(Refusal):
    """The act does not fit where this visit stands."""

    ticket_number: str
    state: VisitState
    needed: tuple[VisitState, ...]


@dataclass(unsafe_hash=True)
class AlreadyInVisit(Refusal):
    """This person has an open visit in the running session."""

    ticket_number: str
    state: VisitState


@dataclass(unsafe_hash=True)
class TicketUnknown(Refusal):
    """No ticket of this session has this code."""

    token: str


def require_state(encounter: Encounter, *needed: VisitState) -> None:
    """Pass a visit in one of these states; raises WrongStep."""
    if encounter.state not in needed:
        raise WrongStep(encounter.ticket_number, encounter.state, needed)
