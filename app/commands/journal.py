"""The command ``journal``: whether the journal and every page of the store are whole (TRC-1, SEC-3)."""

from typing import NoReturn

import click

from app.commands._answer import accept
from app.commands._store import on_the_store
from app.storage import feed
from app.storage import journal as stored
from app.storage.store import Store


@click.group("journal")
def journal() -> None:
    """日志。"""


def _verify(store: Store, as_json: bool) -> NoReturn:
    """核对每一页的封印、每条日志的编码和哈希链、每条流的末尾、收到的其他单位记录。"""
    pages = store.check_pages()
    db = store.read()
    found, current = stored.verify(db), stored.current_stream(db)
    others = feed.verify(db)
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
    lines = [f"日志完好：{len(streams)} 条流，{entries} 条日志，{pages} 页；其他单位的记录 {others} 条。"]
    facts = {"kind": "journal", "entries": entries, "from_others": others, "pages": pages, "streams": streams}
    accept(facts, lines, as_json=as_json)


verify = journal.command("verify")(on_the_store(_verify))
