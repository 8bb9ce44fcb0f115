"""Codec 3: a short message comes out byte for byte; whatever else comes in is refused (SYN-4)."""

import hashlib
from random import Random

import pytest
import zstandard
from hypothesis import example, given
from hypothesis import strategies as st

from app.domain.journal import Event, encode
from app.domain.refusals import Refusal
from app.sync import frame, short
from app.sync.columns import Unfit
from app.sync.frame import BEST_CODEC, CODEC_COLUMNS, CODEC_SHORT, MessageMalformed, pack, unpack
from tests.strategies import events, with_bytes_changed
from tests.sync.test_columns import lines

HEADER = b'{"hello":{}}'


@given(events)
def test_one_event_travels_as_the_bytes_the_chain_covers(happened: Event) -> None:
    packed = pack(HEADER, (encode(happened),), BEST_CODEC)
    assert frame.codec_of(packed) == CODEC_SHORT
    assert unpack(packed) == (HEADER, (encode(happened),))


@given(events)
def test_several_events_travel_in_columns_which_make_them_smaller(happened: Event) -> None:
    packed = pack(HEADER, (encode(happened),) * 2, BEST_CODEC)
    assert frame.codec_of(packed) == CODEC_COLUMNS
    assert frame.codec_of(pack(HEADER, (encode(happened),), CODEC_COLUMNS)) == CODEC_COLUMNS, "asked for"


@given(lines | st.binary(min_size=1, max_size=80).filter(lambda line: b"\n" not in line))
@example(b'{"a":"' + b"A" * 42 + b'B"}')  # like a hash, and not the one spelling of its bytes
@example(b'{"a":"2026-13-45T25:61:00.000Z","b":"0000-00-00T00:00:00.000Z","c":1' + b"8" * 18 + b"}")
@example(b'{"a":"\x01\x02\x03\x08"}')  # what says that bytes follow, where none do
@example(b'"\x01' + b"x" * 16 + b'"')
def test_any_line_arrives_by_this_codec_or_by_the_first(line: bytes) -> None:
    assert unpack(pack(HEADER, (line,), BEST_CODEC)) == (HEADER, (line,))


@given(st.binary(max_size=200))
def test_any_bytes_are_codec_3_or_refused(data: bytes) -> None:
    try:
        unpack(frame.MAGIC + bytes((frame.WIRE, CODEC_SHORT)) + data)
    except Refusal:
        return


@given(events, st.data())
def test_a_frame_with_bytes_changed_is_read_or_refused_and_never_crashes(
    happened: Event, data: st.DataObject
) -> None:
    whole = pack(HEADER, (encode(happened),), BEST_CODEC)
    changed = data.draw(with_bytes_changed(whole, 4))
    try:
        unpack(changed)
    except Refusal:
        return


def squeezed(plain: bytes, *, told: bool = False) -> bytes:
    """Return a frame as somebody might make it who keeps to no limit."""
    parameters = zstandard.ZstdCompressionParameters.from_level(
        3, format=zstandard.FORMAT_ZSTD1_MAGICLESS, write_content_size=told, write_dict_id=False
    )
    made = zstandard.ZstdCompressor(compression_params=parameters).compress(plain)
    return frame.MAGIC + bytes((frame.WIRE, CODEC_SHORT)) + made


@pytest.mark.parametrize("told", [True, False])
def test_a_frame_that_swells_is_refused_before_it_is_whole(told: bool) -> None:
    with pytest.raises(MessageMalformed, match="short"):
        unpack(squeezed(bytes(64 << 20), told=told))


def test_a_frame_of_more_lines_than_a_message_has_is_refused() -> None:
    with pytest.raises(frame.MessageTooLarge):
        unpack(squeezed(b"{}\n" * 3000))


def test_a_long_event_is_not_short_and_goes_in_columns() -> None:
    line = b'{"a":"' + Random(1).randbytes(short.MAX_PLAIN_BYTES).hex().encode() + b'"}'
    with pytest.raises(Unfit):
        short.squeeze([HEADER, line])
    packed = pack(HEADER, (line,), BEST_CODEC)
    assert frame.codec_of(packed) == CODEC_COLUMNS
    assert unpack(packed) == (HEADER, (line,))


def test_the_dictionary_is_the_one_codec_3_was_made_with() -> None:
    """Both sides of a sync may be years apart: another dictionary needs another codec number."""
    made = hashlib.sha256(short.TRAINED.file.read_bytes()).hexdigest()
    assert made == "89516ee1a37a108a747c951b777318264cb725157fe28b37739838ec9a223f1f"
