"""Which vaccines may be given next: the same product first, a substitute marked as such."""

from collections.abc import Iterator
from datetime import date

from app.domain.schedule.answers import Offer, OfferedVaccine
from app.domain.schedule.case import Case, Record
from app.domain.schedule.progress import Progress
from app.domain.schedule.series import Substitution
from app.domain.schedule.series_dose import PreferableVaccine, SeriesDose


def offers(
    case: Case, progress: Progress, dose: SeriesDose, forbidden: frozenset[str], days: tuple[date, date]
) -> tuple[OfferedVaccine, ...]:
    """Return the vaccines for a target dose on its earliest or recommended day (FORECASTRECVAC-1)."""
    pack, begun = progress.ruling.pack, _begun_with(progress)
    wanted = [
        one
        for one in dose.preferable
        if one.forecast
        and one.vaccine not in forbidden
        and any(case.within_ages(day, one.begin_age, one.end_age, pack) for day in days)
    ]
    found = [offer for one in wanted for offer in _offer(case, progress, one, begun)]
    return tuple(sorted(found, key=lambda one: one.offer is not Offer.SAME_PRODUCT))


def _begun_with(progress: Progress) -> Record | None:
    return progress.satisfied[-1][1] if progress.satisfied else None


def _offer(
    case: Case, progress: Progress, wanted: PreferableVaccine, begun: Record | None
) -> Iterator[OfferedVaccine]:
    allowed = progress.ruling.series.substitution
    if begun is None:
        yield _named(wanted, Offer.PREFERRED)
    elif begun.code == wanted.vaccine:
        yield _named(wanted, Offer.SAME_PRODUCT, begun.dose.product_code, begun.dose.market_holder)
        if allowed is Substitution.SAME_PLATFORM:
            yield _named(wanted, Offer.SUBSTITUTE)
    elif allowed is Substitution.ANY or wanted.sequential:
        yield _named(wanted, Offer.PREFERRED)
    elif allowed is Substitution.SAME_PLATFORM and _same_platform(case, begun.code, wanted.vaccine):
        yield _named(wanted, Offer.SUBSTITUTE)


def _same_platform(case: Case, one: str, other: str) -> bool:
    platforms = {case.rules.vaccines[code].platform for code in (one, other) if code in case.rules.vaccines}
    return len(platforms) == 1 and "" not in platforms


def _named(
    wanted: PreferableVaccine, offer: Offer, product: str | None = None, holder: str | None = None
) -> OfferedVaccine:
    return OfferedVaccine(
        wanted.vaccine,
        offer,
        wanted.product or product,
        wanted.market_holder or holder,
        wanted.volume_ml,
    )
