"""The journal: one encoding per event, and a chain in which every change shows (TRC-1)."""

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.journal import (
    ChainBroken,
    ClockQuality,
    Entry,
    Event,
    Json,
    NotCanonical,
    Stream,
    canonical,
    decode,
    encode,
    genesis,
    link,
    verify_chain,
)
from tests.strategies import bodies, events, json_values, short_events, texts

STREAM = Stream("0190a0b0-0000-7000-8000-000000000001", "00112233445566ff")


def chain(events: list[Event], stream: Stream = STREAM) -> list[Entry]:
    """Return events as entries of one stream, numbered from 1."""
    entries, head = [], genesis(stream)
    for seq, event in enumerate(events, start=1):
        data = encode(replace(event, seq=seq))
        head = link(head, data)
        entries.append(Entry(stream, decode(data), data, head))
    return entries


chains = st.lists(short_events, min_size=1, max_size=6).map(chain)


@given(events)
def test_an_event_comes_back_from_its_bytes(event: Event) -> None:
    assert decode(encode(event)) == event


@given(bodies, texts, json_values, json_values)
def test_two_bodies_have_the_same_bytes_only_if_they_are_the_same(
    body: Json, key: str, one: object, other: object
) -> None:
    same = json.dumps(one, sort_keys=True) == json.dumps(other, sort_keys=True)
    assert (canonical(body | {key: one}) == canonical(body | {key: other})) is same


@given(bodies)
def test_the_order_in_which_a_body_was_built_does_not_show(body: Json) -> None:
    assert canonical(dict(reversed(body.items()))) == canonical(body)


@given(events)
def test_any_other_spelling_of_the_same_event_is_refused(event: Event) -> None:
    same = json.loads(encode(event))
    for spelling in (
        json.dumps(same, ensure_ascii=False, separators=(",", ":")).encode() + b" ",
        json.dumps(same, ensure_ascii=False, indent=0).encode(),
        json.dumps(same, ensure_ascii=False, separators=(",", ":")).encode("utf-16"),
        json.dumps(dict(reversed(same.items())), ensure_ascii=False, separators=(",", ":")).encode(),
        json.dumps(
            same | {"hash": "sha1"}, ensure_ascii=False, separators=(",", ":"), sort_keys=True
        ).encode(),
        json.dumps(same | {"extra": 1}, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode(),
    ):
        with pytest.raises(NotCanonical):
            decode(spelling)


@given(events.filter(lambda event: event.hlc > 0), st.sampled_from(["seq", "hlc", "wall", "v"]))
def test_a_number_is_never_written_with_a_fraction(event: Event, name: str) -> None:
    raw = json.loads(encode(event)) | {name: 1.0}
    with pytest.raises(NotCanonical):
        decode(json.dumps(raw, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode())


@given(st.binary(max_size=60))
def test_rubbish_is_refused_and_never_crashes(data: bytes) -> None:
    with pytest.raises(NotCanonical):
        decode(data)


@pytest.mark.parametrize(
    "data", [b"null", b"[]", b"7", b"{}", b'"' * 3, b"[" * 100_000, b"NaN", b'{"seq":' + b"9" * 5000 + b"}"]
)
def test_json_that_is_no_event_is_refused(data: bytes) -> None:
    with pytest.raises(NotCanonical):
        decode(data)


@pytest.mark.parametrize(
    ("spelt", "instead"),
    [
        (b'"v":1', b'"v":1,"v":1'),
        (b'"seq":1', b'"seq":-0'),
        (b'"wall":0', b'"wall":0e0'),
        (b'"body":{', b'"body":{"a":1,"a":1'),
        (b'"desk":"', b'"desk":"\\ud842'),
        (b'"desk":"', b'"desk":"\\u0041'),
        (b'"person":null,', b""),
        (b'"age_ms":null,', b""),
        (b'"age_ms":null', b'"age_ms":NaN'),
    ],
)
def test_a_key_given_twice_or_left_out_and_any_other_spelling_of_a_value_is_refused(
    spelt: bytes, instead: bytes
) -> None:
    event = Event("0190a0b0-0000-7000-8000-000000000002", 1, 0, 0, ClockQuality(0), "x", 1, "", "", "")
    changed = encode(event).replace(spelt, instead, 1)
    assert changed != encode(event)
    with pytest.raises(NotCanonical):
        decode(changed)


@pytest.mark.parametrize("value", [1.5, float("nan"), [0.1], {"deep": [1.0]}, ("tuple", 2.0)])
def test_floating_point_has_no_encoding(value: object) -> None:
    with pytest.raises(TypeError):
        canonical({"dose": value})


def test_keys_that_are_no_text_have_no_encoding() -> None:
    with pytest.raises(TypeError):
        canonical({"codes": {1: "x"}})


def test_half_a_character_has_no_encoding() -> None:
    with pytest.raises(ValueError):
        canonical({"name": "\ud842"})


@given(json_values)
def test_chinese_and_rare_characters_stand_unescaped(value: object) -> None:
    assert "王𬭎".encode() in canonical({"name": "王𬭎", "more": value})


@given(chains)
def test_an_untouched_chain_holds(entries: list[Entry]) -> None:
    assert verify_chain(entries) == len(entries)


def test_an_empty_chain_holds() -> None:
    assert verify_chain([]) == 0


@given(chains, st.data())
def test_any_changed_byte_of_any_entry_is_found(entries: list[Entry], data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(entries) - 1))
    entry = entries[place]
    in_data = data.draw(st.booleans())
    content = bytearray(entry.data if in_data else entry.hash)
    content[data.draw(st.integers(0, len(content) - 1))] ^= data.draw(st.integers(1, 255))
    changed = entries.copy()
    changed[place] = replace(entry, data=bytes(content)) if in_data else replace(entry, hash=bytes(content))
    with pytest.raises(ChainBroken):
        verify_chain(changed)


@given(chains, short_events, st.data())
def test_an_entry_that_does_not_say_what_its_bytes_say_is_found(
    entries: list[Entry], other: Event, data: st.DataObject
) -> None:
    place = data.draw(st.integers(0, len(entries) - 1))
    changed = entries.copy()
    changed[place] = replace(entries[place], event=replace(other, seq=place + 1, body={"not": "this"}))
    with pytest.raises(ChainBroken):
        verify_chain(changed)


@given(chains, short_events, st.data())
def test_an_entry_written_anew_with_a_right_hash_breaks_what_follows(
    entries: list[Entry], other: Event, data: st.DataObject
) -> None:
    place = data.draw(st.integers(0, len(entries) - 1))
    event = replace(other, seq=place + 1, body=entries[place].event.body | {"forged": True})
    previous = entries[place - 1].hash if place else genesis(STREAM)
    content = encode(event)
    changed = entries.copy()
    changed[place] = Entry(STREAM, event, content, link(previous, content))
    if place == len(entries) - 1:
        assert verify_chain(changed) == len(entries), "only a seal or a receipt protects the last entry"
    else:
        with pytest.raises(ChainBroken):
            verify_chain(changed)


@given(st.lists(short_events, min_size=2, max_size=6).map(chain), st.data())
def test_a_missing_doubled_or_moved_entry_is_found(entries: list[Entry], data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(entries) - 2))
    missing = entries[:place] + entries[place + 1 :]
    doubled = entries[: place + 1] + entries[place:]
    moved = [*missing, entries[place]]
    for changed in (missing, doubled, moved):
        with pytest.raises(ChainBroken):
            verify_chain(changed)


