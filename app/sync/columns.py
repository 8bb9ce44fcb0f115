"""Lines of JSON as columns, and back: the same bytes, laid out so that they compress well.

Lines of one form (``app/sync/forms.py``) share a template. The values under one key stand in one column,
whatever the form of their lines, in the order of the lines: an id that line after line repeats is written
once. A column is packed as a whole (``app/sync/packing.py``). Instants stand by form, each told from the one
before it in its line.
Nothing here believes that a line is an event: what went in comes out, or Unfit is raised.
"""

from collections.abc import Callable, Sequence
from itertools import accumulate, chain, compress
from operator import add, ne, sub
from typing import NamedTuple

from app.sync.cutting import sheets
from app.sync.forms import NUMBER, STRING, Column, Form, Name, Sheet
from app.sync.layout import INSTANT, WALL, Key, Layout, instants_told
from app.sync.looks import INSTANT as LOOKS_INSTANT
from app.sync.looks import instant_numbers, instant_text, instant_texts, looks, number_texts, whole_numbers
from app.sync.packing import UNFIT, Reader, Writer

MAX_SHEETS = 256
MAX_PLACES = 1 << 20
"""Values outside the templates, all lines together: each costs time to put back."""

ALL, FLAGS, PICKS, NUMBERS = range(4)
"""A column: every value new; new or the one before; picked from the new ones; whole numbers."""

_CONTROLS = bytes(range(32))
_MARKS = [bytes((kind,)) for kind in range(INSTANT + 1)]
_ONE_KIND = bytes.maketrans(b"\2\3\4", b"\1\1\1")
_NO_KINDS = bytes(set(range(256)) - {1, 2, 3, 4})


Told = tuple[Column, list[int]]
"""Instants as texts and as numbers, by which those of the next place are told."""


class Unfit(Exception):
    """The lines have no layout in columns, or the columns hold no lines."""


class Columns(NamedTuple):
    """What is left of the lines: everything but ``raw`` is worth compressing."""

    templates: bytes
    shapes: bytes
    """The template of each line."""
    tags: bytes
    planes: bytes
    texts: bytes
    raw: bytes


class Lines(list[bytes]):
    """Lines that came in columns, which whoever reads them has no need to cut again.

    None is longer than a line may be or holds a line feed, for these part templates and texts.
    """

    sheets: Sequence[Sheet] = ()


def fold_checked(lines: Sequence[bytes]) -> Columns:
    """Return lines as columns from which exactly these lines are read; raises Unfit if there are none.

    Each sheet has given its lines back when it was cut. What a reader makes of the columns must be these very
    sheets, value by value: then it makes the same lines of them.
    """
    found, columns, layout = folded(lines)
    prove(columns, found, layout)
    return columns


def prove(columns: Columns, sheets: Sequence[Sheet], layout: Layout) -> None:
    """Pass columns from which exactly these sheets are read, which are laid out so; raises Unfit."""
    try:
        again = _empty_sheets(columns)
        if [(sheet.form, sheet.rows) for sheet in again] != [(sheet.form, sheet.rows) for sheet in sheets]:
            raise Unfit("other forms")
        _fill(again, columns, layout)
    except UNFIT as error:
        raise Unfit("values") from error
    if not all(
        map(_same, chain(*[sheet.columns for sheet in sheets]), chain(*[sheet.columns for sheet in again]))
    ):
        raise Unfit("other lines")


def _same(one: Column, other: Column) -> bool:
    return one == other if type(one) is type(other) else list(one) == list(other)


def fold(lines: Sequence[bytes]) -> Columns:
    """Return lines as columns; raises Unfit."""
    return folded(lines)[1]


