"""The transaction that takes pushes: exactly once, in order, whatever comes twice, late or wrong."""

from dataclasses import replace
from datetime import timedelta
from random import Random

import pytest

from app.domain.journal import genesis
from app.sync import wire
from app.sync.unfit import UnfitRun
from server.database import Database
from server.devices import DeviceRevoked, DeviceUnknown, revoke
from server.ingest import Job
from tests.server.centre_process import held
from tests.server.desk import CLOCK, admit, job_of, number, push, push_of, take
from tests.sync.local_journal import LocalJournal

NOW = CLOCK.now()
LATER = NOW + timedelta(minutes=5)


def test_a_push_is_journalled_byte_for_byte_and_receipted(database: Database, journal: LocalJournal) -> None:
    """SYN-1."""
    result = push(database, journal)
    head = journal.entries[journal.stream][-1].hash
    assert result == wire.Ack(journal.stream.epoch, 5, head, (wire.ReceiptRun(1, 5, NOW),))
    assert held(database, journal) == [entry.data for entry in journal.entries[journal.stream]]


def test_the_same_push_twice_is_the_same_as_once_with_the_first_receipts(
    database: Database, journal: LocalJournal
) -> None:
    first = push(database, journal)
    assert push(database, journal, at=LATER) == first
    assert number(database, "select count(*) from journal") == 5


def test_a_push_that_overlaps_adds_only_what_is_new(database: Database, journal: LocalJournal) -> None:
    push(database, journal, count=3)
    result = push(database, journal, after=1, at=LATER)
    assert isinstance(result, wire.Ack)
    assert result.receipts == (wire.ReceiptRun(2, 3, NOW), wire.ReceiptRun(4, 5, LATER))
    assert number(database, "select count(*) from journal") == 5


def test_a_late_push_from_a_dead_session_changes_nothing(database: Database, journal: LocalJournal) -> None:
    push(database, journal)
    result = push(database, journal, after=1, count=2, at=LATER)
    assert isinstance(result, wire.Ack)
    assert (result.acked, result.receipts) == (5, (wire.ReceiptRun(2, 3, NOW),))


def test_a_push_ahead_of_the_centre_is_a_gap_told_where_to_begin(
    database: Database, journal: LocalJournal
) -> None:
    push(database, journal, count=2)
    result = push(database, journal, after=3)
    assert result == wire.Gap(journal.stream.epoch, 2, journal.hash_at(journal.stream, 2))
    assert number(database, "select count(*) from journal") == 2


def test_another_history_under_the_same_numbers_is_a_fork(database: Database, journal: LocalJournal) -> None:
    clone = journal.copy()
    journal.record_many(2)
    clone.record(body={"other": 1})
    clone.record(body={"other": 2})
    push(database, journal)
    for after in range(7):
        fork = push(database, clone, after=after)
        assert fork == wire.Fork(journal.stream.epoch, 7, journal.hash_at(journal.stream, 7))
    clone.record()
    assert isinstance(push(database, clone, after=5), wire.Fork)
    assert isinstance(push(database, clone, after=7), wire.Fork)
    assert in_bytes(database, journal)


def in_bytes(database: Database, journal: LocalJournal) -> bool:
    return held(database, journal) == [entry.data for entry in journal.entries[journal.stream]]


def test_a_push_damaged_on_the_device_is_named_and_is_no_fork(
    database: Database, journal: LocalJournal
) -> None:
    damaged = replace(push_of(journal), head=bytes(32))
    (answer,) = take(database, [job_of(journal, damaged)])
    assert isinstance(answer, wire.Answer)
    assert answer.push == wire.Ack(
        journal.stream.epoch, 0, genesis(journal.stream), (), wire.EventRefused(1, "ChainBroken", "hash")
    )
    assert number(database, "select count(*) from journal") == 0


