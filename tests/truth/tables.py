"""Reads the truth tables: one row of Markdown is one case."""

import re
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

HERE = Path(__file__).parent
NONE = "无"


@dataclass(frozen=True)
class Row:
    """One case; the columns of the tables under the words of the code."""

    file: str
    packs: tuple[str, ...]
    """The packs it is held against, from the head of the file."""
    case: str
    about: str
    group: str
    born: date
    sex: str
    conditions: tuple[tuple[str, date | None], ...]
    """Each with its day, where the table has one."""
    given: tuple[tuple[str, date], ...]
    on: date
    judged: tuple[str, ...]
    """One for each dose given; empty for what is no vaccine of a programme."""
    outcome: str
    next_vaccine: str
    next_number: int | None
    earliest: date | None
    recommended: date | None
    on_time_to: date | None
    latest: date | None
    notices: tuple[str, ...]
    sources: tuple[str, ...]
    signed_by: str


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip().strip("|").split("|")]


def _parts(cell: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in cell.split("；") if part.strip() and part.strip() != NONE)


def _day(cell: str) -> date | None:
    return date.fromisoformat(cell) if cell else None


def _given(cell: str) -> tuple[tuple[str, date], ...]:
    doses = (part.rsplit(" ", 1) for part in _parts(cell))
    return tuple((vaccine, date.fromisoformat(day)) for vaccine, day in doses)


def _conditions(cell: str) -> tuple[tuple[str, date | None], ...]:
    pairs = (re.fullmatch(r"(.*?)(?: (\d{4}-\d\d-\d\d))?", part) for part in _parts(cell))
    return tuple((pair[1], _day(pair[2] or "")) for pair in pairs if pair)


def _row(file: str, packs: tuple[str, ...], cells: list[str]) -> Row:
    (case, about, group, born, sex, conditions, given, on, judged, outcome, following, earliest,
     recommended, on_time_to, latest, notices, sources, signed_by) = cells  # fmt: skip
    vaccine, _, number = following.rpartition(" ")
    doses = _given(given)
    return Row(
        file, packs, case, about, group, date.fromisoformat(born), sex, _conditions(conditions), doses,
        date.fromisoformat(on), tuple(judged.split("；")) if doses else (), outcome, vaccine,
        int(number) if number else None, _day(earliest), _day(recommended), _day(on_time_to),
        _day(latest), _parts(notices), _parts(sources), signed_by,
    )  # fmt: skip


@cache
def rows() -> tuple[Row, ...]:
    """Return the cases of every table."""
    found: list[Row] = []
    for file in sorted(HERE.glob("*/*.md")):
        lines = file.read_text("utf-8").splitlines()
        packs = tuple(re.findall(r"`([^`]+)`", next(line for line in lines if line.startswith("程序包"))))
        table = [line for line in lines if line.startswith("|")]
        found += [_row(file.name, packs, _cells(line)) for line in table[2:]]
    return tuple(found)


@cache
def sentences() -> dict[str, str]:
    """Return the sentences of the documents by id, each with its evidence."""
    table = [line for line in (HERE / "sources.md").read_text("utf-8").splitlines() if line.startswith("|")]
    return {cells[0]: cells[4] for cells in map(_cells, table[2:])}
