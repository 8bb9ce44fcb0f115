"""The commands ``county-key``: what the county's officer does; no site's store is needed (SEC-3)."""

import os
from pathlib import Path
from typing import NoReturn

import click

from app.commands._answer import accept, answering
from app.commands._store import asked_password
from app.devices.system_clock import SystemClock
from app.domain.clock import instant_text
from app.domain.county_key import (
    KEY_FILE,
    REQUEST_FILE,
    CountyFileUnreadable,
    CountyKey,
    key_text,
    read_county_key,
    read_request,
)
from app.domain.recovery_key import written
from app.storage.county import get_file, put_file
from app.storage.county_private import PRIVATE, make_county_key, open_private, read_public

PASSWORD_VARIABLE = "VAXPOST_COUNTY_PASSWORD"
_WORDS = "县级密钥的密码"
_PATH = click.Path(path_type=Path)


@click.group("county-key")
def county_key() -> None:
    """县级密钥：由县里保管，替忘了密码又没有信封的接种点打开数据。"""


@county_key.command("make")
@click.argument("name")
@click.option("--private", type=_PATH, required=True, help="私钥写到这里，有密码，只留在县里。")
@click.option("--public", type=_PATH, required=True, help="公钥写到这里，发给各接种点。")
@answering
def make(as_json: bool, name: str, private: Path, public: Path) -> NoReturn:
    """制作一对密钥，如 make 阜城县疾控中心 --private 私钥.json --public 公钥.json。"""
    at, password = (
        instant_text(SystemClock().now()),
        asked_password(PASSWORD_VARIABLE, _WORDS, confirmed=True),
    )
    key = make_county_key(name, at, password, private, os.urandom)
    put_file(public, key_text(key))
    lines = [
        "已制作。私钥和它的密码分开保管，各留一份备份：丢了就打不开任何接种点。",
        "公钥发给各接种点；接种点来电话时，把下面四组念给他们。",
    ]
    accept(_facts(key), [*lines, *_words(key)], as_json=as_json)


@county_key.command("show")
@click.argument("file", type=_PATH)
@answering
def show(as_json: bool, file: Path) -> NoReturn:
    """显示一把密钥的四组核对码，公钥、私钥文件都可以。"""
    data = get_file(file, KEY_FILE)
    try:
        key = read_county_key(data)
    except CountyFileUnreadable:
        key = read_public(data)
    accept(_facts(key), _words(key), as_json=as_json)


@county_key.command("open")
@click.argument("request", metavar="REQUEST.json", type=_PATH)
@click.option("--private", type=_PATH, required=True, help="县里的私钥。")
@answering
def open_request(as_json: bool, request: Path, private: Path) -> NoReturn:
    """打开接种点送来的申请，得到念给负责人的 8 组字符。

    先用登记的电话打回接种点，确认是负责人本人申请。8 组字符只能用一次。
    """
    asked = read_request(get_file(request, REQUEST_FILE))
    opener = open_private(get_file(private, PRIVATE), asked_password(PASSWORD_VARIABLE, _WORDS))
    groups = written(opener(asked))
    facts: dict[str, object] = {
        "kind": "county_opening",
        "site_name": asked.site_name,
        "device_id": asked.device_id,
        "sealed_at": asked.sealed_at,
        "groups": groups,
    }
    lines = [
        f"{asked.site_name}，设备 {asked.device_id}，{asked.sealed_at} 封存。",
        f"恢复密钥：{' '.join(groups)}",
        "在接种点登录页按 F9（换电脑按 F10）输入。用过一次就作废，请不要留底。",
    ]
    accept(facts, lines, as_json=as_json)


def _facts(key: CountyKey) -> dict[str, object]:
    return {
        "kind": "county_key",
        "name": key.name,
        "made_at": key.made_at,
        "algorithm": key.algorithm,
        "fingerprint": key.fingerprint,
    }


def _words(key: CountyKey) -> list[str]:
    return [f"{key.name}，{key.made_at} 制作（{key.algorithm}）", f"核对码：{key.fingerprint}"]
