"""The command ``journal``: whether journal, pages and drawn signatures are whole (TRC-1, SEC-3, VER-6)."""

from typing import NoReturn

import click

from app.commands._answer import accept
from app.commands._store import on_the_store
from app.documents.signing import public_key_of, verify_records
from app.domain.signed_records import RECORDS
from app.storage import feed
from app.storage import journal as stored
from app.storage.local import get_secret
from app.storage.seals import SEAL_KEY
from app.storage.store import Store


@click.group("journal")
def journal() -> None:
    """日志。"""


def _verify(store: Store, as_json: bool) -> NoReturn:
    """核对每一页的封印、每条日志的编码和哈希链、每条流的末尾、收到的其他单位记录、每个屏幕签名。"""
    pages = store.check_pages()
    db = store.read()
    found, current = stored.verify(db), stored.current_stream(db)
    others = feed.verify(db)
    drawn, own = verify_records(stored.events_of(db, RECORDS)), get_secret(db, SEAL_KEY)
    signatures = sum(drawn.values())
    elsewhere = signatures - (drawn[public_key_of(own)] if own else 0)
    streams = [
        {
            "device_id": stream.device_id,
            "epoch": stream.epoch,
            "entries": count,
            "current": stream == current,
        }
        for stream, count in found.items()
    ]
    entries = sum(found.values())
    lines = [
        f"日志完好：{len(streams)} 条流，{entries} 条日志，{pages} 页；其他单位的记录 {others} 条。",
        f"屏幕签名 {signatures} 个，都和记录相符；其中 {elsewhere} 个不是本机现在的密钥签的。",
    ]
    facts = {
        "kind": "journal",
        "entries": entries,
        "from_others": others,
        "pages": pages,
        "signatures": signatures,
        "signatures_by_other_keys": elsewhere,
        "streams": streams,
    }
    accept(facts, lines, as_json=as_json)


verify = journal.command("verify")(on_the_store(_verify))
