"""The county's key and what is brought to it go through files whole, or are refused by name (SEC-3)."""

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.county_key import (
    KEY_FILE,
    REQUEST_FILE,
    CountyAlgorithmUnknown,
    CountyFileUnreadable,
    CountyKey,
    CountyRequest,
    FingerprintDiffers,
    key_text,
    read_county_key,
    read_request,
    request_text,
)

KEY = CountyKey("阜城县疾控中心", "2026-11-20T01:00:00.000Z", bytes(range(32)))
REQUEST = CountyRequest(KEY, "云溪镇卫生院", "0190a0b0-0000", "2026-11-22T01:00:00.000Z", b"sealed")
names = st.text('阜城县疾控中心 A1（）"\\', min_size=1, max_size=20).filter(str.strip)
publics = st.binary(min_size=32, max_size=32)


@settings(max_examples=25)
@given(names, publics, st.binary(max_size=80))
def test_key_and_request_are_read_as_they_were_written(name: str, public: bytes, wrapped: bytes) -> None:
    key = replace(KEY, name=name, public=public)
    assert read_county_key(key_text(key)) == key
    request = replace(REQUEST, key=key, wrapped=wrapped)
    assert read_request(request_text(request)) == request


@settings(max_examples=25)
@given(publics, names)
def test_the_groups_are_of_this_key_and_this_name_alone(public: bytes, name: str) -> None:
    other = replace(KEY, public=public, name=name)
    assert [len(group) for group in KEY.groups] == [5] * 4
    assert (other.groups == KEY.groups) == (other == KEY)


def test_the_groups_are_taken_as_people_type_them_and_a_wrong_one_is_named() -> None:
    KEY.check_heard(f" {KEY.fingerprint.lower()} ".replace("0", "o"))
    KEY.check_heard("".join(KEY.groups))
    third = [*KEY.groups[:2], KEY.groups[3], KEY.groups[2]]
    wrong = {"": 1, " ".join(KEY.groups[:3]): 4, " ".join(third): 3, KEY.fingerprint + "A": 4}
    for heard, group in wrong.items():
        with pytest.raises(FingerprintDiffers) as caught:
            KEY.check_heard(heard)
        assert caught.value.group == group


def edited(**changes: Any) -> bytes:
    return json.dumps(json.loads(key_text(KEY)) | changes).encode()


@pytest.mark.parametrize(
    "data",
    [
        b"", b"[]", b"\xff", b"[" * 100_000, request_text(REQUEST), edited(name=""), edited(name=7),
        edited(name="a\nb"), edited(public="AAAA"), edited(public="?"), edited(made_at=None),
    ],
)  # fmt: skip
def test_what_is_no_key_is_refused(data: bytes) -> None:
    with pytest.raises(CountyFileUnreadable) as caught:
        read_county_key(data)
    assert caught.value.what == KEY_FILE


def test_a_key_of_another_algorithm_is_refused_by_its_name() -> None:
    with pytest.raises(CountyAlgorithmUnknown) as caught:
        read_county_key(edited(algorithm="sm2"))
    assert caught.value.algorithm == "sm2"


@pytest.mark.parametrize("field", ["for", "site_name", "device_id", "sealed_at", "wrapped"])
def test_a_request_that_lacks_something_is_refused(field: str) -> None:
    content = json.loads(request_text(REQUEST))
    del content[field]
    with pytest.raises(CountyFileUnreadable):
        read_request(json.dumps(content).encode())
    with pytest.raises(CountyFileUnreadable) as caught:
        read_request(key_text(KEY))
    assert caught.value.what == REQUEST_FILE
