"""What a device without a line asks of its centre: what lies beyond here, and the next certificate."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from app.domain.feed import START, FeedPosition
from app.domain.journal import Json
from app.sync.enrolment import der_of, der_text
from app.sync.fields import Fields, as_items, as_text
from app.sync.frame import MessageTooLarge
from app.sync.pages import MAX_AREAS, position_items, read_position

MAX_MARKS = 64
"""Of one area: at distances that double, enough for any."""


@dataclass(frozen=True)
class Question:
    """How far a device holds what the centre has for it."""

    held: Mapping[str, tuple[FeedPosition, ...]] = field(default_factory=dict)
    """By area: where its copy ends, then ends of pages further and further back, for a centre whose own
    differs to find where the two still agree."""
    heard: FeedPosition = START
    """How far it has heard what the centre found in its events."""
    csr: bytes = b""
    """PKCS#10, DER: it is time for the next certificate."""


def question_items(question: Question) -> Json:
    """Return a question as it travels."""
    items: Json = {
        "held": {area: list(map(position_items, marks)) for area, marks in question.held.items()},
        "heard": position_items(question.heard),
    }
    if question.csr:
        items["csr"] = der_text(question.csr)
    return items


def read_question(fields: Fields) -> Question:
    """Return the question that ``question_items`` wrote; raises MessageMalformed or MessageTooLarge."""
    held = fields.child("held").raw
    if len(held) > MAX_AREAS:
        raise MessageTooLarge("held", MAX_AREAS)
    return Question(
        {as_text(area, "held"): _read_marks(marks) for area, marks in held.items()},
        read_position(fields.value("heard"), "heard"),
        der_of(fields.value("csr"), "csr") if "csr" in fields.raw else b"",
    )


def _read_marks(raw: object) -> tuple[FeedPosition, ...]:
    marks = as_items(raw, "held", tuple(range(1, MAX_MARKS + 1)))
    return tuple(read_position(mark, "held") for mark in marks)
