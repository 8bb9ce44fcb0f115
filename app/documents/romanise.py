"""Names in Latin letters: suggested by the rules of Chinese travel documents; a person may overrule."""

import unicodedata

from app.documents.surnames import COMPOUND_SURNAMES, SURNAME_READINGS
from app.domain.certificate import LatinName

_UMLAUT = {"LV": "LYU", "NV": "NYU", "LVE": "LUE", "NVE": "NUE"}
"""Ü in travel documents (National Immigration Administration, 2021)."""
_LETTERS = str.maketrans(
    {"ß": "SS", "Æ": "AE", "Œ": "OE", "Ø": "OE", "Þ": "TH", "Đ": "D", "Ð": "D", "Ł": "L"}
)


def latin_name(name: str, on_document: LatinName | None = None) -> LatinName:
    """Return the travel document's spelling, or else the suggested one; empty if a reading is unknown."""
    if on_document is not None:
        return LatinName(_capitals(on_document.surname), _capitals(on_document.given))
    surname, given = split_name(name)
    if not has_han(name):
        return LatinName(_capitals(surname), _capitals(given))
    spelt = SURNAME_READINGS.get(surname) or _read_han(surname)
    spelt_given = _read_han(given) if given else ""
    return LatinName(spelt, spelt_given) if spelt and (spelt_given or not given) else LatinName("", "")


def split_name(name: str) -> tuple[str, str]:
    """Return surname and given name; one that cannot be divided stands whole in the first (ICAO 9303-3)."""
    name = " ".join(name.split())
    if not has_han(name):
        surname, _, given = name.partition(" ")
        return surname, given
    if "·" in name:
        return name, ""
    name = name.replace(" ", "")
    length = 2 if len(name) > 2 and name[:2] in COMPOUND_SURNAMES else 1
    return name[:length], name[length:]


def machine_readable(latin: str) -> str:
    """Return a Latin name as ``fnt`` and ``gnt`` want it: words joined by ``<``, only A to Z."""
    return "<".join(_capitals(latin).split())


def has_han(text: str) -> bool:
    """Return whether a Chinese character stands in the text."""
    return any(unicodedata.name(character, "").startswith("CJK") for character in text)


def _read_han(text: str) -> str:
    # Half a second to import, so only when a name really has to be read.
    from pypinyin import Style, lazy_pinyin

    words = []
    for part in text.split("·"):
        syllables = lazy_pinyin(part, style=Style.NORMAL, errors=lambda unread: "?" * len(unread))
        words.append("".join(_UMLAUT.get(syllable.upper(), syllable.upper()) for syllable in syllables))
    spelt = " ".join(words)
    return spelt if spelt.replace(" ", "").isalpha() and spelt.isascii() else ""


def _capitals(text: str) -> str:
    upper = unicodedata.normalize("NFKD", text.upper().translate(_LETTERS))
    parted = "".join(" " if c in "-·.<" or c.isspace() else c for c in upper)
    return " ".join("".join(c for c in parted if c == " " or (c.isascii() and c.isalpha())).split())
