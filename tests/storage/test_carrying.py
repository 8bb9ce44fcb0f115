"""Going on in another stream, in the real store: no event twice in a table, none without an entry (SYN-1)."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from sqlcipher3 import dbapi2

from app.domain.journal import ChainBroken, Stream, encode, link
from app.storage import journal, projections, receipts
from app.storage.carrying import carry_on
from app.storage.receipts import doses_of_session, stream_states, upload_counts
from app.storage.site import running_session
from app.storage.store import Transaction
from app.sync.store_outbox import StoreOutbox
from app.sync.wire import ReceiptRun
from tests.factories import SmallSite
from tests.workflows.copied_site import everything

AT = datetime(2026, 11, 23, 9, tzinfo=UTC)
FRESH = "ffeeddccbbaa9988"


@pytest.fixture
def site(small_site: SmallSite) -> SmallSite:
    """A site where three doses were given and nothing is receipted."""
    for index in range(3):
        small_site.vaccinated(small_site.patient(index=index), "IPV-5", vial=index)
    return small_site


def outbox(site: SmallSite) -> StoreOutbox:
    return StoreOutbox(site.store)


def current(site: SmallSite) -> Stream:
    return journal.current_stream(site.desk.read())


def give_up(site: SmallSite, keep: int) -> int:
    """Let the stream in use go on elsewhere after ``keep``."""
    stream = current(site)
    return outbox(site).carry_on(stream, keep, Stream(stream.device_id, FRESH), AT)


def everything_kept(site: SmallSite) -> list[list[tuple[object, ...]]]:
    tables = ("stream", "journal", "carried", "receipt_run")
    return [site.desk.read().execute(f"select * from {table}").fetchall() for table in tables]


def last_dose(site: SmallSite) -> int:
    """Return the place of the newest dose in the stream in use."""
    entries = journal.entries(site.desk.read(), current(site))
    return max(entry.event.seq for entry in entries if entry.event.kind == "immunization.recorded")


def test_the_tables_are_those_of_before_and_are_rebuilt_the_same(site: SmallSite) -> None:
    before, events = everything(site.desk.read()), len(list(journal.events(site.desk.read())))
    carried = give_up(site, 4)
    assert everything(site.desk.read()) == before
    assert site.store.write(lambda transaction: projections.rebuild(transaction.db)) == events
    assert everything(site.desk.read()) == before
    assert sum(journal.verify(site.desk.read()).values()) == events + carried


def test_what_is_carried_on_is_the_same_events_under_new_numbers(site: SmallSite) -> None:
    """Same id, clock and body: the centre projects whichever entry comes first, and the same comes of it."""
    old, db = current(site), site.desk.read()
    given_up = [entry.event for entry in journal.entries(db, old, after=4)]
    give_up(site, 4)
    carried = [entry.event for entry in journal.entries(db, current(site))]
    assert [event.seq for event in carried] == list(range(1, len(given_up) + 1))
    without_number = [{**vars(event), "seq": 0} for event in carried]
    assert without_number == [{**vars(event), "seq": 0} for event in given_up]


def test_new_events_follow_what_was_carried_on(site: SmallSite) -> None:
    carried = give_up(site, 4)
    site.vaccinated(site.patient(index=3), "IPV-5", vial=3)
    entries = list(journal.entries(site.desk.read(), current(site)))
    assert [entry.event.seq for entry in entries] == list(range(1, len(entries) + 1))
    assert len(entries) > carried
    journal.verify(site.desk.read())
    assert outbox(site).pending(current(site), 0, len(entries) + 5)[-1].hash == entries[-1].hash


def test_every_event_is_counted_once_and_waits_until_its_new_entry_is_receipted(site: SmallSite) -> None:
    old, box = current(site), outbox(site)
    saved = upload_counts(site.desk.read()).saved
    box.record_receipts(old, [ReceiptRun(1, saved, AT)])()
    carried = give_up(site, 4)
    counts = upload_counts(site.desk.read())
    assert (counts.saved, counts.waiting) == (saved, carried)
    assert counts.oldest_waiting_at is not None
    session = running_session(site.desk.read())
    assert session is not None
    doses = doses_of_session(site.desk.read(), session.session_id)
    assert {dose.received_at for dose in doses} == {None}
    fresh = current(site)
    box.record_receipts(fresh, [ReceiptRun(1, carried, AT)])()
    assert upload_counts(site.desk.read()).waiting == 0
    doses = doses_of_session(site.desk.read(), session.session_id)
    assert {dose.received_at for dose in doses} == {AT}


def test_the_24_hours_of_a_carried_dose_still_run_from_when_it_was_given(site: SmallSite) -> None:
    """N2023 9.2.4."""
    oldest = upload_counts(site.desk.read()).oldest_waiting_at
    give_up(site, last_dose(site) - 1)
    fresh, box = current(site), outbox(site)
    assert upload_counts(site.desk.read()).oldest_waiting_at == oldest
    (old, _) = stream_states(site.desk.read())
    box.record_receipts(old.stream, [ReceiptRun(1, old.last_seq, AT)])()
    later = upload_counts(site.desk.read()).oldest_waiting_at
    assert later is not None
    assert oldest is not None
    assert later >= oldest
    assert box.pending(fresh, 0, 1)


def test_a_stream_that_is_given_up_twice_loses_nothing_on_the_way(site: SmallSite) -> None:
    old, events = current(site), len(list(journal.events(site.desk.read())))
    give_up(site, 8)
    fresh = current(site)
    assert outbox(site).carry_on(old, 5, Stream(old.device_id, "0" * 16), AT) == 3
    assert current(site) == fresh, "only the stream in use begins another"
    assert [state.last_seq for state in stream_states(site.desk.read())] == [5, events - 5]
    third = Stream(old.device_id, "0" * 16)
    assert outbox(site).carry_on(fresh, 0, third, AT) == events - 5
    assert [state.last_seq for state in stream_states(site.desk.read())] == [5, 0, events - 5]
    journal.verify(site.desk.read())
    assert upload_counts(site.desk.read()).saved == events


def test_receipts_can_be_withdrawn_and_come_again(site: SmallSite) -> None:
    stream, box = current(site), outbox(site)
    box.record_receipts(stream, [ReceiptRun(1, 9, AT)])()
    box.withdraw_receipts(stream, 3)
    assert [local.acked for local in box.streams()] == [3]
    box.record_receipts(stream, [ReceiptRun(4, 5, AT)])()
    assert [local.acked for local in box.streams()] == [5]


def test_the_incarnation_of_the_centre_is_remembered(site: SmallSite) -> None:
    assert outbox(site).incarnation() == ""
    outbox(site).remember_incarnation("1" * 16)
    assert outbox(site).incarnation() == "1" * 16


def test_the_key_a_device_seals_with_is_made_once(site: SmallSite) -> None:
    key = outbox(site).seal_key(site.random)
    assert outbox(site).seal_key(site.random) == key


def test_a_cut_in_the_middle_leaves_all_as_it_was(site: SmallSite) -> None:
    old, before = current(site), everything_kept(site)

    def cut(transaction: Transaction) -> None:
        carry_on(transaction.db, old, 4, Stream(old.device_id, FRESH), "2026-11-23T09:00:00.000Z")
        raise ArithmeticError

    with pytest.raises(ArithmeticError):
        site.store.write(cut)
    assert everything_kept(site) == before


FAULTS = [
    ("update carried set data = cast(replace(cast(data as text), '\"v\":1', '\"v\":2') as blob)", "hash"),
    ("delete from carried where seq = (select max(seq) from carried)", "carried"),
    ("update carried set event_id = 'other' where seq = 1", "carried"),
    ("update stream set kept = 3 where kept is not null", "carried"),
]


@pytest.mark.parametrize(("statement", "reason"), FAULTS)
def test_whatever_is_changed_in_it_behind_the_programs_back_is_found(
    site: SmallSite, statement: str, reason: str
) -> None:
    """TRC-1."""
    give_up(site, 4)

    def tamper(transaction: Transaction) -> None:
        for table in ("journal", "carried"):
            transaction.db.execute(f"drop trigger {table}_is_never_changed")
            transaction.db.execute(f"drop trigger {table}_is_never_deleted")
        transaction.db.execute(statement)

    site.store.write(tamper)
    with pytest.raises(ChainBroken) as caught:
        journal.verify(site.desk.read())
    assert caught.value.reason == reason


def test_an_entry_carried_on_with_another_body_is_found_though_its_chain_holds(site: SmallSite) -> None:
    give_up(site, last_dose(site) - 1)

    def forge(transaction: Transaction) -> None:
        db, stream = transaction.db, journal.current_stream(transaction.db)
        db.execute("drop trigger carried_is_never_changed")
        head = receipts.hash_at(db, stream, 0)
        for entry in list(journal.entries(db, stream)):
            data = encode(replace(entry.event, user="u-other"))
            head = link(head, data)
            db.execute("update carried set data = ?, hash = ? where seq = ?", [data, head, entry.event.seq])
        db.execute("update stream set head_hash = ? where is_current", [head])

    site.store.write(forge)
    with pytest.raises(ChainBroken) as caught:
        journal.verify(site.desk.read())
    assert caught.value.reason == "carried"


def test_what_was_carried_on_is_never_changed_or_deleted(site: SmallSite) -> None:
    give_up(site, 4)
    with pytest.raises(dbapi2.IntegrityError, match="append-only"):
        site.store.write(lambda transaction: transaction.db.execute("update carried set seq = 0"))
    with pytest.raises(dbapi2.IntegrityError, match="append-only"):
        site.store.write(lambda transaction: transaction.db.execute("delete from carried"))
