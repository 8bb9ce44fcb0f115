"""The journal in the store: gapless streams, a clock that never turns back, and every fault found (TRC-1)."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from sqlcipher3 import dbapi2

from app.domain.hlc import tick
from app.domain.journal import (
    MAX_EVENT_BYTES,
    ChainBroken,
    ClockQuality,
    EventTooLarge,
    Stream,
    encode,
    genesis,
)
from app.storage import journal
from app.storage.journal import Draft
from app.storage.store import Store, Transaction
from tests.storage.bytes_on_disk import STREAM, make_store

FORK = Stream(STREAM.device_id, "ffeeddccbbaa9988")


def draft(number: int, wall: int = 1_000_000) -> Draft:
    return Draft(
        f"event-{number}", wall, ClockQuality(5), "x.happened", "1001010001", "台", "u", None, {"n": number}
    )


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return make_store(tmp_path)


def append(store: Store, *drafts: Draft) -> None:
    store.write(lambda transaction: [journal.append(transaction.db, each) for each in drafts])


def test_an_event_no_centre_would_take_is_refused_before_it_is_saved(store: Store) -> None:
    """SYN-2: once written it would hold up every dose behind it, for ever."""
    append(store, draft(1))
    weight = len(encode(next(journal.events(store.read())))) - 1
    largest = replace(draft(2), body={"n": "x" * (MAX_EVENT_BYTES - weight - 2)})
    too_large = replace(draft(3), body={"n": "x" * (MAX_EVENT_BYTES - weight - 1)})
    with pytest.raises(EventTooLarge) as refused:
        append(store, too_large)
    assert refused.value.size == MAX_EVENT_BYTES + 1
    append(store, largest)
    assert [event.seq for event in journal.events(store.read())] == [1, 2]


def tampered(store: Store, *statements: str) -> None:
    """Do what only somebody with the key and without the triggers can do."""

    def tamper(transaction: Transaction) -> None:
        for name in ("journal_is_never_changed", "journal_is_never_deleted"):
            transaction.db.execute(f"drop trigger if exists {name}")
        for statement in statements:
            transaction.db.execute(statement)

    store.write(tamper)


def test_events_are_numbered_without_a_gap_and_chained(store: Store) -> None:
    append(store, *map(draft, range(5)))
    entries = list(journal.entries(store.read(), STREAM))
    assert [entry.event.seq for entry in entries] == [1, 2, 3, 4, 5]
    assert journal.verify(store.read()) == {STREAM: 5}
    assert [entry.event.body["n"] for entry in journal.entries(store.read(), STREAM, after=2, limit=2)] == [
        2,
        3,
    ]
    store.close()


def test_an_event_id_is_never_written_twice(store: Store) -> None:
    append(store, draft(1))
    with pytest.raises(dbapi2.IntegrityError):
        append(store, draft(1))
    append(store, draft(2))
    assert journal.verify(store.read()) == {STREAM: 2}
    store.close()


def test_the_clock_of_the_journal_never_turns_back_even_in_a_new_stream(store: Store) -> None:
    append(store, draft(1, wall=5_000_000), draft(2, wall=1))
    store.write(lambda transaction: journal.open_stream(transaction.db, FORK, "2026-11-23T02:00:00.000Z"))
    append(store, draft(3, wall=2))
    times = [event.hlc for event in journal.events(store.read())]
    assert times == sorted(set(times))
    assert times[0] == tick(0, 5_000_000)
    assert journal.current_stream(store.read()) == FORK
    assert journal.verify(store.read()) == {STREAM: 2, FORK: 1}
    store.close()


def test_a_stream_that_was_only_opened_holds(store: Store) -> None:
    assert journal.verify(store.read()) == {STREAM: 0}
    store.close()


FAULTS: list[tuple[str, str]] = [
    ("update journal set data = cast(' ' || cast(data as text) as blob) where seq = 2", "encoding"),
    ("update journal set data = x'00' where seq = 4", "encoding"),
    (
        "update journal set data = cast(replace(cast(data as text), 'n\":1', 'n\":7') as blob) where seq = 2",
        "hash",
    ),
    ("update journal set hash = zeroblob(32) where seq = 2", "hash"),
    ("update journal set hash = zeroblob(32) where seq = 4", "hash"),
    ("delete from journal where seq = 1", "sequence"),
    ("delete from journal where seq = 3", "sequence"),
    ("delete from journal where seq = 4", "head"),
    ("delete from journal where seq > 1", "head"),
    ("delete from journal", "head"),
    ("update journal set kind = 'y.happened' where seq = 2", "column"),
    ("update journal set event_id = 'other' where seq = 2", "column"),
    ("update journal set epoch = '0000000000000000' where seq = 4", "head"),
    ("update stream set head_seq = 3", "head"),
    ("update stream set head_hash = zeroblob(32)", "head"),
    ("delete from stream", "head"),
]


@pytest.mark.parametrize(("statement", "reason"), FAULTS)
def test_whatever_is_changed_behind_the_programs_back_is_found(
    statement: str, reason: str, store: Store
) -> None:
    append(store, *map(draft, range(4)))
    tampered(store, statement)
    with pytest.raises(ChainBroken) as caught:
        journal.verify(store.read())
    assert caught.value.reason in reason.split("|")
    store.close()


def test_two_exchanged_entries_are_found(store: Store) -> None:
    append(store, *map(draft, range(4)))
    tampered(
        store,
        "update journal set seq = -2 where seq = 2",
        "update journal set seq = 2 where seq = 3",
        "update journal set seq = 3 where seq = -2",
    )
    with pytest.raises(ChainBroken):
        journal.verify(store.read())
    store.close()


def test_the_genesis_binds_a_chain_to_its_stream(store: Store) -> None:
    assert genesis(STREAM) != genesis(FORK)
    append(store, draft(1))
    tampered(store, f"update journal set epoch = '{FORK.epoch}'", f"update stream set epoch = '{FORK.epoch}'")
    with pytest.raises(ChainBroken):
        journal.verify(store.read())
    store.close()


def appending(number: int) -> Callable[[Transaction], object]:
    return lambda transaction: journal.append(transaction.db, draft(number))


def test_a_rolled_back_event_leaves_no_gap(store: Store) -> None:
    def broken(transaction: Transaction) -> None:
        journal.append(transaction.db, draft(1))
        raise ArithmeticError

    for number in (2, 3):
        with pytest.raises(ArithmeticError):
            store.write(broken)
        store.write(appending(number))
    assert journal.verify(store.read()) == {STREAM: 2}
    store.close()
