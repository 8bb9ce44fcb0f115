"""Packs put aside and let go again, and codes nobody knew given their product: two people decide (SEC-6)."""

from dataclasses import dataclass

from app.domain.catalogue import CodeMapping, PackLevel
from app.domain.codes import Gs1Code, TraceCode, check_gtin
from app.domain.refusals import Refusal
from app.storage import catalogue
from app.workflows.desk import Act, SecondPerson

MOST_DOSES = 100_000
"""A carton that holds more is a slip of the fingers."""


@dataclass(unsafe_hash=True)
class PackNotPutAside(Refusal):
    """The pack is not put aside, or no longer."""

    code: str


@dataclass(unsafe_hash=True)
class ReleaseReasonMissing(Refusal):
    """Letting a pack go again needs to say what was found."""


@dataclass(unsafe_hash=True)
class CodeOfCatalogue(Refusal):
    """The catalogue itself says whose code this is: nobody here says otherwise."""

    code: str
    vaccine_name: str
    specification: str


@dataclass(unsafe_hash=True)
class CodeMappedAlready(Refusal):
    """Two people have said just this before."""

    code: str
    vaccine_name: str


@dataclass(unsafe_hash=True)
class ProductUnknown(Refusal):
    """The site's catalogue holds no such product."""

    product_code: str


@dataclass(unsafe_hash=True)
class DosesNotSensible(Refusal):
    """The smallest pack holds what the product says, a larger one no less, and no carton a whole county's."""

    doses: int
    least: int
    most: int


def quarantine_pack(act: Act, code: str, reason: str) -> None:
    """Put one pack aside: from now on its scan is stopped, until two people release it."""
    act.require("quarantine_pack")
    act.append("pack.quarantined", {"code": code, "reason": reason, "at": act.at})


def release_pack(act: Act, code: str, reason: str, second: SecondPerson | None = None) -> None:
    """Let a pack that was put aside be used again: two people, and what they found.

    Every other hard fact still stops it: expiry, lot, doses used, time open. Raises PackNotPutAside,
    ReleaseReasonMissing, SecondPersonNeeded or SecondPersonIsFirst.
    """
    act.require("release_pack")
    if not catalogue.is_put_aside(act.db, code):
        raise PackNotPutAside(code)
    if not reason.strip():
        raise ReleaseReasonMissing()
    approved_by = act.require_second("release_pack", second).staff_id
    body = {"code": code, "reason": reason.strip(), "approved_by": approved_by, "at": act.at}
    act.append("pack.released", body)


def kind_code(code: TraceCode | Gs1Code) -> str:
    """Return the part of a code that says which product and which pack: 药品标识码 or GTIN-14."""
    return code.product_code7 if isinstance(code, TraceCode) else code.gtin


def map_code(
    act: Act,
    code: TraceCode | Gs1Code,
    product_code: str,
    level: PackLevel,
    doses: int,
    second: SecondPerson | None = None,
) -> CodeMapping:
    """Say of which product, at which level of packing, codes of this kind are (domain.md 2.2).

    ``doses``: in one such pack. From then on ``catalogue.find_product_of`` finds every code of the kind. What
    two people said before may be put right the same way; the catalogue's own word may not. Raises
    BadGs1CheckDigit, CodeOfCatalogue, CodeMappedAlready, ProductUnknown, DosesNotSensible,
    SecondPersonNeeded or SecondPersonIsFirst.
    """
    act.require("map_code")
    kind = kind_code(code)
    if isinstance(code, Gs1Code):
        check_gtin(kind)
    if stated := catalogue.find_stated(act.db, kind):
        raise CodeOfCatalogue(kind, stated[0].vaccine_name, stated[0].specification)
    product = catalogue.find_product(act.db, product_code)
    if product is None:
        raise ProductUnknown(product_code)
    least = product.doses_per_pack
    most = least if level is PackLevel.UNIT else MOST_DOSES
    if not least <= doses <= most:
        raise DosesNotSensible(doses, least, most)
    before = catalogue.find_mapping(act.db, kind)
    if before and (before.product_code, before.level, before.doses) == (product_code, level, doses):
        raise CodeMappedAlready(kind, product.vaccine_name)
    approved_by = act.require_second("map_code", second).staff_id
    body = {
        "code": kind,
        "product_code": product_code,
        "level": str(level),
        "doses": doses,
        "approved_by": approved_by,
        "at": act.at,
    }
    if before:
        body["instead_of"] = before.product_code
    act.append("code.mapped", body)
    return CodeMapping(kind, product_code, level, doses, act.user.staff_id, approved_by, act.at)
