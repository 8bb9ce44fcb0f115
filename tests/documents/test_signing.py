"""A drawn signature stands under its own content alone, and every later change shows (电子签名法 art. 13)."""

from dataclasses import fields, replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.documents.signing import sign, verify_signature
from app.domain.signature import (
    PAD_HEIGHT,
    PAD_WIDTH,
    SignatureNotBound,
    SignatureTooShort,
    Signed,
    Stroke,
    identity_hash,
    read_signature,
    signature_body,
)

KEY = bytes(range(32))
CONTENT = Signed(
    "consent", "e-1", "p-1", identity_hash("100101202001010011"), "consent-programme", "1", "0" * 64,
    {"agreed": True}, "欧阳澜", "母亲", "2026-11-23T01:00:00.000Z",
)  # fmt: skip
NAME: tuple[Stroke, ...] = (tuple((100 + 50 * n, 400 + 20 * (n % 5), 30 * n) for n in range(30)),)

points = st.tuples(st.integers(0, PAD_WIDTH), st.integers(0, PAD_HEIGHT), st.integers(0, 60_000))
inks = st.lists(st.lists(points, min_size=1, max_size=12).map(tuple), min_size=1, max_size=5).map(tuple)


def test_what_was_signed_stands() -> None:
    verify_signature(sign(KEY, CONTENT, NAME), CONTENT)


@pytest.mark.parametrize("changed", [field.name for field in fields(Signed)])
def test_whatever_is_changed_in_the_content_shows(changed: str) -> None:
    signature = sign(KEY, CONTENT, NAME)
    other: Any = {"agreed": False} if changed == "answers" else f"{getattr(CONTENT, changed)}x"
    with pytest.raises(SignatureNotBound):
        verify_signature(signature, replace(CONTENT, **{changed: other}))


@given(st.integers(0, len(NAME[0]) - 1), points)
def test_a_single_moved_point_shows(place: int, point: tuple[int, int, int]) -> None:
    signature = sign(KEY, CONTENT, NAME)
    stroke = (*NAME[0][:place], point, *NAME[0][place + 1 :])
    if stroke == NAME[0]:
        return
    with pytest.raises(SignatureNotBound):
        verify_signature(replace(signature, strokes=(stroke,)), CONTENT)


@pytest.mark.parametrize("part", ["digest", "value", "public_key"])
def test_a_changed_part_of_the_devices_word_shows(part: str) -> None:
    signature = sign(KEY, CONTENT, NAME)
    whole = getattr(signature, part)
    other = ("0" if whole[0] != "0" else "1") + whole[1:]
    with pytest.raises(SignatureNotBound):
        verify_signature(replace(signature, **{part: other}), CONTENT)


def test_another_device_cannot_put_its_key_under_it() -> None:
    mine, theirs = sign(KEY, CONTENT, NAME), sign(bytes(32), CONTENT, NAME)
    with pytest.raises(SignatureNotBound):
        verify_signature(replace(mine, public_key=theirs.public_key), CONTENT)


@given(inks)
def test_a_signature_comes_back_whole_from_the_journal(ink: tuple[Stroke, ...]) -> None:
    try:
        signature = sign(KEY, CONTENT, ink)
    except SignatureTooShort:
        return
    kept = read_signature(signature_body(signature, CONTENT))
    assert kept == signature
    verify_signature(kept, CONTENT)


@pytest.mark.parametrize("ink", [(), (((5, 5, 0),),), (tuple((10, 10, n) for n in range(50)),)])
def test_a_touch_is_no_signature(ink: tuple[Stroke, ...]) -> None:
    with pytest.raises(SignatureTooShort):
        sign(KEY, CONTENT, ink)