@pytest.mark.parametrize(
    ("data", "name", "reason"),
    [
        (b"{}", "NotCanonical", "KeyError"),
        (b"not json", "NotCanonical", "JSONDecodeError"),
        (b"[" * 100_000, "NotCanonical", "RecursionError"),
        (b'{"body": {}}', "NotCanonical", "KeyError"),
    ],
)
def test_bytes_that_are_no_event_keep_their_place_and_what_stands_behind_them_is_filed(
    database: Database, journal: LocalJournal, data: bytes, name: str, reason: str
) -> None:
    journal.append_bytes("no id", data)
    journal.record()
    result = push(database, journal)
    assert isinstance(result, wire.Ack)
    assert (result.acked, result.refused) == (7, None)
    assert result.unfit == (UnfitRun(6, 6, name, reason),)
    assert result.receipts == (wire.ReceiptRun(1, 7, NOW),)
    assert in_bytes(database, journal)
    assert number(database, "select count(*) from event_home") == 6


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"id": "not a uuid"}, "id"), ({"id": 5}, "id"), ({"seq": 7}, "seq"), ({"seq": True}, "seq"),
        ({"hlc": 2**63}, "hlc"), ({"hlc": None}, "hlc"), ({"kind": ""}, "kind"), ({"kind": "a\0b"}, "kind"),
        ({"kind": ["a"]}, "kind"), ({"site": ["a"]}, "site"), ({"site": "elsewhere"}, "site"),
    ],
)  # fmt: skip
def test_an_envelope_that_cannot_be_filed_is_named_by_the_field_that_is_wrong(
    database: Database, journal: LocalJournal, change: dict[str, object], reason: str
) -> None:
    journal.append(replace(journal.event("note.made", {}), **change))  # type: ignore[arg-type]
    result = push(database, journal)
    assert isinstance(result, wire.Ack)
    assert (result.acked, result.refused) == (6, None)
    assert [(run.first_seq, run.last_seq, run.reason) for run in result.unfit] == [(6, 6, reason)]
    assert number(database, "select count(*) from event_home") == 5


def test_before_its_site_is_set_up_a_device_speaks_for_none(database: Database) -> None:
    journal = LocalJournal(seed=2)
    admit(database, journal)
    journal.append(journal.event("site.configured", {}, site=""))
    result = push(database, journal)
    assert isinstance(result, wire.Ack)
    assert (result.acked, result.refused) == (1, None)


def test_many_devices_are_taken_in_one_transaction_each_by_itself(database: Database) -> None:
    journals = [LocalJournal(seed=seed) for seed in range(10, 16)]
    for journal in journals:
        admit(database, journal)
        journal.record_many(3)
    stranger = LocalJournal(seed=99)
    stranger.record()
    jobs = [job_of(journal, push_of(journal)) for journal in journals]
    broken = Job(jobs[0].peer, b"rubbish")
    answers = take(database, [broken, *jobs[1:4], job_of(stranger, push_of(stranger)), *jobs[4:]])
    kinds = [type(answer).__name__ for answer in answers]
    assert kinds == ["MessageMalformed", "Answer", "Answer", "Answer", "DeviceUnknown", "Answer", "Answer"]
    for journal in journals[1:]:
        assert in_bytes(database, journal)
    assert number(database, "select count(*) from journal") == 15


def test_a_device_speaks_only_under_its_own_name(database: Database, journal: LocalJournal) -> None:
    other = LocalJournal(seed=3)
    admit(database, other)
    other.record()
    stolen = replace(job_of(other, push_of(other)), peer=job_of(journal).peer)
    assert take(database, [stolen]) == [DeviceUnknown()]


def test_a_revoked_device_is_told_so_from_then_on(database: Database, journal: LocalJournal) -> None:
    push(database, journal, count=2)
    revoke(database, journal.device_id, CLOCK.now())
    assert take(database, [job_of(journal, push_of(journal, 2))]) == [DeviceRevoked()]


