"""Columns: whatever lines go in come out byte for byte; whatever else comes in is refused (SYN-4)."""

import hashlib
import json
from datetime import date
from random import Random

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from app.domain.identity import check_digit
from app.domain.ids import uuid7
from app.domain.journal import Event, encode
from app.domain.refusals import Refusal
from app.sync import codec, frame
from app.sync.codec import write_number
from app.sync.columns import MAX_PLACES, Columns, Unfit, fold, folded, prove, unfold
from app.sync.frame import CODEC_COLUMNS, CODEC_SHORT, CODEC_ZLIB, MessageMalformed, pack, unpack
from app.sync.looks import instant_text, instant_texts, look_of, looks
from tests.clocks import ManualClock
from tests.strategies import events, with_bytes_changed

PLENTY = 1 << 20
HEADER = b'{"hello":{}}'

uuids = st.integers(0, 2**32).map(lambda seed: uuid7(ManualClock().now(), Random(seed).randbytes))
instants = st.datetimes().map(lambda at: f"{at.isoformat(timespec='milliseconds')}Z")
citizens = st.builds(
    lambda born, rest: (first := f"101{rest % 1000:03d}{born:%Y%m%d}{rest // 1000:03d}") + check_digit(first),
    st.dates(min_value=date(1900, 1, 1)),
    st.integers(0, 999_999),
)
tokens = st.one_of(
    uuids, instants, citizens, st.uuids().map(str), st.dates().map(str),
    st.from_regex(r"[0-9]{3,22}", fullmatch=True),
    st.binary(min_size=7, max_size=66).map(bytes.hex), st.from_regex(r"[A-Za-z0-9_-]{43}", fullmatch=True),
    st.from_regex(r"[0-9]{17}[0-9X]", fullmatch=True), st.text(st.characters(codec="utf-8"), max_size=6),
    st.integers(), st.none(), st.booleans(),
)  # fmt: skip
keys = st.sampled_from(["wall", "hlc", "uptime_ms", "seq", "id", "birth_on", "a,1,b", 'x":', "钥"])
objects = st.recursive(
    st.dictionaries(keys, tokens, min_size=1, max_size=5),
    lambda inner: st.dictionaries(keys, inner | st.lists(inner | tokens, max_size=4), max_size=4),
    max_leaves=6,
)
lines = objects.map(lambda value: json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode())
messages = st.lists(lines, min_size=1, max_size=8).flatmap(
    lambda few: st.lists(st.sampled_from(few), min_size=1, max_size=20)
)


@given(st.lists(events, min_size=1, max_size=6))
def test_any_events_travel_in_columns_as_the_bytes_the_chain_covers(happened: list[Event]) -> None:
    written = tuple(encode(event) for event in happened)
    packed = pack(HEADER, written, CODEC_COLUMNS)
    assert frame.codec_of(packed) == CODEC_COLUMNS
    assert unpack(packed) == (HEADER, written)


@given(
    st.lists(events, min_size=1, max_size=4).flatmap(lambda few: st.lists(st.sampled_from(few), min_size=1))
)
def test_events_that_repeat_ids_and_texts_travel_in_columns(happened: list[Event]) -> None:
    written = tuple(encode(event) for event in happened)
    packed = pack(HEADER, written, CODEC_COLUMNS)
    assert frame.codec_of(packed) == CODEC_COLUMNS
    assert unpack(packed) == (HEADER, written)


IDS = [uuid7(ManualClock().now(), Random(seed).randbytes) for seed in range(20)]


@pytest.mark.parametrize(
    "order", [[0, 1, 2, 3, 4, 5, 6, 0], [0, 1] * 4, [0, 0, 0, 1, 1, 2, 2, 2], list(range(8))]
)
def test_ids_that_come_back_under_another_key_are_told_by_their_place(order: list[int]) -> None:
    """The ids of one column count on those of the columns before, repeated ones too."""
    rows = [
        {"a": IDS[at], "b": IDS[10 + number], "c": IDS[10 + number], "d": IDS[at]}
        for number, at in enumerate(order)
    ]
    message = [json.dumps(row, separators=(",", ":")).encode() for row in rows]
    assert unfold(fold(message), PLENTY, PLENTY) == message


@given(messages)
@example([b'{"id":"' + b"0" * 36 + b'"}'])
def test_lines_of_any_values_come_back_from_their_columns(message: list[bytes]) -> None:
    try:
        columns = fold(message)
    except Unfit:
        return
    assert unfold(columns, PLENTY, PLENTY) == message


