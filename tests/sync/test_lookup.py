"""The frames of an online look-up: what goes in comes out, anything else is refused."""

import json

from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.refusals import Refusal
from app.sync import frame, wire
from app.sync.lookup import (
    FoundDose,
    FoundPerson,
    LookUp,
    decode_found,
    decode_look_up,
    encode_found,
    encode_look_up,
)

TEXT = st.text('aZ0 "\\甲𠮷{}', max_size=20)
ASKED = st.builds(LookUp, TEXT, TEXT, TEXT, TEXT, TEXT)
MAYBE = st.none() | TEXT
DOSE = st.builds(FoundDose, TEXT, MAYBE, MAYBE, MAYBE, MAYBE, st.none() | st.integers(-9, 9), MAYBE)
PERSON = st.builds(FoundPerson, TEXT, MAYBE, MAYBE, MAYBE, st.lists(DOSE, max_size=3).map(tuple))


@settings(max_examples=50)
@given(ASKED, st.lists(PERSON, max_size=3).map(tuple))
def test_a_look_up_and_its_answer_come_out_as_they_went_in(
    asked: LookUp, people: tuple[FoundPerson, ...]
) -> None:
    assert decode_look_up(encode_look_up(asked)) == asked
    assert decode_found(encode_found(people)) == people


def test_a_no_comes_out_as_a_no() -> None:
    declined = wire.Declined("LookUpReasonMissing")
    assert decode_found(wire.encode_answer(declined)) == declined


KEYS = st.sampled_from(["found", "doses", "name", "patient_id"])
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner),
    max_leaves=8,
)


@settings(max_examples=50)
@given(st.dictionaries(st.sampled_from(["found", "lookup", "x"]), JSON))
def test_anything_else_is_refused_and_never_a_crash(header: dict[str, object]) -> None:
    data = frame.pack(json.dumps(header).encode())
    for decode in (decode_look_up, decode_found):
        try:
            read = decode(data)
        except Refusal:
            continue
        assert read == ()
