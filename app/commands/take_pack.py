"""The command ``take-pack``: a new rule pack for this site, or why it is refused (VER-9)."""

from pathlib import Path
from typing import NoReturn

import click

from app.commands._answer import accept
from app.commands._store import at_a_desk
from app.domain.schedule.choosing import name_of
from app.ui.texts.reasons import PACK_STATUSES
from app.workflows import schedules
from app.workflows.desk import Desk


@click.argument("file", metavar="FILE.json", type=click.Path(path_type=Path, exists=True, dir_okay=False))
def _take_pack(desk: Desk, as_json: bool, *, file: Path, folder: Path) -> NoReturn:
    """换上一份签过字的免疫程序，下次打开程序时生效。

    有错或没有签字的会被拒绝，并指出文件和行；原来完好的那一份继续用。
    """
    pack = desk.do(schedules.take_pack, file, folder)
    facts: dict[str, object] = {
        "kind": "pack",
        "pack": name_of(pack),
        "title": pack.title,
        "status": str(pack.status),
        "valid_from": pack.valid_from,
        "valid_to": pack.valid_to,
        "on_by_default": pack.on_by_default,
        "signed_off_by": pack.signed_off_by.name if pack.signed_off_by else None,
    }
    used = "下次打开程序时使用" if pack.on_by_default else "已保存，这一份不会自动使用"
    accept(facts, [f"已收下 {pack.title}（{PACK_STATUSES[pack.status]}），{used}。"], as_json=as_json)


take_pack = click.command("take-pack")(at_a_desk(_take_pack, tells_folder=True))
