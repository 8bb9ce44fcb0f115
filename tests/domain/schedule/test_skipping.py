"""When a target dose is not needed: CDSi 6.2 and 7.1, one kind of condition after another."""

from datetime import date
from typing import Any

import pytest

from tests.domain.schedule.little_packs import (
    COMPLETE,
    NOT_COMPLETE,
    VALID,
    antigen,
    ask,
    dose,
    line,
    next_on,
    pack,
    series,
    statuses,
    vaccine,
    why,
)


def skip(*conditions: dict[str, Any], logic: str = "and", context: str = "both") -> dict[str, Any]:
    return {"context": context, "sets": [{"logic": logic, "conditions": list(conditions)}]}


def catch_up(*skips: dict[str, Any]) -> Any:
    """Two doses; the second is skipped under a condition, then a third at a year."""
    second = dose(min="2 months", gap="28 days", skips=list(skips))
    return pack(antigen(series(dose(min="0 days"), second, dose(min="1 year"))))


def test_by_age_a_dose_is_no_longer_needed() -> None:
    late = catch_up(skip({"kind": "age", "begin_age": "6 months"}))
    assert line(ask(late, ("V", "2025-03-10"), on="2025-06-01")).series[0].target_dose == 2
    assert line(ask(late, ("V", "2025-03-10"), on="2025-10-01")).series[0].target_dose == 3


def test_the_judging_skips_by_the_age_at_the_dose() -> None:
    late = catch_up(skip({"kind": "age", "begin_age": "6 months"}))
    answer = ask(late, ("V", "2025-03-10"), ("V", "2026-03-10"))
    assert [one.antigens[0].target_dose for one in answer.evaluations] == [1, 3]
    assert line(answer).status is COMPLETE


@pytest.mark.parametrize(("context", "target"), [("forecast", 3), ("evaluation", 2), ("both", 3)])
def test_a_skip_is_looked_at_in_its_context(context: str, target: int) -> None:
    late = catch_up(skip({"kind": "age", "begin_age": "6 months"}, context=context))
    assert line(ask(late, ("V", "2025-03-10"), on="2025-10-01")).series[0].target_dose == target


def test_a_recommendation_that_would_be_skipped_on_its_day_is_not_made() -> None:
    """7.6: at 5 months and 3 weeks the dose would come after the age at which it is skipped."""
    late = catch_up(skip({"kind": "age", "begin_age": "6 months"}))
    answer = ask(late, ("V", "2025-08-30"), on="2025-08-31")
    assert line(answer).series[0].target_dose == 3
    assert next_on(answer)[0] == date(2026, 3, 10)


@pytest.mark.parametrize(
    ("condition", "given", "skipped"),
    [
        ({"count": 0}, 1, True),
        ({"count": 1}, 1, False),
        ({"count": 1, "compare": "equal"}, 1, True),
        ({"count": 2, "compare": "fewer"}, 1, True),
        ({"count": 1, "compare": "fewer"}, 1, False),
        ({"count": 0, "begin_age": "0 days", "end_age": "1 day"}, 1, True),
        ({"count": 0, "end_age": "0 days"}, 1, False),
        ({"count": 0, "begin_age": "1 month"}, 1, False),
        ({"count": 0, "end": "2025-03-09"}, 1, False),
        ({"count": 0, "end": "2025-03-10"}, 1, True),
        ({"count": 0, "start": "2025-03-11"}, 1, False),
        ({"count": 0, "vaccines": ["V"]}, 1, True),
        ({"count": 0, "vaccines": ["W"]}, 1, False),
        ({"count": 0, "valid_only": True}, 1, True),
    ],
)
def test_doses_are_counted_by_age_date_vaccine_and_validity(
    condition: dict[str, Any], given: int, skipped: bool
) -> None:
    counted = skip({"kind": "vaccine_count", **condition}, context="forecast")
    second = dose(min="2 months", gap="28 days", skips=[counted])
    packs = pack(
        antigen(series(dose(min="0 days"), second, dose(min="1 year"))),
        vaccines=[vaccine("V", "A"), vaccine("W", "A")],
    )
    answer = ask(packs, *[("V", "2025-03-10")] * given, on="2025-06-01")
    assert line(answer).series[0].target_dose == (3 if skipped else 2)


def test_without_a_vaccine_named_only_doses_of_the_antigen_count() -> None:
    counted = skip({"kind": "vaccine_count", "count": 1}, context="forecast")
    packs = pack(
        antigen(series(dose(min="0 days"), dose(gap="28 days", skips=[counted]), dose(min="1 year"))),
        antigen(series(dose("W", min="0 days"), group="B"), name="B"),
        vaccines=[vaccine("V", "A"), vaccine("W", "B")],
    )
    answer = ask(packs, ("V", "2025-03-10"), ("W", "2025-03-10"), on="2025-06-01")
    assert line(answer).series[0].target_dose == 2


def test_in_the_judging_the_dose_itself_is_not_counted() -> None:
    once = catch_up(skip({"kind": "vaccine_count", "count": 1}))
    answer = ask(once, ("V", "2025-03-10"), ("V", "2025-05-10"))
    assert [one.antigens[0].target_dose for one in answer.evaluations] == [1, 2]


def test_after_an_interval_a_dose_is_no_longer_needed() -> None:
    passed = catch_up(skip({"kind": "interval", "interval": "6 months"}))
    assert line(ask(passed, ("V", "2025-03-10"), on="2025-09-09")).series[0].target_dose == 2
    assert line(ask(passed, ("V", "2025-03-10"), on="2025-09-10")).series[0].target_dose == 3