@given(messages)
def test_what_columns_cannot_hold_goes_in_codec_1_and_arrives_all_the_same(message: list[bytes]) -> None:
    assert unpack(pack(HEADER, message, CODEC_COLUMNS)) == (HEADER, tuple(message))


@given(st.lists(st.binary(min_size=1, max_size=60).filter(lambda line: b"\n" not in line), max_size=6))
def test_lines_that_are_no_json_arrive_too(message: list[bytes]) -> None:
    assert unpack(pack(HEADER, message, CODEC_COLUMNS)) == (HEADER, tuple(message))


@pytest.mark.parametrize(
    "text",
    [
        "2026-01-01T25:61:00.000Z",
        "2026-13-45T25:61:00.000Z",
        "2026-02-30",
        "A" * 42 + "B",
        "\x01",
        "1900-02-29T00:00:00.000Z",
    ],
)
def test_a_text_that_only_looks_like_an_instant_a_date_or_a_hash_arrives(text: str) -> None:
    event = json.dumps({"body": {"at": text}}, ensure_ascii=False, separators=(",", ":")).encode()
    assert unpack(pack(HEADER, [event], CODEC_COLUMNS)) == (HEADER, (event,))
    assert unpack(pack(HEADER, [event] * 3, CODEC_COLUMNS)) == (HEADER, (event,) * 3)


@given(tokens.map(lambda token: str(token).encode()).filter(lambda text: b"\n" not in text))
@example(b"0" * 24)
@example(b"A" * 42 + b"B")
@example(b"0190A0B0-0000-7000-8000-000000000001")
def test_a_value_alone_looks_as_it_looks_among_others(value: bytes) -> None:
    assert look_of(value) == looks([value, value])


@given(st.integers(-1, 2 * 10**17))
@example(10**16)
@example(10**16 - 1)
@example(10**17)
def test_an_instant_alone_is_written_as_among_others(number: int) -> None:
    try:
        texts = instant_texts([number, number])
    except ValueError:
        with pytest.raises(ValueError, match="instant"):
            instant_text(number)
    else:
        assert [instant_text(number)] * 2 == texts


@pytest.mark.parametrize("count", [1, 2, 20])
def test_a_number_longer_than_any_that_is_counted_with_travels_in_columns(count: int) -> None:
    lines = [b'{"code":"%024d"}' % number for number in range(count)]
    packed = pack(HEADER, lines, CODEC_COLUMNS)
    assert frame.codec_of(packed) == CODEC_COLUMNS
    assert unpack(packed) == (HEADER, tuple(lines))


@given(st.binary(max_size=200))
def test_any_bytes_are_codec_2_or_refused(data: bytes) -> None:
    with pytest.raises(Refusal):
        unpack(frame.MAGIC + bytes((frame.WIRE, CODEC_COLUMNS)) + data)


@given(st.lists(events, min_size=1, max_size=3), st.data())
def test_a_frame_in_columns_with_bytes_changed_is_read_or_refused_and_never_crashes(
    happened: list[Event], data: st.DataObject
) -> None:
    whole = pack(HEADER, [encode(event) for event in happened], CODEC_COLUMNS)
    changed = data.draw(with_bytes_changed(whole, 4))
    try:
        unpack(changed)
    except Refusal:
        return


@given(st.lists(events, min_size=1, max_size=3), st.data())
def test_no_columns_pass_but_those_from_which_the_very_lines_are_read(
    happened: list[Event], data: st.DataObject
) -> None:
    """The check before anything is sent: it passes what is right and nothing else."""
    lines = [encode(event) for event in happened]
    found, columns, layout = folded(lines)
    prove(columns, found, layout)
    part = data.draw(st.sampled_from(["templates", "shapes", "tags", "planes", "texts", "raw"]))
    content = bytearray(getattr(columns, part)) or bytearray(1)
    content[data.draw(st.integers(0, len(content) - 1))] ^= data.draw(st.integers(1, 255))
    changed = columns._replace(**{part: bytes(content)})
    try:
        prove(changed, found, layout)
    except Unfit:
        return
    assert unfold(changed, PLENTY, PLENTY) == lines


