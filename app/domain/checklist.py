"""三查七对一验证: eleven items, each with its own state, who, when and how.

Source: N2023 ch.5 §6; 疫苗管理法 art. 45.

What the machine can tell it tells from the records, again at every look; what only a person can see a person
confirms, item by item. ``require_all`` is the gate in front of the dose.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import ClassVar

from app.domain.catalogue import BodySite, Product, Route
from app.domain.clock import local_day
from app.domain.people import Patient, age_on
from app.domain.refusals import Refusal
from app.domain.screening import Decision
from app.domain.vial import Vial, check_age, check_planned, check_usable


class Item(StrEnum):
    """The eleven items in the official order."""

    HEALTH = "health"
    BOOKLET = "booklet"
    APPEARANCE = "appearance"
    NAME = "name"
    AGE = "age"
    VACCINE = "vaccine"
    SPECIFICATION = "specification"
    QUANTITY = "quantity"
    BODY_SITE = "body_site"
    ROUTE = "route"
    RECIPIENT = "recipient"


THREE_CHECKS = (Item.HEALTH, Item.BOOKLET, Item.APPEARANCE)
SEVEN_MATCHES = (
    Item.NAME, Item.AGE, Item.VACCINE, Item.SPECIFICATION, Item.QUANTITY, Item.BODY_SITE, Item.ROUTE,
)  # fmt: skip
ONE_VERIFICATION = (Item.RECIPIENT,)
PERSON_ITEMS = (Item.BOOKLET, Item.APPEARANCE, Item.NAME, Item.RECIPIENT)
"""What only a person can see, in the order it is asked; at most four keys (ux.md rule 4)."""
VIAL_ITEMS = frozenset({Item.APPEARANCE, Item.RECIPIENT})
"""Confirmations that speak of one vial: another vial asks for them again."""
PERSON_BOUND_ITEMS = (Item.NAME, Item.RECIPIENT)
"""Confirmations that speak of who sits there: somebody else's document asks for them again."""


class ItemState(StrEnum):
    """Where an item stands."""

    WAITING = "waiting"
    PASSED = "passed"
    FAILED = "failed"


class How(StrEnum):
    """What an item was checked against."""

    SCREENING = "screening"
    RECORD = "record"
    SCAN = "scan"
    HAND_ENTRY = "hand_entry"
    PRODUCT = "product"
    PERSON = "person"
    RECIPIENT = "recipient"


@dataclass(frozen=True)
class Confirmation:
    """A person confirmed an item."""

    by: str
    at: datetime


@dataclass(frozen=True)
class Screened:
    """What the checklist needs of the screening and the consent."""

    decision: Decision
    by: str
    at: datetime
    consented: bool


@dataclass(frozen=True)
class CheckFacts:
    """Everything the checklist is computed from."""

    patient: Patient
    identity_by: str
    """Who brought up this person's ticket at the needle …"""
    identity_at: datetime
    """… and when."""
    screened: Screened | None
    planned: Product | None
    dose_number: int | None
    body_site: BodySite | None
    vial: Vial | None
    vial_by: str = ""
    vial_at: datetime | None = None
    confirmations: Mapping[Item, Confirmation] = field(default_factory=dict)


@dataclass(frozen=True)
class CheckResult:
    """One item as it stands now."""

    item: Item
    state: ItemState
    how: How | None = None
    by: str = ""
    at: datetime | None = None
    refusal: Refusal | None = None
    """Why it failed."""


@dataclass(unsafe_hash=True)
class NotScreened(Refusal):
    """No screening of today with the advice 建议接种."""

    stop: ClassVar[bool] = True
    decision: Decision | None


@dataclass(unsafe_hash=True)
class ScreeningOutdated(Refusal):
    """The screening is of another day; the questions are asked again."""

    stop: ClassVar[bool] = True
    screened_at: datetime


@dataclass(unsafe_hash=True)
class NotConsented(Refusal):
    """No informed consent is recorded (VER-6, N2023 6.3)."""

    stop: ClassVar[bool] = True


@dataclass(unsafe_hash=True)
class ChecklistIncomplete(Refusal):
    """The dose cannot be recorded: these items have not passed."""

    items: tuple[Item, ...]


@dataclass(unsafe_hash=True)
class VialNotScanned(Refusal):
    """An item that speaks of the vial, before a vial was scanned."""

    item: Item


@dataclass(unsafe_hash=True)
class EarlierItemOpen(Refusal):
    """The official order: an earlier confirmation is still open."""

    item: Item
    open_item: Item


@dataclass(unsafe_hash=True)
class OtherPersonsDocument(Refusal):
    """The document shown at the needle is not the one on file for the person who was called."""

    stop: ClassVar[bool] = True
    ticket_number: str
    on_file: str
    """Masked, as is ``shown``: a refusal may be copied and sent to support."""
    shown: str
    shown_name: str
    """Who has that document on file here; empty for somebody unknown."""
    shown_ticket: str
    """Their ticket in the running session; empty if they have none."""


@dataclass(unsafe_hash=True)
class NotForPersons(Refusal):
    """The machine decides this item; nobody can tick it."""

    item: Item


def evaluate(facts: CheckFacts, now: datetime) -> tuple[CheckResult, ...]:
    """Return the eleven items in the official order, each as it stands at ``now``."""
    return tuple(_evaluate_item(item, facts, now) for item in Item)


