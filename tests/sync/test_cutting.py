"""Cutting: every line stands in one sheet, and the sheets give the lines back (SYN-4)."""

import json
from collections.abc import Sequence
from dataclasses import replace
from random import Random

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from app.domain.ids import uuid7
from app.domain.journal import Event, encode
from app.sync.cutting import sheets
from app.sync.forms import FEW, LOOSE, Sheet
from app.sync.frame import CODEC_COLUMNS, codec_of, pack, unpack
from app.sync.reading import read_events
from tests.clocks import ManualClock
from tests.strategies import events

MANY = 2 * FEW
LISTS: list[list[str]] = [[], ["r"], ["r", "q"], ["\t", "[", "]"], ['"', "\\"], ["三", "三,四"]]
names = st.sampled_from(["", "a", "bc", "三", '"', '","seq":', "\\"])
bodies = st.fixed_dictionaries(
    {
        "name": names,
        "readings": st.none() | st.sampled_from(LISTS),
        "dose": st.sampled_from([-1, 0, 1200]),
    },
    optional={"guardian": st.none() | st.fixed_dictionaries({"phone": names})},
)
EVENT_IDS = [uuid7(ManualClock().now(), Random(number).randbytes) for number in range(4 * MANY)]


def line_of(body: object, number: int) -> bytes:
    """Return a line that looks like an event's."""
    own = {"body": body, "id": EVENT_IDS[number], "kind": "k", "seq": number}
    return json.dumps(own, ensure_ascii=False, separators=(",", ":")).encode()


def put_back(found: Sequence[Sheet], count: int) -> list[bytes]:
    """Return the lines that sheets are made of; fails on a line that stands in two."""
    lines: dict[int, bytes] = {}
    for sheet in found:
        assert not lines.keys() & set(sheet.rows)
        assert sheet.rows == sorted(sheet.rows)
        lines |= zip(sheet.rows, sheet.form.fill(sheet.columns, len(sheet.rows)), strict=True)
    return [lines[row] for row in range(count)]


@given(st.lists(bodies, min_size=MANY, max_size=2 * MANY))
@example([{"name": "x" * (number % 3), "readings": ["a"] * (number % 4)} for number in range(MANY)])
def test_many_lines_stand_each_in_one_sheet_and_come_back_from_it(said: list[object]) -> None:
    lines = [line_of(body, number) for number, body in enumerate(said)]
    found = sheets(lines)
    assert put_back(found, len(lines)) == lines
    assert [sheet.rows[0] for sheet in found] == sorted(sheet.rows[0] for sheet in found)


@given(st.lists(st.binary(max_size=20).filter(lambda line: b"\n" not in line), max_size=MANY))
def test_lines_that_are_no_json_stand_in_sheets_too(lines: list[bytes]) -> None:
    assert put_back(sheets(lines), len(lines)) == lines


def test_lists_of_different_lengths_are_one_value_of_one_sheet() -> None:
    """Performance.md, rows 1 and 9: the people of a push are one sheet, however their names are read."""
    lines = [line_of({"name": "a", "readings": ["r"] * (1 + number % 3)}, number) for number in range(MANY)]
    [sheet] = sheets(lines)
    place = sheet.form.kinds.index(LOOSE)
    assert set(sheet.columns[place]) == {b'["r"]', b'["r","r"]', b'["r","r","r"]'}


@pytest.mark.parametrize(
    "odd",
    [
        {"name": "a", "readings": []},
        {"name": 'a","b":"', "readings": ["r"]},
        {"name": "a", "readings": None},
        {"name": "a", "readings": ["r"], "x": 1},
        {"name": "", "readings": ['["']},
    ],
)
@pytest.mark.parametrize("place", [0, 5, MANY])
def test_one_line_built_otherwise_does_not_spoil_the_others(odd: object, place: int) -> None:
    lines = [line_of({"name": "a", "readings": ["r"] * (1 + number % 3)}, number) for number in range(MANY)]
    lines.insert(place, line_of(odd, MANY))
    found = sheets(lines)
    assert put_back(found, len(lines)) == lines
    assert max(len(sheet.rows) for sheet in found) >= MANY


@given(events, st.lists(st.sampled_from(LISTS), min_size=MANY, max_size=MANY))
def test_events_whose_lists_differ_in_length_travel_and_are_read_together(
    pattern: Event, lists: list[list[str]]
) -> None:
    many = [
        replace(pattern, seq=number + 1, kind="k", body={"item": "a", "readings": readings})
        for number, readings in enumerate(lists)
    ]
    written = tuple(map(encode, many))
    packed = pack(b"{}", written, CODEC_COLUMNS)
    assert codec_of(packed) == CODEC_COLUMNS
    _, arrived = unpack(packed)
    assert arrived == written
    assert read_events(arrived) == many
