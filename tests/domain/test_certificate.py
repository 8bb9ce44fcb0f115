"""The certificate's number and state (CRT-1)."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.certificate import (
    NoDoseToCertify,
    check_certifiable,
    luhn_mod_n,
    new_number,
    number_in_uvci,
    read_number,
    uvci,
)
from app.domain.trust import Revocations, uci_hash
from tests.documents.examples import FACTS, NOW, seeded


@pytest.mark.parametrize(
    "published",
    [
        "URN:UVCI:01:AT:10807843F94AEE0EE5093FBC254BD813#B",
        "URN:UVCI:01:FR:GGD81AAH16A4#Y",
        "URN:UVCI:01:FR:Y4996KBJ4Q3Q#:",
        "URN:UVCI:01:IS:VERA1234#F",
    ],
)
def test_check_character_agrees_with_published_identifiers(published: str) -> None:
    urn, _, check = published.rpartition("#")
    assert luhn_mod_n(urn) == check


@given(st.text(max_size=12), st.integers(0, 2**64))
@settings(deadline=None)
def test_a_number_has_two_groups_and_comes_back_from_its_identifier(desk: str, seed: int) -> None:
    number = new_number(desk, seeded(seed).randbytes)
    assert [len(group) for group in number.split("-")] == [4, 9]
    assert number_in_uvci(uvci(number)) == number == read_number(number)
    assert len(uvci(number)) <= 80


def test_two_desks_never_share_a_first_group_and_randomness_decides_the_second() -> None:
    ours, theirs = new_number("desk-1", seeded(1).randbytes), new_number("desk-2", seeded(1).randbytes)
    assert ours[:4] != theirs[:4]
    assert ours[5:] == theirs[5:]
    assert ours != new_number("desk-1", seeded(2).randbytes)


def test_a_typed_number_is_read_without_dash_in_lower_case_and_with_letters_mistaken_for_digits() -> None:
    assert read_number(" cn7k q2m9xd4h8 ") == "CN7K-Q2M9XD4H8"
    assert read_number("CN7K-Q2M9XD4HO") == "CN7K-Q2M9XD4H0"
    assert read_number("lN7K-Q2M9XD4HI") == "1N7K-Q2M9XD4H1"


@pytest.mark.parametrize("text", ["", "CN7K", "CN7K-Q2M9XD4H", "CN7K-Q2M9XD4H88", "CN7K-Q2M9XD4H!", "票A055"])
def test_what_is_no_certificate_number_reads_as_none(text: str) -> None:
    assert read_number(text) is None


@given(st.integers(0, 12), st.sampled_from("0123456789ABCDEF"))
@settings(deadline=None)
def test_one_wrong_character_breaks_the_identifier(place: int, wrong: str) -> None:
    ci = uvci("CN7K-Q2M9XD4H8")
    at = len("URN:UVCI:01:CN:") + place
    changed = ci[:at] + wrong + ci[at + 1 :]
    assert number_in_uvci(changed) == ("CN7K-Q2M9XD4H8" if changed == ci else None)


def test_only_when_every_dose_is_receipted_is_there_an_instant_of_receipt() -> None:
    early, late = NOW - timedelta(days=3), NOW
    received = tuple(replace(dose, receipted_at=early) for dose in FACTS.doses)
    facts = replace(FACTS, doses=(*received[:-1], replace(received[-1], receipted_at=late)))
    assert facts.receipted_at == late
    assert facts.awaiting == ()
    waiting = replace(facts, doses=(*received[:-1], replace(received[-1], receipted_at=None)))
    assert waiting.receipted_at is None
    assert [dose.dose_number for dose in waiting.awaiting] == [3]


def test_a_person_without_doses_gets_no_certificate() -> None:
    with pytest.raises(NoDoseToCertify) as refused:
        check_certifiable(replace(FACTS, doses=()))
    assert refused.value.name == "陈雨桐"


def test_print_date_is_the_date_in_china() -> None:
    assert replace(FACTS, issued_at=NOW.replace(hour=16, minute=1)).issued_on == date(2026, 3, 15)


@given(st.lists(st.binary(min_size=16, max_size=16), max_size=60), st.binary(min_size=16, max_size=16))
@settings(deadline=None)
def test_a_hash_is_revoked_exactly_when_it_was_put_on_the_list(listed: list[bytes], other: bytes) -> None:
    revoked = Revocations().joined(b"key", listed)
    assert all(revoked.holds(b"key", [one]) for one in listed)
    assert revoked.holds(b"key", [other]) == (other in listed)
    assert not revoked.holds(b"another key", listed)


def test_hashes_joined_twice_stand_once_and_a_revoked_number_is_found_without_its_code() -> None:
    once = Revocations().joined(b"key", [uci_hash(uvci(FACTS.number))])
    assert once.joined(b"key", [uci_hash(uvci(FACTS.number))]).slices == once.slices
    assert once.holds(b"key", [uci_hash(uvci(FACTS.number))])
