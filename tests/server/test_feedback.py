"""What is wrong with an event is told to the device that wrote it, until it has heard (SYN-1)."""

import threading
import uuid
from datetime import timedelta

import pytest

from app.domain.feed import START, FeedPosition
from app.sync import wire
from app.sync.pages import MAX_FINDINGS, Feedback, Feeds, Finding, Pull
from server.database import Database, open_database
from server.ingest import Job
from server.migrate import FOLDER
from tests.clocks import ManualClock
from tests.server.desk import CLOCK, admit, number, peer_of, push, push_of, take
from tests.server.test_projection import PERSON, RECORDED
from tests.sync.local_journal import LocalJournal


def nurse(database: Database, seed: int) -> LocalJournal:
    """Return an enrolled device."""
    journal = LocalJournal(seed)
    admit(database, journal)
    return journal


def err(journal: LocalJournal, count: int = 1) -> list[Finding]:
    """Record voidings without a reason and a person; return what there is to find."""
    found = []
    for _ in range(count):
        event_id = journal.record("immunization.voided", {"reason": "x", "immunization_id": "no id"}).event_id
        found += [
            Finding(event_id, "immunization_id", "malformed"),
            Finding(event_id, "person", "missing"),
        ]
    return found


def ask(
    database: Database,
    journal: LocalJournal,
    heard: FeedPosition = START,
    push: wire.Push | None = None,
    offer: tuple[bytes, ...] = (),
) -> Feedback | None:
    """Send one request and return what it brings of findings."""
    tips = {local.stream.epoch: local.last_seq for local in journal.streams()}
    request = wire.Request(wire.Hello(journal.device_id, tips), push, Pull(feedback=heard), offer)
    (answer,) = take(database, [Job(peer_of(journal.device_id), wire.encode_request(request))])
    assert isinstance(answer, wire.Answer)
    assert isinstance(answer.feeds, Feeds)
    return answer.feeds.feedback


def after(findings: list[Finding]) -> FeedPosition:
    return START.after(finding.data for finding in findings)


def test_what_is_wrong_comes_with_the_receipt_and_once_heard_no_more(database: Database) -> None:
    journal = nurse(database, 1)
    journal.record_many(3)
    found = err(journal)
    told = ask(database, journal, push=push_of(journal))
    assert told == Feedback(after(found), tuple(found))
    assert ask(database, journal) == told, "the answer was lost, so it is asked again"
    assert ask(database, journal, told.next) is None


def test_a_device_with_nothing_wrong_is_told_nothing(database: Database) -> None:
    journal = nurse(database, 1)
    journal.record_many(3)
    assert ask(database, journal, push=push_of(journal)) is None


@pytest.mark.parametrize("alone", [False, True])
def test_a_dose_of_the_future_is_taken_and_its_device_told(database: Database, alone: bool) -> None:
    """Requirement: a clock wrong by days loses nothing; what is written once it was put right is in order."""
    journal = LocalJournal(seed=1, clock=(clock := ManualClock()))
    admit(database, journal)
    for minutes in (59, 2, 3 * 24 * 60, -3 * 24 * 60 - 60):
        clock.jump(timedelta(minutes=minutes))
        dose = RECORDED | {"immunization_id": str(uuid.uuid4())}
        journal.record("immunization.recorded", dose, person=PERSON)
    for after in range(4) if alone else [0]:
        push(database, journal, after, count=1 if alone else None, at=ManualClock().now())
    assert number(database, "select count(*) from immunization") == 4
    rows = database.execute("select seq, field, reason from semantic_error order by seq").fetchall()
    assert rows == [(2, "occurred_at", "ahead"), (3, "occurred_at", "ahead")]


def test_nobody_hears_of_anothers_events_nor_of_what_was_only_offered(database: Database) -> None:
    giver, keeper = nurse(database, 1), nurse(database, 2)
    err(giver)
    (local,) = giver.streams()
    offer = tuple(event.data for event in giver.pending(local.stream, 0, 10))
    assert ask(database, keeper, offer=offer) is None
    assert number(database, "select count(*) from semantic_error") == 2, "the operator sees it"


def test_many_findings_come_in_several_answers(database: Database) -> None:
    journal = nurse(database, 1)
    found = err(journal, MAX_FINDINGS)
    told, heard = list[Finding](), START
    push(database, journal)
    while feedback := ask(database, journal, heard):
        assert len(feedback.findings) == MAX_FINDINGS
        told += feedback.findings
        heard = feedback.next
    assert told == found
    assert heard == after(found)


def test_a_centre_that_went_back_tells_all_of_what_it_holds_now(database: Database) -> None:
    """Declared or not: the position under the same number has another digest."""
    journal = nurse(database, 1)
    heard = after(err(journal))
    assert ask(database, journal, heard) == Feedback(START, anew=True), "it lost everything"
    other = err(journal)
    told = ask(database, journal, after([*other, *other]), push_of(journal))
    assert told is not None
    assert len(told.findings) == 4
    last = ask(database, journal, FeedPosition(4, heard.digest))
    assert last == told


def test_two_streams_of_a_device_never_number_alike(database: Database, dsn: str) -> None:
    """A position is a locked row: whoever waits for it goes on after what the other has committed."""
    journal = nurse(database, 1)
    err(journal)
    second = journal.copy(seed=2)
    second.open_stream()
    err(second)
    with open_database(dsn) as own:
        thread = threading.Thread(target=lambda: push(own, second))
        with database.transaction():
            push(database, journal)
            thread.start()
            while not number(database, "select count(*) from pg_locks where not granted"):
                pass
        thread.join()
    assert number(database, "select count(distinct pos) from semantic_error") == 4
    told = ask(database, journal)
    assert told is not None
    assert told.next == after(list(told.findings))


def test_what_was_found_before_is_told_after_an_upgrade(database: Database) -> None:
    """Step 8 of the database: digests as signed numbers are those the program computes."""
    journal = nurse(database, 1)
    found = err(journal, 20)
    push(database, journal, at=CLOCK.now())
    database.execute("drop table feedback_head")
    database.execute("alter table semantic_error drop column pos, drop column digest")
    with database.transaction():
        database.execute((FOLDER / "0008_feedback.sql").read_bytes())
    assert ask(database, journal) == Feedback(after(found), tuple(found))
    more = err(journal)
    assert ask(database, journal, after(found), push_of(journal)) == Feedback(
        after([*found, *more]), tuple(more)
    )
