"""The status line is asked after every act: what it costs does not grow with the years."""

from collections.abc import Callable

import pytest
from sqlite_utils import Database

from app.storage.journal import current_stream
from app.storage.receipts import put_receipts, upload_counts
from app.storage.store import Transaction
from tests.factories import SmallSite

STEPS = 10
"""Of SQLite's virtual machine, to one count."""


def cost(db: Database) -> int:
    """Return how many steps of SQLite the status line takes: a scan shows here even if no plan says so."""
    counted = [0]

    def count() -> int:
        counted[0] += 1
        return 0

    db.conn.set_progress_handler(count, STEPS)
    upload_counts(db)
    db.conn.set_progress_handler(None, STEPS)
    return counted[0]


def receive(transaction: Transaction, count: int) -> None:
    """Let the centre have taken in so many entries."""
    rows = [(seq, "2026-03-14T00:00:00.000Z") for seq in range(1, count + 1)]
    put_receipts(transaction.db, current_stream(transaction.db), rows)


def wait(transaction: Transaction, count: int) -> None:
    """Let so many registrations stand in the journal that nobody has taken in."""
    stream = current_stream(transaction.db)
    transaction.db.conn.executemany(
        "insert into journal (device_id, epoch, seq, event_id, kind, data, hash)"
        " values (?, ?, ?, ?, 'patient.registered', x'7b7d', x'00')",
        [[stream.device_id, stream.epoch, seq, f"event {seq}"] for seq in range(1_000, 1_000 + count)],
    )


@pytest.mark.parametrize("grow", [receive, wait])
def test_neither_receipts_nor_a_long_outage_make_the_status_line_slower(
    small_site: SmallSite, grow: Callable[[Transaction, int], None]
) -> None:
    """SYN-1: the counts stand on every screen."""
    few = cost(small_site.desk.read())
    small_site.store.write(lambda transaction: grow(transaction, 3_000))
    assert cost(small_site.desk.read()) < 2 * few + 20


def test_the_last_receipt_is_the_newest_of_all_streams(small_site: SmallSite) -> None:
    small_site.store.write(lambda transaction: receive(transaction, 5))
    last = upload_counts(small_site.desk.read()).last_receipt_at
    assert last is not None
    assert last.isoformat() == "2026-03-14T00:00:00+00:00"
