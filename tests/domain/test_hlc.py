"""The hybrid logical clock never runs backwards and is never pulled far ahead (sync.md, *Journal*)."""

from hypothesis import given
from hypothesis import strategies as st

from app.domain.hlc import COUNTER_BITS, PEER_PULL_LIMIT_MS, merge, tick
from tests.strategies import walls

peers = st.integers(-(2**62), 2**63)
readings = st.lists(st.tuples(walls, st.none() | peers), min_size=1, max_size=30)


@given(readings)
def test_it_grows_with_every_event_and_every_peer_whatever_the_walls_say(
    readings: list[tuple[int, int | None]],
) -> None:
    last = 0
    for wall, peer in readings:
        following = tick(last, wall) if peer is None else merge(last, peer, wall)
        assert following > last
        last = following


@given(wall=walls, peer=peers)
def test_a_peer_pulls_it_at_most_five_minutes_ahead(wall: int, peer: int) -> None:
    before = wall << COUNTER_BITS
    assert merge(before, peer, wall) >> COUNTER_BITS <= wall + PEER_PULL_LIMIT_MS
    assert PEER_PULL_LIMIT_MS == 300_000


@given(wall=walls, peers=st.lists(peers, max_size=50))
def test_many_peers_pull_it_no_further_than_one(wall: int, peers: list[int]) -> None:
    last = wall << COUNTER_BITS
    for peer in peers:
        last = merge(last, peer, wall)
    assert last >> COUNTER_BITS <= wall + PEER_PULL_LIMIT_MS


@given(wall=walls, ahead_ms=st.integers(0, PEER_PULL_LIMIT_MS - 1), counter=st.integers(0, 0xFFFE))
def test_what_follows_a_peer_within_the_limit_is_later_than_the_peer(
    wall: int, ahead_ms: int, counter: int
) -> None:
    peer = (wall + ahead_ms) << COUNTER_BITS | counter
    assert merge(0, peer, wall) > peer


@given(walls)
def test_with_a_clock_in_order_it_is_the_wall_time(wall: int) -> None:
    assert tick((wall - 1) << COUNTER_BITS, wall) == wall << COUNTER_BITS
