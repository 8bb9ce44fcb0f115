"""A visit's state follows from what happened, row by row as docs/states.md says."""

import pytest

from app.domain.screening import Decision
from app.domain.visit import ENDED, VisitFacts, VisitState, visit_state
from tests.domain.state_tables import Row, expanded, is_complete, table

YES_NO = {"yes": True, "no": False}
CONSENT = {"not asked": None, "declined": False, "agreed": True}
DECISIONS = {
    "none": None,
    "proceed": Decision.PROCEED,
    "defer": Decision.DEFER,
    "do_not": Decision.DO_NOT,
}
VALUES = {
    "vaccinated": list(YES_NO),
    "ended": list(YES_NO),
    "before the time": list(YES_NO),
    "cancelled": list(YES_NO),
    "more": list(YES_NO),
    "decision": list(DECISIONS),
    "consent": list(CONSENT),
    "called": list(YES_NO),
}
TABLE = table("Visit")


def facts_of(row: Row) -> VisitFacts:
    return VisitFacts(
        cancelled=YES_NO[row["cancelled"]],
        decision=DECISIONS[row["decision"]],
        consented=CONSENT[row["consent"]],
        called=YES_NO[row["called"]],
        vaccinated=YES_NO[row["vaccinated"]],
        more=YES_NO[row["more"]],
        ended=YES_NO[row["ended"]],
        ended_early=YES_NO[row["before the time"]],
    )


@pytest.mark.parametrize("row", TABLE, ids=lambda row: row["state"])
def test_every_row_of_the_table_gives_its_state(row: Row) -> None:
    """REG-1, OBS-1: the state of a visit is computed, never typed in."""
    for case in expanded([row], VALUES):
        assert visit_state(facts_of(case)) == row["state"], case


def test_the_table_covers_every_combination_exactly_once() -> None:
    assert is_complete(TABLE, VALUES)


def test_every_state_has_a_row() -> None:
    assert {row["state"] for row in TABLE} == set(VisitState)


def test_nothing_but_a_release_or_leaving_ends_a_visit_with_a_dose() -> None:
    """Domain.md §1.6: leaving early is never silently complete."""
    after_a_dose = {row["state"] for row in TABLE if row["vaccinated"] == "yes"}
    assert after_a_dose & ENDED == {VisitState.RELEASED, VisitState.LEFT_EARLY}
