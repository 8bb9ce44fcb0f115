"""Why a rule pack, or the published data and cases, are not taken."""

from dataclasses import dataclass

from app.domain.refusals import Refusal


@dataclass(unsafe_hash=True)
class PackBroken(Refusal):
    """The file is not a pack, or contradicts itself; the last good pack stays in force."""

    file: str
    line: int
    """From 1."""
    path: str
    """As ``antigens[2].series[0].doses[1].ages``."""
    reason: str
    """``not_json``, ``unknown_field``, ``field_missing``, ``field_twice``, ``wrong_type``,
    ``not_a_duration``, ``not_a_date``, ``not_a_choice``, ``unknown_vaccine``, ``unknown_antigen``,
    ``unknown_group``, ``unknown_observation``, ``unknown_class``, ``not_a_name``, ``named_twice``,
    ``empty``, ``later_dose``, ``reference_unclear``, ``wrong_order``."""
    found: str = ""


@dataclass(unsafe_hash=True)
class PackUnsigned(Refusal):
    """It says it is in force, or a site is to take it, and nobody signed; the last good one stays."""

    file: str
    line: int
    pack: str
    edition: str


@dataclass(unsafe_hash=True)
class PackOfOtherPlace(Refusal):
    """It is the rule of another province or site than this one."""

    file: str
    line: int
    code: str
    """Of the pack's region."""
    site_code: str
    """What this site would need to read there: its division, or its own id."""


@dataclass(unsafe_hash=True)
class PackUnreadable(Refusal):
    """The file is gone, or the stick with it, or it is far larger than a pack."""

    file: str


@dataclass(unsafe_hash=True)
class PackNotKept(Refusal):
    """The disk did not take the file; the last good one stays."""

    file: str


@dataclass(unsafe_hash=True)
class PackNotVouched(Refusal):
    """A file among the site's packs that two people did not take, or that was changed since: not used."""

    file: str


@dataclass(unsafe_hash=True)
class PackGone(Refusal):
    """A pack that two people took, whose file is no more; what ships goes on under its name, if anything."""

    name: str


@dataclass(unsafe_hash=True)
class SupportingDataMissing(Refusal):
    """The folder holds no published supporting data."""

    folder: str
    file: str
    """What was looked for."""


@dataclass(unsafe_hash=True)
class SupportingDataBroken(Refusal):
    """A file of the published supporting data is no XML."""

    file: str
    line: int


@dataclass(unsafe_hash=True)
class CasesUnreadable(Refusal):
    """The workbook does not open, or no sheet of it holds test cases."""

    file: str
