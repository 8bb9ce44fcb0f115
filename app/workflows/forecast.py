"""What the schedule says of a person on a day: the doses on record judged, and the next ones by need."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from types import MappingProxyType

from sqlite_utils import Database

from app.domain.catalogue import Product
from app.domain.clock import local_day, read_instant
from app.domain.conditions import Condition, standing
from app.domain.journal import Json
from app.domain.leaflet import leaflet_bound
from app.domain.people import Patient, is_minor
from app.domain.refusals import Refusal
from app.domain.schedule.answers import DoseEvaluation, DoseStatus, GroupForecast, Reason
from app.domain.schedule.choosing import choose
from app.domain.schedule.effects import changed_groups
from app.domain.schedule.engine import assess
from app.domain.schedule.history import Dose, Subject
from app.domain.schedule.numbering import vaccine_dose_number
from app.domain.schedule.pack import Pack
from app.domain.schedule.packs import Packs, Rules
from app.domain.schedule.series import SeriesType
from app.domain.schedule.standing import MAY_BE_GIVEN, Standing, standing_of
from app.domain.schedule.together import Shot, VisitPlan, plan_visit
from app.storage import conditions, immunizations
from app.storage.schedules import packs_of_site, read_packs


class _InUse:
    """The packs that this program uses: read once, those of its site where one is open."""

    packs: Packs | None = None
    at_hand: tuple[Pack, ...] = ()
    refused: tuple[Refusal, ...] = ()
    read: Mapping[str, str] = MappingProxyType({})


def use_packs(data: Path | None, vouched: Mapping[str, str] | None = None) -> tuple[Refusal, ...]:
    """Read the packs that ship and those of a site's data folder; return why some are not used.

    Takes tens of milliseconds: it is done behind the sign-in. Without a folder, those that ship alone.
    ``vouched``: what two people took (``app/workflows/schedules.py``), known once the store is open.
    """
    packs, refused, read = packs_of_site(data, vouched) if data is not None else (*read_packs(), {})
    _InUse.packs, _InUse.at_hand, _InUse.refused = choose(packs), tuple(packs), tuple(refused)
    _InUse.read = MappingProxyType(read)
    return _InUse.refused


def packs_at_hand() -> tuple[Pack, ...]:
    """Return every sound pack, those that are used by name alone as well."""
    packs_in_use()
    return _InUse.at_hand


def packs_refused() -> tuple[Refusal, ...]:
    """Return why some are not used."""
    return _InUse.refused


def packs_read() -> Mapping[str, str]:
    """Return the digest of each file of the site that was read, by its name."""
    return _InUse.read


def packs_in_use() -> Packs:
    """Return the packs that are on by default, read once."""
    if _InUse.packs is None:
        use_packs(None)
    assert _InUse.packs is not None, "read just now"
    return _InUse.packs


def vocabulary() -> dict[str, str]:
    """Return what the packs in use call each special condition, by its code; the newer pack names it last."""
    return {kind.code: kind.title for pack in packs_in_use().packs for kind in pack.observations}


@dataclass(frozen=True)
class NextDose:
    """The next dose of one vaccine group."""

    vaccine_code: str
    dose_number: int
    """As the booklet counts."""
    standing: Standing
    line: GroupForecast
    edition: str
    """Of the pack that says so, as ``2021``."""

    @property
    def is_for_today(self) -> bool:
        """Return whether it may be given on the day asked about."""
        return self.standing in MAY_BE_GIVEN


@dataclass(frozen=True)
class ConditionEffect:
    """A special condition that holds on the day, and what it does to the forecast."""

    condition: Condition
    groups: tuple[str, ...]
    """The vaccine groups that the schedule sees in another way for it; empty: it says nothing of it."""
    unverified: bool
    """Some pack that says so is not signed off."""


_URGENCY = list(Standing)


@dataclass(frozen=True)
class PersonForecast:
    """A person's doses, judged, and what is next."""

    on: date
    doses: tuple[tuple[Json, DoseEvaluation], ...]
    """As ``immunizations.history_of`` returns them, the oldest first."""
    next_doses: tuple[NextDose, ...]
    """What may be given today first, then by date; nothing for what is complete or out of age."""
    rules: Rules
    lines: tuple[GroupForecast, ...]
    conditions: tuple[ConditionEffect, ...] = ()

    def dose_numbers(self) -> dict[str, int]:
        """Return the number of the next dose for each vaccine that is offered."""
        return {
            offered.vaccine_code: next_dose.dose_number
            for next_dose in self.next_doses
            for offered in next_dose.line.vaccines
        }


