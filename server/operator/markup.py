"""HTML from templates: whatever is filled in is escaped, unless it is HTML made here."""

from collections.abc import Iterable
from html import escape
from string import Formatter

EMPTY = "—"
"""Stands where there is nothing to say."""


class Markup(str):
    """HTML; made by ``fill`` alone."""

    __slots__ = ()


Filling = str | int | None | Iterable[Markup]


def fill(template: str, **fillings: Filling) -> Markup:
    """Return a template with its ``{names}`` filled in; attributes in it have to stand in double quotes.

    Text and numbers are escaped, ``None`` becomes a dash, a list of Markup is joined. Raises KeyError for a
    name without a filling and ValueError for a template that asks for anything but a name.
    """
    pieces: list[str] = []
    for text, name, form, conversion in Formatter().parse(template):
        pieces.append(text)
        if name is None:
            continue
        if not name.isidentifier() or form or conversion:
            raise ValueError(name)
        pieces.append(_safe(fillings[name]))
    return Markup("".join(pieces))


def _safe(filling: Filling) -> str:
    if isinstance(filling, Markup):
        return filling
    if filling is None:
        return EMPTY
    if isinstance(filling, str | int):
        return escape(str(filling), quote=True)
    pieces = list(filling)
    if not all(isinstance(piece, Markup) for piece in pieces):
        raise TypeError("only Markup is joined")
    return "".join(pieces)
