"""Somebody in the observation area of a real site, and what its board shows of them."""

from app.domain.journal import Json
from app.domain.observation import (
    ClockInDoubt,
    ClockMark,
    Look,
    ObservationState,
    clock_doubt,
    minutes_left,
    state_of,
    trusted_now,
)
from app.storage import journal, observations
from app.storage.store import Store
from app.workflows import observation
from app.workflows.desk import Desk
from tests.factories import KEY, OBSERVER, SmallSite

LOOKED = tuple(Look)


def seat(site: SmallSite, index: int = 0) -> str:
    """Return the encounter of somebody who has just been injected."""
    record = site.vaccinated(site.patient(index=index), vial=index)
    site.as_user(OBSERVER)
    return str(record["encounter_id"])


def doubt(site: SmallSite) -> ClockInDoubt | None:
    known = observations.known_clock(site.desk.read())
    return clock_doubt(known.trusted if known else None, now(site))


def now(site: SmallSite) -> ClockMark:
    return ClockMark(site.clock.now(), site.clock.monotonic())


def shown(site: SmallSite) -> dict[str, int]:
    """Return the minutes the board shows, by visit."""
    seen = observation.hall(site.desk.read(), site.clock.now())
    at = trusted_now(seen.clock.trusted if seen.clock else None, now(site))
    return {seat.encounter_id: minutes_left(seat.observation, at) for seat in seen.seats}


def state(site: SmallSite, encounter_id: str) -> ObservationState:
    known = observations.find_observation(site.desk.read(), encounter_id)
    assert known is not None
    return state_of(known, site.clock.now())


def last_event(site: SmallSite, kind: str) -> Json:
    return list(journal.events_of(site.desk.read(), [kind]))[-1].body


def reopened(site: SmallSite) -> SmallSite:
    """Close the store as a power cut would find it, and open it again."""
    site.store.close()
    site.store = Store(site.folder / "store.db", KEY)
    user = site.desk.user
    site.desk = Desk(site.store, site.clock, site.random, site.desk.name)
    site.desk.user = user
    return site