def test_the_welcome_tells_how_far_every_listed_stream_is_held(
    database: Database, journal: LocalJournal
) -> None:
    """Regression 1 of the prototype: all local streams are listed and answered."""
    push(database, journal)
    old = journal.stream
    journal.open_stream()
    journal.record_many(2)
    (answer,) = take(database, [job_of(journal, push_of(journal))])
    assert isinstance(answer, wire.Answer)
    assert answer.welcome.standings == {old.epoch: wire.Standing(5, journal.hash_at(old, 5))}
    (answer,) = take(database, [job_of(journal)])
    assert isinstance(answer, wire.Answer)
    assert set(answer.welcome.standings) == {old.epoch, journal.stream.epoch}
    assert (answer.welcome.incarnation, answer.welcome.server_time) == ("0" * 16, NOW)


def test_the_welcome_tells_a_rewound_device_what_stands_at_its_last_event(
    database: Database, journal: LocalJournal
) -> None:
    backup = journal.copy()
    journal.record_many(3)
    push(database, journal)
    (answer,) = take(database, [job_of(backup)])
    assert isinstance(answer, wire.Answer)
    head, at_last = (journal.hash_at(journal.stream, seq) for seq in (8, 5))
    assert answer.welcome.standings == {journal.stream.epoch: wire.Standing(8, head, at_last)}


def test_a_stream_the_centre_never_heard_of_stands_at_its_beginning(
    database: Database, journal: LocalJournal
) -> None:
    (answer,) = take(database, [job_of(journal)])
    assert isinstance(answer, wire.Answer)
    assert answer.welcome.standings == {journal.stream.epoch: wire.Standing(0, genesis(journal.stream))}
    assert number(database, "select count(*) from device_cursor") == 0


def test_an_event_sent_again_in_a_new_stream_counts_once(database: Database, journal: LocalJournal) -> None:
    """After a fork the unmatched events are appended again with the same ids (sync.md)."""
    patient = {"patient_id": "0192f0c0-0000-7000-8000-000000000001", "name": "测试", "sex": "1",
               "birth_on": "2020-02-03"}  # fmt: skip
    entry = journal.record("patient.registered", patient)
    push(database, journal)
    journal.open_stream()
    again = journal.event("patient.registered", patient)
    journal.append(replace(again, id=entry.event_id))
    result = push(database, journal)
    assert isinstance(result, wire.Ack)
    assert (result.acked, result.refused) == (1, None)
    assert number(database, "select count(*) from person") == 1
    assert number(database, "select count(*) from semantic_error") == 0


def test_an_id_used_for_two_different_events_is_journalled_and_listed(
    database: Database, journal: LocalJournal
) -> None:
    entry = journal.record("note.made", {"text": "first"})
    journal.append(replace(journal.event("note.made", {"text": "second"}), id=entry.event_id))
    result = push(database, journal)
    assert isinstance(result, wire.Ack)
    assert result.acked == 7
    errors = database.execute("select seq, field, reason from semantic_error").fetchall()
    assert errors == [(7, "id", "reused")]


def test_nothing_is_kept_of_a_group_whose_transaction_fails(
    database: Database, journal: LocalJournal
) -> None:
    """Sync.md: one request, one transaction."""
    database.execute("alter table device_cursor add check (acked < 5)")
    with pytest.raises(Exception, match="check"):
        push(database, journal)
    assert number(database, "select count(*) from journal") == 0
    assert number(database, "select count(*) from event_home") == 0


def test_a_stream_sent_in_any_cuts_arrives_whole(database: Database, journal: LocalJournal) -> None:
    random = Random(4)
    journal.record_many(60)
    reached = 0
    while reached < 65:
        after = random.randint(0, min(64, reached + 5))
        result = push(database, journal, after=after, count=random.randint(1, 20))
        assert not isinstance(result, wire.Fork)
        reached = result.acked
    assert in_bytes(database, journal)
