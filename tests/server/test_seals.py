"""A device's seal on its stream: kept, checked once the device is known by its key, refused when wrong."""

from dataclasses import replace
from random import Random

from app.domain.journal import Stream
from app.domain.seal import ED25519
from app.sync import wire
from app.sync.engine import EventNotTaken, SyncEngine
from app.sync.seal import SealBroken, check_seal, sealer
from app.sync.state import Idle, Refused, SyncState
from server.database import Database
from server.ingest import Job, ingest
from tests.server.desk import CLOCK, admit, job_of, number, peer_of, push_of, take
from tests.sync.local_journal import LocalJournal

KEY, OTHER_KEY = bytes(range(32)), bytes(reversed(range(32)))


def sealed(journal: LocalJournal, key: bytes = KEY, after: int = 0, count: int | None = None) -> wire.Push:
    push = push_of(journal, after, count)
    seq = push.after + len(push.events)
    return replace(push, seal=sealer(key)(journal.stream, seq, push.head, CLOCK.now()))


def result_of(database: Database, journal: LocalJournal, push: wire.Push) -> wire.PushResult | None:
    (answer,) = take(database, [job_of(journal, push)])
    assert isinstance(answer, wire.Answer)
    return answer.push


def refused(database: Database, journal: LocalJournal, push: wire.Push) -> str:
    """Return why nothing of a push is taken."""
    before = number(database, "select count(*) from journal")
    result = result_of(database, journal, push)
    assert isinstance(result, wire.Ack)
    assert result.refused is not None
    assert (result.refused.seq, result.refused.name) == (push.after + 1, "SealBroken")
    assert result.receipts == ()
    assert number(database, "select count(*) from journal") == before
    return result.refused.reason


def kept(database: Database) -> list[tuple[object, ...]]:
    return database.execute("select epoch, seq, algorithm from seal order by 1").fetchall()


def test_the_newest_seal_of_each_stream_is_kept_and_can_be_checked_again(
    database: Database, journal: LocalJournal
) -> None:
    old = journal.stream
    for count in (3, 5):
        assert isinstance(result_of(database, journal, sealed(journal, count=count)), wire.Ack)
    journal.open_stream()
    journal.record_many(2)
    result_of(database, journal, sealed(journal))
    rows = sorted([(old.epoch, 5, ED25519), (journal.stream.epoch, 2, ED25519)])
    assert kept(database) == rows
    row = database.execute(
        "select head, sealed_at, signature from seal where epoch = %s", (old.epoch,)
    ).fetchone()
    assert row is not None
    again = replace(sealed(journal).seal, sealed_at=row[1], signature=bytes(row[2]))  # type: ignore[type-var]
    assert again is not None
    check_seal(again, KEY_PUBLIC, old, 5, bytes(row[0]))
    assert bytes(row[0]) == journal.hash_at(old, 5)


KEY_PUBLIC = sealer(KEY)(Stream("d", "0" * 16), 1, bytes(32), CLOCK.now()).key


def test_a_late_push_does_not_put_an_older_seal_in_its_place(
    database: Database, journal: LocalJournal
) -> None:
    result_of(database, journal, sealed(journal))
    assert isinstance(result_of(database, journal, sealed(journal, count=2)), wire.Ack)
    assert kept(database) == [(journal.stream.epoch, 5, ED25519)]


def test_a_device_is_known_by_the_first_key_it_seals_with(database: Database, journal: LocalJournal) -> None:
    """SEC-1: whoever has its certificate but not its store cannot write in its name."""
    result_of(database, journal, sealed(journal, count=2))
    assert refused(database, journal, sealed(journal, OTHER_KEY, after=2)) == "key"
    assert refused(database, journal, push_of(journal, after=2)) == "missing"
    assert isinstance(result_of(database, journal, sealed(journal, after=2)), wire.Ack)
    assert number(database, "select count(*) from journal") == 5


def test_a_device_that_never_sealed_may_still_push(database: Database, journal: LocalJournal) -> None:
    """Old clients may always push."""
    assert isinstance(result_of(database, journal, push_of(journal)), wire.Ack)
    assert number(database, "select count(*) from seal") == 0


def test_a_seal_over_anything_else_is_no_seal(database: Database, journal: LocalJournal) -> None:
    push, seal = push_of(journal), sealer(KEY)
    head, now, stream = push.head, CLOCK.now(), journal.stream
    wrong = [
        seal(Stream("another", stream.epoch), 5, head, now),
        seal(Stream(stream.device_id, "0" * 16), 5, head, now),
        seal(stream, 4, head, now),
        seal(stream, 5, bytes(32), now),
        replace(seal(stream, 5, head, now), sealed_at=now.replace(year=2020)),
        replace(seal(stream, 5, head, now), signature=bytes(64)),
        replace(seal(stream, 5, head, now), key=sealer(OTHER_KEY)(stream, 5, head, now).key),
    ]
    for each in wrong:
        assert refused(database, journal, replace(push, seal=each)) == "signature"
    stranger = replace(seal(stream, 5, head, now), algorithm="sm2")
    assert refused(database, journal, replace(push, seal=stranger)) == "algorithm"
    assert number(database, "select count(*) from device_key") == 0, "a wrong seal introduces nobody"


def test_a_broken_seal_does_not_hold_up_others(database: Database, journal: LocalJournal) -> None:
    other = LocalJournal(seed=2)
    admit(database, other)
    other.record()
    bad = replace(push_of(journal), seal=replace(sealed(journal).seal, signature=bytes(64)))  # type: ignore[type-var]
    answers = take(database, [job_of(journal, bad), job_of(other, sealed(other))])
    results = [answer.push for answer in answers if isinstance(answer, wire.Answer)]
    assert [result.acked for result in results if result is not None] == [0, 1]


def run(database: Database, journal: LocalJournal, key: bytes) -> SyncState:
    """Let the engine sync with a key; return where it comes to rest."""

    class Desk:
        def exchange(self, request: bytes) -> bytes:
            (answer,) = ingest(database, "0" * 16, [Job(peer_of(journal.device_id), request)], CLOCK.now())
            assert isinstance(answer, wire.Answer)
            return wire.encode_answer(answer)

    engine = SyncEngine(
        journal.device_id, journal, Desk(), journal.clock, Random(1).randbytes, seal=sealer(key)
    )
    while engine.step() == 0:
        pass
    return engine.state


def test_the_engine_seals_every_push(database: Database, journal: LocalJournal) -> None:
    assert isinstance(run(database, journal, KEY), Idle)
    journal.record_many(3)
    assert isinstance(run(database, journal, KEY), Idle)
    assert kept(database) == [(journal.stream.epoch, 8, ED25519)]


def test_a_device_sealed_by_another_key_is_told_and_nothing_is_lost(
    database: Database, journal: LocalJournal
) -> None:
    run(database, journal, KEY)
    journal.record()
    state = run(database, journal, OTHER_KEY)
    assert isinstance(state, Refused)
    assert state.refusals == (EventNotTaken(journal.stream.epoch, 6, SealBroken.__name__, "key"),)
    assert isinstance(run(database, journal, KEY), Idle)
