"""Staff: who works at the site and in which roles."""

from dataclasses import dataclass
from enum import StrEnum

from app.domain.refusals import Refusal


class Role(StrEnum):
    """What a person may do; one person often holds several in a village team."""

    REGISTRAR = "registrar"
    DOCTOR = "doctor"
    VACCINATOR = "vaccinator"
    OBSERVER = "observer"
    MANAGER = "manager"


@dataclass(frozen=True)
class StaffMember:
    """One member of staff; ``staff_id`` is the user of every journal entry they make."""

    staff_id: str
    name: str
    title: str
    roles: frozenset[Role]


@dataclass(unsafe_hash=True)
class RoleMissing(Refusal):
    """The signed-in user holds none of the roles this act needs."""

    needed: tuple[Role, ...]
    held: tuple[Role, ...]


LEAST_PASSWORD = 8
"""Characters; a short one is found by trying, for whoever has the disk tries as fast as they like."""


@dataclass(unsafe_hash=True)
class PasswordTooShort(Refusal):
    """A new password needs more characters."""

    least: int


@dataclass(unsafe_hash=True)
class PasswordsDiffer(Refusal):
    """The new password was typed in two ways."""


@dataclass(unsafe_hash=True)
class StaffNameMissing(Refusal):
    """Nobody answers for anything without a name."""


def check_new_password(password: str, again: str) -> None:
    """Pass a password typed twice alike; raises PasswordTooShort or PasswordsDiffer."""
    if len(password) < LEAST_PASSWORD:
        raise PasswordTooShort(LEAST_PASSWORD)
    if password != again:
        raise PasswordsDiffer()


def require_role(member: StaffMember, *needed: Role) -> None:
    """Pass when the member holds one of the roles; raises RoleMissing."""
    if member.roles.isdisjoint(needed):
        raise RoleMissing(needed=needed, held=tuple(sorted(member.roles)))