@given(st.lists(short_events, min_size=1, max_size=3), texts.filter(bool))
def test_a_chain_belongs_to_one_device_and_epoch(happened: list[Event], other: str) -> None:
    for stream in (
        Stream(STREAM.device_id + other, STREAM.epoch),
        Stream(STREAM.device_id, STREAM.epoch + other),
    ):
        moved = [replace(entry, stream=stream) for entry in chain(happened)]
        with pytest.raises(ChainBroken):
            verify_chain(moved)
        if len(moved) > 1:
            with pytest.raises(ChainBroken):
                verify_chain([*chain(happened)[:-1], moved[-1]])


def test_the_bytes_and_the_chain_of_the_first_release_never_change() -> None:
    """Pinned: a change here would break every journal in the field."""
    event = decode(
        b'{"body":{"codes":["x",null,true]},"clock_quality":{"age_ms":null,"offset_ms":-5,"uptime_ms":7},'
        b'"desk":"\xe6\x8e\xa5\xe7\xa7\x8d\xe5\x8f\xb0 1","hash":"sha256","hlc":65536,'
        b'"id":"0190a0b0-0000-7000-8000-000000000002","kind":"check.confirmed","person":null,"seq":1,'
        b'"site":"1001010001","user":"u-zhoumin","v":1,"wall":1}'
    )
    assert genesis(STREAM).hex() == "990c61fc45f3c0c8def58779de352b57a138423c7d82cef394e32d6de26eb8e1"
    assert (
        link(genesis(STREAM), encode(event)).hex()
        == "69b1822f27c8c6808b0a26dd05635418ae508b188a2f9521a21e4fba8773501e"
    )
