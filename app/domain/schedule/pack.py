"""A rule pack: one programme in one edition: its source, where and when it holds, who signed."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from app.domain.schedule.antigen import Antigen
from app.domain.schedule.duration import Arithmetic, Duration
from app.domain.schedule.series_dose import SkipContext


class PackStatus(StrEnum):
    """What a pack is worth."""

    IN_FORCE = "in_force"
    """Signed off; a pack that says so without a signature is refused."""
    UNVERIFIED = "unverified"
    """Usable, and every screen says 未核实."""
    DRAFT = "draft"
    """Not to be used for a patient."""
    HISTORIC = "historic"
    """For doses of its time; it forecasts nothing after ``valid_to``."""


class Layer(StrEnum):
    """Whose rule it is; a later one here goes over an earlier one."""

    NATIONAL = "national"
    PROVINCE = "province"
    SITE = "site"


@dataclass(frozen=True, slots=True)
class Region:
    """Where it holds."""

    layer: Layer = Layer.NATIONAL
    code: str = "CN"
    """``CN``; of a province, city or county the six digits of its division (GB/T 2260); a site's own id."""

    def holds_at(self, site_id: str, division: str) -> bool:
        """Return whether it is a rule of a site; ``division``: the six digits of where the site is."""
        if self.layer is Layer.NATIONAL:
            return self.code == "CN"
        if self.layer is Layer.SITE:
            return self.code == site_id
        pairs = [self.code[place : place + 2] for place in range(0, len(self.code), 2)]
        while pairs and pairs[-1] == "00":
            pairs.pop()
        return bool(pairs) and division.startswith("".join(pairs))


@dataclass(frozen=True, slots=True)
class Source:
    """The document it follows."""

    title: str
    edition: str = ""
    number: str = ""
    issued_on: date | None = None
    evidence: str = ""
    """How it was read, as ``NIP2021`` or ``2ND``."""


@dataclass(frozen=True, slots=True)
class SignedOff:
    """The clinician who answers for it."""

    name: str
    on: date
    role: str = ""


class Form(StrEnum):
    """What is in the vial."""

    LIVE = "live"
    INACTIVATED = "inactivated"
    """Whole, split, subunit, toxoid, conjugate: everything that does not multiply."""
    IMMUNOGLOBULIN = "immunoglobulin"


class Given(StrEnum):
    """How it gets in."""

    INJECTED = "injected"
    ORAL = "oral"
    NASAL = "nasal"
    INHALED = "inhaled"


@dataclass(frozen=True, slots=True)
class Association:
    """An antigen that a vaccine holds, for patients within an age."""

    antigen: str
    begin_age: Duration | None = None
    end_age: Duration | None = None


@dataclass(frozen=True, slots=True)
class Vaccine:
    """A kind of vaccine: ``code`` is the ``vaccine_code`` of the catalogue (the CVX in CDSi)."""

    code: str
    antigens: tuple[Association, ...] = ()
    """Empty for immunoglobulins: they are given, conflict, and protect in no series."""
    title: str = ""
    form: Form = Form.INACTIVATED
    given: Given = Given.INJECTED
    platform: str = ""
    """What may stand in for it, as ``inactivated_vero``; empty: only itself."""


@dataclass(frozen=True, slots=True)
class VaccineGroup:
    """What is forecast together on one line."""

    group: str
    antigens: tuple[str, ...]
    title: str = ""
    administer_full: bool = False
    """Complete only when every antigen is (MMR); else as each antigen needs."""


ONE_DAY = Duration(0, 1)


@dataclass(frozen=True, slots=True)
class Conflict:
    """How long one vaccine keeps another waiting.

    ``previous`` and ``current`` are vaccine codes or ``@`` with form and way (``@live``, ``@live_injected``,
    ``@immunoglobulin``, ``@any``). A dose from ``begin`` on and before ``abs_end`` is in
    conflict; ``end`` is what is planned for.
    """

    previous: tuple[str, ...]
    current: tuple[str, ...]
    end: Duration
    abs_end: Duration | None = None
    """Absent: as ``end``."""
    begin: Duration = ONE_DAY
    """Default one day: on the same day there is none."""
    context: SkipContext = SkipContext.BOTH
    """``forecast``: it is planned around, and no dose is invalid for it."""
    unless_given: tuple[str, ...] = ()
    """Codes or ``@`` classes of ``current`` that are exempt."""
    about: str = ""


@dataclass(frozen=True, slots=True)
class ObservationKind:
    """A word for something that may be true of a patient."""

    code: str
    title: str


@dataclass(frozen=True, slots=True)
class Pack:
    """One file of ``resources/schedules``."""

    pack: str
    """Its name, the same in every edition, as ``cn-nip``."""
    edition: str
    title: str
    source: Source
    status: PackStatus
    valid_from: date | None
    """First day on which it is in force; null: not yet known, then it is never in force by itself."""
    antigens: tuple[Antigen, ...]
    vaccines: tuple[Vaccine, ...]
    groups: tuple[VaccineGroup, ...]
    valid_to: date | None = None
    """Last day; absent: until a newer edition of the antigen takes over."""
    region: Region = Region()
    signed_off_by: SignedOff | None = None
    on_by_default: bool = False
    arithmetic: Arithmetic = Arithmetic.CIVIL_CODE
    conflicts: tuple[Conflict, ...] = ()
    observations: tuple[ObservationKind, ...] = ()
    about: str = ""