def forecast_of(db: Database, patient: Patient, on: date) -> PersonForecast:
    """Return what the packs in use say of a person on the day ``on``."""
    stated = conditions.statements_of(db, patient.patient_id)
    return forecast_from(patient, immunizations.history_of(db, patient.patient_id), on, stated)


def forecast_from(
    patient: Patient, history: Sequence[Json], on: date, stated: Sequence[Condition] = ()
) -> PersonForecast:
    """Return the same from a history and statements of special conditions already read."""
    packs = packs_in_use()
    doses = [_dose(record) for record in history]
    held = standing(stated)
    subject = Subject(patient.birth_on, patient.sex, tuple(one.observed() for one in held))
    answer = assess(subject, doses, packs, on)
    rules = packs.on(on)
    found = [_next(line, answer.evaluations, rules, on) for line in answer.forecasts]
    return PersonForecast(
        on,
        tuple(zip(history, answer.evaluations, strict=True)),
        tuple(sorted((one for one in found if one is not None), key=_need)),
        rules,
        answer.forecasts,
        _effects(held, changed_groups(subject, doses, packs, on), answer.forecasts),
    )


def _effects(
    held: Sequence[Condition], changed: Mapping[str, frozenset[str]], lines: Sequence[GroupForecast]
) -> tuple[ConditionEffect, ...]:
    """Return each condition of the day with the groups it changes, in the order of the lines."""
    found = []
    for one in held:
        if one.code in changed:
            about = [line for line in lines if line.group in changed[one.code]]
            names = tuple(line.group for line in about)
            found.append(ConditionEffect(one, names, any(line.unverified for line in about)))
    return tuple({effect.condition.code: effect for effect in found}.values())


def _need(one: NextDose) -> tuple[int, date]:
    first = _URGENCY.index(one.standing) if one.is_for_today else len(_URGENCY)
    return first, one.line.recommended_on or date.max


def _dose(record: Json) -> Dose:
    given_on = local_day(read_instant(record["occurred_at"]))
    product = record.get("product_code") or None  # of a copied dose nobody knows the product
    return Dose(record["vaccine_code"], given_on, product, record.get("market_holder"))


def _next(
    line: GroupForecast, evaluations: Sequence[DoseEvaluation], rules: Rules, on: date
) -> NextDose | None:
    number = vaccine_dose_number(line, evaluations, rules)
    if number is None or line.earliest_on is None or not line.vaccines:
        return None
    by = next((one.judged_by for one in line.series if one.judged_by), None)
    return NextDose(
        line.vaccines[0].vaccine_code, number, standing_of(line, on), line, by.edition if by else ""
    )


def visit_plan(
    forecast: PersonForecast, products: Sequence[Product], picked: Sequence[Product] = ()
) -> VisitPlan:
    """Return what may go together today: what the schedule says is due, and the products that are picked.

    The first product of a kind stands for it; a picked one takes the place of its alternative. What the
    doctor is asked about is not proposed.
    """
    shots: list[Shot] = []
    for one in forecast.next_doses:
        offered = {offer.vaccine_code for offer in one.line.vaccines}
        if any(product.vaccine_code in offered for product in picked):
            continue
        if one.is_for_today and one.standing is not Standing.ASK:
            at_hand = (product for product in products if product.vaccine_code == one.vaccine_code)
            shots.append(Shot(one.vaccine_code, product=next(at_hand, None)))
    shots[:0] = [Shot(product.vaccine_code, product.programme, product) for product in picked]
    history = [(judged.dose.vaccine_code, judged.dose.given_on) for _, judged in forecast.doses]
    return plan_visit(shots, history, forecast.rules, forecast.on)