@given(st.lists(events, min_size=1, max_size=3), st.data())
def test_columns_that_were_tampered_with_hold_lines_or_are_unfit(
    happened: list[Event], data: st.DataObject
) -> None:
    columns = fold([encode(event) for event in happened])
    part = data.draw(st.sampled_from(["templates", "shapes", "tags", "planes", "texts", "raw"]))
    content = bytearray(getattr(columns, part)) or bytearray(1)
    content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    changed = columns._replace(**{part: bytes(content)})
    try:
        lines = unfold(changed, PLENTY, PLENTY)
        assert sum(map(len, lines)) <= PLENTY
        assert b"\n" not in b"".join(lines)
    except Unfit:
        return


def bomb(columns: Columns) -> bytes:
    """Return a frame of columns nobody folded."""
    packed = codec.TRAINED.compress(codec.compressible(columns), codec.LEVEL)
    length = bytearray()
    write_number(length, len(packed))
    return frame.MAGIC + bytes((frame.WIRE, CODEC_COLUMNS)) + bytes(length) + packed + columns.raw


def repeated(size: int, count: int) -> Columns:
    """Return columns that hold one text and say that every line repeats it."""
    flags, text = b"\2", b"\0"
    return Columns(b"\x01", bytes(count), flags + text, b"\1" + bytes(count - 1), b"y" * size + b"\n", b"")


def test_a_text_that_every_line_repeats_is_written_once() -> None:
    assert unfold(repeated(5, 3), PLENTY, PLENTY) == [b"yyyyy"] * 3


@pytest.mark.parametrize(
    "columns",
    [
        Columns(b"x" * 250_000, bytes(frame.MAX_EVENTS), b"", b"", b"", b""),
        Columns(b"x" * (frame.MAX_EVENT_BYTES + 1), b"\0", b"", b"", b"", b""),
        repeated(200_000, frame.MAX_EVENTS),
        Columns(b"\x01", bytes(MAX_PLACES + 1), bytes(MAX_PLACES + 1), b"", b"", b""),
        Columns(b"x", bytes(frame.MAX_EVENTS + 2), b"", b"", b"", b""),
        Columns(bytes(frame.MAX_PAYLOAD_BYTES + 1), b"\0", b"", b"", b"", b""),
        Columns(b"", b"", b"", b"", b"", b""),
    ],
)
def test_a_small_frame_that_would_unfold_beyond_a_limit_is_refused(columns: Columns) -> None:
    small = bomb(columns)
    assert len(small) < 20_000
    with pytest.raises(Refusal):
        unpack(small)


def test_lines_that_stand_alone_are_weighed_together_too() -> None:
    known = b'"0190a0b0-0000-7000-8000-000000000001"'
    lines = [b'{"a":[%s]}' % b",".join([known] * count) for count in (98, 99, 100)]
    columns, whole = fold(lines), sum(map(len, lines))
    assert unfold(columns, PLENTY, whole) == lines
    with pytest.raises(Unfit, match="size"):
        unfold(columns, PLENTY, whole - 1)


def test_a_part_that_tells_of_more_than_the_limit_is_refused_before_it_is_unpacked() -> None:
    told = bomb(Columns(b"x" * 5000, b"\0", b"", b"", b"", b""))[4:]
    assert codec.expand(told, PLENTY, PLENTY) == [b"x" * 5000]
    with pytest.raises(Unfit, match="frame"):
        codec.expand(told, PLENTY, 5000)


def test_a_frame_that_does_not_tell_its_size_is_refused_unread() -> None:
    import zstandard

    parameters = zstandard.ZstdCompressionParameters.from_level(
        3, format=zstandard.FORMAT_ZSTD1_MAGICLESS, write_content_size=False
    )
    packed = zstandard.ZstdCompressor(compression_params=parameters).compress(bytes(10))
    with pytest.raises(MessageMalformed):
        unpack(frame.MAGIC + bytes((frame.WIRE, CODEC_COLUMNS, len(packed))) + packed)


def test_answers_are_in_the_codec_of_the_request() -> None:
    for asked in (CODEC_ZLIB, CODEC_COLUMNS, CODEC_SHORT):
        assert frame.codec_of(pack(HEADER, (), asked)) == asked
    assert frame.codec_of(b"") == CODEC_ZLIB


def test_the_dictionary_is_the_one_codec_2_was_made_with() -> None:
    """Both sides of a sync may be years apart: another dictionary needs another codec number."""
    made = hashlib.sha256(codec.TRAINED.file.read_bytes()).hexdigest()
    assert made == "cf9022c7a7808d7d5e2ec7c0a8608af39a67798be84cf55561bfc46e3b6345ae"
