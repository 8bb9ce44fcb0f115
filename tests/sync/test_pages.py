"""Pull and offer on the wire: what was written is read, whatever else comes is refused (SYN-2)."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.feed import START, FeedPosition
from app.domain.journal import canonical
from app.sync import frame, wire
from app.sync.frame import MessageMalformed, MessageTooLarge
from app.sync.pages import MAX_AREAS, MAX_FINDINGS, MAX_PROBES, Feedback, Feeds, Finding, Page, Pull

areas = st.text(st.characters(categories=["L", "N"]), max_size=8)
positions = st.builds(FeedPosition, st.integers(0, 2**53 - 1), st.integers(0, 2**64 - 1))
probes = st.lists(st.integers(0, 2**40), max_size=5).map(tuple)
pulls = st.builds(
    Pull, st.dictionaries(areas, positions, max_size=4), st.integers(1, 2000),
    st.dictionaries(areas, probes, max_size=3), feedback=positions,
)  # fmt: skip
findings = st.builds(Finding, areas, areas, areas)
feedback = st.builds(Feedback, positions, st.lists(findings, max_size=3).map(tuple), st.booleans())
events = st.lists(st.dictionaries(areas, st.integers(0, 9)).map(canonical), max_size=6).map(tuple)
HELLO = wire.Hello("d-1", {"0" * 16: 4})
WELCOME = wire.Welcome("1" * 16, datetime(2026, 11, 23, tzinfo=UTC))


@st.composite
def pages(draw: st.DrawFn) -> Page:
    base, own, told = draw(positions), draw(positions), draw(events)
    base = FeedPosition(base.pos % 2**40, base.digest)
    own = FeedPosition(own.pos % 2**40, own.digest)
    return Page(draw(areas), base, base.plus(own).after(told), own, told)


def with_the_end_of_its_page(told: Feeds) -> Feeds:
    """The centre says where a feed ends whenever it sends a page of it."""
    if told.page is None:
        return told
    return replace(told, heads={told.page.area: told.page.next} | told.heads)


feeds = st.builds(
    Feeds, st.dictionaries(areas, positions, max_size=4),
    st.dictionaries(areas, st.lists(st.integers(0, 2**64 - 1), max_size=4).map(tuple), max_size=3),
    st.none() | pages(), feedback=st.none() | feedback,
).map(with_the_end_of_its_page)  # fmt: skip


@given(pulls, events)
def test_a_request_says_what_was_asked_and_offered(pull: Pull, offer: tuple[bytes, ...]) -> None:
    request = wire.Request(HELLO, None, pull, offer)
    assert wire.decode_request(wire.encode_request(request)) == request


@given(feeds, st.integers(0, 2000))
def test_an_answer_brings_its_page(told: Feeds, offered: int) -> None:
    answer = wire.Answer(WELCOME, None, told, offered)
    assert wire.decode_answer(wire.encode_answer(answer)) == answer


def answer_with(items: dict[str, object], *lines: bytes) -> bytes:
    welcome = {"incarnation": "1", "server_time": 0, "wire": [1, 1], "standings": {}}
    return frame.pack(canonical({"welcome": welcome, "feeds": items}), lines)


AT = [0, "0" * 16]


@pytest.mark.parametrize(
    "items",
    [
        {}, {"heads": []}, {"heads": {"a": [1]}}, {"heads": {"a": [-1, "0" * 16]}},
        {"heads": {"a": [1, "0"]}}, {"heads": {}, "digests": {"a": ["xyz"]}},
        {"heads": {}, "page": {"area": "a", "base": [1, "0" * 16], "next": AT}},
        {"heads": {}, "page": {"area": 5, "base": AT, "next": AT, "own": AT}},
        {"heads": {}, "feedback": {"next": AT, "findings": [["id", "name"]]}},
        {"heads": {}, "feedback": {"next": AT, "findings": [["id", "name", 5]]}},
        {"heads": {}, "feedback": {"findings": []}},
    ],
    ids=str,
)  # fmt: skip
def test_feeds_that_do_not_add_up_are_refused(items: dict[str, object]) -> None:
    with pytest.raises(MessageMalformed):
        wire.decode_answer(answer_with(items))


def test_events_belong_to_a_page_a_push_or_an_offer() -> None:
    with pytest.raises(MessageMalformed):
        wire.decode_answer(answer_with({"heads": {}}, b"{}"))
    page = {"area": "a", "base": AT, "next": [1, "0" * 16], "own": AT}
    with pytest.raises(MessageMalformed):
        wire.decode_answer(answer_with({"heads": {}, "page": page}, b"{}"))
    hello = {"device_id": "d", "tips": {}}
    for header in ({"hello": hello}, {"hello": hello, "offer": 2}):
        with pytest.raises(MessageMalformed):
            wire.decode_request(frame.pack(canonical(header), [b"{}"]))


def test_nobody_can_tell_without_end() -> None:
    many = {"next": AT, "findings": [["id", "name", "missing"]] * (MAX_FINDINGS + 1)}
    with pytest.raises(MessageTooLarge):
        wire.decode_answer(answer_with({"heads": {}, "feedback": many}))


def test_nobody_can_ask_without_end() -> None:
    many = wire.Request(HELLO, None, Pull({str(number): START for number in range(MAX_AREAS + 1)}))
    long = wire.Request(HELLO, None, Pull(probes={"a": tuple(range(MAX_PROBES + 1))}))
    for request in (many, long):
        with pytest.raises(MessageTooLarge):
            wire.decode_request(wire.encode_request(request))
