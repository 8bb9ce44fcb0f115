"""Reads the truth tables of docs/states.md, so that what is documented is what is tested."""

import re
from itertools import product
from pathlib import Path

DOCUMENT = Path(__file__).parents[2] / "docs" / "states.md"
ANY = "*"

Row = dict[str, str]


def table(heading: str) -> list[Row]:
    """Return the rows of the first table below ``heading``, by the words of its head."""
    text = DOCUMENT.read_text(encoding="utf-8")
    section = re.split(rf"^#+ {re.escape(heading)}$", text, maxsplit=1, flags=re.MULTILINE)[1]
    lines = re.search(r"(?:^\|.*\|\n)+", section, flags=re.MULTILINE)
    assert lines is not None, f"{heading} has a table"
    head, _, *rows = (
        [cell.strip() for cell in line.strip("|").split("|")] for line in lines.group().splitlines()
    )
    return [dict(zip(head, row, strict=True)) for row in rows]


def expanded(rows: list[Row], values: dict[str, list[str]]) -> list[Row]:
    """Return every row with each ``*`` replaced by all values of its column."""
    expanded: list[Row] = []
    for row in rows:
        choices = [values[name] if row[name] == ANY else [row[name]] for name in values]
        rest = {name: cell for name, cell in row.items() if name not in values}
        expanded += [dict(zip(values, choice, strict=True)) | rest for choice in product(*choices)]
    return expanded


def is_complete(rows: list[Row], values: dict[str, list[str]]) -> bool:
    """Return whether the rows cover every combination exactly once."""
    seen = [tuple(row[name] for name in values) for row in expanded(rows, values)]
    return sorted(seen) == sorted(product(*values.values()))
