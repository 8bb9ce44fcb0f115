"""Identifiers are well formed, unique as far as the randomness goes, and ask nobody for the time."""

import uuid
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from app.domain.clock import epoch_ms
from app.domain.ids import CROCKFORD, token, uuid7
from tests.strategies import seeded_random

instants = st.integers(0, 2**47).map(lambda ms: datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=ms))


@given(at=instants, noise=st.binary(min_size=10, max_size=10))
def test_a_uuid7_says_its_version_its_variant_and_its_millisecond(at: datetime, noise: bytes) -> None:
    made = uuid.UUID(uuid7(at, lambda length: noise))
    assert made.version == 7
    assert made.variant == uuid.RFC_4122
    assert made.int >> 80 == epoch_ms(at)


@given(at=instants, noise=st.binary(min_size=10, max_size=10), bit=st.integers(0, 79))
def test_seventy_four_bits_of_the_randomness_are_kept(at: datetime, noise: bytes, bit: int) -> None:
    other = (int.from_bytes(noise, "big") ^ 1 << bit).to_bytes(10, "big")
    fixed = {76, 77, 78, 79, 62, 63}
    assert (uuid7(at, lambda _: noise) == uuid7(at, lambda _: other)) is (bit in fixed)


def test_text_order_is_time_order() -> None:
    at, random = datetime(2026, 11, 23, tzinfo=UTC), seeded_random(1)
    made = [uuid7(at + timedelta(milliseconds=step), random) for step in range(50)]
    assert made == sorted(made)


def test_a_dead_clock_battery_does_not_stop_the_work() -> None:
    """The clock then stands at midnight of 1 January 1970 in China, before 1970 in UTC."""
    before = datetime(1969, 12, 31, 16, 0, tzinfo=UTC)
    assert uuid.UUID(uuid7(before, seeded_random(1))).version == 7
    assert uuid7(before, seeded_random(1)) != uuid7(before, seeded_random(2))


@given(length=st.integers(0, 40), seed=st.integers(0, 99))
def test_a_token_can_be_read_aloud(length: int, seed: int) -> None:
    made = token(length, seeded_random(seed))
    assert len(made) == length
    assert set(made) <= set(CROCKFORD)
    assert not set("ILOU") & set(made)


def test_every_character_of_a_token_is_as_likely() -> None:
    counts = [token(256, lambda _: bytes(range(256))).count(character) for character in CROCKFORD]
    assert counts == [8] * 32