def require_all(facts: CheckFacts, now: datetime) -> tuple[CheckResult, ...]:
    """Return the eleven passed items; raises the first hard refusal, else ChecklistIncomplete (VER-1)."""
    results = evaluate(facts, now)
    for result in results:
        if result.refusal is not None:
            raise result.refusal
    if waiting := tuple(result.item for result in results if result.state is not ItemState.PASSED):
        raise ChecklistIncomplete(waiting)
    return results


def check_confirmable(item: Item, facts: CheckFacts) -> None:
    """Pass an item a person may confirm now; raises NotForPersons, VialNotScanned or EarlierItemOpen."""
    if item not in PERSON_ITEMS:
        raise NotForPersons(item)
    if item in VIAL_ITEMS and facts.vial is None:
        raise VialNotScanned(item)
    for earlier in PERSON_ITEMS[: PERSON_ITEMS.index(item)]:
        if earlier not in facts.confirmations:
            raise EarlierItemOpen(item, earlier)


def next_to_confirm(facts: CheckFacts) -> Item | None:
    """Return the first item that waits for a person, None when all four are confirmed."""
    return next((item for item in PERSON_ITEMS if item not in facts.confirmations), None)


def check_screened(facts: CheckFacts, now: datetime) -> None:
    """Pass a screening of today that advises vaccination, with consent; raises the refusal."""
    screened = facts.screened
    if screened is None or screened.decision is not Decision.PROCEED or facts.planned is None:
        raise NotScreened(screened.decision if screened else None)
    if local_day(screened.at) != local_day(now):
        raise ScreeningOutdated(screened.at)
    if not screened.consented:
        raise NotConsented()


def _check_planned(facts: CheckFacts) -> None:
    if facts.vial and facts.planned:
        check_planned(facts.vial, facts.planned)


def _check_vial(facts: CheckFacts, now: datetime) -> None:
    if facts.vial:
        check_usable(facts.vial, now, local_day(now))


def _check_age(facts: CheckFacts, now: datetime) -> None:
    product = facts.planned or (facts.vial.product if facts.vial else None)
    if product:
        check_age(product, age_on(facts.patient.birth_on, local_day(now)))


def _evaluate_item(item: Item, facts: CheckFacts, now: datetime) -> CheckResult:
    """Refused by a hard fact, else passed when everything it needs is known, else waiting."""
    try:
        if hard_fact := _HARD_FACTS.get(item):
            hard_fact(facts, now)
    except Refusal as refusal:
        return CheckResult(item, ItemState.FAILED, refusal=refusal)
    known = _KNOWN[item](facts)
    if known is None:
        return CheckResult(item, ItemState.WAITING)
    how, by, at = known
    return CheckResult(item, ItemState.PASSED, how, by, at)


_HARD_FACTS: dict[Item, Callable[[CheckFacts, datetime], None]] = {
    Item.HEALTH: check_screened,
    Item.APPEARANCE: _check_vial,
    Item.AGE: _check_age,
    Item.VACCINE: lambda facts, now: _check_planned(facts),
    Item.SPECIFICATION: lambda facts, now: _check_planned(facts),
}

_Known = tuple[How, str, datetime] | None


def _from_screening(facts: CheckFacts) -> _Known:
    screened = facts.screened
    return (How.SCREENING, screened.by, screened.at) if screened else None


def _from_person(item: Item, how: How) -> Callable[[CheckFacts], _Known]:
    def known(facts: CheckFacts) -> _Known:
        given = facts.confirmations.get(item)
        if given is None or (item in VIAL_ITEMS and facts.vial is None):
            return None
        return how, given.by, given.at

    return known


def _from_record(facts: CheckFacts) -> _Known:
    return How.RECORD, facts.identity_by, facts.identity_at


def _from_vial(facts: CheckFacts) -> _Known:
    if facts.vial is None or facts.vial_at is None or facts.planned is None:
        return None
    how = How.HAND_ENTRY if facts.vial.reason else How.SCAN
    return how, facts.vial_by, facts.vial_at


def _from_product(facts: CheckFacts) -> _Known:
    known = _from_vial(facts)
    return (How.PRODUCT, *known[1:]) if known else None


def _from_body_site(facts: CheckFacts) -> _Known:
    return _from_product(facts) if facts.body_site is not None else None


_KNOWN: dict[Item, Callable[[CheckFacts], _Known]] = {
    Item.HEALTH: _from_screening,
    Item.BOOKLET: _from_person(Item.BOOKLET, How.PERSON),
    Item.APPEARANCE: _from_person(Item.APPEARANCE, How.PERSON),
    Item.NAME: _from_person(Item.NAME, How.PERSON),
    Item.AGE: _from_record,
    Item.VACCINE: _from_vial,
    Item.SPECIFICATION: _from_vial,
    Item.QUANTITY: _from_product,
    Item.BODY_SITE: _from_body_site,
    Item.ROUTE: _from_product,
    Item.RECIPIENT: _from_person(Item.RECIPIENT, How.RECIPIENT),
}


@dataclass(frozen=True)
class Injection:
    """What the vaccinator states with the key 已接种: where and how it went in."""

    body_site: BodySite
    route: Route


def body_sites_of(route: Route) -> tuple[BodySite, ...]:
    """Return the body sites a route can have (N2023 6.5); OTHER is for what the leaflet names besides."""
    if route is Route.ORAL:
        return (BodySite.MOUTH,)
    return tuple(site for site in BodySite if site is not BodySite.MOUTH)
