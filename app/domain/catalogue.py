"""Products, lots and the codes on their packs: what may be in a vial."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from app.domain.leaflet import Leaflet


class Route(StrEnum):
    """Routes of N2023 6.5."""

    ORAL = "oral"
    SUBCUTANEOUS = "subcutaneous"
    INTRADERMAL = "intradermal"
    INTRAMUSCULAR = "intramuscular"
    SCARIFICATION = "scarification"


class BodySite(StrEnum):
    """Where the dose goes in (domain.md §9.1, code example, unverified)."""

    LEFT_ARM = "left_arm"
    RIGHT_ARM = "right_arm"
    LEFT_THIGH = "left_thigh"
    RIGHT_THIGH = "right_thigh"
    LEFT_BUTTOCK = "left_buttock"
    RIGHT_BUTTOCK = "right_buttock"
    MOUTH = "mouth"
    OTHER = "other"


class LotStatus(StrEnum):
    """Whether a lot may be used."""

    IN_USE = "in_use"
    QUARANTINED = "quarantined"
    RECALLED = "recalled"


class PackLevel(StrEnum):
    """Smallest pack, inner pack, carton; each level has a code of its own (domain.md §2.2)."""

    UNIT = "1"
    INNER = "2"
    CARTON = "3"


class StorageBand(StrEnum):
    """Where a product is kept (N2023 ch. 4); the leaflet says which."""

    REFRIGERATED = "refrigerated"
    """2-8 ℃, never frozen."""
    FROZEN = "frozen"
    """At -15 ℃ or colder."""


@dataclass(frozen=True)
class Identification:
    """One code under which packs of a product come; a product has several, at each level of packing."""

    level: PackLevel
    doses: int
    code_prefix: str | None = None
    """The 7-digit drug identification code (药品标识码)."""
    gtin: str | None = None


@dataclass(frozen=True)
class Product:
    """The boxed thing; ``vaccine_code`` is its kind."""

    product_code: str
    vaccine_code: str
    vaccine_name: str
    """Everyday name (品种), e.g. 脊灰灭活疫苗."""
    full_name: str
    specification: str
    dosage_form: str
    dose_quantity_ml: str
    """Millilitres as text: decimals are never floating point here."""
    route: Route
    body_site: BodySite
    """Proposed; the vaccinator may state another."""
    market_holder: str
    manufacturer: str
    doses_per_pack: int
    series_doses: int
    programme: bool
    """National immunisation programme (免疫规划), free of charge."""
    live: bool
    min_age_months: int
    max_age_months: int | None
    """Youngest and oldest completed month of age; None is no upper limit."""
    gtin: str | None = None
    code_prefix: str | None = None
    """The 7-digit drug identification code of its smallest pack."""
    open_vial_minutes: int | None = None
    """The leaflet's limit; None takes N2023 10.3.2."""
    storage: StorageBand = StorageBand.REFRIGERATED
    body_sites: tuple[BodySite, ...] = ()
    """Where the leaflet lets it be given; empty: ``body_site`` alone is known."""
    identifications: tuple[Identification, ...] = ()
    """Codes of every level of packing; ``gtin`` and ``code_prefix`` are the first of the smallest pack."""
    leaflet: Leaflet | None = None
    """Which leaflet its ages, limits and intervals are from; None: not known."""
    verified: bool = False
    """False until a clinician has signed the medical values off; the screen says 未核实."""


OPEN_VIAL_LIVE_MINUTES = 30
OPEN_VIAL_INACTIVATED_MINUTES = 60


def open_vial_minutes(product: Product) -> int:
    """Return how long an opened vial may be used (N2023 10.3.2; the leaflet overrides)."""
    default = OPEN_VIAL_LIVE_MINUTES if product.live else OPEN_VIAL_INACTIVATED_MINUTES
    return product.open_vial_minutes or default


@dataclass(frozen=True)
class Lot:
    """A lot of a product at this site."""

    lot_id: str
    product_code: str
    lot_number: str
    expires_on: date
    """Usable through that day."""
    status: LotStatus = LotStatus.IN_USE
    status_reason: str = ""


@dataclass(frozen=True)
class PackCode:
    """One trace code and the lot it belongs to, from the delivery's relation file."""

    code: str
    level: PackLevel
    parent_code: str | None
    lot_id: str
    doses: int
    quarantined: bool = False


@dataclass(frozen=True)
class AsidePack:
    """One pack put aside: its scan stops until two people release it."""

    code: str
    reason: str
    put_by: str
    """Staff id."""
    put_at: str
    """UTC instant, as in bodies."""
    lot: Lot | None
    """None where no delivery named the code."""


@dataclass(frozen=True)
class CodeMapping:
    """What two people said codes of one kind are: of which product, at which level of packing."""

    code: str
    """GTIN-14, or the 7 digits of a drug identification code (药品标识码)."""
    product_code: str
    level: PackLevel
    doses: int
    """In one such pack."""
    mapped_by: str
    approved_by: str
    """Staff ids."""
    mapped_at: str
    """UTC instant, as in bodies."""
