"""The core of sync, on real journals and the centre's real judgement, with time in the test's hand."""

from collections.abc import Sequence
from datetime import timedelta
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.refusals import Refusal
from app.sync import wire
from app.sync.engine import EventNotTaken, StreamForked, StreamRewound, SyncEngine
from app.sync.frame import MAX_EVENT_BYTES, MessageMalformed
from app.sync.outbox import OutboxUnavailable, Receipt
from app.sync.pace import BATCH_BYTES, FIRST_BATCH, LONGEST_WAIT_S
from app.sync.state import Idle, Offline, Refused, SyncState, Working
from app.sync.transport import AnswerForeign, CentreBusy, CentreDeclined, CentreUnreachable
from tests.clocks import ManualClock
from tests.sync.local_journal import LocalJournal
from tests.sync.paper_centre import Fault, PaperCentre


class Site:
    """One device and its centre, and everything the screen was shown."""

    def __init__(self, journal: LocalJournal | None = None, centre: PaperCentre | None = None) -> None:
        self.journal = journal or LocalJournal()
        self.clock = self.journal.clock
        self.centre = centre or PaperCentre(self.clock)
        self.shown: list[SyncState] = []
        self.engine = self.new_engine()

    def new_engine(self) -> SyncEngine:
        return SyncEngine(
            self.journal.device_id,
            self.journal,
            self.centre,
            self.clock,
            Random(5).randbytes,
            self.shown.append,
        )

    def settle(self) -> float:
        """Step until there is something to wait for; return for how long."""
        for _ in range(1000):
            wait = self.engine.step()
            if wait:
                return wait
        raise AssertionError("sync never comes to rest")

    def sync(self) -> SyncState:
        """Run now, whatever the back-off says."""
        self.engine.wake(forced=True)
        self.settle()
        return self.engine.state

    def in_step(self) -> bool:
        """Whether the centre holds exactly this device's events and all of them are receipted."""
        stream = self.journal.stream
        held = self.centre.journal.get(stream.epoch, [])
        return (
            held == [entry.data for entry in self.journal.entries[stream]]
            and [event_id for event_id, _ in self.journal.receipted()] == self.journal.ids()
            and [at for _, at in self.journal.receipted()] == self.centre.received.get(stream.epoch, [])
        )


def raising(refusal: Refusal) -> Fault:
    def fault(request: bytes) -> bytes | None:
        raise refusal

    return fault


def answering(answer: wire.Answer | wire.Declined) -> Fault:
    return lambda request: wire.encode_answer(answer)


def test_every_event_is_sent_and_receipted_one_by_one() -> None:
    """SYN-1."""
    site = Site()
    site.journal.record_many(5)
    assert site.sync() == Idle(site.clock.now())
    assert site.in_step()


def test_one_new_record_is_one_round_trip() -> None:
    """CRT-2; performance.md row 5."""
    site = Site()
    site.journal.record_many(3)
    site.sync()
    site.centre.requests.clear()
    site.journal.record()
    site.engine.wake()
    site.settle()
    assert len(site.centre.requests) == 1
    assert site.in_step()


def test_with_nothing_new_the_centre_is_greeted_in_one_round_trip() -> None:
    site = Site()
    site.journal.record_many(3)
    site.sync()
    site.centre.requests.clear()
    site.sync()
    assert [request.push for request in site.centre.requests] == [None]


def test_a_lost_answer_leaves_the_event_once_at_the_centre_with_its_first_receipt() -> None:
    """SYN-1."""
    site = Site()
    site.journal.record_many(4)
    site.centre.lose_answers = 1
    site.settle()
    assert site.journal.receipted() == []
    taken_at = site.clock.now()
    site.clock.go(minutes=3)
    site.sync()
    assert site.in_step()
    assert {at for _, at in site.journal.receipted()} == {taken_at}


def test_a_crash_before_the_receipts_are_written_repeats_only_that_batch() -> None:
    site = Site()
    site.journal.record_many(4)
    before = site.journal.copy()
    site.sync()
    restarted = Site(before, site.centre)
    restarted.sync()
    assert restarted.in_step()


def test_while_events_go_up_the_screen_sees_how_many_of_how_many() -> None:
    site = Site()
    site.journal.record_many(FIRST_BATCH + 50)
    site.settle()
    total = FIRST_BATCH + 50
    assert site.shown == [
        Working(0, total), Working(FIRST_BATCH, total), Working(total, total), Idle(site.clock.now()),
    ]  # fmt: skip


