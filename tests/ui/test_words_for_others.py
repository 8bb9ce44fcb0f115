"""A paper that leaves the site for a kindergarten names no special condition of a child (SEC-5)."""

import pytest

from app.domain.schedule.answers import Reason
from app.ui.texts.entry_check import outside_why
from app.ui.texts.reasons import reason_sentence

NAMES = {"hiv_exposed": "HIV 感染母亲所生"}
SUB_STANDARD = Reason("sub_standard", {"condition": "expired"})


@pytest.mark.parametrize(
    "reason",
    [
        Reason("contraindicated", {"observations": ("hiv_exposed",)}),
        Reason("immune", {"observation": "hiv_exposed"}),
    ],
)
def test_a_reason_by_a_condition_is_the_doctors(reason: Reason) -> None:
    assert outside_why((reason,), NAMES) == "另由医生判断。"


def test_other_reasons_stand_beside_it() -> None:
    told = outside_why((SUB_STANDARD, Reason("immune", {"observation": "hiv_exposed"})), NAMES)
    assert told == reason_sentence(SUB_STANDARD, NAMES) + "另由医生判断。"
