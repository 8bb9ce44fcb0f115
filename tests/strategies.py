"""What properties draw from: random bytes from a seed, journal bodies, days of birth, readings of a clock."""

from collections.abc import Callable
from datetime import date
from random import Random

from hypothesis import settings
from hypothesis import strategies as st

from app.domain.journal import ClockQuality, Event


def some(examples: int) -> int:
    """Return how many examples a dear law tries: so many in the short run, the same part in the long."""
    return settings().max_examples * examples // 30


def seeded_random(seed: int) -> Callable[[int], bytes]:
    """Return a source of bytes that is the same at every run."""
    return Random(seed).randbytes


@st.composite
def with_bytes_changed(draw: st.DrawFn, whole: bytes, start: int) -> bytes:
    """Return bytes of which one to three from ``start`` on may be others."""
    changed = bytearray(whole)
    for _ in range(draw(st.integers(1, 3))):
        changed[draw(st.integers(start, len(changed) - 1))] = draw(st.integers(0, 255))
    return bytes(changed)


texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
"""Text that has a UTF-8 encoding, Chinese and beyond."""

json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**63) | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=8,
)
bodies = st.dictionaries(texts, json_values, max_size=4)

clock_qualities = st.builds(
    ClockQuality,
    uptime_ms=st.integers(0, 2**40),
    offset_ms=st.none() | st.integers(-(2**40), 2**40),
    age_ms=st.none() | st.integers(0, 2**40),
)

events = st.builds(
    Event,
    id=st.uuids().map(str),
    seq=st.integers(1, 2**40),
    hlc=st.integers(0, 2**63 - 1),
    wall=st.integers(0, 2**47),
    clock=clock_qualities,
    kind=st.sampled_from(["immunization.recorded", "check.confirmed", "来自未来"]),
    v=st.integers(1, 9),
    site=texts,
    desk=texts,
    user=texts,
    person=st.none() | texts,
    body=bodies,
)

short_events = st.builds(
    Event,
    id=st.just("0190a0b0-0000-7000-8000-000000000002"),
    seq=st.just(1),
    hlc=st.integers(0, 2**63 - 1),
    wall=st.just(0),
    clock=st.just(ClockQuality(0)),
    kind=st.just("check.confirmed"),
    v=st.just(1),
    site=st.just("1001010001"),
    desk=st.just("接种台 1"),
    user=st.just("u-zhoumin"),
    person=st.none() | texts,
    body=st.dictionaries(texts, texts | st.integers(), max_size=2),
)
"""Events whose variety is enough for a chain."""

days = st.dates(date(1900, 1, 1), date(2100, 12, 31))
walls = st.integers(-(2**40), 2**45)
"""Milliseconds since 1970 on a clock that may be wrong by centuries."""
