"""Reading a class list (XLSX): children by document number, rows that cannot be read with the reason."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from zipfile import BadZipFile

from app.domain.identity import (
    NumberMissing,
    check_document,
    half_width,
    normalise_name,
    normalise_number,
    type_of_number,
)
from app.domain.refusals import Refusal

MOST_CHILDREN = 5_000
"""In one list; a school of all grades has fewer."""
MOST_BYTES = 20_000_000
_LOOKED_FOR_IN = 20
"""Titles may stand above the headings: so many rows are looked through."""
_WHOLE_NUMBER = re.compile(r"\d{17}[\dX]", re.ASCII)
_DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?|(\d{4})(\d{2})(\d{2})", re.ASCII)
_KEPT_BY_EXCEL = 15
"""Digits of a number that is not text."""


@dataclass(unsafe_hash=True)
class ListUnreadable(Refusal):
    """The file is no XLSX workbook, or cannot be opened."""

    file: str


@dataclass(unsafe_hash=True)
class HeadingMissing(Refusal):
    """No row of the first sheets names a column of names and one of document numbers."""

    file: str


@dataclass(unsafe_hash=True)
class ListTooLong(Refusal):
    """More than one list may hold."""

    most: int


@dataclass(unsafe_hash=True)
class ListedTwice(Refusal):
    """The same document number stands further up in the list."""

    line: int


@dataclass(unsafe_hash=True)
class NumberLostDigits(Refusal):
    """The document number was kept as a number: Excel has lost its last digits."""


@dataclass(unsafe_hash=True)
class BirthDateUnreadable(Refusal):
    """The birth date of a row is no day."""

    text: str


@dataclass(frozen=True)
class ListedChild:
    """One row, as it stands in the list."""

    line: int
    """Of the sheet, from 1, as Excel shows it."""
    name: str
    number: str
    """Of the document, half-width, without blanks; empty where none is told."""
    birth_on: date | None
    """None: the list does not tell it."""
    class_name: str
    refusal: Refusal | None = None
    """Why this row cannot be looked up."""


COLUMNS = {
    "name": ("姓名", "学生姓名", "儿童姓名", "幼儿姓名", "受种者姓名", "名字"),
    "number": (
        "身份证号", "身份证号码", "证件号码", "证件号", "身份证", "身份证件号", "身份证件号码",
        "公民身份号码", "学生身份证号", "学生身份证号码", "儿童身份证号", "幼儿身份证号",
    ),
    "birth_on": ("出生日期", "出生年月日", "生日", "出生年月"),
    "class_name": ("班级", "班级名称", "所在班级", "年级班级", "班"),
}  # fmt: skip
"""By what heading a column is known; blanks, stars and what stands in brackets do not matter."""


def read_class_list(file: Path, today: date) -> tuple[ListedChild, ...]:
    """Return every row below the headings that is not empty.

    Raises ListUnreadable, HeadingMissing or ListTooLong; a row that cannot be read says so itself.
    """
    # openpyxl is loaded by the first list, not by the start of the program.
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        if file.stat().st_size > MOST_BYTES:
            raise ListUnreadable(file.name)
        book = load_workbook(file, read_only=True, data_only=True)
        sheets = [list(_rows(sheet.iter_rows(values_only=True))) for sheet in book.worksheets]
        book.close()
    except (OSError, BadZipFile, InvalidFileException, KeyError, ValueError):
        raise ListUnreadable(file.name) from None
    for rows in sheets:
        for place, row in enumerate(rows[:_LOOKED_FOR_IN]):
            columns = _columns(row)
            if columns.keys() >= {"name", "number"}:
                return tuple(_children(rows, place + 1, columns, today))
    raise HeadingMissing(file.name)


def _rows(found: Iterator[Sequence[object]]) -> Iterator[Sequence[object]]:
    for line, row in enumerate(found):
        if line > MOST_CHILDREN + _LOOKED_FOR_IN:
            raise ListTooLong(MOST_CHILDREN)
        yield row


def _columns(row: Sequence[object]) -> dict[str, int]:
    found: dict[str, int] = {}
    for place, cell in enumerate(row):
        heading = re.sub(r"[(（].*?[)）]|[\s*:：]", "", half_width(_text(cell)))
        for field, names in COLUMNS.items():
            if heading in names:
                found.setdefault(field, place)
    return found


def _children(
    rows: Sequence[Sequence[object]], first: int, columns: dict[str, int], today: date
) -> Iterator[ListedChild]:
    seen: dict[str, int] = {}
    for place, row in enumerate(rows[first:], start=first + 1):
        told = {field: row[column] if column < len(row) else None for field, column in columns.items()}
        if any(_text(told.get(field)) for field in ("name", "number", "birth_on")):
            child = _child(place, told, today)
            if child.refusal is None:
                twice = seen.setdefault(child.number, place)
                if twice != place:
                    child = _refused(child, ListedTwice(twice))
            yield child


def _child(line: int, told: dict[str, object], today: date) -> ListedChild:
    number, name = normalise_number(_text(told["number"])), _text(told["name"])
    child = ListedChild(line, name, number, None, _text(told.get("class_name")))
    try:
        if isinstance(told["number"], float | int) and len(number) > _KEPT_BY_EXCEL:
            raise NumberLostDigits
        if not number:
            raise NumberMissing
        if _WHOLE_NUMBER.fullmatch(number):
            check_document(type_of_number(number), number, today=today)
        return ListedChild(line, normalise_name(name), number, _day(told.get("birth_on")), child.class_name)
    except Refusal as refusal:
        return _refused(child, refusal)


def _refused(child: ListedChild, refusal: Refusal) -> ListedChild:
    return ListedChild(child.line, child.name, child.number, child.birth_on, child.class_name, refusal)


def _day(cell: object) -> date | None:
    if isinstance(cell, datetime):
        return cell.date()
    text = re.sub(r"\s", "", half_width(_text(cell)))
    if not text:
        return None
    found = _DAY.fullmatch(text)
    try:
        return date(*(int(part) for part in found.groups() if part)) if found else _unreadable(text)
    except ValueError:
        return _unreadable(text)


def _unreadable(text: str) -> date:
    raise BirthDateUnreadable(text)


def _text(cell: object) -> str:
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    return "" if cell is None else str(cell).strip()