def folded(lines: Sequence[bytes]) -> tuple[list[Sheet], Columns, Layout]:
    """Return lines as sheets and as columns, and how they are laid out; raises Unfit.

    A line feed in a line is found by ``prove``.
    """
    found = [_with_instants(sheet) for sheet in sheets(lines)]
    places = [len(sheet.rows) * len(sheet.columns) for sheet in found]
    if len(found) > MAX_SHEETS or sum(places) > MAX_PLACES:
        raise Unfit("places")
    templates = [_template_of(sheet.form) for sheet in found]
    shapes = bytearray(len(lines))
    for number, sheet in enumerate(found):
        for row in sheet.rows:
            shapes[row] = number
    walls = [0] * len(lines)
    writer, layout = Writer(walls), Layout(found)
    try:
        for key, spots in layout.columns:
            number, place = spots[0]
            _, rows, own = found[number]
            if len(spots) == len(rows) == 1 and key[0] != NUMBER:
                writer.value(own[place][0], rows[0])
                continue
            values = layout.gather(spots, [found[sheet].columns[place] for sheet, place in spots])
            _write(writer, key, values, layout.rows(spots))
        for sheet, instants in zip(found, layout.instants, strict=True):
            told: Told | None = None
            for place in instants:
                column, expected = sheet.columns[place], told[1] if told else instants_told(walls, sheet.rows)
                numbers = expected if told and told[0] == column else instant_numbers(column)
                writer.numbers(list(map(sub, numbers, expected)))
                told = column, numbers
    except UNFIT as error:
        raise Unfit("values") from error
    texts = b"\n".join([*writer.texts, b""])
    tags, planes, raw = bytes(writer.tags), bytes(writer.planes), bytes(writer.raw)
    return found, Columns(b"\n".join(templates), bytes(shapes), tags, planes, texts, raw), layout


def unfold(columns: Columns, line_limit: int, limit: int) -> Lines:
    """Return the lines, none longer than ``line_limit`` and ``limit`` together; raises Unfit."""
    try:
        found = _empty_sheets(columns)
        _fill(found, columns, Layout(found))
        return _lines_of(found, len(columns.shapes), line_limit, limit)
    except UNFIT as error:
        raise Unfit("values") from error


def _lines_of(found: Sequence[Sheet], count: int, line_limit: int, limit: int) -> Lines:
    for sheet in found:
        if len(sheet.rows) > 1:  # a line alone is weighed when it is there
            limit -= len(sheet.rows) * sheet.form.size() + sum(map(len, chain(*sheet.columns)))
        if limit < 0:
            raise Unfit("size")
    lines = Lines([b""] * count)
    lines.sheets = found
    for sheet in found:
        for row, line in zip(sheet.rows, sheet.form.fill(sheet.columns, len(sheet.rows)), strict=True):
            lines[row] = line
        if len(sheet.rows) == 1 and (limit := limit - len(lines[sheet.rows[0]])) < 0:
            raise Unfit("size")
    if lines and max(map(len, lines)) > line_limit:
        raise Unfit("size")
    return lines


def _fill(found: Sequence[Sheet], columns: Columns, layout: Layout) -> None:
    """Read the values of sheets, column by column; what stands alone in its column without any detour.

    Raises Unfit or one of ``UNFIT``.
    """
    texts = columns.texts.split(b"\n")
    if texts.pop():
        raise Unfit("texts")
    walls = [0] * len(columns.shapes)
    reader = Reader(columns.tags, columns.planes, iter(texts), columns.raw, walls)
    for key, spots in layout.columns:
        number, place = spots[0]
        _, rows, own = found[number]
        if len(spots) == len(rows) == 1:
            own[place] = [_read_number(reader, key, rows[0]) if key[0] == NUMBER else reader.value(rows[0])]
            continue
        values = _read(reader, key, layout.rows(spots))
        for (number, place), column in zip(spots, layout.scatter(spots, values), strict=True):
            found[number].columns[place] = column
    for sheet, places in zip(found, layout.instants, strict=True):
        if places:
            (_read_instants if len(sheet.rows) > 1 else _read_instants_of_one)(reader, sheet, places)
    reader.end()


def _with_instants(sheet: Sheet) -> Sheet:
    """Return a sheet with the places named that hold instants alone."""
    kinds = bytearray(sheet.form.kinds)
    for place, column in enumerate(sheet.columns):
        if kinds[place] == STRING and len(column[0]) == 24 and looks(column) == LOOKS_INSTANT:
            kinds[place] = INSTANT
    if kinds == sheet.form.kinds:
        return sheet
    return Sheet(Form(sheet.form.pieces, bytes(kinds)), sheet.rows, sheet.columns)


def _template_of(form: Form) -> bytes:
    parts = [form.pieces[0]]
    for kind, piece in zip(form.kinds, form.pieces[1:], strict=True):
        parts += _MARKS[kind], piece
    template = b"".join(parts)
    if len(template.translate(None, _CONTROLS)) != len(template) - len(form.kinds):
        raise Unfit("control character")
    return template


