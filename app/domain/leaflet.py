"""What the package leaflet (说明书) of a product asks beyond the programme: a dose is later, never earlier.

The ages of a product, its time once opened and its storage are the leaflet's as well and stand in the
product itself.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from app.domain.refusals import Refusal
from app.domain.schedule.answers import Reason
from app.domain.schedule.duration import Arithmetic, Duration, read_duration


@dataclass(frozen=True)
class LeafletInterval:
    """The least time since the dose of the same kind before."""

    min: str
    """As the packs write it: ``28 days``, ``6 months``."""
    dose_number: int | None = None
    """Before this dose alone, from 2; None: before every dose but the first."""


@dataclass(frozen=True)
class Leaflet:
    """Which leaflet it is, and where it differs from the general rule."""

    title: str
    edition: str = ""
    """Its date or number, as printed."""
    intervals: tuple[LeafletInterval, ...] = ()

    @property
    def name(self) -> str:
        """Return its title with its edition."""
        return f"{self.title} {self.edition}".strip()


@dataclass(unsafe_hash=True)
class LeafletUnclear(Refusal):
    """A leaflet's field says nothing that can be held to."""

    product_code: str
    field: str
    found: str


def check_leaflet(product_code: str, leaflet: Leaflet | None) -> None:
    """Pass a leaflet that has a title and intervals that can be counted; raises LeafletUnclear."""
    if leaflet is None:
        return
    if not leaflet.title.strip():
        raise LeafletUnclear(product_code, "title", leaflet.title)
    for place, interval in enumerate(leaflet.intervals):
        if interval.dose_number is not None and interval.dose_number < 2:
            raise LeafletUnclear(product_code, f"intervals[{place}].dose_number", str(interval.dose_number))
        length = _length(interval.min)
        if length is None or min(length.months, length.days) < 0 or length == Duration(0, 0):
            raise LeafletUnclear(product_code, f"intervals[{place}].min", interval.min)


def leaflet_bound(
    leaflet: Leaflet | None, given: Sequence[date], dose_number: int
) -> tuple[date, Reason] | None:
    """Return the first day for a dose by the leaflet, with its reason; None where it asks for nothing.

    ``given``: the days of the doses of the same kind.
    """
    if leaflet is None or not given:
        return None
    since = max(given)
    bounds = [
        (read_duration(one.min).after(since, Arithmetic.CIVIL_CODE), one.min)
        for one in leaflet.intervals
        if one.dose_number in (None, dose_number)
    ]
    if not bounds:
        return None
    day, interval = max(bounds)
    return day, Reason("leaflet_interval", {"interval": interval, "since": since, "leaflet": leaflet.name})


def _length(text: str) -> Duration | None:
    try:
        return read_duration(text)
    except ValueError:
        return None
