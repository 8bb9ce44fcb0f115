"""Receipts are kept by runs, and told event by event as if each had a row of its own (SYN-1)."""

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlite_utils import Database

from app.domain.journal import Stream
from app.storage.receipts import put_receipts, received, stream_states, withdraw_receipts
from app.storage.shape import CARRIED_0002, LOCAL_0001, RECEIPTS_0024, RECORD_0001
from app.storage.shape_of_area import FEEDBACK_0004, UNFIT_0025

STREAM, OTHER = Stream("d", "0" * 16), Stream("d", "1" * 16)
EVENTS = 12


@pytest.fixture
def before() -> Iterator[Database]:
    """Return a journal of two streams, the receipts of which have a row each."""
    db = Database(memory=True)
    for statement in (*RECORD_0001, *LOCAL_0001, *CARRIED_0002, *FEEDBACK_0004, *UNFIT_0025):
        db.execute(statement)
    for stream in (STREAM, OTHER):
        db.execute(
            "insert into stream values (?, ?, ?, x'', 0, '', ?, null)",
            [stream.device_id, stream.epoch, EVENTS, stream == STREAM],
        )
        rows = [
            (stream.device_id, stream.epoch, seq, f"{stream.epoch} {seq}") for seq in range(1, EVENTS + 1)
        ]
        db.conn.executemany(
            "insert into journal (device_id, epoch, seq, event_id, kind, data, hash)"
            " values (?, ?, ?, ?, '', x'', x'')",
            rows,
        )
    yield db
    db.close()


@pytest.fixture
def db(before: Database) -> Database:
    """Return a journal of two streams, without a receipt."""
    for statement in RECEIPTS_0024:
        before.execute(statement)
    return before


def told(db: Database) -> dict[tuple[str, int], str]:
    """Return by stream and number when the centre took in what has a receipt."""
    query = f"select epoch, seq, {received('journal')} as at from journal where at is not null"
    return {(epoch, seq): at for epoch, seq, at in db.execute(query)}


NUMBER, INSTANT = st.integers(0, EVENTS), st.integers(0, 3).map("2026-11-2{}".format)
DEEDS = st.tuples(st.sampled_from([STREAM, OTHER]), NUMBER, st.one_of(st.none(), INSTANT))


@given(st.lists(DEEDS, max_size=12))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_comes_and_is_withdrawn_is_told_event_by_event(
    db: Database, deeds: list[tuple[Stream, int, str | None]]
) -> None:
    db.execute("delete from receipt_run")
    held: dict[tuple[str, int], str] = {}
    for stream, number, at in deeds:
        if at is None:
            withdraw_receipts(db, stream, number)
            held = {key: one for key, one in held.items() if key[0] != stream.epoch or key[1] <= number}
        else:
            put_receipts(db, stream, [(number, at)])
            held = {(stream.epoch, seq): at for seq in range(1, number + 1)} | held
    assert told(db) == held
    acked = {state.stream.epoch: state.acked for state in stream_states(db)}
    for stream in (STREAM, OTHER):
        assert acked[stream.epoch] == max((seq for epoch, seq in held if epoch == stream.epoch), default=0)


def test_receipts_of_before_are_told_as_they_were(before: Database) -> None:
    """Step 24; the clock of the centre may have been set back between."""
    instants = {STREAM: "aabbbacc", OTHER: "ab"}
    rows = [
        (*(stream.device_id, stream.epoch), seq, f"{stream.epoch} {seq}", at)
        for stream, own in instants.items()
        for seq, at in enumerate(own, start=1)
    ]
    before.conn.executemany("insert into receipt values (?, ?, ?, ?, ?)", rows)
    for statement in RECEIPTS_0024:
        before.execute(statement)
    assert told(before) == {(epoch, seq): at for _, epoch, seq, _, at in rows}
    assert before.execute("select count(*) from receipt_run").fetchone() == (6,)
