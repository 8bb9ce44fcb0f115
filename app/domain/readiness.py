"""The four things every site must have before the day's first injection: 四有 (SITE-9, domain.md §11.1)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from app.domain.refusals import Refusal


class Need(StrEnum):
    """One of the four, in their official order."""

    MEDICAL_STAFF = "medical_staff"
    """有驻点医务人员值守."""
    EMERGENCY_KIT = "emergency_kit"
    """有急救设备药品保障."""
    AMBULANCE = "ambulance"
    """有 120 救护车转运患者."""
    TRANSFER_ROUTE = "transfer_route"
    """有转运渠道和救治绿色通道."""


@dataclass(frozen=True)
class KitItem:
    """One thing of the emergency kit, good through the day ``expires_on``."""

    name: str
    expires_on: date


@dataclass(frozen=True)
class Readiness:
    """What somebody saw of the four on a day, and whether a manager let the day begin all the same."""

    day: date
    seen: frozenset[Need]
    kit: tuple[KitItem, ...] = ()
    checked_by: str = ""
    overridden_by: str = ""
    reason: str = ""
    approved_by: str = ""
    """Who stood by the manager's word as the second person."""


@dataclass(unsafe_hash=True)
class NotReady(Refusal):
    """The day's check is not made, or something is missing and no manager has answered for it."""

    missing: tuple[Need, ...]
    expired: tuple[str, ...] = ()


@dataclass(unsafe_hash=True)
class KitItemIncomplete(Refusal):
    """A thing of the kit without a name, or without a day until which it is good."""

    name: str


@dataclass(unsafe_hash=True)
class OverrideReasonMissing(Refusal):
    """Beginning without one of the four needs a reason in words."""


def expired(kit: Sequence[KitItem], day: date) -> tuple[str, ...]:
    """Return the names of what is no longer good on a day."""
    return tuple(item.name for item in kit if item.expires_on < day)


def missing(readiness: Readiness | None, day: date) -> tuple[Need, ...]:
    """Return which of the four nobody has seen on this day; a kit that is empty or run out is not there."""
    if readiness is None or readiness.day != day:
        return tuple(Need)
    kit_is_good = bool(readiness.kit) and not expired(readiness.kit, day)
    return tuple(
        need
        for need in Need
        if need not in readiness.seen or (need is Need.EMERGENCY_KIT and not kit_is_good)
    )


def require_ready(readiness: Readiness | None, day: date) -> None:
    """Pass a day that may begin; raises NotReady."""
    lacking = missing(readiness, day)
    if not lacking or (readiness is not None and readiness.day == day and readiness.overridden_by):
        return
    raise NotReady(lacking, expired(readiness.kit, day) if readiness and readiness.day == day else ())
