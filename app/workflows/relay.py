"""Naming the lead PC of a site, which carries for the desks without a line (SYN-1)."""

from app.domain.relay import RelaySetting
from app.storage.relay import put_relay
from app.workflows.desk import Act


def choose_relay(act: Act, setting: RelaySetting) -> None:
    """Record what this machine is on the LAN of its site; the address was looked at. Raises NotPermitted."""
    act.require("choose_relay")
    put_relay(act.db, setting)
    act.append("relay.chosen", {"role": setting.role.value, "url": setting.url, "at": act.at})