def test_an_interval_has_to_begin_with_a_dose() -> None:
    never = skip({"kind": "interval", "interval": "6 months"})
    packs = pack(antigen(series(dose(min="0 days", skips=[never]), dose(min="1 year"))))
    assert line(ask(packs, on="2026-03-14")).series[0].target_dose == 1


def test_a_cohort_begins_with_its_first_day() -> None:
    for start, target in (("2025-03-10", 3), ("2025-03-11", 2)):
        born = catch_up(skip({"kind": "born", "start": start}))
        assert line(ask(born, ("V", "2025-03-10"), on="2025-06-01")).series[0].target_dose == target


def test_an_observation_or_a_birth_date_makes_a_dose_unnecessary() -> None:
    seen = catch_up(skip({"kind": "observation", "observation": "asplenia"}))
    assert line(ask(seen, ("V", "2025-03-10"), on="2025-06-01")).series[0].target_dose == 2
    seen_it = ask(seen, ("V", "2025-03-10"), on="2025-06-01", observed=["asplenia"])
    assert line(seen_it).series[0].target_dose == 3
    for end, target in (("2025-03-09", 2), ("2025-03-10", 3)):
        born = catch_up(skip({"kind": "born", "start": "2019-10-01", "end": end}))
        assert line(ask(born, ("V", "2025-03-10"), on="2025-06-01")).series[0].target_dose == target


def test_another_series_that_is_complete_makes_a_dose_unnecessary() -> None:
    other = series(dose(min="0 days"), series_id="one", selection={"series_group": "1"})
    asks = series(
        dose(min="0 days", skips=[skip({"kind": "completed_series", "series_groups": ["1"]})]),
        dose(min="1 year"),
        series_id="booster",
        selection={"series_group": "2"},
    )
    packs = pack(antigen(asks, other))
    booster = {one.series_id: one for one in line(ask(packs, ("V", "2025-03-10"))).series}["booster"]
    assert booster.target_dose == 2


@pytest.mark.parametrize(("logic", "target"), [("and", 2), ("or", 3)])
def test_conditions_of_a_set_are_all_or_one(logic: str, target: int) -> None:
    both = catch_up(
        skip({"kind": "age", "begin_age": "6 months"}, {"kind": "vaccine_count", "count": 5}, logic=logic)
    )
    assert line(ask(both, ("V", "2025-03-10"), on="2025-10-01")).series[0].target_dose == target


def test_a_series_of_which_every_dose_was_skipped_is_not_recommended() -> None:
    adult = dose(min="0 days", skips=[skip({"kind": "age", "begin_age": "6 months"})])
    answer = ask(pack(antigen(series(adult))), on="2026-03-14")
    assert line(answer).status == "not_recommended"
    assert why(line(answer)) == {"not_needed_by_history"}


def test_a_recurring_dose_comes_again_and_again_until_a_skip_leads_on() -> None:
    yearly = pack(antigen(series(dose(min="0 days"), dose(gap="1 year", recurring=True))))
    answer = ask(yearly, ("V", "2025-03-10"), ("V", "2026-03-10"), ("V", "2027-03-10"), on="2027-03-11")
    assert statuses(answer) == [VALID] * 3
    assert line(answer).status is NOT_COMPLETE
    assert next_on(answer)[0] == date(2028, 3, 10)
    assert line(answer).dose_number == 4


def target(rules: Any, on: str, *observed: str, first: str = "2025-03-10") -> int | None:
    return line(ask(rules, ("V", first), on=on, observed=observed)).series[0].target_dose


def test_a_cohort_is_asked_for_its_birth_date_and_not_for_its_doses() -> None:
    born = catch_up(skip({"kind": "born", "start": "2025-03-10", "end": "2025-03-10"}))
    assert target(born, "2025-06-01", first="2025-03-20") == 3


def test_a_skip_of_an_age_ends_with_it() -> None:
    """The forecast looks from the day on which the dose would be given."""
    young = catch_up(skip({"kind": "age", "begin_age": "2 months", "end_age": "6 months"}))
    assert target(young, "2025-09-09") == 3
    assert target(young, "2025-09-10", first="2025-08-13") == 2


@pytest.mark.parametrize(("on", "skipped"), [("2025-09-30", True), ("2025-10-01", False)])
def test_a_skip_holds_on_its_days(on: str, skipped: bool) -> None:
    rule = skip({"kind": "observation", "observation": "asplenia"})
    rule["sets"][0] |= {"valid_from": "2025-04-01", "valid_to": "2025-09-30"}
    assert target(catch_up(rule), on, "asplenia", first="2025-09-15") == (3 if skipped else 2)


@pytest.mark.parametrize(("logic", "alone"), [("and", 2), ("or", 3)])
def test_of_several_sets_all_or_one_must_be_met(logic: str, alone: int) -> None:
    conditions = [{"kind": "observation", "observation": code} for code in ("asplenia", "travels")]
    rule = {"logic": logic, "sets": [{"conditions": [one]} for one in conditions]}
    assert target(catch_up(rule), "2025-06-01", "asplenia") == alone
    assert target(catch_up(rule), "2025-06-01", "travels") == alone
    assert target(catch_up(rule), "2025-06-01", "asplenia", "travels") == 3
    assert target(catch_up(rule), "2025-06-01") == 2
