"""A month from the 31st, in every rule that counts one: by the pack's own arithmetic (decision 14)."""

from typing import Any

import pytest

from app.domain.schedule.pack import Pack
from tests.domain.schedule.little_packs import antigen, ask, dose, line, pack, series, statuses, vaccine

LAST, NEXT = "2025-11-30", "2025-12-01"
"""A month after 31 October by the civil code, and by CDSi."""
both = pytest.mark.parametrize(("arithmetic", "day"), [("civil_code", LAST), ("cdsi", NEXT)])


def apart(arithmetic: str, **conflict: str) -> Pack:
    """Two vaccines that keep each other waiting."""
    rule: dict[str, Any] = {"previous": ["V"], "current": ["W"], **conflict}
    return pack(
        antigen(series(dose("V", min="0 days"))),
        antigen(series(dose("W", min="0 days"), group="B"), name="B"),
        vaccines=[vaccine("V", "A"), vaccine("W", "B")],
        conflicts=[rule],
        arithmetic=arithmetic,
    )


def counts(packs: Pack, *doses: tuple[str, str]) -> bool:
    """Return whether the last dose is valid."""
    return statuses(ask(packs, *doses))[-1] == "valid"


@both
def test_a_conflict_ends_and_begins_by_it(arithmetic: str, day: str) -> None:
    until = apart(arithmetic, end="1 month")
    assert counts(until, ("V", "2025-10-31"), ("W", LAST)) is (day == LAST)
    assert counts(until, ("V", "2025-10-31"), ("W", NEXT))
    since = apart(arithmetic, begin="1 month", end="3 months")
    assert counts(since, ("V", "2025-10-31"), ("W", LAST)) is (day != LAST)
    assert not counts(since, ("V", "2025-10-31"), ("W", NEXT))


@both
def test_a_shorter_interval_is_allowed_by_it(arithmetic: str, day: str) -> None:
    shorter = [{"from_previous": True, "abs_min": "1 month"}]
    second = dose(gap="60 days", allowable_intervals=shorter)
    packs = pack(antigen(series(dose(min="0 days"), second)), arithmetic=arithmetic)
    assert counts(packs, ("V", "2025-10-31"), ("V", LAST)) is (day == LAST)
    assert counts(packs, ("V", "2025-10-31"), ("V", NEXT))


@both
def test_a_dose_is_left_out_by_it(arithmetic: str, day: str) -> None:
    skip = {"sets": [{"conditions": [{"kind": "interval", "interval": "1 month"}]}]}
    packs = pack(
        antigen(series(dose(min="0 days"), dose(gap="28 days", skips=[skip]), dose(min="1 year"))),
        arithmetic=arithmetic,
    )
    for on in (LAST, NEXT):
        target = line(ask(packs, ("V", "2025-10-31"), on=on)).series[0].target_dose
        assert target == (3 if on >= day else 2)


def test_a_shorter_interval_is_allowed_on_its_days_alone() -> None:
    shorter = [{"from_previous": True, "abs_min": "14 days", "valid_to": "2025-11-20"}]
    second = dose(gap="60 days", allowable_intervals=shorter)
    packs = pack(antigen(series(dose(min="0 days"), second)))
    assert counts(packs, ("V", "2025-10-31"), ("V", "2025-11-20"))
    assert not counts(packs, ("V", "2025-10-31"), ("V", "2025-11-21"))


@both
def test_the_days_of_grace_end_by_it(arithmetic: str, day: str) -> None:
    gap = {"from_previous": True, "min": "1 month", "abs_min": "24 days"}
    packs = pack(antigen(series(dose(min="0 days"), dose(intervals=[gap]))), arithmetic=arithmetic)
    answer = ask(packs, ("V", "2025-10-31"), ("V", LAST))
    assert bool(answer.evaluations[1].reasons) is (day != LAST)
