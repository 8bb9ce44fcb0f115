"""Which characters and syllables of a name answer to what was typed (ux.md rule 24)."""

from collections.abc import Iterator
from dataclasses import dataclass

from app.workflows.name_readings import plain_readings, toned_readings


@dataclass(frozen=True)
class NameMatch:
    """What to mark in a name: places of characters, and places of the syllables whose initials were typed."""

    characters: tuple[int, ...] = ()
    syllables: tuple[str, ...] = ()
    """The reading that matched, one syllable for each character that has pinyin."""
    initials: tuple[int, ...] = ()
    rare_character: str = ""
    rare_reading: str = ""
    """With its tone, where a reading other than the usual one matched: 区 reads ōu."""


def match_name(name: str, typed: str) -> NameMatch:
    """Return how ``typed`` (as ``folded`` returns it) begins ``name``, nothing if it does not."""
    if not typed.isascii():
        return _by_characters(name, typed)
    read = [(place, plain_readings(char)) for place, char in enumerate(name)]
    spelled = [(place, choices) for place, choices in read if choices]
    if not spelled:
        return _by_characters(name, typed)
    places = [place for place, _ in spelled]
    choices = [found for _, found in spelled]
    if initials := _by_initials(choices, typed):
        marked = tuple(range(len(typed)))
        return _matched(name, places, [*initials, *_usual(choices[len(typed) :])], len(typed), marked)
    whole = next(_by_syllables(choices, typed), None)
    if whole is None:
        return NameMatch(syllables=tuple(_usual(choices)))
    return _matched(name, places, [*whole, *_usual(choices[len(whole) :])], len(whole), ())


def _usual(choices: list[tuple[str, ...]]) -> list[str]:
    return [found[0] for found in choices]


def _by_characters(name: str, typed: str) -> NameMatch:
    seen, matched = 0, []
    for place, char in enumerate(name.lower()):
        if seen < len(typed) and char == typed[seen]:
            seen += 1
            matched.append(place)
        elif char not in "· ":
            break
    return NameMatch(characters=tuple(matched)) if seen == len(typed) else NameMatch()


def _by_initials(choices: list[tuple[str, ...]], typed: str) -> list[str]:
    if len(typed) > len(choices):
        return []
    found = [
        next((syllable for syllable in choice if syllable[0] == letter), "")
        for letter, choice in zip(typed, choices, strict=False)
    ]
    return found if all(found) else []


def _by_syllables(choices: list[tuple[str, ...]], typed: str) -> Iterator[list[str]]:
    """Yield the ways to read ``typed`` as whole syllables, of which the last may be unfinished."""
    if not typed:
        yield []
    elif choices:
        for syllable in choices[0]:
            if syllable.startswith(typed):
                yield [syllable]
            elif typed.startswith(syllable):
                for rest in _by_syllables(choices[1:], typed[len(syllable) :]):
                    yield [syllable, *rest]


def _matched(
    name: str, places: list[int], syllables: list[str], count: int, initials: tuple[int, ...]
) -> NameMatch:
    rare = next((k for k in range(count) if syllables[k] != plain_readings(name[places[k]])[0]), None)
    char = name[places[rare]] if rare is not None else ""
    return NameMatch(
        characters=tuple(places[:count]),
        syllables=tuple(syllables),
        initials=initials,
        rare_character=char,
        rare_reading=_toned(char, syllables[rare]) if rare is not None else "",
    )


def _toned(char: str, plain: str) -> str:
    from pypinyin.contrib.tone_convert import to_normal

    return next(toned for toned in toned_readings(char) if to_normal(toned).lower() == plain)
