"""The messages: every one survives its encoding, nothing else is taken for one."""

import json
from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.refusals import Refusal
from app.sync import frame, wire
from app.sync.enrolment import (
    Enrolled,
    Enrolment,
    code_key,
    decode_enrolled,
    decode_enrolment,
    decode_renewal,
    encode_enrolled,
    encode_enrolment,
    encode_renewal,
)  # fmt: skip
from app.sync.fields import digest_text
from app.sync.seal import Seal
from app.sync.unfit import UnfitRun

epochs = st.binary(min_size=8, max_size=8).map(bytes.hex)
seqs = st.integers(0, 2**53 - 1)
small_seqs = st.integers(0, 2**40)
hashes = st.binary(min_size=32, max_size=32)
words = st.text(st.characters(codec="utf-8", categories=("L", "N", "P")), max_size=40)
instants = st.integers(0, 4_000_000_000_000).map(
    lambda ms: datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=ms)
)
events = st.binary(min_size=1, max_size=80).filter(lambda line: b"\n" not in line)
marks = st.lists(st.tuples(seqs, hashes), max_size=3).map(tuple)
hellos = st.builds(
    wire.Hello,
    words,
    st.dictionaries(epochs, seqs, max_size=4),
    st.dictionaries(epochs, marks, max_size=2),
)
seals = st.builds(Seal, words, hashes, instants, st.binary(min_size=64, max_size=64))
pushes = st.builds(
    wire.Push,
    epochs,
    small_seqs,
    hashes,
    hashes,
    st.lists(events, min_size=1, max_size=5).map(tuple),
    st.none() | seals,
)
requests = st.builds(wire.Request, hellos, st.none() | pushes)
runs = st.builds(
    lambda first, more, at: wire.ReceiptRun(first, first + more, at),
    st.integers(1, 2**40), st.integers(0, 2000), instants,
)  # fmt: skip
unfit_runs = st.builds(
    lambda first, more, name, reason: UnfitRun(first, first + more, name, reason),
    st.integers(1, 2**40), st.integers(0, 2000), words, words,
)  # fmt: skip
refused_events = st.builds(wire.EventRefused, seqs, words, words)
acks = st.builds(
    wire.Ack,
    epochs,
    seqs,
    hashes,
    st.lists(runs, max_size=3).map(tuple),
    st.none() | refused_events,
    st.none() | hashes,
) | st.builds(
    wire.Ack,
    epochs,
    seqs,
    hashes,
    st.lists(runs, max_size=3).map(tuple),
    st.none(),
    st.none() | hashes,
    st.lists(unfit_runs, max_size=3).map(tuple),
)
results = (
    st.none() | acks | st.builds(wire.Gap, epochs, seqs, hashes) | st.builds(wire.Fork, epochs, seqs, hashes)
)
standings = st.builds(wire.Standing, seqs, hashes, st.none() | hashes, st.none() | seqs)
welcomes = st.builds(
    wire.Welcome,
    words,
    instants,
    st.dictionaries(epochs, standings, max_size=3),
    st.none() | instants,
    st.just(1),
    st.integers(1, 9),
)
answers = st.builds(wire.Answer, welcomes, results) | st.builds(wire.Declined, words, words)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=8,
)


@given(requests)
def test_a_request_arrives_as_it_was_sent(request: wire.Request) -> None:
    """SYN-1."""
    assert wire.decode_request(wire.encode_request(request)) == request


@given(answers)
def test_an_answer_arrives_as_it_was_sent(answer: wire.Answer | wire.Declined) -> None:
    assert wire.decode_answer(wire.encode_answer(answer)) == answer


READERS = (wire.decode_request, wire.decode_answer, decode_enrolment, decode_renewal, decode_enrolled)
ders = st.binary(min_size=1, max_size=600)
enrolments = st.builds(Enrolment.made, words, ders).map(encode_enrolment) | ders.map(encode_renewal)
enrolled = st.builds(Enrolled, ders, st.tuples(ders)).map(encode_enrolled)


@given(words, ders, ders, st.lists(ders, min_size=1, max_size=3))
def test_an_enrolment_arrives_as_it_was_sent_and_so_does_its_answer(
    code: str, csr: bytes, certificate: bytes, trust: list[bytes]
) -> None:
    enrolment = Enrolment.made(code, csr)
    assert decode_enrolment(encode_enrolment(enrolment)) == enrolment
    assert decode_renewal(encode_renewal(csr)) == csr
    given = Enrolled(certificate, tuple(trust))
    for answer in (given, given.proven(code_key(code), enrolment)):
        assert decode_enrolled(encode_enrolled(answer)) == answer


