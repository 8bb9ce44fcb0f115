"""Staff: who works at the site, in which roles, and until when they are trained to inject."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from app.domain.refusals import Refusal

WARNED_AHEAD = timedelta(days=30)
"""How long before its end a training certificate is shown in amber."""


class Role(StrEnum):
    """What a person may do; one person often holds several in a village team."""

    REGISTRAR = "registrar"
    DOCTOR = "doctor"
    VACCINATOR = "vaccinator"
    OBSERVER = "observer"
    STOCK_KEEPER = "stock_keeper"
    MANAGER = "manager"
    INSPECTOR = "inspector"
    """Looks at everything and changes nothing (STF-9)."""
    INFORMATION_OFFICER = "information_officer"
    """Keeps data right and sees that it goes up (STF-11)."""
    AUDITOR = "auditor"
    """Looks at who did what, not at people's records."""


@dataclass(frozen=True)
class TrainingCertificate:
    """That somebody was trained and examined (STF-1, STF-3); good through ``expires_on``."""

    number: str
    issuer: str
    expires_on: date
    round: str = ""
    """The central training round (培训期次) it came from, as the issuer names it; empty where unknown."""
    passed_on: date | None = None
    """The day the exam was passed."""


@dataclass(frozen=True)
class EmergencyTraining:
    """That somebody was trained and examined in handling a reaction (STF-10); good through ``expires_on``."""

    trained_on: date
    expires_on: date


@dataclass(frozen=True)
class TrainingRounds:
    """How many central training rounds the certificates of a site name, and of how many people (STF-3)."""

    rounds: int
    people: int


@dataclass(frozen=True)
class StaffMember:
    """One member of staff; ``staff_id`` is the user of every journal entry they make."""

    staff_id: str
    name: str
    title: str
    roles: frozenset[Role]
    removed: bool = False
    """No longer here: signs in nowhere, stays the name of what they did."""


class Training(StrEnum):
    """How a person's training stands on a day."""

    NONE = "none"
    EXPIRED = "expired"
    ENDING = "ending"
    VALID = "valid"


@dataclass(unsafe_hash=True)
class TrainingCertificateMissing(Refusal):
    """Who is to inject has no training certificate on record: 持证上岗."""

    name: str


@dataclass(unsafe_hash=True)
class StaffNameMissing(Refusal):
    """Nobody answers for anything without a name."""


@dataclass(unsafe_hash=True)
class TrainingCertificateExpired(Refusal):
    """The training certificate of who is to inject has run out."""

    name: str
    expired_on: date


@dataclass(unsafe_hash=True)
class TrainingCertificateEnding(Refusal):
    """The training certificate runs out soon: refuses nothing, is said at sign-in."""

    name: str
    expires_on: date


@dataclass(unsafe_hash=True)
class TrainedInFuture(Refusal):
    """An exam or a training that lies ahead shows nothing yet."""

    trained_on: date


@dataclass(unsafe_hash=True)
class TrainedAfterItsEnd(Refusal):
    """What is good through a day cannot have been learnt after it: one of the two days is mistyped."""

    trained_on: date
    expires_on: date


def check_training_days(trained_on: date | None, expires_on: date, today: date) -> None:
    """Pass the days of a training; raises TrainedInFuture or TrainedAfterItsEnd."""
    if trained_on is None:
        return
    if trained_on > today:
        raise TrainedInFuture(trained_on)
    if expires_on < trained_on:
        raise TrainedAfterItsEnd(trained_on, expires_on)


def training_on(certificate: TrainingCertificate | EmergencyTraining | None, day: date) -> Training:
    """Return how a training stands on a day; its last day still counts."""
    if certificate is None:
        return Training.NONE
    if certificate.expires_on < day:
        return Training.EXPIRED
    return Training.ENDING if certificate.expires_on - day <= WARNED_AHEAD else Training.VALID


def check_trained(member: StaffMember, certificate: TrainingCertificate | None, day: date) -> None:
    """Pass who may inject on a day; raises TrainingCertificateMissing or …Expired (STF-1, STF-2)."""
    if certificate is None:
        raise TrainingCertificateMissing(member.name)
    if training_on(certificate, day) is Training.EXPIRED:
        raise TrainingCertificateExpired(member.name, certificate.expires_on)


def training_notice(
    member: StaffMember, certificate: TrainingCertificate | None, day: date
) -> Refusal | None:
    """Return what a vaccinator is told at sign-in of their training, None where all is well."""
    if Role.VACCINATOR not in member.roles:
        return None
    try:
        check_trained(member, certificate, day)
    except Refusal as refusal:
        return refusal
    if certificate and training_on(certificate, day) is Training.ENDING:
        return TrainingCertificateEnding(member.name, certificate.expires_on)
    return None
