"""Every refusal of the observation area has its sentence: what happened, what is safe, what to do."""

from datetime import UTC, datetime

import pytest

from app.domain import observation as domain
from app.domain.observation import Look
from app.domain.refusals import Refusal
from app.ui.texts import sentence_of
from app.workflows import observation as workflow

AT = datetime(2026, 11, 23, 1, 42, tzinfo=UTC)
REFUSALS: list[Refusal] = [
    domain.StillObserving(AT, 6),
    domain.NotLookedAt((Look.FEELS_WELL, Look.SITE_NORMAL)),
    domain.AlreadyEnded(AT),
    domain.AlarmOpen(AT),
    domain.ClockInDoubt(AT, AT.replace(hour=3)),
    domain.TimeUnreadable("九点"),
    workflow.NotObserved("A017"),
    workflow.EarlyReasonMissing(),
    workflow.NoAlarm(),
    workflow.NoReaction(),
    workflow.NotEnded(),
    workflow.MoreToCome("A017"),
]


@pytest.mark.parametrize("refusal", REFUSALS, ids=lambda refusal: type(refusal).__name__)
def test_a_refusal_is_said_in_three_short_chinese_sentences(refusal: Refusal) -> None:
    """Ux.md rule 17."""
    said = sentence_of(refusal)
    for part in (said.happened, said.safe, said.todo):
        assert part.endswith("。")
        assert 5 <= len(part) <= 60
        assert "datetime" not in part
    assert any(word in said.todo for word in ("请", "不用"))


def test_the_list_above_is_complete() -> None:
    defined = {
        kind
        for module in (domain, workflow)
        for kind in vars(module).values()
        if isinstance(kind, type) and issubclass(kind, Refusal) and kind.__module__ == module.__name__
    }
    assert defined == {type(refusal) for refusal in REFUSALS}
