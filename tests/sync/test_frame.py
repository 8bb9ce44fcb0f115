"""The frame: whatever goes in comes out, whatever is not a frame is refused."""

import hashlib
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.refusals import Refusal
from app.sync import frame
from app.sync.dictionary import DICTIONARY
from app.sync.frame import MessageMalformed, MessageTooLarge, Squeezed, WireVersionUnknown, pack, unpack

lines = st.binary(min_size=1, max_size=200).filter(lambda line: b"\n" not in line)


def framed(payload: bytes, wire: int = frame.WIRE, codec: int = frame.CODEC_ZLIB) -> bytes:
    squeezer = zlib.compressobj(zdict=DICTIONARY)
    return frame.MAGIC + bytes((wire, codec)) + squeezer.compress(payload) + squeezer.flush()


@given(lines, st.lists(lines, max_size=20))
def test_events_travel_as_their_exact_bytes(header: bytes, events: list[bytes]) -> None:
    """SYN-1."""
    assert unpack(pack(header, events)) == (header, tuple(events))


@given(lines, st.lists(lines, min_size=1, max_size=20), st.integers(0, 9))
def test_lines_kept_as_a_stream_travel_in_it_and_are_the_same(
    header: bytes, events: list[bytes], level: int
) -> None:
    """Performance.md row 2: what is kept compressed is not compressed again for each who asks."""
    kept = Squeezed.of(zlib.compress(b"\n".join(events), level))
    packed = pack(header, kept, frame.CODEC_ZLIB)
    assert unpack(packed) == (header, tuple(events)) == unpack(pack(header, events))
    assert kept.stream[2:-4] in packed


@given(st.binary(max_size=300))
def test_any_bytes_are_a_frame_or_refused(data: bytes) -> None:
    for candidate in (data, frame.MAGIC + data, frame.MAGIC + b"\x01\x01" + data):
        with pytest.raises(Refusal):
            unpack(candidate)


@given(st.lists(lines, min_size=1, max_size=5), st.data())
def test_a_frame_with_one_byte_changed_or_missing_is_never_read_as_another(
    events: list[bytes], data: st.DataObject
) -> None:
    whole = pack(b"{}", events)
    at = data.draw(st.integers(0, len(whole) - 1))
    flipped = whole[:at] + bytes((whole[at] ^ data.draw(st.integers(1, 255)),)) + whole[at + 1 :]
    for damaged in (whole[:at], flipped):
        try:
            assert unpack(damaged) == (b"{}", tuple(events))
        except Refusal:
            continue


def test_a_page_that_unpacks_beyond_the_limit_is_refused_before_it_fills_the_memory() -> None:
    bomb = framed(bytes(frame.MAX_PAYLOAD_BYTES + 1))
    assert len(bomb) < 100_000
    with pytest.raises(MessageTooLarge) as refused:
        unpack(bomb)
    assert refused.value.part == "payload"


@pytest.mark.parametrize(
    ("payload", "refusal"),
    [
        (b"{}" + b"\nx" * (frame.MAX_EVENTS + 1), MessageTooLarge("events", frame.MAX_EVENTS)),
        (b"{}\n" + b"x" * (frame.MAX_EVENT_BYTES + 1), MessageTooLarge("event", frame.MAX_EVENT_BYTES)),
        (b"{}\n\nx", MessageMalformed("event")),
    ],
)
def test_what_is_over_a_limit_is_refused(payload: bytes, refusal: Refusal) -> None:
    with pytest.raises(type(refusal)) as refused:
        unpack(framed(payload))
    assert refused.value == refusal


def test_a_frame_over_the_limit_is_refused_unread() -> None:
    with pytest.raises(MessageTooLarge):
        unpack(bytes(frame.MAX_FRAME_BYTES + 1))


@pytest.mark.parametrize("event", [b"", b"two\nlines", b"x" * (frame.MAX_EVENT_BYTES + 1)])
def test_an_event_that_would_not_arrive_is_not_sent(event: bytes) -> None:
    with pytest.raises((MessageMalformed, MessageTooLarge)):
        pack(b"{}", [event])


def test_another_wire_version_is_named_with_the_versions_understood() -> None:
    with pytest.raises(WireVersionUnknown) as refused:
        unpack(framed(b"{}", wire=200))
    assert refused.value == WireVersionUnknown(200, frame.LOWEST_WIRE, frame.WIRE)


def test_another_codec_is_refused() -> None:
    with pytest.raises(MessageMalformed, match="codec"):
        unpack(framed(b"{}", codec=9))


def test_the_dictionary_is_the_one_codec_1_was_made_with() -> None:
    """Both sides of a sync may be years apart: another dictionary needs another codec number."""
    assert hashlib.sha256(DICTIONARY).hexdigest()[:16] == "485c4f97c4489880"