def test_offline_says_since_when_and_when_the_next_try_is() -> None:
    """SYN-5."""
    site = Site()
    site.journal.record()
    site.centre.faults = [raising(CentreUnreachable("connect"))] * 2
    first_wait = site.settle()
    since = site.clock.now()
    assert site.engine.state == Offline(
        since, since + timedelta(seconds=first_wait), CentreUnreachable("connect"), None
    )
    site.clock.go(first_wait + 0.001)
    second_wait = site.settle()
    state = site.engine.state
    assert isinstance(state, Offline)
    assert (state.since, state.next_try_at) == (since, site.clock.now() + timedelta(seconds=second_wait))
    site.clock.go(second_wait + 0.001)
    site.settle()
    assert site.in_step()
    assert not any(isinstance(state, Working) for state in site.shown[1:3]), "no flicker while offline"


def test_each_time_offline_begins_anew() -> None:
    site = Site()
    site.centre.faults = [raising(CentreUnreachable("connect"))]
    site.sync()
    site.clock.go(minutes=5)
    site.sync()
    site.clock.go(minutes=5)
    site.centre.faults = [raising(CentreUnreachable("connect"))]
    state = site.sync()
    assert isinstance(state, Offline)
    assert state.since == site.clock.now()


@pytest.mark.parametrize(
    ("reason", "next_size"),
    [("cut", FIRST_BATCH // 2), ("timeout", FIRST_BATCH // 2), ("connect", FIRST_BATCH)],
)
def test_a_push_that_did_not_get_through_is_followed_by_a_shorter_one(reason: str, next_size: int) -> None:
    """Unless nothing was sent at all: then its length is not to blame."""
    site = Site()
    site.journal.record_many(FIRST_BATCH * 2)
    site.centre.faults = [raising(CentreUnreachable(reason))]
    site.sync()
    site.sync()
    first = site.centre.requests[0].push
    assert first is not None
    assert len(first.events) == next_size


def test_before_its_time_nothing_is_tried() -> None:
    site = Site()
    site.journal.record()
    site.centre.faults = [raising(CentreUnreachable("connect"))]
    wait = site.settle()
    site.clock.go(wait - 0.5)
    assert site.engine.step() == pytest.approx(0.5)
    assert site.centre.requests == []


def test_a_new_record_does_not_break_into_the_back_off_but_a_person_does() -> None:
    site = Site()
    site.journal.record()
    site.centre.faults = [raising(CentreUnreachable("connect"))]
    site.settle()
    site.engine.wake()
    assert site.engine.step() > 0
    assert site.centre.requests == []
    site.engine.wake(forced=True)
    site.settle()
    assert site.in_step()


def test_a_busy_centre_is_left_alone_as_long_as_it_asks() -> None:
    site = Site()
    site.journal.record()
    site.centre.faults = [raising(CentreBusy(503, 120.0))]
    assert 120 <= site.settle() <= 132


@pytest.mark.parametrize(
    "trouble", [AnswerForeign("redirect", 302), AnswerForeign("content", 200), CentreUnreachable("timeout")]
)
def test_a_captive_portal_or_a_dead_link_only_means_later(trouble: Refusal) -> None:
    site = Site()
    site.journal.record()
    site.centre.faults = [raising(trouble)]
    site.settle()
    state = site.engine.state
    assert isinstance(state, Offline)
    assert state.cause == trouble
    site.sync()
    assert site.in_step()


def test_rubbish_from_the_centre_is_no_receipt() -> None:
    site = Site()
    site.journal.record()
    site.centre.faults = [lambda request: request, lambda request: b"<html>"]
    for _ in range(2):
        assert isinstance(site.sync(), Offline)
        assert site.journal.receipted() == []
    site.sync()
    assert site.in_step()


def test_an_idle_device_asks_again_after_about_five_minutes() -> None:
    site = Site()
    wait = site.settle()
    assert 0.9 * LONGEST_WAIT_S <= wait <= 1.1 * LONGEST_WAIT_S


def test_a_centre_that_went_back_is_given_what_it_lost() -> None:
    """SYN-1: the centre was restored from its backup."""
    site = Site()
    site.journal.record_many(10)
    site.sync()
    site.centre.cut_back(site.journal.stream.epoch, 4)
    site.journal.record_many(2)
    assert isinstance(site.sync(), Idle)
    held = site.centre.journal[site.journal.stream.epoch]
    assert held == [entry.data for entry in site.journal.entries[site.journal.stream]]


def test_a_centre_that_lost_much_is_given_it_without_asking_twice() -> None:
    site = Site()
    site.journal.record_many(FIRST_BATCH * 2)
    site.sync()
    site.centre.cut_back(site.journal.stream.epoch, 0)
    site.centre.requests.clear()
    site.engine = site.new_engine()
    site.sync()
    pushes = [request.push.after for request in site.centre.requests if request.push]
    assert pushes == [0, FIRST_BATCH]
    assert len(site.centre.requests) == 3


def test_old_streams_are_listed_and_sent_again_when_the_centre_lost_them() -> None:
    """Regression 1 of the prototype: an old stream that was no longer offered was lost."""
    site = Site()
    site.journal.record_many(6)
    site.sync()
    old = site.journal.stream
    site.journal.open_stream()
    site.journal.record_many(2)
    site.sync()
    site.centre.cut_back(old.epoch, 1)
    assert isinstance(site.sync(), Idle)
    assert len(site.centre.journal[old.epoch]) == 6
    assert site.in_step()


def test_a_cloned_disk_is_told_and_nothing_is_overwritten() -> None:
    site = Site()
    site.journal.record_many(3)
    site.sync()
    clone = Site(site.journal.copy(), site.centre)
    site.journal.record_many(2)
    site.sync()
    held = list(site.centre.journal[site.journal.stream.epoch])
    clone.journal.record(body={"of": "the clone"})
    clone.journal.record(body={"of": "the clone"})
    state = clone.sync()
    assert isinstance(state, Refused)
    assert state.refusals == (StreamForked(site.journal.stream.epoch, 5),)
    assert site.centre.journal[site.journal.stream.epoch] == held
    assert len(clone.journal.receipted()) == 3


def test_a_store_restored_from_an_old_backup_is_told() -> None:
    site = Site()
    site.journal.record_many(3)
    site.sync()
    backup = Site(site.journal.copy(), site.centre)
    site.journal.record_many(4)
    site.sync()
    state = backup.sync()
    assert isinstance(state, Refused)
    assert state.refusals == (StreamRewound(site.journal.stream.epoch, 7, 3),)


def test_a_stream_in_trouble_does_not_hold_up_another() -> None:
    site = Site()
    site.journal.record_many(3)
    site.sync()
    backup = Site(site.journal.copy(), site.centre)
    site.journal.record()
    site.sync()
    backup.journal.open_stream()
    backup.journal.record_many(5)
    assert isinstance(backup.sync(), Refused)
    assert backup.in_step()


def test_a_stream_in_trouble_does_not_keep_a_new_record_of_another_waiting() -> None:
    """CRT-2: it is the new record that is sent, the stream in trouble is asked again in its own time."""
    site = Site()
    site.journal.record_many(3)
    site.sync()
    backup = Site(site.journal.copy(), site.centre)
    site.journal.record()
    site.sync()
    backup.journal.record(body={"after": "the restore"})
    backup.journal.record(body={"after": "the restore"})
    old = backup.journal.stream
    backup.journal.open_stream()
    backup.sync()
    for _ in range(3):
        backup.journal.record()
        site.centre.requests.clear()
        backup.engine.wake()
        wait = backup.settle()
        assert backup.in_step()
        assert [request.push.epoch for request in site.centre.requests if request.push] == [
            backup.journal.stream.epoch
        ]
        backup.clock.go(60)
    site.centre.requests.clear()
    backup.clock.go(wait - 60 + 0.001)
    backup.settle()
    assert [request.push.epoch for request in site.centre.requests if request.push] == [old.epoch]


def test_an_event_the_centre_cannot_take_is_named_and_those_before_it_are_kept() -> None:
    site = Site()
    site.journal.record_many(2)
    site.journal.append(site.journal.event("note.made", {}, site="another place"))
    site.journal.record_many(2)
    state = site.sync()
    assert isinstance(state, Refused)
    assert state.refusals == (EventNotTaken(site.journal.stream.epoch, 3, "SiteOutOfScope", "site"),)
    assert len(site.journal.receipted()) == 2
    asked = len(site.centre.requests)
    assert site.engine.step() > 0
    assert len(site.centre.requests) == asked, "it is not asked again at once"


def test_an_event_too_large_for_the_wire_is_named_and_those_before_it_go() -> None:
    site = Site()
    site.journal.record_many(2)
    site.journal.record(body={"text": "x" * MAX_EVENT_BYTES})
    state = site.sync()
    assert isinstance(state, Refused)
    assert state.refusals == (EventNotTaken(site.journal.stream.epoch, 3, "MessageTooLarge", "event"),)
    assert len(site.journal.receipted()) == 2


def test_large_events_are_spread_over_several_pushes() -> None:
    site = Site()
    count = BATCH_BYTES // MAX_EVENT_BYTES * 2 + 3
    for _ in range(count):
        site.journal.record(body={"text": "x" * (MAX_EVENT_BYTES - 1000)})
    site.sync()
    assert site.in_step()
    pushes = [request.push for request in site.centre.requests if request.push]
    assert all(sum(map(len, push.events)) <= BATCH_BYTES for push in pushes)


def test_a_declined_device_is_told_by_the_centres_own_word() -> None:
    site = Site()
    site.journal.record()
    site.centre.faults = [answering(wire.Declined("DeviceUnknown"))]
    state = site.sync()
    assert isinstance(state, Refused)
    assert state.refusals == (CentreDeclined("DeviceUnknown", ""),)


def forged(site: Site, change: "wire.PushResult | None") -> wire.Answer:
    return wire.Answer(wire.Welcome("1" * 16, site.clock.now()), change)


def test_an_ack_that_does_not_prove_the_events_is_no_receipt() -> None:
    """A receipt counts only when the centre's head is this device's own hash."""
    site = Site()
    site.journal.record_many(3)
    epoch, entries = site.journal.stream.epoch, site.journal.entries[site.journal.stream]
    now, head = site.clock.now(), entries[-1].hash
    run = wire.ReceiptRun(1, 3, now)
    forgeries: list[wire.PushResult | None] = [
        None,
        wire.Ack("f" * 16, 3, head, (run,)),
        wire.Ack(epoch, 3, bytes(32), (run,)),
        wire.Ack(epoch, 2, entries[1].hash, (run,)),
        wire.Ack(epoch, 3, head, ()),
        wire.Ack(epoch, 3, head, (wire.ReceiptRun(1, 2, now),)),
        wire.Gap(epoch, 0, site.journal.hash_at(site.journal.stream, 0)),
    ]
    for forgery in forgeries:
        site.centre.faults = [answering(forged(site, forgery))]
        assert isinstance(site.sync(), Offline | Refused)
        assert site.journal.receipted() == []
    site.sync()
    assert site.in_step()


class FullDisk(LocalJournal):
    """A store whose disk is full when receipts come."""

    full = True

    def record_receipts(self, stream: object, receipts: Sequence[Receipt]) -> None:
        if self.full:
            raise OutboxUnavailable("disk full")
        super().record_receipts(self.stream, receipts)


def test_a_store_that_cannot_take_receipts_is_shown_and_asked_again() -> None:
    journal = FullDisk()
    site = Site(journal)
    journal.record_many(2)
    state = site.sync()
    assert isinstance(state, Refused)
    assert state.refusals == (OutboxUnavailable("disk full"),)
    journal.full = False
    site.sync()
    assert site.in_step()


def test_the_clock_offset_is_measured_against_the_middle_of_the_round_trip() -> None:
    """Facts for ClockQuality (sync.md, *Journal*)."""
    site = Site()
    site.centre.clock = ManualClock(site.clock.now() + timedelta(minutes=7))
    site.clock.go(0.1)
    site.settle()
    offset = site.engine.clock_offset
    assert offset is not None
    assert offset.offset_ms == 7 * 60 * 1000
    assert offset.measured_at_s == site.clock.monotonic()


def test_a_round_trip_too_long_to_tell_the_time_leaves_the_old_offset() -> None:
    site = Site()
    site.centre.seconds_per_exchange = 11.0
    site.settle()
    assert site.engine.clock_offset is None


faults = st.sampled_from(["pass", "lost request", "lost answer", "busy", "portal", "rubbish"])
moves = st.lists(st.tuples(st.integers(0, 40), faults, st.booleans()), max_size=25)


@given(moves, st.integers(0, 2**32))
@settings(max_examples=150, deadline=None)
def test_whatever_the_link_does_every_event_ends_once_at_the_centre(
    history: list[tuple[int, str, bool]], seed: int
) -> None:
    """SYN-1, SYN-5: no fault of the link loses or doubles an event."""
    site = Site(LocalJournal(seed))
    outcomes: dict[str, Fault] = {
        "lost request": raising(CentreUnreachable("cut")),
        "busy": raising(CentreBusy(429, 1.0)),
        "portal": raising(AnswerForeign("content", 200)),
        "rubbish": lambda request: request[:-1],
    }
    for recorded, fault, restarted in history:
        site.journal.record_many(recorded)
        if fault in outcomes:
            site.centre.faults = [outcomes[fault]]
        site.centre.lose_answers = int(fault == "lost answer")
        if restarted:
            site.engine = site.new_engine()
        site.sync()
        receipted = len(site.journal.receipted())
        assert receipted <= len(site.centre.journal.get(site.journal.stream.epoch, []))
    site.centre.lose_answers = 0
    site.centre.faults = []
    site.sync()
    assert site.in_step()


def test_a_message_the_engine_cannot_place_is_named_as_malformed() -> None:
    site = Site()
    site.journal.record()
    site.centre.faults = [answering(forged(site, None))]
    state = site.sync()
    assert isinstance(state, Offline)
    assert state.cause == MessageMalformed("push")
