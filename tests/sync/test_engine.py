"""The core of sync, on real journals and the centre's real judgement, with time in the test's hand."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.refusals import Refusal
from app.sync.pace import FIRST_BATCH, LONGEST_WAIT_S
from app.sync.state import Idle, Offline, Working
from app.sync.transport import AnswerForeign, CentreBusy, CentreUnreachable
from tests.clocks import ManualClock
from tests.sync.local_journal import LocalJournal
from tests.sync.one_site import Site, raising
from tests.sync.paper_centre import Fault


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