@dataclass(frozen=True)
class Proposal:
    """What the schedule says of giving one product today; the doctor decides."""

    dose_number: int
    standing: Standing | None = None
    """None: the schedule has nothing to say of this vaccine."""
    earliest_on: date | None = None
    offered: bool = True
    """Whether the next dose of its group may be this vaccine."""
    reasons: tuple[Reason, ...] = ()

    @property
    def is_for_today(self) -> bool:
        """Return whether the schedule says that it may be given today."""
        return self.standing in MAY_BE_GIVEN and self.offered

    def departs(self, dose_number: int) -> bool:
        """Return whether to give it today under this number is not what the schedule says."""
        return self.standing is not None and (not self.is_for_today or dose_number != self.dose_number)


def proposal_for(forecast: PersonForecast, patient: Patient, product: Product) -> Proposal:
    """Return what the schedule and the product's leaflet say of giving it today.

    Of an adult the schedule says nothing, for the programme is for children. The leaflet makes a dose later,
    never earlier.
    """
    said = _by_schedule(forecast, patient, product)
    given = [
        judged.dose.given_on
        for record, judged in forecast.doses
        if record["vaccine_code"] == product.vaccine_code
    ]
    bound = leaflet_bound(product.leaflet, given, said.dose_number)
    if bound is None or bound[0] <= forecast.on:
        return said
    day, reason = bound
    earliest = max(day, said.earliest_on or day)
    return replace(said, standing=Standing.LATER, earliest_on=earliest, reasons=(*said.reasons, reason))


def _by_schedule(forecast: PersonForecast, patient: Patient, product: Product) -> Proposal:
    given = 1 + sum(record["vaccine_code"] == product.vaccine_code for record, _ in forecast.doses)
    vaccine = forecast.rules.vaccines.get(product.vaccine_code)
    antigens = {held.antigen for held in vaccine.antigens} if vaccine else set()
    lines = [
        line for line in forecast.lines if any(one.antigen in antigens for one in line.series)
    ]  # of a combined vaccine several
    if not lines or not is_minor(patient.birth_on, forecast.on):
        return Proposal(given)
    for line in lines:
        if any(offer.vaccine_code == product.vaccine_code for offer in line.vaccines):
            number = forecast.dose_numbers()[product.vaccine_code]
            standing = standing_of(line, forecast.on)
            return Proposal(number, standing, line.earliest_on, reasons=line.reasons)
    line = lines[0]
    if _begins_another_way(forecast, line, product.vaccine_code):
        return Proposal(1, standing_of(line, forecast.on), line.earliest_on, reasons=line.reasons)
    valid = 1 + sum(
        record["vaccine_code"] == product.vaccine_code and judged.status is DoseStatus.VALID
        for record, judged in forecast.doses
    )
    standing = standing_of(line, forecast.on)
    return Proposal(valid, standing, line.earliest_on, offered=False, reasons=line.reasons)


def _begins_another_way(forecast: PersonForecast, line: GroupForecast, vaccine_code: str) -> bool:
    """Return whether nothing counts yet and another series begins with this vaccine (乙脑、甲肝)."""
    begun = any(
        part.group == line.group and part.status is DoseStatus.VALID
        for _, judged in forecast.doses
        for part in judged.antigens
    )
    return not begun and any(
        series.type is SeriesType.STANDARD
        and any(wanted.vaccine == vaccine_code for wanted in series.doses[0].preferable)
        for one in line.series
        for series in forecast.rules.antigens[one.antigen][1].series
    )
