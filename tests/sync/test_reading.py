"""Events read together: of every line exactly what is said of it alone (SYN-1)."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.journal import ClockQuality, Event, NotCanonical, decode, encode
from app.sync.forms import LOOSE, NUMBER, STRING, Column, Events, Form, Sheet
from app.sync.layout import INSTANT
from app.sync.reading import read_events
from tests.strategies import events, texts

ODD_TEXTS = texts | st.sampled_from(['"', "\\", "\x7f0", "\x7f", "\n", "\x00", '":', "{}", "", "2026-01-01"])


def alike(number: int, text: str, inner: str) -> Event:
    """Return an event of one form with others."""
    body = {"item": text, "list": [["a", inner], ["b", 1]], "at": {"name": inner, "none": None}}
    return Event(
        id=f"0190a0b0-0000-7000-8000-{number:012d}", seq=number, hlc=number << 16, wall=number,
        clock=ClockQuality(number), kind="check.confirmed", v=1, site="1001010001", desk="接种台 1", user="u",
        person=None, body=body,
    )  # fmt: skip


ALIKE = st.builds(alike, st.integers(0, 10**6), ODD_TEXTS, ODD_TEXTS)
GOOD = [encode(alike(number, f"甲{number}", f"{number}")) for number in range(1, 5)]


def one_by_one(lines: list[bytes]) -> list[Event | NotCanonical]:
    """Return what ``decode`` says of each line."""
    said: list[Event | NotCanonical] = []
    for line in lines:
        try:
            said.append(decode(line))
        except NotCanonical as refusal:
            said.append(refusal)
    return said


@given(st.lists(ALIKE | events, max_size=12))
def test_events_read_together_are_the_events_read_one_by_one(happened: list[Event]) -> None:
    assert read_events([encode(event) for event in happened]) == happened


@given(st.lists(ALIKE, min_size=1, max_size=6), st.data())
def test_lines_with_bytes_changed_are_judged_together_as_one_by_one(
    happened: list[Event], data: st.DataObject
) -> None:
    lines = [bytearray(encode(event)) for event in happened]
    for _ in range(data.draw(st.integers(1, 3))):
        line = data.draw(st.sampled_from(lines))
        line[data.draw(st.integers(0, len(line) - 1))] = data.draw(st.integers(0, 255))
    damaged = list(map(bytes, lines))
    assert read_events(damaged) == one_by_one(damaged)


@pytest.mark.parametrize("name", [b"hash", b"kind", b"item", b"body", b"uptime_ms"])
def test_lines_that_differ_in_the_name_of_a_field_are_judged_one_by_one(name: bytes) -> None:
    other = bytes([name[0] + 1]) + name[1:]
    damaged = [*GOOD[:3], GOOD[3].replace(b'"%b":' % name, b'"%b":' % other)]
    assert read_events(damaged) == one_by_one(damaged)
    assert read_events(damaged[::-1]) == one_by_one(damaged[::-1])


@pytest.mark.parametrize("value", [b'a","jtem":"b', b"\\u0041", b"\x7f0"])
def test_a_text_of_a_sheet_that_ends_itself_is_seen(value: bytes) -> None:
    before, text, after = re.split(rb'(?<="item":")([^"]*)', GOOD[0])
    form, column = Form((before, after), bytes([STRING])), [text, text, value]
    lines = Events(form.fill([column], 3))
    lines.sheets = [Sheet(form, [0, 1, 2], [column])]
    assert read_events(lines) == one_by_one(list(lines))


OF_LISTS = b'["a","b"]', b'["a"],["b"]', b'["\\u0041"]', b'["a"', b'"]'


@given(
    st.lists(st.integers(1, len(GOOD[0]) - 1), min_size=1, max_size=3, unique=True),
    st.lists(
        st.sampled_from(
            [
                b"1",
                b"-0",
                b"a",
                b'","b":"c',
                b'"',
                b"\\u0041",
                b"2026-11-23T01:00:00.000Z",
                b"",
                b"\n",
                *OF_LISTS,
            ]
        ),
        min_size=9,
        max_size=9,
    ),
    st.data(),
)
def test_sheets_that_came_over_the_wire_are_not_believed(
    cuts: list[int], values: list[bytes], data: st.DataObject
) -> None:
    """Whatever a form says of its lines, they are judged by their bytes."""
    line, begin, pieces, own = GOOD[0], 0, list[bytes](), list[bytes]()
    for cut in sorted(cuts):
        end = data.draw(st.integers(cut, len(line)))
        if data.draw(st.booleans()) and b'"' in line[cut:]:  # as an honest form is cut
            cut = line.index(b'"', cut) + 1
            end = line.find(b'"', cut) if b'"' in line[cut:] else cut
        if cut < begin:
            continue
        pieces.append(line[begin:cut])
        own.append(line[cut:end])
        begin = end
    kinds = bytes(data.draw(st.sampled_from([STRING, NUMBER, LOOSE, INSTANT])) for _ in own)
    form = Form((*pieces, line[begin:]), kinds)
    columns: list[Column] = [[text, text, values[3 * place]] for place, text in enumerate(own)]
    lines = Events(form.fill(columns, 3))
    lines.sheets = [Sheet(form, [0, 1, 2], columns)]
    assert read_events(lines) == one_by_one(list(lines))


@pytest.mark.parametrize(
    ("good", "bad"),
    [
        (b'"item":', b'"kind":'),
        (b'"item":', b'"\x7f0":'),
        (b'"sha256"', b'"sha255"'),
        (b'"seq":2', b'"seq":02'),
        (b'"seq":2', b'"seq":-0'),
        (b'"seq":2', b'"seq":2.5'),
        (b'"seq":2', b'"seq":"2"'),
        (b'"name":"2"', b'"name":"\\u0041"'),
        (b'"name":"2"', b'"name":"\x7f1"'),
        (b'"name":"2"', b'"name":"\t"'),
        (b'"name":"2"', b'"name":"\xff"'),
        (b'"none":null', b'"none":true'),
        (b"{", b" {"),
    ],
)
@pytest.mark.parametrize("place", [0, 1, 3])
def test_one_odd_line_among_good_ones_is_seen_for_what_it_is(good: bytes, bad: bytes, place: int) -> None:
    odd = GOOD[1].replace(good, bad, 1)
    lines = [*GOOD[:place], odd, *GOOD[place:]]
    assert odd != GOOD[1]
    assert read_events(lines) == one_by_one(lines)
    assert read_events([odd] * 3) == one_by_one([odd] * 3)
