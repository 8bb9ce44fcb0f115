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


def require_role(member: StaffMember, *needed: Role) -> None:
    """Pass when the member holds one of the roles; raises RoleMissing."""
    if member.roles.isdisjoint(needed):
        raise RoleMissing(needed=needed, held=tuple(sorted(member.roles)))
