"""Where in a JSON text a value stands, so that a refusal can name the line."""

import json
import re
from json.decoder import scanstring  # type: ignore[attr-defined]  # public in the source, absent from the stubs

_BLANK = re.compile(r"[ \t\r\n]*")
_DECODER = json.JSONDecoder()

Path = tuple[str | int, ...]


def line_of(text: str, path: Path) -> int:
    """Return the line, from 1, of the value at ``path``; of the deepest part of it that exists."""
    place = _skip(text, 0)
    for step in path:
        found = _member(text, place, step)
        if found is None:
            break
        place = found
    return text.count("\n", 0, place) + 1


def _skip(text: str, place: int) -> int:
    match = _BLANK.match(text, place)
    return match.end() if match else place


def _member(text: str, place: int, step: str | int) -> int | None:
    """Return where the member of the object or list at ``place`` begins."""
    opening = text[place : place + 1]
    if opening not in ("{", "[") or not opening:
        return None
    place, number = _skip(text, place + 1), 0
    while text[place] not in "}]":
        name: str | int = number
        if opening == "{":
            name, place = scanstring(text, place + 1)
            place = _skip(text, _skip(text, place) + 1)
        if name == step:
            return place
        _, place = _DECODER.raw_decode(text, place)
        place = _skip(text, place)
        if text[place] == ",":
            place = _skip(text, place + 1)
        number += 1
    return None
