"""A recovery key on paper: groups of four letters and a check letter, so that a slip of the pen is found.

The letters are the thirty-two of Crockford's base 32: no I, L, O or U. The check letter of a group weighs
each letter by its place and the group by its number, in the field of 32 elements: one wrong letter, two
neighbours exchanged and two groups exchanged are all noticed.
"""

from dataclasses import dataclass

from app.domain.refusals import Refusal

LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
KEY_BYTES = 20
"""160 random bits: eight groups."""
_DATA = 4
_READ_AS = str.maketrans("OIL", "011")


@dataclass(unsafe_hash=True)
class RecoveryKeyMiswritten(Refusal):
    """A group of the recovery key is not as it was printed."""

    group: int
    """Counted from one; 0: there are too few or too many groups."""


def written(key: bytes) -> list[str]:
    """Return the groups of a key, as they are printed; its length is a whole number of groups."""
    bits = len(key) * 8
    assert bits % (_DATA * 5) == 0, "whole groups"
    number = int.from_bytes(key)
    values = [number >> shift & 31 for shift in range(bits - 5, -1, -5)]
    groups = [values[at : at + _DATA] for at in range(0, len(values), _DATA)]
    return ["".join(LETTERS[v] for v in [*g, _check(g, place)]) for place, g in enumerate(groups, start=1)]


def spoken(text: str) -> str:
    """Return the letters somebody copied or was told, as they were meant."""
    return "".join(text.replace("-", " ").split()).upper().translate(_READ_AS)


def read(text: str) -> bytes:
    """Return the key somebody copied from paper; blanks, dashes and small letters do no harm.

    Raises RecoveryKeyMiswritten with the first group that is wrong.
    """
    letters = spoken(text)
    size = _DATA + 1
    groups = [letters[at : at + size] for at in range(0, len(letters), size)]
    for place, group in enumerate(groups[: KEY_BYTES * 2 // 5], start=1):
        values = [LETTERS.find(letter) for letter in group]
        if len(group) == size and (-1 in values or values[-1] != _check(values[:-1], place)):
            raise RecoveryKeyMiswritten(place)
    if len(letters) != size * KEY_BYTES * 2 // 5:
        raise RecoveryKeyMiswritten(0)
    number = 0
    for group in groups:
        for letter in group[:-1]:
            number = number << 5 | LETTERS.index(letter)
    return number.to_bytes(KEY_BYTES)


def _check(values: list[int], place: int) -> int:
    """Return Σ αⁱ·vᵢ + place, in GF(2⁵) with α⁵ = α² + 1."""
    total = 0
    for value in reversed(values):
        total = _times_alpha(total) ^ value
    return _times_alpha(total) ^ place


def _times_alpha(value: int) -> int:
    doubled = value << 1
    return doubled ^ 0b100101 if doubled & 32 else doubled
