"""The command ``take-pack``: a new rule pack for this site, or why it is refused (VER-9)."""

import os
from pathlib import Path
from typing import NoReturn

import click

from app.commands._answer import accept
from app.commands._store import asked_password, at_a_desk
from app.domain.schedule.choosing import name_of
from app.storage.door import Door
from app.ui.texts.packs import change_words
from app.ui.texts.reasons import PACK_STATUSES
from app.workflows import schedules
from app.workflows.credentials import show_second
from app.workflows.desk import Desk

SECOND_PASSWORD_VARIABLE = "VAXPOST_SECOND_PASSWORD"


@click.argument("file", metavar="FILE.json", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--second", required=True, help="第二个人（预检医生）是谁，如 u-shenruoxi。")
def _take_pack(desk: Desk, as_json: bool, *, file: Path, second: str, folder: Path) -> NoReturn:
    """换上一份签过字的免疫程序，要负责人和预检医生两个人；下次打开程序时生效。

    有错、没有签字、不是本省本站的会被拒绝，并指出文件和行；原来完好的那一份继续用。
    """
    brought, changes = schedules.look_at(desk, file)
    secret = asked_password(SECOND_PASSWORD_VARIABLE, "第二个人的密码")
    doctor = show_second(desk, Door(folder, desk.clock, os.urandom), second, secret)
    desk.do(schedules.take_pack, brought, folder, doctor)
    pack = brought.pack
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
    said = [f"已收下 {pack.title}（{PACK_STATUSES[pack.status]}），{used}。", *map(change_words, changes)]
    accept(facts, said, as_json=as_json)


take_pack = click.command("take-pack")(at_a_desk(_take_pack, tells_folder=True))
