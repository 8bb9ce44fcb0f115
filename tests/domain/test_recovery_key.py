"""A recovery key is copied from paper without harm, and a slip of the pen is named by its group (SEC-3)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.recovery_key import KEY_BYTES, LETTERS, RecoveryKeyMiswritten, read, written

keys = st.binary(min_size=KEY_BYTES, max_size=KEY_BYTES)
places = st.integers(0, 7)


@given(keys)
def test_what_is_printed_is_read_again(key: bytes) -> None:
    groups = written(key)
    assert [len(group) for group in groups] == [5] * 8
    assert read("-".join(groups)) == key
    assert read(" ".join(groups).lower().replace("0", "o").replace("1", "l")) == key


@given(keys, places, st.integers(0, 4), st.integers(1, 31))
def test_one_wrong_letter_is_found_in_its_group(key: bytes, place: int, at: int, off: int) -> None:
    groups = written(key)
    group = list(groups[place])
    group[at] = LETTERS[(LETTERS.index(group[at]) + off) % 32]
    groups[place] = "".join(group)
    with pytest.raises(RecoveryKeyMiswritten) as caught:
        read(" ".join(groups))
    assert caught.value.group == place + 1


@given(keys, places, st.integers(0, 3))
def test_two_neighbours_exchanged_are_found(key: bytes, place: int, at: int) -> None:
    groups = written(key)
    group = groups[place]
    groups[place] = group[:at] + group[at + 1] + group[at] + group[at + 2 :]
    if groups[place] == group:
        return
    with pytest.raises(RecoveryKeyMiswritten) as caught:
        read(" ".join(groups))
    assert caught.value.group == place + 1


@given(keys, places, places)
def test_two_groups_exchanged_are_found(key: bytes, first: int, second: int) -> None:
    groups = written(key)
    if first == second:
        return
    groups[first], groups[second] = groups[second], groups[first]
    with pytest.raises(RecoveryKeyMiswritten) as caught:
        read(" ".join(groups))
    assert caught.value.group == min(first, second) + 1


@pytest.mark.parametrize("cut", [0, 1, 5, 39])
def test_too_little_or_too_much_is_no_key(cut: int) -> None:
    text = "".join(written(bytes(range(KEY_BYTES))))
    for wrong in (text[:cut], text + "0"):
        with pytest.raises(RecoveryKeyMiswritten):
            read(wrong)


def test_a_group_cut_short_is_missed_as_a_whole() -> None:
    text = "".join(written(bytes(KEY_BYTES)))
    with pytest.raises(RecoveryKeyMiswritten) as caught:
        read(text[:-2])
    assert caught.value.group == 0


@pytest.mark.parametrize("text", ["", "接种" * 20, "U" * 40])
def test_letters_that_are_none_are_no_key(text: str) -> None:
    with pytest.raises(RecoveryKeyMiswritten):
        read(text)
