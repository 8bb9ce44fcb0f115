"""The board: order, counts, pages, selection by keys; the urgent are always in sight, and nothing is cut."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QCoreApplication, QEvent, QObject, QSize
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app.domain.observation import Observation, ObservationState
from app.domain.visit import VisitState
from app.storage.observations import Seat
from app.ui.kit.observation_card import ObservationCard
from app.ui.kit.ring import RingState
from app.ui.kit.text import Text
from app.ui.kit.theme import dress_window
from app.ui.observation.faces import masked, observed
from app.ui.observation.hall_watch import Watched
from app.ui.observation.release_panel import ReleasePanel
from app.ui.observation.seat_grid import LEAST_HEIGHT, LEAST_WIDTH, page_of, page_with, places_in
from app.ui.texts.observation import span_words
from tests.ui.kit.screen_rules import cut_texts, faults
from tests.ui.looking import look_at
from tests.ui.observation.rig import ObservationRig

START = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
DUE = START + timedelta(minutes=30)
SEAT = Seat(
    Observation("e", START, DUE),
    "A001",
    "p",
    "陈晓芳",
    "2",
    "1968-05-04",
    (("四价流感疫苗", 1),),
    VisitState.OBSERVING,
    "",
    "",
    1,
    0,
)


def watched(
    number: int = 1,
    state: ObservationState = ObservationState.OBSERVING,
    minutes: int = 10,
    name: str = "陈晓芳",
) -> Watched:
    ended_at = START if state is ObservationState.LEFT_EARLY else None
    observation = Observation(f"e{number}", START, DUE, ended_at)
    seat = replace(SEAT, observation=observation, ticket_number=f"A{number:03d}", patient_name=name)
    return Watched(seat, state, minutes)


def test_the_alarm_comes_first_then_leaving_time_then_who_left_early(rig: ObservationRig) -> None:
    first, second, third, fourth = rig.seat_all(3, 3, 3, 3)
    rig.page.select(fourth)
    rig.press("F11", "Enter")
    rig.page.select(second)
    rig.press("F12", "1", "Enter")
    assert rig.tickets == [rig.visit(one).ticket_number for one in (fourth, first, third, second)]


def test_the_counts_say_how_many_are_in_each_state(rig: ObservationRig) -> None:
    rig.seat(minutes_ago=10)
    rig.seat(minutes_ago=24)
    rig.seat()
    chips = {chip.words for chip in rig.page.head.chips.values() if chip.isVisible()}
    assert chips == {"超时 1", "留观中 2"}
    rig.page.select(rig.selected)
    rig.press("F11", "Enter")
    assert "处置 1" in {chip.words for chip in rig.page.head.chips.values() if chip.isVisible()}


def test_one_person_is_selected_at_once_and_whoever_is_due_before_others(rig: ObservationRig) -> None:
    """Ux.md rule 3."""
    first = rig.seat(minutes_ago=29)
    assert rig.selected == first
    rig.seat(minutes_ago=1)
    assert rig.selected == first


def test_arrows_and_keys_go_over_the_board_and_on_to_the_next_page(rig: ObservationRig) -> None:
    seated = rig.seat_all(*[0] * 14)
    assert rig.page.grid.pages > 1
    before = rig.tickets
    rig.press("PgDn")
    turned = rig.tickets
    assert turned != before
    rig.go(minutes=2)
    assert rig.tickets == turned, "it stays turned while minutes pass"
    rig.press("PgUp")
    assert rig.tickets == before

    rig.page.select(seated[0])
    rig.press("Right", "Down")
    columns = rig.page.grid.places().columns
    assert rig.selected == seated[1 + columns]
    rig.page.select(rig.page.grid._shown.people[-1].encounter_id)
    last = seated.index(rig.selected)
    rig.press("Right")
    assert rig.selected == seated[last + 1]
    assert rig.page.grid.page == 1
    rig.press("Left")
    assert rig.selected == seated[last]
    assert rig.page.grid.page == 0


def test_an_empty_area_says_so_and_how_it_fills(rig: ObservationRig) -> None:
    rig.tick()
    assert rig.selected == ""
    rig.press("Enter", "F11", "F12", "1", "Right", "PgDn", "p", "r")
    assert rig.refusals == []
    words = " ".join(text.text() for text in rig.page.findChildren(Text) if text.isVisible())
    assert "现在没有人在留观" in words
    assert "按 Enter 放行" in words


class Paints(QObject):
    """Counts the paints of a widget."""

    def __init__(self, widget: QWidget) -> None:
        super().__init__(widget)
        self.count = 0
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        self.count += event.type() == QEvent.Type.Paint
        return False


@pytest.mark.usefixtures("dressed")
def test_a_card_is_painted_again_only_when_its_minute_changes(rig: ObservationRig) -> None:
    """Repaints cheap: sixty seconds, one paint."""
    rig.seat(minutes_ago=3)
    rig.seat(minutes_ago=0.5)
    look_at(rig.shell)
    paints = [Paints(card) for card in rig.page.grid.cards]
    for _ in range(60):
        rig.site.clock.go(1)
        rig.bench.tick()
        QCoreApplication.processEvents()
    assert [counter.count for counter in paints] == [1, 1]


def test_a_click_selects_and_gives_the_keyboard_back_to_the_box(rig: ObservationRig) -> None:
    """Ux.md rule 2."""
    rig.seat()
    second = rig.seat()
    rig.page.grid.cards[1].click()
    assert rig.selected == second
    assert rig.page.scan_box.edit.hasFocus()
    assert rig.page.grid.cards[1].isChecked()
    assert not rig.page.grid.cards[0].isChecked()


def test_a_board_shown_while_nobody_is_at_the_front_is_fresh_when_it_comes(rig: ObservationRig) -> None:
    rig.shell.go_to("certificate", None)
    encounter_id = rig.seat(minutes_ago=5)
    rig.shell.go_to("observation", encounter_id)
    assert rig.selected == encounter_id
    assert rig.page.grid.cards[0].observed.face.number == "25"


many = st.lists(
    st.sampled_from([ObservationState.OBSERVING, ObservationState.OVERDUE, ObservationState.ALARM]),
    max_size=80,
).map(
    lambda states: [
        watched(number, state)
        for number, state in enumerate(
            sorted(states, key=lambda s: (s is not ObservationState.ALARM, s is not ObservationState.OVERDUE))
        )
    ]
)


@given(many, st.integers(2, 30))
def test_every_person_stands_on_a_page_and_the_urgent_first_on_each(
    people: list[Watched], places: int
) -> None:
    pages = [page_of(people, places, page) for page in range(page_of(people, places, 0).pages)]
    assert {person for page in pages for person in page.people} == set(people)
    assert all(len(page.people) <= places for page in pages)
    urgent = [person for person in people if person.state is not ObservationState.OBSERVING]
    for page in pages:
        assert list(page.people[: page.pinned]) == urgent[: page.pinned]
        if len(urgent) <= places // 2:
            assert set(urgent) <= set(page.people), "nothing urgent is hidden"
    for person in people:
        page = page_of(people, places, page_with(people, places, person.encounter_id))
        assert person in page.people


@given(st.integers(760, 2400), st.integers(260, 1400), st.integers(0, 80))
def test_cards_are_never_smaller_than_their_words_need(width: int, height: int, people: int) -> None:
    places = places_in(QSize(width, height), people)
    cards = [places.rect(place, QSize(width, height)) for place in range(places.total)]
    assert all(card.width() >= LEAST_WIDTH and card.height() >= LEAST_HEIGHT for card in cards)
    assert all(card.left() >= 0 and card.right() < width and card.bottom() < height for card in cards)


def test_who_is_urgent_beyond_the_page_is_named_above_it(rig: ObservationRig) -> None:
    """Nothing important is hidden, however many sit there."""
    people = [watched(number, ObservationState.OVERDUE, -number) for number in range(1, 31)]
    rig.page.grid.show_people(people, "e1")
    hidden = rig.page.grid.hidden_urgent
    rig.page.head.show_hidden(hidden)
    named = rig.page.head.hidden.words
    assert hidden
    assert hidden[0].seat.ticket_number in named
    assert f"等 {len(hidden)} 人" in named


@pytest.mark.parametrize(
    ("state", "minutes", "ring", "number", "words"),
    [
        (ObservationState.OBSERVING, 6, RingState.RUNNING, "6", "留观中"),
        (ObservationState.DUE, 0, RingState.DUE, "0", "可查看放行"),
        (ObservationState.OVERDUE, -4, RingState.OVERDUE, "+4", "超时，未放行"),
        (ObservationState.ALARM, 2, RingState.ALARM, "2", "反应处置中"),
        (ObservationState.LEFT_EARLY, 12, RingState.EARLY, "12", "提前离开"),
    ],
)
def test_each_state_has_its_own_shape_number_and_words(
    state: ObservationState, minutes: int, ring: RingState, number: str, words: str
) -> None:
    """Ux.md rule 11: never colour alone."""
    face = observed(watched(1, state, minutes))
    assert (face.face.state, face.face.number, face.words) == (ring, number, words)
    assert "09:00" in face.person or state is ObservationState.LEFT_EARLY


@pytest.mark.parametrize(
    ("name", "shown"),
    [("李明", "李*"), ("陈晓芳", "陈*芳"), ("迪丽热巴·阿卜杜热合曼", "迪*曼"), ("Li", "L*")],
)
def test_names_on_cards_are_masked_and_short(name: str, shown: str) -> None:
    assert masked(name) == shown


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(45, "45 秒"), (-600, "10 分钟"), (3600, "1 小时"), (3900, "1 小时 5 分"), (86400 * 3, "3 天")],
)
def test_a_jump_is_said_in_round_words(seconds: int, words: str) -> None:
    assert span_words(timedelta(seconds=seconds)) == words


LONG = "亚历山德拉维多利亚伊丽莎白玛格丽特凯瑟琳安娜索菲亚"


@pytest.mark.parametrize(
    "name", [LONG, "Maximiliana Alexandra Fürstenberg-Hohenzollern", "迪丽热巴·阿卜杜热合曼"]
)
@pytest.mark.parametrize("state", list(ObservationState)[:4])
def test_a_long_name_is_shown_whole_in_the_panel(qtbot: QtBot, name: str, state: ObservationState) -> None:
    page = QWidget()
    panel = ReleasePanel(page)
    qtbot.addWidget(page)
    dress_window(panel)
    qtbot.addWidget(panel)
    panel.resize(304, 433)
    panel.show_person(watched(1, state, 5, name), date(2026, 11, 23))
    panel.show()
    QCoreApplication.processEvents()
    assert panel.name.text == name
    assert panel.name.toolTip() == "", "nothing is cut"
    assert cut_texts(panel) == []


def test_a_long_name_stands_whole_on_a_small_card(qtbot: QtBot) -> None:
    card = ObservationCard(observed(watched(1, ObservationState.OVERDUE, -12, LONG)))
    dress_window(card)
    qtbot.addWidget(card)
    card.resize(LEAST_WIDTH, LEAST_HEIGHT)
    card.show()
    QCoreApplication.processEvents()
    assert card.toolTip() == ""


def fits(rig: ObservationRig, *keys: str, over: Any = None) -> None:
    """Press keys and look at the page, or what stands over it; the lower window is in practice mode."""
    rig.press(*keys)
    if over is not None:
        assert over.isVisible() if isinstance(over, QWidget) else over.is_open, keys
    for size in ((1366, 768), (1280, 684)):
        rig.shell.resize(*size)
        rig.tick()
        assert (rig.shell.width(), rig.shell.height()) == size
        assert faults(rig.page) == {}, keys


@pytest.mark.usefixtures("dressed")
def test_an_empty_hall_and_one_that_somebody_left_early_fit(rig: ObservationRig) -> None:
    """Ux.md rules 21 to 25."""
    fits(rig)
    rig.seat(minutes_ago=6)
    fits(rig, "F12", "1", "Enter")


@pytest.mark.usefixtures("dressed")
def test_nothing_of_a_full_hall_is_cut_nameless_or_too_small(rig: ObservationRig) -> None:
    """Ux.md rules 21 to 25: before, during and after an alarm, and all that stands over the board."""
    reaction = rig.page.reactions
    rig.seat_all(4, 3, 3, 5, 6, 4, 3, 2, 1, 0, 0, 0)
    fits(rig)
    fits(rig, "F11", "3", "Enter", over=reaction.bar)
    fits(rig, "Right", "F11", over=reaction.signs)
    fits(rig, "Esc", "F12", over=rig.page.early_sheet)
    fits(rig, "Esc", "Left", "F10", over=reaction.card)
    fits(rig, "F12", over=reaction.report.sheet)
    rig.press("Esc", "F10")
    assert not reaction.card.isVisible()
    rig.jump(timedelta(hours=2))
    fits(rig)
    rig.jump(-timedelta(hours=2))
    rig.site.as_user("u-zhaoqinghe")
    fits(rig, "F9", "Right", "F11", "Enter", "Left")
    assert len(rig.events("observation.alarm_closed")) == 1


def test_several_doses_of_a_visit_are_one_card(rig: ObservationRig) -> None:
    """OBS-1: one person, one ring; a dose still to come is said in the place of the vaccine."""
    two = replace(SEAT, doses=(("乙肝疫苗", 1), ("四价流感疫苗", 1)))
    assert observed(Watched(two, ObservationState.OBSERVING, 10)).note == "乙肝、四价流感"
    waiting = replace(SEAT, visit_state=VisitState.AT_STATION)
    assert observed(Watched(waiting, ObservationState.OBSERVING, 10)).note == "还有一剂没种"
