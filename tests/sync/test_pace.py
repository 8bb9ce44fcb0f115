"""How much at once, and how long to wait."""

from random import Random

from hypothesis import given
from hypothesis import strategies as st

from app.sync.frame import MAX_EVENTS
from app.sync.pace import FIRST_BATCH, LINK_S, LONGEST_WAIT_S, Batch, Patience

pushes = st.lists(st.tuples(st.integers(1, MAX_EVENTS), st.floats(0.0, 300.0)) | st.none(), max_size=30)


@given(pushes)
def test_a_batch_is_always_between_one_event_and_the_limit(history: list[tuple[int, float] | None]) -> None:
    batch = Batch()
    for push in history:
        batch.failed() if push is None else batch.took(*push)
        assert 1 <= batch.size <= MAX_EVENTS


@given(st.floats(0.01, 2000.0), st.floats(0.0, 2.0))
def test_on_a_steady_link_a_push_settles_at_five_seconds_or_the_limits(rate: float, trip_s: float) -> None:
    """SYN-5, and performance.md row 8: a cut costs at most one batch of about five seconds."""
    batch = Batch()
    for _ in range(60):
        batch.took(batch.size, trip_s + batch.size / rate)
    assert batch.size in (1, MAX_EVENTS) or trip_s + batch.size / rate <= LINK_S
    assert batch.size >= min(MAX_EVENTS, int((LINK_S - trip_s) * rate * 0.5))


def test_a_quick_push_of_little_says_nothing_about_a_long_one() -> None:
    batch = Batch()
    batch.took(1, 0.7)
    assert batch.size == FIRST_BATCH


@given(pushes)
def test_what_is_made_ready_is_what_a_quick_push_would_allow(history: list[tuple[int, float] | None]) -> None:
    """On a link at its measure no more is packed than is sent; on a quick one all that may be."""
    batch = Batch()
    for push in history:
        batch.failed() if push is None else batch.took(*push)
        ready, settled = batch.after(batch.size), not batch.growing
        assert batch.size <= ready <= MAX_EVENTS
        batch.took(batch.size, 0.0)
        assert ready <= batch.size
        assert ready == batch.size or settled


def test_a_slow_push_makes_the_next_one_shorter() -> None:
    batch = Batch()
    batch.took(FIRST_BATCH, 2 * LINK_S)
    assert batch.size == FIRST_BATCH // 2


@given(st.integers(0, 10_000), st.integers())
def test_waits_grow_to_five_minutes_and_never_all_alike(failures: int, seed: int) -> None:
    patience = Patience(Random(seed).randbytes, failures)
    whole = min(LONGEST_WAIT_S, 2.0 * 2 ** min(failures, 10))
    waits = {Patience(patience.random, failures).after_failure() for _ in range(5)}
    assert len(waits) > 1
    assert all(whole / 2 <= wait <= whole for wait in waits)


@given(st.floats(0, 1e9), st.integers())
def test_a_centre_that_asks_for_time_gets_it_up_to_an_hour(asked_s: float, seed: int) -> None:
    wait = Patience(Random(seed).randbytes).after_failure(asked_s)
    assert min(asked_s, 3600) <= wait <= 4000


def test_after_a_success_patience_begins_anew() -> None:
    patience = Patience(Random(1).randbytes, failures=12)
    patience.succeeded()
    assert patience.after_failure() <= 2
