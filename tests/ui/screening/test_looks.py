"""Nothing cut, small, nameless or overlapping in any step, at both sizes, with long names (rules 21-25)."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from app.workflows import needle
from tests.factories import DOCTOR, NURSE
from tests.ui.kit.screen_rules import cut_texts, faults, outside
from tests.ui.registration.people import LONG_NAME, child, somebody
from tests.ui.registration.rig import LARGE, SMALL, DeskRig
from tests.ui.screening.steps import ALL_NO, begin, come, examination, product_key, screened, woman

pytestmark = pytest.mark.usefixtures("dressed")

Show = Callable[[DeskRig], None]


def nobody(rig: DeskRig) -> None:
    rig.press("Esc")


def one_waiting(rig: DeskRig) -> None:
    come(rig, woman())


def many_waiting(rig: DeskRig) -> None:
    for number in range(12):
        come(rig, somebody(LONG_NAME if number % 2 else "李雨", sequence=101 + 2 * number))


def first_question(rig: DeskRig) -> None:
    begin(rig, woman())


def long_named_child(rig: DeskRig) -> None:
    begin(rig, child(LONG_NAME, born=rig.site.desk.today() - timedelta(days=500)))


def yes_with_note(rig: DeskRig) -> None:
    begin(rig, woman())
    rig.press("Down", "Down", "Down", "Down", "Down", "Down", "1")
    rig.type("哮喘，用药控制稳定，近三个月没有发作，随身带药")
    rig.press("Enter")


def all_answered(rig: DeskRig) -> None:
    begin(rig, woman())
    rig.press(*ALL_NO)


def planning(rig: DeskRig) -> None:
    all_answered(rig)
    rig.press("Alt+1", product_key(rig, "FLU4-1"))


def planning_several(rig: DeskRig) -> None:
    begin(rig, child(born=rig.site.desk.today() - timedelta(days=800)))
    rig.press(*ALL_NO[: len(examination(rig).draft.unanswered())], "Alt+1")
    rig.press(product_key(rig, "RAB-1"))


def deferring(rig: DeskRig) -> None:
    all_answered(rig)
    rig.press("Alt+2", "Alt+7")


def advising_against(rig: DeskRig) -> None:
    all_answered(rig)
    rig.press("Alt+3")


def telling(rig: DeskRig) -> None:
    screened(rig, woman())


def telling_a_long_name(rig: DeskRig) -> None:
    screened(rig, child(LONG_NAME, born=rig.site.desk.today() - timedelta(days=500)), "MMR-1")


def declining(rig: DeskRig) -> None:
    screened(rig, woman())
    rig.press("Alt+2")


def sent_back(rig: DeskRig) -> None:
    rig.site.as_user(NURSE)
    visit = rig.site.at_needle(rig.site.patient())
    rig.site.desk.do(needle.return_visit, visit.encounter_id, "doctor", "接种前又说昨晚发热 38.2 ℃")
    rig.site.as_user(DOCTOR)
    rig.settle()


STATES = (
    nobody, one_waiting, many_waiting, first_question, long_named_child, yes_with_note, all_answered,
    planning, planning_several, deferring, advising_against, telling, telling_a_long_name, declining,
    sent_back,
)  # fmt: skip
SCROLLING = (many_waiting, planning, planning_several)
"""Lists that go on below their edge: what lies there overlaps what stands under the list."""


@pytest.mark.parametrize("show", STATES)
def test_every_step_fits(rig: DeskRig, show: Show) -> None:
    show(rig)
    for size in (LARGE, SMALL):
        rig.resize(size)
        assert (rig.shell.width(), rig.shell.height()) == size
        assert faults(rig.screening, scrolls=show in SCROLLING) == {}


def test_the_questions_stay_in_view_under_the_practice_banner(rig: DeskRig) -> None:
    """1280x720 less the banner of the practice site: rows give way, none is lost."""
    rig.resize((1280, 684))
    first_question(rig)
    assert rig.shell.height() == 684
    assert outside(rig.screening) == []
    assert cut_texts(rig.screening) == []
