"""The command ``parse-code``: what a scanned code is, or why it is refused (TRC-2, SITE-13)."""

from dataclasses import asdict
from datetime import date

import click

from app.commands._answer import Day, accept, refuse, today
from app.devices.scan_text import read_scan
from app.domain import codes
from app.domain.refusals import Refusal

KINDS: dict[type[codes.ScannedCode], tuple[str, str]] = {
    codes.TraceCode: ("trace_code", "追溯码（20 位，不含批号和有效期）"),
    codes.Gs1Code: ("gs1_code", "GS1 码"),
    codes.TicketCode: ("ticket", "号票"),
    codes.CitizenNumber: ("citizen_number", "公民身份号码"),
    codes.CertificateText: ("certificate_text", "凭证二维码（未验签）"),
    codes.CertificateNumber: ("certificate_number", "凭证编号"),
    codes.UnknownCode: ("unknown_code", "未知的码，可手工录入批号并注明原因"),
}
"""The name of each kind in JSON and in Chinese."""

LABELS = {
    "code": "追溯码",
    "product_code7": "药品标识码",
    "serial13": "序列号",
    "gtin": "商品码",
    "lot_number": "批号",
    "expires_on": "有效期至",
    "serial": "序列号",
    "produced_on": "生产日期",
    "token": "号票编号",
    "text": "内容",
}


@click.command("parse-code", context_settings={"ignore_unknown_options": True})
@click.argument("code")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON。")
@click.option("--on", type=Day(), default=None, help="把哪一天当作今天，YYYY-MM-DD。")
def parse_code(code: str, as_json: bool, on: date | None) -> None:
    """说明一个码是什么。

    分隔符 GS 可写作字节 0x1D，也可写作 {GS}。
    """
    try:
        scanned = read_scan(code.replace("{GS}", codes.GS), on=on or today())
    except Refusal as refusal:
        refuse(refusal, as_json=as_json)
    kind, name = KINDS[type(scanned)]
    facts = asdict(scanned)
    if isinstance(scanned, codes.TraceCode):
        facts |= {"product_code7": scanned.product_code7, "serial13": scanned.serial13}
    lines = [name, *(f"{LABELS[key]}：{value}" for key, value in facts.items() if value is not None)]
    accept({"kind": kind, **facts}, lines, as_json=as_json)
