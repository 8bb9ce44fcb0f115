"""Nothing cut, small, nameless or overlapping in any step, at both sizes, with long names (rules 21-25)."""

from datetime import timedelta

import pytest

from app.domain.people import Patient
from app.workflows import needle
from tests.factories import DOCTOR, NURSE
from tests.ui.kit.screen_rules import cut_texts, outside
from tests.ui.registration.people import LONG_NAME, child, somebody
from tests.ui.registration.rig import DeskRig
from tests.ui.screening.steps import ALL_NO, SIGNED, begin, come, examination, product_key, woman

pytestmark = pytest.mark.usefixtures("dressed")


def long_named(rig: DeskRig) -> Patient:
    return child(LONG_NAME, born=rig.site.desk.today() - timedelta(days=500))


def test_every_step_from_the_waiting_line_to_the_answer(rig: DeskRig) -> None:
    rig.fits("Esc")
    visit = come(rig, woman())
    rig.fits()
    rig.scan_ticket(visit)
    rig.fits()
    rig.fits(*ALL_NO)
    rig.fits("Alt+2", "Alt+7")
    rig.fits("Alt+3")
    rig.press("Alt+1")
    rig.fits(product_key(rig, "FLU4-1"), scrolls=True)
    rig.fits(*SIGNED, "Enter")
    assert rig.screening.consent.isVisible()
    rig.fits("Alt+2")


def test_every_step_of_a_child_with_a_long_name(rig: DeskRig) -> None:
    begin(rig, long_named(rig))
    rig.fits()
    rig.press(*ALL_NO[: len(examination(rig).draft.unanswered())], "Alt+1")
    rig.fits(product_key(rig, "MMR-1"), *SIGNED, "Enter")
    assert rig.screening.consent.isVisible()


def test_a_line_of_many(rig: DeskRig) -> None:
    for number in range(12):
        come(rig, somebody(LONG_NAME if number % 2 else "李雨", sequence=101 + 2 * number))
    rig.fits(scrolls=True)


def test_a_yes_with_its_note(rig: DeskRig) -> None:
    begin(rig, woman())
    rig.press("Down", "Down", "Down", "Down", "Down", "Down", "1")
    rig.type("哮喘，用药控制稳定，近三个月没有发作，随身带药")
    rig.fits("Enter")


def test_a_plan_beside_what_else_may_be_given(rig: DeskRig) -> None:
    begin(rig, child(born=rig.site.desk.today() - timedelta(days=800)))
    rig.press(*ALL_NO[: len(examination(rig).draft.unanswered())], "Alt+1")
    rig.fits(product_key(rig, "RAB-1"), scrolls=True)


def test_somebody_sent_back(rig: DeskRig) -> None:
    rig.site.as_user(NURSE)
    visit = rig.site.at_needle(rig.site.patient())
    rig.site.desk.do(needle.return_visit, visit.encounter_id, "doctor", "接种前又说昨晚发热 38.2 ℃")
    rig.site.as_user(DOCTOR)
    rig.settle()
    rig.fits()


def test_the_questions_stay_in_view_under_the_practice_banner(rig: DeskRig) -> None:
    """1280x720 less the banner of the practice site: rows give way, none is lost."""
    rig.resize((1280, 684))
    begin(rig, woman())
    assert rig.shell.height() == 684
    assert outside(rig.screening) == []
    assert cut_texts(rig.screening) == []
