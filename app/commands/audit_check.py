"""The command ``audit-check``: whether an audit trail taken out as a file is as it was taken out (SEC-6)."""

from pathlib import Path

import click

from app.commands._answer import accept, refuse
from app.documents.audit_file import read_audit_csv
from app.domain.audit import AuditFileUnreadable
from app.domain.refusals import Refusal


@click.command("audit-check")
@click.argument("file", metavar="FILE.csv", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="输出 JSON。")
def audit_check(file: Path, as_json: bool) -> None:
    """核对导出的审计记录：每条接着前一条，导出人、时间、原因和末条有本机签名。"""
    try:
        found = read_audit_csv(_content(file))
    except Refusal as refusal:
        refuse(refusal, as_json=as_json)
    records, mark = found.records, found.mark
    facts = {
        "kind": "audit_file",
        "lines": len(records),
        "first": records[0].seq if records else None,
        "last": records[-1].seq if records else None,
        "head": records[-1].hash.hex() if records else found.before.hex(),
        **vars(mark),
        "public_key": found.public_key,
    }
    lines = [
        f"完好：{len(records)} 条，第 {facts['first']} 到第 {facts['last']} 条。",
        f"{mark.site_name}，{mark.taken_by}，{mark.taken_at} 导出：{mark.why}",
        f"末条散列 {facts['head']}，签名公钥 {found.public_key}。",
    ]
    accept(facts, lines, as_json=as_json)


def _content(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError:
        raise AuditFileUnreadable() from None
