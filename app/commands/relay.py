"""The command ``relay``: what this machine is on the LAN of its site, for days without a line (SYN-1)."""

from typing import NoReturn

import click

from app.commands._answer import accept
from app.commands._store import at_a_desk
from app.domain.relay import DEFAULT_PORT, RelayRole, RelaySetting
from app.sync.http import check_address
from app.workflows.desk import Desk
from app.workflows.relay import choose_relay

SAID = {
    RelayRole.LEAD: "这台电脑是主机：同一接种单位的电脑断网时，记录先交到这里，有网时转给中心。",
    RelayRole.DESK: "连不上中心时，这台电脑把记录交给主机 {url}；收到中心回执以前照样存在本机。",
    RelayRole.NONE: "这台电脑不经过局域网主机。",
}


@click.argument("role", type=click.Choice([role.value for role in RelayRole]))
@click.option("--url", default="", help="主机的地址，如 https://192.168.1.20:8446。")
@click.option("--host", default="", help="主机只在本机的这个地址上接收；不写是全部地址。")
@click.option("--port", default=DEFAULT_PORT, type=click.IntRange(1, 65535), help="主机接收用的端口。")
def _relay(desk: Desk, as_json: bool, *, role: str, url: str, host: str, port: int) -> NoReturn:
    """断网时经过局域网主机：这台是主机（lead）、交给主机（desk），或都不是（none）；要负责人或信息员。"""
    setting = RelaySetting(RelayRole(role), host, port, url)
    if setting.role is RelayRole.DESK:
        check_address(url)
    desk.do(choose_relay, setting)
    facts: dict[str, object] = {"kind": "relay", "role": role, "host": host, "port": port, "url": url}
    accept(facts, [SAID[setting.role].format(url=url), "下次打开程序时生效。"], as_json=as_json)


relay = click.command("relay")(at_a_desk(_relay, with_packs=False))
