"""What the wall board says at one moment: a plain value, so nothing is painted while it stays the same."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from app.domain.clock import CHINA
from app.domain.observation import ObservationState
from app.ui.kit.ring import RingFace
from app.ui.observation.faces import masked, ring_face
from app.ui.observation.hall_watch import Watched
from app.ui.texts.words import local_time

TURN_EVERY_S = 12
ROWS_ALONE, ROWS_UNDER_BAND, ROWS_UNDER_TWO = 5, 4, 3
"""Rows of two people: without an alarm, under one band, under two."""
BANDS = 2
"""More alarms than this share one band."""
MOST_OVER = 99
_WEEKDAYS = "一二三四五六日"


@dataclass(frozen=True)
class WallRow:
    """One person: number, masked name, state in words and shape, and when they may leave. No more."""

    ticket: str
    name: str
    words: str
    leaving: str
    face: RingFace


@dataclass(frozen=True)
class WallFace:
    """Everything the board shows, in the order it is read."""

    sitting: int
    day: str
    clock: str
    bands: tuple[tuple[WallRow, ...], ...]
    """Who needs the doctor; a band with several people names their tickets alone."""
    rows: tuple[WallRow, ...]
    page: int
    pages: int
    row_places: int
    """How many rows of two the screen has room for."""
    foot: str


def wall_face(people: Sequence[Watched], now: datetime, running_s: float, minutes: int) -> WallFace:
    """Return the board for ``people`` in leaving order; ``running_s`` of a steady clock turn its pages.

    Whoever needs the doctor and whoever is over the time stands on every page; who left early on none.
    """
    alarmed = [wall_row(person) for person in people if person.state is ObservationState.ALARM]
    bands = tuple((row,) for row in alarmed) if len(alarmed) <= BANDS else (tuple(alarmed),)
    places = (ROWS_ALONE, ROWS_UNDER_BAND, ROWS_UNDER_TWO)[len(bands)]
    seated = [person for person in people if person.state not in _ELSEWHERE]
    shown, page, pages = _page(seated, places * 2, int(running_s // TURN_EVERY_S))
    local = now.astimezone(CHINA)
    return WallFace(
        sitting=len(seated) + len(alarmed),
        day=f"{local.month}月{local.day}日 周{_WEEKDAYS[local.weekday()]}",
        clock=f"{local:%H:%M}",
        bands=bands,
        rows=tuple(wall_row(person) for person in shown),
        page=page,
        pages=pages,
        row_places=places,
        foot=f"请坐满 {minutes} 分钟；时间到，到出口核对后离开。不舒服，马上举手。",
    )


_ELSEWHERE = (ObservationState.ALARM, ObservationState.LEFT_EARLY, ObservationState.RELEASED)


def _page(seated: Sequence[Watched], places: int, turn: int) -> tuple[Sequence[Watched], int, int]:
    if len(seated) <= places:
        return seated, 0, 1
    over = sum(person.state is ObservationState.OVERDUE for person in seated)
    pinned = min(over, places - 2)
    size = places - pinned
    pages = -(-(len(seated) - pinned) // size)
    first = pinned + (turn % pages) * size
    return [*seated[:pinned], *seated[first : first + size]], turn % pages, pages


def wall_row(person: Watched) -> WallRow:
    """Return the row of one person."""
    face = ring_face(person)
    if person.state is ObservationState.OVERDUE:
        over = min(-person.minutes, MOST_OVER)
        # The diamond has room for two characters of 54 px.
        number = f"+{over}" if over < 10 else str(over)
        words, face = f"已超 {-person.minutes} 分钟", RingFace(face.state, number, "")
    elif person.state is ObservationState.DUE:
        words = "时间到 可离开"
    else:
        words = f"还有 {person.minutes} 分钟"
    seat = person.seat
    return WallRow(
        seat.ticket_number, masked(seat.patient_name), words, local_time(seat.observation.due_at), face
    )
