"""What this machine is on the LAN of its site: the lead PC, a desk that leaves with one, or neither."""

import json
from dataclasses import asdict, dataclass
from enum import StrEnum

from sqlite_utils import Database

from app.storage.local import get_setting, put_setting
from app.sync.http import check_address

RELAY = "relay"
DEFAULT_PORT = 8446


class RelayRole(StrEnum):
    """What a machine does for the others of its site."""

    NONE = "none"
    LEAD = "lead"
    DESK = "desk"


@dataclass(frozen=True)
class RelaySetting:
    """As support staff set it up; of this machine alone."""

    role: RelayRole = RelayRole.NONE
    host: str = ""
    """Of a lead PC: the address it hears at; empty for all of its own."""
    port: int = DEFAULT_PORT
    url: str = ""
    """Of a desk: ``https://HOST:PORT`` of its lead PC."""


def find_relay(db: Database) -> RelaySetting:
    """Return what this machine is."""
    text = get_setting(db, RELAY)
    if not text:
        return RelaySetting()
    content = json.loads(text)
    return RelaySetting(**{**content, "role": RelayRole(content["role"])})


def check_relay(setting: RelaySetting) -> None:
    """Pass what a machine can be; raises PlaintextForbidden or AddressUnreadable."""
    if setting.role is RelayRole.DESK:
        check_address(setting.url)


def put_relay(db: Database, setting: RelaySetting) -> None:
    """Keep what this machine is, from the next start on; raises as ``check_relay``."""
    check_relay(setting)
    put_setting(db, RELAY, json.dumps(asdict(setting)))
