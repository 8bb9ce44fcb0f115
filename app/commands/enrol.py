"""The command ``enrol``: makes this device known to its centre by a one-time code (SEC-1)."""

from typing import NoReturn

import click

from app.commands._answer import accept
from app.commands._store import at_a_desk
from app.domain.clock import instant_text
from app.sync.store_identity import enrol_site
from app.workflows.desk import Desk
from app.workflows.site_setup import enrol_device


@click.argument("url")
@click.argument("code")
@click.option("--proxy", default="", help="只经过这个 HTTP 代理，如 http://10.0.0.1:3128。")
def _enrol(desk: Desk, as_json: bool, *, url: str, code: str, proxy: str) -> NoReturn:
    """用中心给的登记码登记这台电脑；要负责人或信息员。"""
    desk.case().require("enrol_device")
    identity = enrol_site(desk.store, url, code, desk.clock, proxy=proxy)
    desk.do(enrol_device, url)
    sites = sorted(identity.sites)
    facts: dict[str, object] = {
        "kind": "enrolled",
        "device_id": identity.device_id,
        "sites": sites,
        "expires_at": instant_text(identity.expires_at),
    }
    lines = [
        f"已登记，可以为 {'、'.join(sites)} 上传。",
        "下次打开程序时开始上传；证书到期前会自动换新。",
    ]
    accept(facts, lines, as_json=as_json)


enrol = click.command("enrol")(at_a_desk(_enrol, with_packs=False))
