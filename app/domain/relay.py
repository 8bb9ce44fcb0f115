"""What a machine is on the LAN of its site: the lead PC, a desk that leaves with one, or neither."""

from dataclasses import dataclass
from enum import StrEnum

DEFAULT_PORT = 8446
_TYPED = str.maketrans("。．：／", "..:/")
"""What a Chinese input method makes of the signs of an address."""


class RelayRole(StrEnum):
    """What a machine does for the others of its site."""

    NONE = "none"
    LEAD = "lead"
    DESK = "desk"


@dataclass(frozen=True)
class RelaySetting:
    """As somebody set it up; of this machine alone."""

    role: RelayRole = RelayRole.NONE
    host: str = ""
    """Of a lead PC: the address it hears at; empty for all of its own."""
    port: int = DEFAULT_PORT
    url: str = ""
    """Of a desk: ``https://HOST:PORT`` of its lead PC."""


def lead_url(typed: str) -> str:
    """Return the address of a lead PC from what was typed: ``192.168.1.20`` is enough."""
    text = "".join(typed.split()).translate(_TYPED).rstrip("/")
    scheme, found, rest = text.partition("://")
    if not found:
        scheme, rest = "https", text
    whole = rest.endswith("]") or (":" not in rest.rpartition("]")[2])
    return f"{scheme}://{rest}:{DEFAULT_PORT}" if rest and whole else f"{scheme}://{rest}"
