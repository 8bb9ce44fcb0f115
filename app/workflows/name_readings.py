"""How a name may be typed: every pinyin reading, whole and as initials (ux.md rule 24)."""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import combinations, islice, product

READINGS_PER_NAME = 24
"""A long name of heteronyms has hundreds of readings; the usual ones come first."""


def readings(name: str) -> list[str]:
    """Return whole readings and initials of a name, the usual ones first: 曾丽 → zengli, cengli, zl, cl."""
    syllables = [plain for char in name if (plain := plain_readings(char))]
    if not syllables:
        return []
    initials = [tuple(dict.fromkeys(syllable[0] for syllable in choice)) for choice in syllables]
    return list(dict.fromkeys([*_spelled(syllables), *_spelled(initials)]))


@lru_cache(maxsize=4096)
def toned_readings(char: str) -> tuple[str, ...]:
    """Return every reading of one character with its tone, the usual one first: 区 → qū, ōu.

    Characters are read one by one: inside a word a dictionary would keep only the word's own reading.
    Empty for what has no pinyin.
    """
    from pypinyin import Style, pinyin

    choices = pinyin(char, style=Style.TONE, heteronym=True, errors="ignore")
    return tuple(dict.fromkeys(choices[0])) if choices else ()


@lru_cache(maxsize=4096)
def plain_readings(char: str) -> tuple[str, ...]:
    """Return every reading of one character without tones, as it is typed: 吕 → lv."""
    from pypinyin.contrib.tone_convert import to_normal

    return tuple(dict.fromkeys(to_normal(toned).lower() for toned in toned_readings(char)))


def _spelled(choices: Sequence[tuple[str, ...]]) -> Iterator[str]:
    """Yield the usual reading, then those with one rarer syllable, then with two, up to a limit."""
    return islice(_from_usual_to_rare(choices), READINGS_PER_NAME)


def _from_usual_to_rare(choices: Sequence[tuple[str, ...]]) -> Iterator[str]:
    usual = [choice[0] for choice in choices]
    for count in range(len(choices) + 1):
        for places in combinations(range(len(choices)), count):
            for rarer in product(*(choices[place][1:] for place in places)):
                spelled = list(usual)
                for place, syllable in zip(places, rarer, strict=True):
                    spelled[place] = syllable
                yield "".join(spelled)