@given(words, st.lists(ders, min_size=4, max_size=4, unique=True))
def test_an_answer_changed_on_the_way_or_to_another_enrolment_has_another_proof(
    code: str, four: list[bytes]
) -> None:
    csr, certificate, root, other = four
    enrolment, given = Enrolment.made(code, csr), Enrolled(certificate, (root,))
    proofs = {
        given.proven(code_key(code), enrolment).mac,
        given.proven(code_key(code), Enrolment.made(code, other)).mac,
        given.proven(code_key(f"{code}0"), enrolment).mac,
        Enrolled(other, (root,)).proven(code_key(code), enrolment).mac,
        Enrolled(certificate, (other,)).proven(code_key(code), enrolment).mac,
        enrolment.mac,
    }
    assert len(proofs) == 6


def damage(draw: st.DrawFn, value: object) -> object:
    """Return a JSON document with one part of it replaced or dropped."""
    if isinstance(value, dict) and value and draw(st.integers(0, 3)):
        key = draw(st.sampled_from(sorted(value)))
        changed = {**value, key: damage(draw, value[key])}
        if draw(st.integers(0, 4)) == 0:
            del changed[key]
        return changed
    if isinstance(value, list) and value and draw(st.booleans()):
        at = draw(st.integers(0, len(value) - 1))
        return [*value[:at], damage(draw, value[at]), *value[at + 1 :]]
    return draw(json_values)


@st.composite
def damaged_headers(draw: st.DrawFn) -> tuple[bytes, tuple[bytes, ...]]:
    """A message with a hole somewhere in its header."""
    whole = draw(requests.map(wire.encode_request) | answers.map(wire.encode_answer) | enrolments | enrolled)
    header, lines = frame.unpack(whole)
    return json.dumps(damage(draw, json.loads(header))).encode(), lines


@given(damaged_headers())
def test_a_damaged_message_is_refused_or_still_a_message(
    damaged: tuple[bytes, tuple[bytes, ...]],
) -> None:
    data = frame.pack(*damaged)
    for decode in READERS:
        with suppress(Refusal):
            decode(data)


@given(json_values)
def test_any_json_is_a_message_or_refused(value: object) -> None:
    data = frame.pack(json.dumps(value).encode())
    for decode in READERS:
        with pytest.raises(Refusal):
            decode(data)


def request_header(**push: object) -> bytes:
    whole = {
        "epoch": "0" * 16, "after": 0, "after_hash": digest_text(bytes(32)), "head": digest_text(bytes(32)),
        "count": 1, **push,
    }  # fmt: skip
    return json.dumps({"hello": {"device_id": "d", "tips": {}}, "push": whole}).encode()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("epoch", "0" * 15), ("epoch", "G" * 16), ("epoch", "0" * 17), ("epoch", 5), ("after", -1),
        ("after", 2**53 - 1), ("after", True), ("after", "1"), ("after_hash", "AAAA"), ("head", None),
        ("head", "_" * 44), ("count", 2),
    ],
)  # fmt: skip
def test_a_push_with_an_impossible_field_names_that_field(field: str, value: object) -> None:
    with pytest.raises(frame.MessageMalformed) as refused:
        wire.decode_request(frame.pack(request_header(**{field: value}), [b"{}"]))
    assert refused.value.reason == field


def test_a_push_without_events_is_no_push() -> None:
    with pytest.raises(frame.MessageMalformed, match="count"):
        wire.decode_request(frame.pack(request_header(count=0)))


def test_events_without_a_push_are_refused() -> None:
    hello = json.dumps({"hello": {"device_id": "d", "tips": {}}}).encode()
    with pytest.raises(frame.MessageMalformed, match="events"):
        wire.decode_request(frame.pack(hello, [b"{}"]))


def test_a_device_with_too_many_streams_is_refused() -> None:
    tips = {f"{number:016x}": 1 for number in range(wire.MAX_STREAMS + 1)}
    with pytest.raises(frame.MessageTooLarge):
        wire.decode_request(wire.encode_request(wire.Request(wire.Hello("d", tips))))


@given(
    requests, st.text(min_size=1, max_size=10).filter(lambda key: key not in ("hello", "push")), json_values
)
def test_a_key_of_a_later_version_is_passed_over(request: wire.Request, key: str, value: object) -> None:
    """Old clients and old centres live beside new ones (sync.md)."""
    header, lines = frame.unpack(wire.encode_request(request))
    extended = json.dumps({**json.loads(header), key: value}).encode()
    assert wire.decode_request(frame.pack(extended, lines)) == request
