"""What the engine makes of restored stores, copied disks, a centre that went back: a new epoch, no loss."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.journal import Stream
from app.sync import wire
from app.sync.outbox import OutboxUnavailable
from app.sync.pace import FIRST_BATCH
from app.sync.recovery import CentreRestored, StreamForked, StreamRewound, haves
from app.sync.state import Idle, Refused, SyncState
from tests.sync.local_journal import LocalJournal
from tests.sync.one_site import Site, answering
from tests.sync.paper_centre import PaperCentre


def synced(count: int) -> Site:
    site = Site()
    site.journal.record_many(count)
    site.sync()
    return site


def recovered(state: SyncState) -> tuple[object, ...]:
    assert isinstance(state, Idle), state
    return state.recovered


def everything_is_up(site: Site) -> bool:
    """Whether every event of the device is at the centre and every entry that counts is receipted."""
    held = set(site.centre.event_ids())
    return all(local.acked == local.last_seq for local in site.journal.streams()) and held >= {
        event_id for stream in site.journal.entries for event_id in site.journal.ids(stream)
    }


def test_what_is_in_a_second_place_is_remembered_but_not_each_small_step() -> None:
    """SYN-1: each step would be a write; a centre that was restored may have to go back."""
    site = synced(3)
    assert site.journal.durable_to is None
    told = site.clock.now()
    for seconds, heard in ((0, 0), (29, 0), (30, 30), (-60, -60), (-31, -60)):
        site.centre.durable_to = told + timedelta(seconds=seconds)
        site.journal.record_many(1)
        site.sync()
        assert site.journal.durable_to == told + timedelta(seconds=heard)
    site.centre.durable_to = None
    site.journal.record_many(1)
    site.sync()
    assert site.journal.durable_to == told - timedelta(seconds=60), "what was safe stays so"


def test_a_cloned_disk_goes_on_in_a_stream_of_its_own() -> None:
    """SYN-1."""
    site = synced(3)
    clone = Site(site.journal.copy(seed=9), site.centre)
    site.journal.record_many(2)
    site.sync()
    old = clone.journal.stream
    held = list(site.centre.journal[old.epoch])
    clone.journal.record_many(2)
    ids = clone.journal.ids()
    assert recovered(clone.sync()) == (StreamForked(old.epoch, 5, 2),)
    assert site.centre.journal[old.epoch] == held
    assert clone.journal.stream != old
    assert clone.journal.ids() == ids[3:], "the events are the same events"
    assert clone.in_step()
    assert everything_is_up(clone)
    assert recovered(clone.sync()) == (), "the screen is back to normal by itself"
    site.journal.record()
    assert recovered(site.sync()) == (), "the machine that was copied notices nothing"
    assert site.in_step()


def test_a_store_restored_from_an_old_backup_begins_a_new_epoch() -> None:
    site = synced(3)
    backup = Site(site.journal.copy(seed=9), site.centre)
    site.journal.record_many(4)
    site.sync()
    old = backup.journal.stream
    assert recovered(backup.sync()) == (StreamRewound(old.epoch, 7, 3),)
    backup.journal.record_many(2)
    assert recovered(backup.sync()) == ()
    assert backup.in_step()
    assert everything_is_up(backup)
    assert len(site.centre.journal[old.epoch]) == 7


def test_a_restored_store_with_new_work_keeps_both_histories() -> None:
    """A centre that ignores numbers it has would lose these doses: theirs are taken."""
    site = synced(3)
    backup = Site(site.journal.copy(seed=9), site.centre)
    site.journal.record_many(4)
    site.sync()
    backup.journal.record_many(6)
    backup.sync()
    assert everything_is_up(backup)
    assert set(site.journal.ids()) <= set(site.centre.event_ids())


def test_receipts_a_backup_did_not_hold_come_again_though_the_centre_is_further() -> None:
    """The centre proves them by its hash at the last event sent."""
    site = Site()
    site.journal.record_many(3)
    backup = Site(site.journal.copy(seed=9), site.centre)
    site.journal.record_many(4)
    site.sync()
    backup.sync()
    assert [local.acked for local in backup.journal.streams()] == [3, 0]
    assert everything_is_up(backup)


def test_a_closed_stream_is_sent_again_up_to_where_it_was_kept() -> None:
    """Fork, then a centre restored to before it: neither part is forgotten."""
    site = synced(3)
    clone = Site(site.journal.copy(seed=9), site.centre)
    site.journal.record_many(2)
    site.sync()
    clone.journal.record_many(2)
    clone.sync()
    old = site.journal.stream
    site.centre.cut_back(old.epoch, 1)
    site.centre.cut_back(clone.journal.stream.epoch, 1)
    assert isinstance(clone.sync(), Idle)
    assert clone.in_step()
    assert len(site.centre.journal[old.epoch]) == 3
    site.sync()
    assert everything_is_up(site)


def test_a_closed_stream_that_parts_again_is_carried_on_once_more() -> None:
    site = synced(6)
    clone = Site(site.journal.copy(seed=9), site.centre)
    site.journal.record()
    site.sync()
    clone.journal.record_many(2)
    clone.sync()
    old = site.journal.stream
    site.centre.cut_back(old.epoch, 4)
    third = Site(LocalJournal(seed=7), site.centre)
    third.journal.device_id = site.journal.device_id
    third.journal.stream = old
    third.journal.entries[old] = clone.journal.entries[old][:4]
    third.journal.receipts[old] = {}
    third.journal.record_many(2)
    third.engine = third.new_engine()
    third.sync()
    assert isinstance(clone.sync(), Idle)
    assert everything_is_up(clone)


def test_a_centre_that_went_back_takes_its_receipts_with_it_until_it_has_all_again() -> None:
    """What the page calls delivered is at the centre: a receipt of a lost copy is none."""
    site = synced(5)
    site.centre.cut_back(site.journal.stream.epoch, 2)
    site.centre.incarnation = "2" * 16
    site.centre.exchanges_left = 1
    site.sync()
    assert len(site.journal.receipted()) == 2
    site.centre.exchanges_left = None
    assert recovered(site.sync()) == ()
    assert site.in_step()


def test_a_restored_centre_is_told_once() -> None:
    site = synced(5)
    site.centre.cut_back(site.journal.stream.epoch, 2)
    site.centre.incarnation = "2" * 16
    site.engine = site.new_engine()
    assert recovered(site.sync()) == (CentreRestored("2" * 16),)
    assert recovered(site.sync()) == ()
    assert site.in_step()


def test_a_run_that_finds_a_fork_needs_two_more_round_trips_however_long_the_histories() -> None:
    site = synced(FIRST_BATCH)
    clone = Site(site.journal.copy(seed=9), site.centre)
    site.journal.record_many(40)
    site.sync()
    clone.journal.record_many(60)
    site.centre.requests.clear()
    clone.sync()
    assert len(site.centre.requests) == 3, "refused, asked, sent"
    assert everything_is_up(clone)


class OldCentre(PaperCentre):
    """A centre that cannot say where histories part."""

    def take(self, request: wire.Request) -> wire.Answer:
        return super().take(replace(request, hello=replace(request.hello, haves={})))


def test_a_centre_that_cannot_say_where_it_parts_is_not_asked_for_ever() -> None:
    journal = LocalJournal()
    site = Site(journal, OldCentre(journal.clock))
    journal.record_many(3)
    site.sync()
    clone = Site(journal.copy(seed=9), site.centre)
    journal.record_many(2)
    site.sync()
    clone.journal.record_many(2)
    state = clone.sync()
    assert isinstance(state, Refused)
    assert state.refusals == (StreamForked(journal.stream.epoch, 5),)
    assert clone.journal.stream == journal.stream


def test_an_ack_beyond_the_device_that_proves_nothing_is_no_receipt() -> None:
    site = Site()
    site.journal.record_many(3)
    epoch, now = site.journal.stream.epoch, site.clock.now()
    run = wire.ReceiptRun(1, 3, now)
    for at_last in (None, bytes(32)):
        ack = wire.Ack(epoch, 9, bytes(32), (run,), None, at_last)
        site.centre.faults = [answering(wire.Answer(wire.Welcome("1" * 16, now), ack))]
        site.centre.exchanges_left = 1
        site.sync()
        assert site.journal.receipted() == []


@given(st.integers(0, 5000), st.data())
def test_where_histories_part_is_found_within_twice_the_distance(last: int, data: st.DataObject) -> None:
    """Of n events to carry on at most 2n are carried on."""
    parted = data.draw(st.integers(0, last))
    named = [seq for seq, _ in haves(last, 0, lambda seq: b"")]
    keep = max((seq for seq in named if seq <= parted), default=0)
    assert last - keep <= max(2 * (last - parted), 0)
    assert len(named) <= wire.MAX_HAVES


class Refusing(LocalJournal):
    """A store that cannot take a new epoch just now."""

    full = True

    def carry_on(self, stream: Stream, keep: int, fresh: Stream, at: object) -> int:
        if self.full:
            raise OutboxUnavailable("disk full")
        return super().carry_on(stream, keep, fresh, self.clock.now())


@pytest.mark.parametrize("more", [0, 3])
def test_a_disk_too_full_for_a_new_epoch_is_tried_again(more: int) -> None:
    journal = Refusing()
    site = Site(journal)
    journal.record_many(3)
    site.sync()
    clone = Site(journal.copy(seed=9), site.centre)
    journal.record_many(2)
    site.sync()
    clone.journal.record_many(more)
    assert isinstance(clone.sync(), Refused)
    clone.journal.full = False  # type: ignore[attr-defined]
    assert isinstance(clone.sync(), Idle)
    assert everything_is_up(clone)
