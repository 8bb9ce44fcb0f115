"""The command ``rebuild``: fills every table anew from the journal and says which had been wrong (TRC-1)."""

from typing import NoReturn

import click

from app.commands._answer import accept
from app.commands._store import on_the_store
from app.storage import journal, projections
from app.storage.store import Store, Transaction


def _rebuild(store: Store, as_json: bool) -> NoReturn:
    """按日志重建所有表；日志核对不通过就不动。"""
    events, changed = store.write(_in_one_transaction)
    wrong = f"与日志不符、已改正的表：{'、'.join(changed)}。" if changed else "所有表原本就与日志一致。"
    facts = {"kind": "rebuild", "events": events, "changed": changed}
    accept(facts, [f"已按 {events} 条日志重建。", wrong], as_json=as_json)


def _in_one_transaction(transaction: Transaction) -> tuple[int, list[str]]:
    journal.verify(transaction.db)
    return projections.changed_by_rebuild(transaction.db)


rebuild = click.command("rebuild")(on_the_store(_rebuild))
