"""Lines cut into sheets; many of one kind all at once, by what a few of them teach.

Where a place stands is known from those before it: only what differs in width is looked for. What stands
between the places is not looked at, so a line is believed to be cut rightly only once its form and its
values have given that very line again. Whatever is left over is cut line by line (``app/sync/forms.py``).
"""

import re
import struct
from collections.abc import Sequence
from itertools import compress
from operator import eq, not_

from app.sync import forms
from app.sync.forms import FEW, KIND, LOOSE, NUMBER, Column, Form, Sheet, form_of, numbers_in, values_at

SAMPLE = 12
"""So many lines, or up to twice, teach a form."""
LESSONS = 4
"""So often the lines that do not fit a form teach it."""
BUILDS = 8
"""So many forms of a kind are tried."""
ANCHOR = 16
"""Bytes behind a value by which its end is found."""

_LIST = re.compile(rb'":(\[(?:"[^"\\]*+",?+)++\])')
_LISTED = b"\x7f"

Row = tuple[bytes, ...]


def sheets(lines: Sequence[bytes]) -> list[Sheet]:
    """Return every line in one sheet, the sheets in the order of their first lines."""
    if len(lines) <= FEW:
        return forms.sheets(lines)
    kinds: dict[bytes, list[int]] = {}
    for number, line in enumerate(lines):
        at = line.rfind(KIND) + len(KIND)
        kinds.setdefault(line[at : line.find(b'"', at)], []).append(number)
    found: list[Sheet] = []
    left: list[int] = []
    for rows in kinds.values():
        for _ in range(BUILDS):
            if len(rows) <= FEW:
                break
            sheet, rows = _alike(rows, [lines[row] for row in rows])
            if sheet is None:
                break
            found.append(sheet)
        left += rows
    left.sort()
    for sheet in forms.sheets([lines[row] for row in left]):
        found.append(Sheet(sheet.form, [left[row] for row in sheet.rows], sheet.columns))
    return sorted(found, key=lambda sheet: sheet.rows[0])


def _alike(rows: list[int], lines: Sequence[bytes]) -> tuple[Sheet | None, list[int]]:
    """Return the lines built as most of a few are, if any, and the numbers of all others."""
    sample = _of_one_build(lines[:: max(1, len(lines) // SAMPLE)])
    for _ in range(LESSONS):
        form, columns, fits = _cut(sample, lines)
        taught = _of_one_build([*sample, *compress(lines, map(not_, fits))][: 2 * len(sample)])
        if len(taught) <= len(sample) or _build(taught[0]) != _build(sample[0]):
            break
        sample = taught
    if not any(fits):
        return None, rows
    if not all(fits):
        columns = [list(compress(column, fits)) for column in columns]
    return Sheet(form, list(compress(rows, fits)), columns), list(compress(rows, map(not_, fits)))


def _build(line: bytes) -> int:
    return _listed(line, 0).count(b'"')


def _listed(line: bytes, number: int) -> bytes:
    """Return a line with each list of texts in it as one text, another one for each number."""
    return _LIST.sub(b'":"\x7f%d"' % number, line)


def _of_one_build(lines: Sequence[bytes]) -> list[bytes]:
    """Return those lines that are built as most are."""
    builds = [_build(line) for line in lines]
    most = max(builds, key=builds.count)
    return [line for line, build in zip(lines, builds, strict=True) if build == most]


def _cut(sample: Sequence[bytes], lines: Sequence[bytes]) -> tuple[Form, list[Column], list[bool]]:
    """Return the form of a sample, the values of lines cut by it, and of which lines it is the form."""
    form, known = _learnt(sample)
    columns = [
        numbers_in(column) if kind == NUMBER else column
        for kind, column in zip(form.kinds, zip(*_rows(form, known, lines), strict=True), strict=True)
    ]
    return form, columns, list(map(eq, form.fill(columns, len(lines)), lines))


def _learnt(sample: Sequence[bytes]) -> tuple[Form, list[Column]]:
    """Return the form of lines of one build, and their values by place.

    A list of texts under a key is one value if the lists differ in length.
    """
    if len({line.count(b'"') for line in sample}) == 1:
        form, places = form_of(sample, few=False)
        return form, values_at(sample, places)
    listed = [_listed(line, number) for number, line in enumerate(sample)]
    form, places = form_of(listed, few=False)
    known = values_at(listed, places)
    pieces, kinds = list(form.pieces), bytearray(form.kinds)
    for place, column in enumerate(known):
        if column[0].startswith(_LISTED):
            pieces[place], pieces[place + 1] = pieces[place][:-1], pieces[place + 1][1:]
            kinds[place] = LOOSE
    return Form(tuple(pieces), bytes(kinds)), known


def _rows(form: Form, known: Sequence[Column], lines: Sequence[bytes]) -> list[Row]:
    """Return what stands at the places of each line; ``known`` are some values of each place.

    Places of one width are cut by the distances between them, the others by what follows.
    """
    runs: list[tuple[bytes, struct.Struct]] = []
    anchor, layout = b"", f"{len(form.pieces[0])}x"
    for column, piece in zip(known, form.pieces[1:], strict=True):
        if len(set(map(len, column))) == 1 and not column[0].startswith(_LISTED):
            layout += f"{len(column[0])}s"
        else:
            runs.append((anchor, struct.Struct(layout)))
            anchor, layout = piece[:ANCHOR], ""
        layout += f"{len(piece)}x"
    runs.append((anchor, struct.Struct(layout)))
    (_, first), *others = runs
    begin, start, none = first.unpack_from, first.size, (b"",) * len(known)
    steps = [(anchor, run.unpack_from, run.size) for anchor, run in others]
    rows: list[Row] = []
    for line in lines:
        try:
            row, at = begin(line), start
            for anchor, read, size in steps:
                end = line.index(anchor, at)
                row += (line[at:end], *read(line, end))
                at = end + size
        except (ValueError, struct.error):
            row = none
        rows.append(row)
    return rows
