"""The clock at the observation station: a jump asks a person, meanwhile people sit by the running time."""

from datetime import timedelta

import pytest
from pytestqt.qtbot import QtBot

from app.domain.observation import ClockInDoubt
from app.domain.visit import VisitState
from app.storage import observations
from app.ui.kit.text import Text
from app.ui.texts import sentence_of
from tests.factories import SmallSite
from tests.ui.observation.rig import ObservationRig

TWO_HOURS = timedelta(hours=2)


def bar_words(rig: ObservationRig) -> str:
    return rig.page.clock_bar.accessibleName() if rig.page.clock_bar.isVisible() else ""


def number(rig: ObservationRig, place: int = 0) -> str:
    return rig.page.grid.cards[place].observed.face.number


@pytest.mark.parametrize("by", [TWO_HOURS, -TWO_HOURS])
def test_a_jump_is_said_at_once_with_both_times_and_the_rings_do_not_move(
    rig: ObservationRig, by: timedelta
) -> None:
    """Ux.md rule 20."""
    rig.seat(minutes_ago=9)
    rig.jump(by)
    wrong = "11:09" if by > timedelta() else "07:09"
    assert bar_words(rig) == f"电脑时间变了 2 小时：应为 09:09，现在显示 {wrong}；请核对手机时间"
    assert number(rig) == "21"
    rig.go(minutes=4)
    assert number(rig) == "17"
    assert "应为 09:13" in bar_words(rig), "both times run on"


def test_nobody_is_released_before_the_time_is_confirmed(rig: ObservationRig) -> None:
    encounter_id = rig.seat(minutes_ago=30)
    rig.jump(TWO_HOURS)
    rig.press("1", "2", "Enter")
    (refusal,) = rig.refusals
    assert isinstance(refusal, ClockInDoubt)
    assert "应为 09:30" in sentence_of(refusal).happened
    assert rig.state(encounter_id) is VisitState.OBSERVING


def test_alt_1_confirms_the_time_and_everybody_sits_on_without_losing_a_minute(rig: ObservationRig) -> None:
    encounter_id = rig.seat(minutes_ago=9)
    rig.jump(TWO_HOURS)
    rig.press("Alt+1")
    assert bar_words(rig) == ""
    assert number(rig) == "21"
    rig.go(minutes=21)
    rig.press("1", "2", "Enter")
    assert rig.state(encounter_id) is VisitState.RELEASED


def test_alt_2_says_where_to_change_it_and_the_right_time_ends_the_question(rig: ObservationRig) -> None:
    rig.seat(minutes_ago=9)
    rig.jump(-TWO_HOURS)
    rig.press("Alt+2")
    assert any("日期和时间" in text for text in texts_of(rig)), "where to change it"
    assert bar_words(rig) != ""
    rig.jump(TWO_HOURS)
    assert bar_words(rig) == ""
    assert number(rig) == "21"
    assert rig.events("clock.confirmed") == []


def texts_of(rig: ObservationRig) -> list[str]:
    return [text.text() for text in rig.page.clock_bar.findChildren(Text)]


def test_half_a_minute_is_forgiven(rig: ObservationRig) -> None:
    rig.seat()
    rig.jump(timedelta(seconds=25))
    assert bar_words(rig) == ""


def test_a_doubt_is_still_there_after_the_program_was_killed(
    rig: ObservationRig, qtbot: QtBot, small_site: SmallSite
) -> None:
    rig.seat(minutes_ago=9)
    rig.jump(TWO_HOURS)
    fresh = ObservationRig(small_site, qtbot)
    assert bar_words(fresh).startswith("电脑时间变了 2 小时")
    assert number(fresh) == "21"
    fresh.close()


def test_a_clock_set_back_while_the_machine_was_off_is_noticed_at_the_next_start(
    rig: ObservationRig, qtbot: QtBot, small_site: SmallSite
) -> None:
    """Domain.md §1.6."""
    rig.seat(minutes_ago=9)
    rig.close()
    small_site.clock.reboot()
    small_site.clock.jump(timedelta(hours=-8))
    fresh = ObservationRig(small_site, qtbot)
    assert bar_words(fresh).startswith("电脑时间变了 8 小时")
    assert number(fresh) == "21"
    fresh.press("Alt+1")
    assert number(fresh) == "21"
    fresh.close()


def test_the_clock_is_marked_once_a_minute_and_not_every_second(rig: ObservationRig) -> None:
    """A write a second would wear the disk and wake every screen."""
    marks = set()
    for _ in range(180):
        rig.site.clock.go(1)
        rig.bench.tick()
        rig.site.store.write(lambda transaction: None)
        known = observations.known_clock(rig.site.desk.read())
        assert known is not None
        marks.add(known.trusted.at)
    assert len(marks) == 4


def test_a_dose_given_while_the_clock_is_wrong_has_its_full_ring(rig: ObservationRig) -> None:
    rig.jump(-TWO_HOURS)
    rig.seat()
    rig.tick()
    assert number(rig) == "30"
    rig.jump(TWO_HOURS)
    assert number(rig) == "30"
    rig.go(minutes=11)
    assert number(rig) == "19"


def test_who_left_early_stays_on_the_board_over_a_jump(rig: ObservationRig) -> None:
    rig.seat(minutes_ago=9)
    rig.press("F12", "1", "Enter")
    rig.jump(TWO_HOURS)
    assert rig.tickets == ["A001"]