def _empty_sheets(columns: Columns) -> list[Sheet]:
    """Return the sheets of columns, their values still to be read."""
    templates = columns.templates.split(b"\n")
    rows: list[list[int]] = [[] for _ in templates]
    for row, shape in enumerate(columns.shapes):
        rows[shape].append(row)
    found: list[Sheet] = []
    places = 0
    for template, own in zip(templates, rows, strict=True):
        kinds = template.translate(None, _NO_KINDS)
        form = Form(tuple(template.translate(_ONE_KIND).split(b"\1")), kinds)
        places += len(own) * len(kinds)
        if places > MAX_PLACES or not own:
            raise Unfit("places")
        found.append(Sheet(form, own, [()] * len(kinds)))
    return found


def _write(writer: Writer, key: Key, values: Column, rows: Sequence[int]) -> None:
    """Write one column, whose values stand in these lines."""
    kind, name = key
    if kind == NUMBER:
        numbers = whole_numbers(values)
        if numbers:
            writer.tag(NUMBERS)
            writer.numbers(_told(sub, name, numbers, rows, writer.walls))
            return
    count, distinct = len(values), len(set(values))
    if distinct < count:
        fresh = bytes([1, *map(ne, values[1:], values)])
        if 4 * distinct <= 3 * fresh.count(1):
            first = dict(zip(reversed(values), reversed(rows), strict=True))
            picks = {value: number for number, value in enumerate(dict.fromkeys(values))}
            writer.tag(PICKS)
            writer.tag(distinct)
            writer.numbers(list(map(picks.__getitem__, values)))
            values, rows = list(picks), [first[value] for value in picks]
        else:
            writer.tag(FLAGS)
            writer.planes += fresh
            values, rows = list(compress(values, fresh)), list(compress(rows, fresh))
    elif count > 1 or kind == NUMBER:
        writer.tag(ALL)
    writer.values(values, rows)


def _read(reader: Reader, key: Key, rows: Sequence[int]) -> Column:
    """Return the column that ``_write`` wrote."""
    (kind, name), count = key, len(rows)
    mode = reader.tag() if count > 1 or kind == NUMBER else ALL
    if mode == NUMBERS and kind == NUMBER:
        return number_texts(_told(add, name, reader.numbers(count), rows, reader.walls))
    if mode == ALL:
        return reader.values(count, rows)
    if mode == FLAGS:
        fresh = reader.flags(count)
        values = reader.values(fresh.count(1), list(compress(rows, fresh)))
        return list(map(values.__getitem__, [at - 1 for at in accumulate(fresh)]))
    distinct = reader.tag()
    if mode != PICKS or not 0 < distinct <= count:
        raise ValueError("mode")
    picks = reader.numbers(count)
    first = dict(zip(reversed(picks), reversed(rows), strict=True))
    values = reader.values(distinct, [first[number] for number in range(distinct)])
    return [values[pick] for pick in picks]


def _read_number(reader: Reader, key: Key, row: int) -> bytes:
    """Return the one number of a column that ``_write`` wrote for a single line."""
    mode = reader.tag()
    if mode == ALL:
        return reader.value(row)
    if mode != NUMBERS:
        raise ValueError("mode")
    return b"%d" % _told(add, key[1], [reader.tag()], (row,), reader.walls)[0]


def _read_instants(reader: Reader, sheet: Sheet, places: Sequence[int]) -> None:
    """Read the instants of a sheet, each place told by the one before."""
    numbers = instants_told(reader.walls, sheet.rows)
    column: Column = ()
    for place in places:
        distances = reader.numbers(len(numbers))
        if not column or any(distances):
            numbers = list(map(add, distances, numbers))
            column = instant_texts(numbers)
        sheet.columns[place] = column


def _read_instants_of_one(reader: Reader, sheet: Sheet, places: Sequence[int]) -> None:
    """Read the instants of a sheet of one line."""
    [number] = instants_told(reader.walls, sheet.rows)
    column: Column = ()
    for place in places:
        distance = reader.tag()
        if not column or distance:
            number += distance
            column = [instant_text(number)]
        sheet.columns[place] = column


def _told(
    change: Callable[[int, int], int], name: Name, numbers: list[int], rows: Sequence[int], walls: list[int]
) -> list[int]:
    """Return numbers less, or plus, what the clock of their lines tells; the clock itself is kept."""
    if name[0] == b"hlc":
        return list(map(change, numbers, [walls[row] << 16 for row in rows]))
    if name[0] == b"uptime_ms":
        return list(map(change, numbers, [walls[row] for row in rows]))
    if name == WALL:
        for row, number in zip(rows, numbers, strict=True):
            walls[row] = number
    return numbers
