"""What the wall board says: order, pages, states, and nothing that is nobody's business."""

from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.observation import Observation, ObservationState, alarm_minutes, minutes_left, state_of
from app.domain.visit import VisitState
from app.storage.observations import Seat
from app.ui.kit.ring import RingState
from app.ui.observation.hall_watch import Watched
from app.ui.wallboard.face import TURN_EVERY_S, WallFace, wall_face

START = datetime(2026, 3, 14, 1, 54, tzinfo=UTC)
NOW = START + timedelta(minutes=30)


def person(
    number: int, minutes: int, *, alarm: bool = False, name: str = "陈晓芳", early: bool = False
) -> Watched:
    """Return somebody with so many minutes left (negative: over)."""
    due_at = NOW + timedelta(minutes=minutes)
    observation = Observation(
        f"e{number}",
        due_at - timedelta(minutes=30),
        due_at,
        ended_at=NOW if early else None,
        ended_early=early,
        alarm_at=NOW - timedelta(minutes=3) if alarm else None,
    )
    seat = Seat(
        observation, f"A{number:03d}", "p-1001011990", name, "2", "1968-05-04", (("四价流感疫苗", 1),),
        VisitState.OBSERVING, "头晕", "", 1, 0,
    )  # fmt: skip
    state = state_of(observation, NOW)
    shown = alarm_minutes(observation, NOW) if alarm else minutes_left(observation, NOW)
    return Watched(seat, state, shown)


def face(people: list[Watched], running_s: float = 0.0) -> WallFace:
    return wall_face(people, NOW, running_s, 30)


def test_each_state_has_its_own_words_shape_and_place() -> None:
    """Ux.md rules 11 and 19."""
    shown = face([person(31, 20, alarm=True), person(18, -6), person(19, 0), person(21, 3)])
    assert [[row.ticket for row in band] for band in shown.bands] == [["A031"]]
    assert [(row.ticket, row.words, row.face.state) for row in shown.rows] == [
        ("A018", "已超 6 分钟", RingState.OVERDUE),
        ("A019", "时间到 可离开", RingState.DUE),
        ("A021", "还有 3 分钟", RingState.RUNNING),
    ]
    assert [row.leaving for row in shown.rows] == ["10:18", "10:24", "10:27"]
    assert (shown.day, shown.clock, shown.sitting) == ("3月14日 周六", "10:24", 4)


def test_who_left_early_is_not_on_the_wall() -> None:
    shown = face([person(1, 12, early=True), person(2, 12)])
    assert [row.ticket for row in shown.rows] == ["A002"]
    assert shown.sitting == 1


def test_the_wall_says_nothing_about_vaccine_age_or_identity() -> None:
    """PAPER.md §11: no vaccine, no age, no ID; names masked."""
    said = str(asdict(face([person(1, 12), person(2, 20, alarm=True), person(3, -7)])))
    for secret in ("流感", "1968", "58", "1001011990", "陈晓芳", "头晕", "女"):
        assert secret not in said
    assert "陈*芳" in said


def test_eight_people_and_the_alarm_stand_on_one_page_ten_without_it() -> None:
    ten = [person(number, number) for number in range(1, 11)]
    assert face(ten).pages == 1
    assert face([person(99, 5, alarm=True), *ten[:8]]).pages == 1
    assert face([person(99, 5, alarm=True), *ten]).pages == 2


def test_pages_turn_every_twelve_seconds_of_the_running_clock() -> None:
    people = [person(number, number) for number in range(1, 25)]
    pages = [face(people, second).page for second in (0, 11.9, 12, 24, 36)]
    assert pages == [0, 0, 1, 2, 0]
    assert TURN_EVERY_S == 12
    tickets = [row.ticket for turn in range(3) for row in face(people, turn * 12).rows]
    assert tickets == [f"A{number:03d}" for number in range(1, 25)]


def test_a_page_that_turns_says_so_and_one_that_does_not_says_nothing() -> None:
    assert face([person(1, 5)]).pages == 1
    assert face([person(number, number) for number in range(1, 25)]).pages == 3


def test_many_alarms_share_one_band() -> None:
    alarmed = [person(number, number, alarm=True) for number in range(1, 4)]
    assert [len(band) for band in face(alarmed[:2]).bands] == [1, 1]
    assert [len(band) for band in face(alarmed).bands] == [3]


@pytest.mark.parametrize(("over", "number"), [(6, "+6"), (12, "12"), (240, "99")])
def test_the_figure_in_the_diamond_has_room_and_the_words_tell_the_whole(over: int, number: str) -> None:
    (row,) = face([person(1, -over)]).rows
    assert (row.face.number, row.words) == (number, f"已超 {over} 分钟")


crowds = st.lists(st.tuples(st.integers(-40, 30), st.booleans()), max_size=60).map(
    lambda drawn: sorted(
        (
            person(number, minutes, alarm=alarm and number % 9 == 0)
            for number, (minutes, alarm) in enumerate(drawn)
        ),
        key=lambda one: (one.state is not ObservationState.ALARM, one.seat.observation.due_at),
    )
)


@given(crowds)
def test_the_alarm_and_the_overdue_stand_on_every_page_and_everybody_on_one(people: list[Watched]) -> None:
    """Nothing important is ever turned away."""
    pages = [face(people, turn * TURN_EVERY_S) for turn in range(face(people).pages)]
    shown = {row.ticket for page in pages for row in page.rows}
    shown |= {row.ticket for row in (row for band in pages[0].bands for row in band)}
    assert shown == {one.seat.ticket_number for one in people}
    over = [one.seat.ticket_number for one in people if one.state is ObservationState.OVERDUE]
    for page in pages:
        assert page.bands == pages[0].bands
        tickets = [row.ticket for row in page.rows]
        assert len(tickets) <= 2 * page.row_places
        if len(over) <= 2 * page.row_places - 2:
            assert tickets[: len(over)] == over


@given(crowds)
def test_rows_are_read_in_leaving_order(people: list[Watched]) -> None:
    due = {one.seat.ticket_number: one.seat.observation.due_at for one in people}
    shown = face(people)
    times = [due[row.ticket] for row in shown.rows]
    assert times == sorted(times)


def test_names_of_any_length_are_masked_to_three_characters() -> None:
    long = replace(person(1, 5), seat=replace(person(1, 5).seat, patient_name="迪丽热巴·阿卜杜热合曼"))
    assert face([long]).rows[0].name == "迪*曼"
