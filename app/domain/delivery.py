"""A delivery of one lot: what came, on what papers, how warm, and whether it may come in (STK-5, TRC-3)."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from enum import StrEnum

from app.domain.catalogue import PackCode, PackLevel, StorageBand
from app.domain.refusals import Refusal


class Paper(StrEnum):
    """What must come with each delivery, else it is not taken in (疫苗管理法 art. 38, 39)."""

    TRANSPORT_LOG = "transport_log"
    """运输、储存全过程温度监测记录, whole and in range."""
    LOT_RELEASE = "lot_release"
    """批签发证明; of an imported lot also 进口药品通关单."""


COLDEST, WARMEST = Decimal(2), Decimal(8)
"""℃, of what is refrigerated (N2023 ch. 4); both ends are within."""
FROZEN_AT_MOST = Decimal(-15)
"""℃, of what is kept frozen (N2023 ch. 4)."""
_BELIEVABLE = (Decimal(-90), Decimal(60))
"""℃: beyond it a thermometer was misread or a decimal point lost."""


@dataclass(frozen=True)
class Delivery:
    """One lot as it stands before the receiver, stated and scanned."""

    product_code: str
    lot_number: str
    expires_on: date | None
    doses: int | None
    """As the delivery note says."""
    supplier: str
    temperature: str
    """℃ inside on arrival, as read from the thermometer."""
    papers: frozenset[Paper] = frozenset()
    lot_release_number: str = ""
    packs: tuple[PackCode, ...] = field(default_factory=tuple)
    """Each carton before what is in it; their ``lot_id`` is not known yet."""


@dataclass(unsafe_hash=True)
class DeliveryIncomplete(Refusal):
    """Something has to be stated before a delivery can be taken in; fields by their names here."""

    missing: tuple[str, ...]


@dataclass(unsafe_hash=True)
class DeliveryPapersMissing(Refusal):
    """Without these papers a delivery may not be taken in, and is reported at once."""

    missing: tuple[Paper, ...]


@dataclass(unsafe_hash=True)
class TemperatureUnreadable(Refusal):
    """What was typed is no temperature a thermometer shows."""

    typed: str


@dataclass(unsafe_hash=True)
class LotExpiredOnArrival(Refusal):
    """The lot that came cannot be used any more."""

    lot_number: str
    expires_on: date


@dataclass(unsafe_hash=True)
class LotRecalled(Refusal):
    """The lot that came has been recalled."""

    lot_number: str
    reason: str


@dataclass(unsafe_hash=True)
class ContentsUnknown(Refusal):
    """Of a carton or box it is not known which smallest packs are in it: none of them could be scanned."""

    codes: tuple[str, ...]


@dataclass(unsafe_hash=True)
class DosesDiffer(Refusal):
    """The delivery note speaks of another number of doses than the codes do."""

    stated: int
    scanned: int


@dataclass(unsafe_hash=True)
class PackScannedTwice(Refusal):
    """This pack of the delivery has been scanned already."""

    code: str


@dataclass(unsafe_hash=True)
class PackOfOtherProduct(Refusal):
    """A delivery is taken in lot by lot: this pack holds another product."""

    found: str
    expected: str


@dataclass(unsafe_hash=True)
class PackOfOtherLot(Refusal):
    """A delivery is taken in lot by lot: this pack says another lot number or expiry."""

    found: str
    expected: str


def read_celsius(typed: str) -> Decimal:
    """Return a temperature; raises TemperatureUnreadable."""
    try:
        value = Decimal(typed.strip().rstrip("℃°Cc").replace("－", "-").replace("−", "-").replace("，", "."))
    except InvalidOperation:
        raise TemperatureUnreadable(typed) from None
    if not (value.is_finite() and _BELIEVABLE[0] <= value <= _BELIEVABLE[1]):
        raise TemperatureUnreadable(typed)
    return value


def is_in_band(band: StorageBand, celsius: Decimal) -> bool:
    """Return whether what arrived was as cold as it is kept."""
    return COLDEST <= celsius <= WARMEST if band is StorageBand.REFRIGERATED else celsius <= FROZEN_AT_MOST


def doses_inside(packs: Collection[PackCode], code: str) -> int:
    """Return the doses of what is known to lie directly in a pack."""
    return sum(pack.doses for pack in packs if pack.parent_code == code)


def usable_doses(packs: Collection[PackCode]) -> int:
    """Return the doses of the smallest packs: those alone are ever injected from."""
    return sum(pack.doses for pack in packs if pack.level is PackLevel.UNIT)


def parent_of(packs: Sequence[PackCode], level: PackLevel, doses: int) -> str | None:
    """Return in which of the packs scanned so far the next one lies: the last that is not full yet."""
    for pack in reversed(packs):
        if pack.level > level and doses_inside(packs, pack.code) + doses <= pack.doses:
            return pack.code
    return None


def unopened(packs: Collection[PackCode]) -> tuple[str, ...]:
    """Return the cartons and boxes whose contents are not all known."""
    return tuple(
        pack.code
        for pack in packs
        if pack.level is not PackLevel.UNIT and doses_inside(packs, pack.code) < pack.doses
    )


def missing_facts(delivery: Delivery) -> tuple[str, ...]:
    """Return the names of what has not been stated."""
    stated = {
        "product_code": delivery.product_code,
        "lot_number": delivery.lot_number.strip(),
        "expires_on": delivery.expires_on,
        "doses": delivery.doses,
        "supplier": delivery.supplier.strip(),
        "temperature": delivery.temperature.strip(),
        "lot_release_number": delivery.lot_release_number.strip(),
        "packs": delivery.packs,
    }
    return tuple(name for name, value in stated.items() if not value)


def check_delivery(delivery: Delivery, today: date) -> Decimal:
    """Pass a delivery that may come in and return its temperature; raises the first thing against it.

    Too warm or too cold is nothing against it: it comes in, and is put aside until two people decide.
    """
    if lacking := missing_facts(delivery):
        raise DeliveryIncomplete(lacking)
    if absent := tuple(paper for paper in Paper if paper not in delivery.papers):
        raise DeliveryPapersMissing(absent)
    assert delivery.expires_on is not None, "it is stated"
    assert delivery.doses is not None, "they are stated"
    celsius = read_celsius(delivery.temperature)
    if delivery.expires_on < today:
        raise LotExpiredOnArrival(delivery.lot_number, delivery.expires_on)
    if sealed := unopened(delivery.packs):
        raise ContentsUnknown(sealed)
    scanned = usable_doses(delivery.packs)
    if scanned != delivery.doses:
        raise DosesDiffer(delivery.doses, scanned)
    return celsius
