"""The vial in the nurse's hand: what its code says, and the hard facts that stop an injection."""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import ClassVar

from app.domain.catalogue import Lot, LotStatus, PackLevel, Product, open_vial_minutes
from app.domain.people import Age
from app.domain.refusals import Refusal


class CodeSource(StrEnum):
    """How the code of the smallest pack came to be known; everything but SCANNED is flagged in the record."""

    SCANNED = "scanned"
    WEBCAM = "webcam"
    TYPED = "typed"
    UNREADABLE = "unreadable"
    UNKNOWN_CODE = "unknown_code"


@dataclass(frozen=True)
class Vial:
    """One vial, matched with the stock of this site."""

    trace_code: str | None
    """Identification of the smallest pack; None when nobody could read it."""
    source: CodeSource
    reason: str
    """Why the code was not scanned; empty for SCANNED."""
    product: Product
    lot: Lot
    doses: int
    doses_used: int
    """Doses recorded with this code at this site and not voided."""
    opened_at: datetime | None
    """Instant of the first dose out of a multi-dose vial."""
    quarantined: bool = False
    approved_by: str = ""
    """Who looked at it as well when it was entered by hand; empty for a vial that was scanned."""


@dataclass(unsafe_hash=True)
class LotExpired(Refusal):
    """The lot may not be used any more."""

    stop: ClassVar[bool] = True
    lot_number: str
    expires_on: date
    today: date


@dataclass(unsafe_hash=True)
class LotBlocked(Refusal):
    """The lot is quarantined or recalled."""

    stop: ClassVar[bool] = True
    lot_number: str
    status: LotStatus
    reason: str


@dataclass(unsafe_hash=True)
class VialQuarantined(Refusal):
    """This very vial has been put aside."""

    stop: ClassVar[bool] = True
    trace_code: str
    lot_number: str


@dataclass(unsafe_hash=True)
class WrongProduct(Refusal):
    """The vial holds another product than the doctor decided on."""

    stop: ClassVar[bool] = True
    planned: str
    planned_specification: str
    found: str
    found_specification: str


@dataclass(unsafe_hash=True)
class CodeOverused(Refusal):
    """The code has been recorded as often as its pack has doses (domain.md §2.3)."""

    stop: ClassVar[bool] = True
    trace_code: str
    doses: int
    doses_used: int


@dataclass(unsafe_hash=True)
class OpenTooLong(Refusal):
    """The vial has been open longer than allowed (N2023 10.3.2)."""

    stop: ClassVar[bool] = True
    lot_number: str
    opened_at: datetime
    discard_at: datetime


@dataclass(unsafe_hash=True)
class AgeOutsideLimits(Refusal):
    """The product is not for this age."""

    stop: ClassVar[bool] = True
    vaccine_name: str
    age_months: int
    min_age_months: int
    max_age_months: int | None
    leaflet: str = ""
    """Where the limits are from, if it is known."""


@dataclass(unsafe_hash=True)
class CartonScanned(Refusal):
    """The code belongs to an inner pack or a carton, never to a vial (domain.md §14.3)."""

    code: str
    level: PackLevel


@dataclass(unsafe_hash=True)
class CodeNotInStock(Refusal):
    """The code is well formed, but no delivery of this site holds it."""

    code: str


@dataclass(unsafe_hash=True)
class VialNotSaved(Refusal):
    """The vial presented last was not written down: the one on record may not be the one in the hand."""


@dataclass(unsafe_hash=True)
class ExpiryUnreadable(Refusal):
    """What was typed as the expiry is no day or month of the calendar."""

    typed: str


def read_expiry(typed: str) -> date:
    """Return the last usable day of an expiry typed from the label; raises ExpiryUnreadable.

    ``20271031``, ``2027-10-31`` and, through the end of that month, ``202710`` (domain.md, Appendix B).
    """
    digits = re.sub(r"[\s./年月日-]", "", typed)
    if not re.fullmatch(r"\d{6}(\d\d)?", digits, re.ASCII):
        raise ExpiryUnreadable(typed)
    year, month = int(digits[:4]), int(digits[4:6])
    try:
        return date(year, month, int(digits[6:] or monthrange(year, month)[1]))
    except ValueError:
        raise ExpiryUnreadable(typed) from None


def discard_at(vial: Vial) -> datetime | None:
    """Return when an opened multi-dose vial must be thrown away; None while it is closed or has one dose."""
    if vial.opened_at is None or vial.doses <= 1:
        return None
    return vial.opened_at + timedelta(minutes=open_vial_minutes(vial.product))


def check_planned(vial: Vial, planned: Product) -> None:
    """Pass the planned product; raises WrongProduct (七对: 品名, 规格)."""
    if vial.product.product_code != planned.product_code:
        raise WrongProduct(
            planned=planned.vaccine_name,
            planned_specification=planned.specification,
            found=vial.product.vaccine_name,
            found_specification=vial.product.specification,
        )


def check_usable(vial: Vial, now: datetime, today: date) -> None:
    """Pass a vial that may be used now; raises the first hard fact against it (三查 3)."""
    lot = vial.lot
    if today > lot.expires_on:
        raise LotExpired(lot.lot_number, lot.expires_on, today)
    if lot.status is not LotStatus.IN_USE:
        raise LotBlocked(lot.lot_number, lot.status, lot.status_reason)
    if vial.quarantined and vial.trace_code:
        raise VialQuarantined(vial.trace_code, lot.lot_number)
    if vial.trace_code and vial.doses_used >= vial.doses:
        raise CodeOverused(vial.trace_code, vial.doses, vial.doses_used)
    limit = discard_at(vial)
    if limit is not None and vial.opened_at is not None and now >= limit:
        raise OpenTooLong(lot.lot_number, vial.opened_at, limit)


def check_age(product: Product, age: Age) -> None:
    """Pass an age within the product's limits; raises AgeOutsideLimits (七对: 年龄)."""
    too_old = product.max_age_months is not None and age.months > product.max_age_months
    if age.months < product.min_age_months or too_old:
        raise AgeOutsideLimits(
            product.vaccine_name,
            age.months,
            product.min_age_months,
            product.max_age_months,
            product.leaflet.name if product.leaflet else "",
        )
