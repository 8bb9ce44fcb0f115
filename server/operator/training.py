"""Trained staff by area, counted from what the sites wrote of them (STF-3, STF-4, STF-10)."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from app.domain.journal import Event, parse_readable
from server.database import Database
from server.feed import areas_of

CERTIFIED, EMERGENCY, REMOVED = "staff.certified", "staff.emergency_trained", "staff.removed"
_WRITTEN = (
    b"select data from journal where kind in ('staff.certified', 'staff.emergency_trained', 'staff.removed')"
)


@dataclass(frozen=True)
class AreaTraining:
    """Of one area, on one day; a certificate recorded on two machines counts once."""

    area: str
    certified: int
    """Certificates that are good, of people who still work there."""
    expired: int
    emergencies: int
    """People whose training in handling a reaction is good."""
    rounds: int
    """Central training rounds those certificates came from."""


@dataclass
class _Newest:
    """What was written last of one person at one site."""

    certificate: Event | None = None
    emergency: Event | None = None
    is_removed: bool = False


@dataclass
class _Area:
    """What is counted of one area, certificates by their number."""

    good: set[str] = field(default_factory=set)
    expired: set[str] = field(default_factory=set)
    emergencies: int = 0
    rounds: set[str] = field(default_factory=set)


def trained_by_area(database: Database, today: date) -> Sequence[AreaTraining]:
    """Return the areas in which anybody was trained, by name; what an event does not say counts nothing."""
    people: dict[tuple[str, str], _Newest] = defaultdict(_Newest)
    written = parse_readable(bytes(data) for (data,) in database.execute(_WRITTEN))
    for event in sorted(written, key=lambda one: (one.hlc, one.id)):
        person = people[event.site, _said(event, "staff_id")]
        if event.kind == CERTIFIED:
            person.certificate = event
        elif event.kind == EMERGENCY:
            person.emergency = event
        else:
            person.is_removed = True
    area_of = areas_of(database, {site for site, _ in people})
    areas: dict[str, _Area] = defaultdict(_Area)
    for (site, _), person in people.items():
        if not person.is_removed:
            _count(areas[area_of[site]], person, today.isoformat())
    return [
        AreaTraining(name, len(area.good), len(area.expired - area.good), area.emergencies, len(area.rounds))
        for name, area in sorted(areas.items())
    ]


def _count(area: _Area, person: _Newest, today: str) -> None:
    if person.certificate is not None:
        number, ended = _said(person.certificate, "number"), _said(person.certificate, "expires_on")
        if number and ended:
            (area.good if ended >= today else area.expired).add(number)
        if ended >= today and (name := _said(person.certificate, "round")):
            area.rounds.add(name)
    if person.emergency is not None and _said(person.emergency, "expires_on") >= today:
        area.emergencies += 1


def _said(event: Event, name: str) -> str:
    value = event.body.get(name)
    return value if isinstance(value, str) else ""
