"""How much lies in a second place is counted by receipts, and costs the same after years (SYN-1)."""

from datetime import datetime, timedelta

from app.domain.clock import instant_text
from app.storage.journal import current_stream
from app.storage.receipts import count_durable, put_durable, put_receipts
from tests.factories import SmallSite


def test_what_was_received_by_then_is_counted_and_nothing_later(small_site: SmallSite) -> None:
    db, begin = small_site.desk.read(), small_site.clock.now()
    assert count_durable(db) is None, "the centre has not told"
    stream = current_stream(db)
    batches = ((1, 0), (2, 0), (3, 7), (4, 7), (5, 9))
    rows = [(seq, instant_text(begin + timedelta(minutes=at))) for seq, at in batches]
    small_site.store.write(lambda transaction: put_receipts(transaction.db, stream, rows))
    for minutes in range(-1, 11):
        tell(small_site, begin + timedelta(minutes=minutes))
        assert count_durable(db) == sum(at <= minutes for _, at in batches)


def tell(site: SmallSite, to: datetime) -> None:
    site.store.write(lambda transaction: put_durable(transaction.db, to))
