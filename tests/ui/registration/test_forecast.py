"""What is next stands beside what was given, each line with its 为什么."""

from datetime import date, timedelta

import pytest
from pytestqt.qtbot import QtBot

from app.ui.kit.table import RecordTable
from app.ui.kit.timeline import DoseState, Timeline
from app.ui.registration.history import History
from app.ui.texts.forecast import given_words, next_why, parents_why
from app.ui.texts.reasons import names_in
from app.workflows.forecast import forecast_of, packs_in_use
from tests.ui.kit.screen_rules import faults, outside
from tests.ui.registration.people import child, number_of, register, somebody
from tests.ui.registration.rig import LARGE, SMALL, DeskRig


def history(rig: DeskRig) -> History:
    return rig.registration.person.history


def shown(rig: DeskRig) -> list[str]:
    return [card.accessibleName() for card in history(rig).forecast.cards if card.isVisible()]


def show_child(rig: DeskRig, days: int) -> date:
    """Show a child of so many days; returns the birth date."""
    born = rig.site.desk.today() - timedelta(days)
    baby = register(rig.site, child(born=born))
    rig.scan(baby.document_number)
    return born


def test_a_newborn_is_shown_what_may_be_given_today_and_why(rig: DeskRig) -> None:
    show_child(rig, 1)
    first = shown(rig)[0]
    assert first.startswith("乙肝疫苗 第 1 剂 今天可种")
    assert "2021 版·未核实" in first
    (line,) = history(rig).findChildren(Timeline)
    assert line.accessibleName().startswith("乙肝 1 今天；卡介苗 1 今天；脊灰 1 ")


def test_what_is_late_comes_first_and_is_marked_on_the_line(rig: DeskRig) -> None:
    show_child(rig, 500)
    assert "补种" in shown(rig)[0]
    (line,) = history(rig).findChildren(Timeline)
    assert line.accessibleName().startswith("乙肝 1 逾期；")
    assert [one.state for one in line._doses][:2] == [DoseState.LATE, DoseState.LATE]
    assert "今天" in line.accessibleName(), "what is due is not late"


def test_a_grown_up_has_no_card_for_the_childrens_programme(rig: DeskRig) -> None:
    known = register(rig.site, somebody())
    rig.scan(number_of())
    assert known.birth_on.year < 2000
    assert shown(rig) == []


@pytest.mark.usefixtures("dressed")
def test_the_forecast_fits_and_says_what_it_has_no_room_for(rig: DeskRig) -> None:
    for days in (1, 100, 800, 3000):
        show_child(rig, days)
        for size in (LARGE, SMALL):
            rig.resize(size)
            assert shown(rig), days
            assert history(rig).switch.isVisible()
            assert faults(rig.registration) == {}, days
            assert outside(rig.registration) == []


def test_the_slip_tells_parents_what_was_given_and_why_without_the_numbers_of_sentences(rig: DeskRig) -> None:
    born = rig.site.desk.today() - timedelta(days=500)
    baby = register(rig.site, child(born=born))
    rig.site.vaccinated(baby, "HEPB-10", 0)
    told = forecast_of(rig.site.desk.read(), baby, rig.site.desk.today())
    assert given_words(told.doses) == {"乙肝": f"1 剂，末次 {rig.site.desk.today()}"}
    names = names_in(packs_in_use())
    asked = next(one for one in told.next_doses if one.vaccine_code == "BCG")
    assert "【" in next_why(asked, names)
    whys = [parents_why(one, names) for one in told.next_doses]
    assert all(why and "【" not in why for why in whys)


def test_all_that_is_to_come_stands_in_the_table_with_its_reason(rig: DeskRig) -> None:
    show_child(rig, 1)
    rig.press("Alt+3")
    (table,) = rig.registration.findChildren(RecordTable)
    row = table.paged.row_at(0)
    assert (row[0], row[1], row[2], row[4]) == ("今天", "乙肝疫苗", "第 1 剂", "出生即可种。")


def test_records_and_forecast_change_places_by_a_key(rig: DeskRig) -> None:
    baby = register(rig.site, child(born=rig.site.desk.today() - timedelta(days=200)))
    rig.site.vaccinated(baby, "HEPB-10", 0)
    rig.scan(baby.document_number)
    assert history(rig).forecast.isVisible()
    rig.press("Alt+3")
    assert not history(rig).forecast.isVisible()
    rig.press("Alt+3")
    assert history(rig).forecast.isVisible()


def test_the_slip_with_the_next_appointment_is_printed_by_a_key(rig: DeskRig, qtbot: QtBot) -> None:
    show_child(rig, 40)
    rig.press("Alt+3")
    with qtbot.waitSignal(rig.bench.delivered):
        rig.press("Alt+4")
