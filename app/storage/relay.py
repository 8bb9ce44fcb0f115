"""What this machine remembers of its place on the LAN of its site."""

import json
from dataclasses import asdict

from sqlite_utils import Database

from app.domain.relay import RelayRole, RelaySetting
from app.storage.local import get_setting, put_setting

RELAY = "relay"


def find_relay(db: Database) -> RelaySetting:
    """Return what this machine is."""
    text = get_setting(db, RELAY)
    if not text:
        return RelaySetting()
    content = json.loads(text)
    return RelaySetting(**{**content, "role": RelayRole(content["role"])})


def put_relay(db: Database, setting: RelaySetting) -> None:
    """Keep what this machine is."""
    put_setting(db, RELAY, json.dumps(asdict(setting)))
