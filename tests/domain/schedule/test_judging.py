"""Whether a dose counts: CDSi chapter 6, one step after another."""

from dataclasses import replace
from datetime import date

import pytest

from app.domain.schedule.history import Dose
from app.domain.schedule.series_dose import SkipContext
from tests.domain.schedule.little_packs import (
    EXTRANEOUS,
    NOT_VALID,
    SUB_STANDARD,
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

TWO = pack(antigen(series(dose(min="2 months", max="5 years"), dose(gap="28 days"))))


@pytest.mark.parametrize(
    ("day", "status", "reason"),
    [
        ("2025-05-09", NOT_VALID, {"too_young"}),
        ("2025-05-10", VALID, set()),
        ("2030-03-09", VALID, set()),
        ("2030-03-10", EXTRANEOUS, {"too_old"}),
    ],
)
def test_the_age_must_be_reached_and_the_maximum_not(day: str, status: str, reason: set[str]) -> None:
    answer = ask(TWO, ("V", day), on="2031-01-01")
    assert statuses(answer) == [status]
    assert why(answer.evaluations[0]) == reason


def test_a_dose_in_the_days_of_grace_counts_and_says_so() -> None:
    graced = pack(antigen(series(dose(min="2 months", abs_min="2 months - 4 days"))))
    assert statuses(ask(graced, ("V", "2025-05-05"))) == [NOT_VALID]
    answer = ask(graced, ("V", "2025-05-06"))
    assert statuses(answer) == [VALID]
    assert why(answer.evaluations[0]) == {"grace_period"}


@pytest.mark.parametrize(
    ("day", "status", "reasons"),
    [
        ("2025-06-02", NOT_VALID, {"interval_too_short"}),
        ("2025-06-03", VALID, {"grace_period"}),
        ("2025-06-06", VALID, {"grace_period"}),
        ("2025-06-07", VALID, set()),
    ],
)
def test_an_interval_has_its_days_of_grace_too(day: str, status: str, reasons: set[str]) -> None:
    gap = {"from_previous": True, "min": "28 days", "abs_min": "24 days"}
    graced = pack(antigen(series(dose(min="2 months"), dose(intervals=[gap]))))
    answer = ask(graced, ("V", "2025-05-10"), ("V", day))
    assert statuses(answer) == [VALID, status]
    assert why(answer.evaluations[1]) == reasons


@pytest.mark.parametrize(("day", "status"), [("2025-06-06", NOT_VALID), ("2025-06-07", VALID)])
def test_the_interval_counts_from_the_dose_before(day: str, status: str) -> None:
    answer = ask(TWO, ("V", "2025-05-10"), ("V", day))
    assert statuses(answer) == [VALID, status]


def test_the_interval_counts_from_a_dose_that_was_not_valid_too() -> None:
    answer = ask(TWO, ("V", "2025-05-10"), ("V", "2025-05-20"), ("V", "2025-06-10"))
    assert statuses(answer) == [VALID, NOT_VALID, NOT_VALID]
    assert next_on(answer)[0] == date(2025, 7, 8)


def test_every_interval_must_be_kept() -> None:
    gaps = [{"from_previous": True, "min": "60 days"}, {"from_dose": 1, "min": "4 months"}]
    three = pack(antigen(series(dose(min="0 days"), dose(gap="28 days"), dose(intervals=gaps))))
    early = ask(three, ("V", "2025-03-10"), ("V", "2025-04-10"), ("V", "2025-07-09"))
    assert statuses(early) == [VALID, VALID, NOT_VALID]
    assert statuses(ask(three, ("V", "2025-03-10"), ("V", "2025-04-10"), ("V", "2025-07-10"))) == [VALID] * 3


def test_a_shorter_interval_is_allowed_when_it_happened_and_never_planned() -> None:
    second = dose(gap="28 days", allowable_intervals=[{"from_previous": True, "abs_min": "21 days"}])
    lenient = pack(antigen(series(dose(min="0 days"), second)))
    assert statuses(ask(lenient, ("V", "2025-03-10"), ("V", "2025-03-31"))) == [VALID, VALID]
    assert statuses(ask(lenient, ("V", "2025-03-10"), ("V", "2025-03-30"))) == [VALID, NOT_VALID]
    assert next_on(ask(lenient, ("V", "2025-03-10")))[0] == date(2025, 4, 7)


def test_an_interval_may_count_from_the_last_dose_of_other_vaccines() -> None:
    second = dose("AC", intervals=[{"from_most_recent": ["B"], "min": "3 months"}], min="0 days")
    mixed = pack(
        antigen(series(second)), antigen(series(dose("B", min="0 days"), group="B"), name="B"),
        vaccines=[vaccine("AC", "A"), vaccine("B", "B")],
    )  # fmt: skip
    assert statuses(ask(mixed, ("B", "2025-04-10"), ("AC", "2025-07-09"))) == [VALID, NOT_VALID]
    assert statuses(ask(mixed, ("B", "2025-04-10"), ("AC", "2025-07-10"))) == [VALID, VALID]
    assert next_on(ask(mixed, ("B", "2025-04-10")))[0] == date(2025, 7, 10)


def test_the_last_dose_of_other_vaccines_is_of_those_and_was_not_spoilt() -> None:
    second = dose("AC", intervals=[{"from_most_recent": ["B"], "min": "3 months"}], min="0 days")
    other = antigen(series(dose("B", min="0 days"), dose("C", min="0 days"), group="B"), name="B")
    mixed = pack(
        antigen(series(second)), other, vaccines=[vaccine("AC", "A"), vaccine("B", "B"), vaccine("C", "B")]
    )
    spoilt = Dose("B", date(2025, 6, 1), sub_standard="recalled")
    answer = ask(mixed, ("B", "2025-04-10"), ("C", "2025-05-20"), spoilt)
    assert next_on(answer)[0] == date(2025, 7, 10)
    assert next_on(ask(mixed, ("C", "2025-05-20")))[0] == date(2025, 3, 10)


def test_two_vaccines_of_one_antigen_may_count_on_one_day() -> None:
    pair = pack(
        antigen(series(dose("V", min="0 days"), dose("W", min="0 days"))),
        vaccines=[vaccine("V", "A"), vaccine("W", "A")],
    )
    assert statuses(ask(pair, ("V", "2025-05-10"), ("W", "2025-05-10"))) == [VALID, VALID]


def test_a_rule_holds_from_its_first_day_to_its_last() -> None:
    changed = dose(
        ages=[
            {"min": "1 month", "valid_to": "2025-05-31"},
            {"min": "3 months", "valid_from": "2025-06-01"},
        ]
    )
    dated = pack(antigen(series(changed)))
    assert statuses(ask(dated, ("V", "2025-05-31"))) == [VALID]
    assert statuses(ask(dated, ("V", "2025-06-01"))) == [NOT_VALID]


LIVE = pack(
    antigen(series(dose("M", min="8 months"))),
    antigen(series(dose("J", min="8 months"), group="J"), name="J"),
    antigen(series(dose("O", min="2 months"), group="O"), name="O"),
    vaccines=[
        vaccine("M", "A", form="live"),
        vaccine("J", "J", form="live"),
        vaccine("O", "O", form="live", given="oral"),
        vaccine("Ig", form="immunoglobulin"),
    ],
    conflicts=[
        {"previous": ["@live_injected"], "current": ["@live_injected"], "end": "28 days"},
        {"previous": ["@immunoglobulin"], "current": ["M"], "begin": "0 days", "end": "3 months"},
    ],
)


def test_two_injected_live_vaccines_are_given_together_or_28_days_apart() -> None:
    assert statuses(ask(LIVE, ("M", "2026-01-05"), ("J", "2026-01-05"))) == [VALID, VALID]
    assert statuses(ask(LIVE, ("M", "2026-01-05"), ("J", "2026-02-01"))) == [VALID, NOT_VALID]
    assert statuses(ask(LIVE, ("M", "2026-01-05"), ("J", "2026-02-02"))) == [VALID, VALID]
    waiting = ask(LIVE, ("M", "2026-01-05"), on="2026-01-06")
    assert next_on(waiting, "J")[0] == date(2026, 2, 2)
    assert why(line(waiting, "J")) == {"conflict"}


def test_an_oral_live_vaccine_waits_for_nobody() -> None:
    assert statuses(ask(LIVE, ("M", "2026-01-05"), ("O", "2026-01-08"))) == [VALID, VALID]


def test_after_immunoglobulin_the_live_vaccine_waits_three_months() -> None:
    assert statuses(ask(LIVE, ("Ig", "2025-12-01"), ("M", "2026-02-28")))[1] == NOT_VALID
    assert statuses(ask(LIVE, ("Ig", "2025-12-01"), ("M", "2026-03-01")))[1] == VALID
    assert next_on(ask(LIVE, ("Ig", "2025-12-01")))[0] == date(2026, 3, 1)


@pytest.mark.parametrize("globulin", ["A-globulin", "Z-globulin"])
def test_immunoglobulin_on_the_same_day_conflicts_whatever_its_name(globulin: str) -> None:
    rules = pack(
        antigen(series(dose("M"))),
        vaccines=[vaccine("M", "A", form="live"), vaccine(globulin, form="immunoglobulin")],
        conflicts=[{"previous": ["@immunoglobulin"], "current": ["M"], "begin": "0 days", "end": "3 months"}],
    )
    answer = ask(rules, ("M", "2026-01-05"), (globulin, "2026-01-05"))
    assert statuses(answer) == [NOT_VALID, EXTRANEOUS]
    assert why(answer.evaluations[0]) == {"conflict"}
    assert next_on(answer)[0] == date(2026, 4, 5)


def test_the_globulin_of_the_day_after_conflicts_with_nothing_before_it() -> None:
    assert statuses(ask(LIVE, ("M", "2026-01-05"), ("Ig", "2026-01-06"))) == [VALID, EXTRANEOUS]


def test_a_conflict_of_the_forecast_alone_makes_no_dose_invalid() -> None:
    planned = replace(
        LIVE, conflicts=tuple(replace(one, context=SkipContext.FORECAST) for one in LIVE.conflicts)
    )
    assert statuses(ask(planned, ("M", "2026-01-05"), ("J", "2026-01-10"))) == [VALID, VALID]
    assert next_on(ask(planned, ("M", "2026-01-05")), "J")[0] == date(2026, 2, 2)


PICKY = pack(
    antigen(
        series(
            dose(
                preferable=[{"vaccine": "V", "market_holder": "北京", "end_age": "1 year"}],
                allowable=[{"vaccine": "W", "begin_age": "6 months"}],
                inadvertent=["X"],
            )
        )
    ),
    vaccines=[vaccine("V", "A"), vaccine("W", "A"), vaccine("X", "A"), vaccine("Y", "A")],
)


@pytest.mark.parametrize(
    ("code", "day", "holder", "reason"),
    [
        ("V", "2025-06-10", "北京", None),
        ("V", "2025-06-10", None, None),
        ("V", "2025-06-10", "武汉", "another_product"),
        ("V", "2026-03-10", "北京", "vaccine_outside_its_ages"),
        ("W", "2025-09-09", None, "vaccine_outside_its_ages"),
        ("W", "2025-09-10", None, None),
        ("X", "2025-09-10", None, "inadvertent_vaccine"),
        ("Y", "2025-09-10", None, "not_a_vaccine_of_this_dose"),
    ],
)
def test_the_vaccine_must_be_one_of_the_dose_at_this_age(
    code: str, day: str, holder: str | None, reason: str | None
) -> None:
    answer = ask(PICKY, Dose(code, date.fromisoformat(day), market_holder=holder))
    assert statuses(answer) == [NOT_VALID if reason else VALID]
    assert why(answer.evaluations[0]) == ({reason} if reason else set())


def test_no_interval_counts_from_the_wrong_vaccine() -> None:
    first = dose(min="0 days", inadvertent=["X"])
    again = pack(antigen(series(first, dose(gap="28 days"))), vaccines=[vaccine("V", "A"), vaccine("X", "A")])
    answer = ask(again, ("X", "2025-05-01"), ("V", "2025-05-02"))
    assert statuses(answer) == [NOT_VALID, VALID]


def test_too_little_in_the_syringe_is_said_and_refuses_nothing() -> None:
    full = pack(antigen(series(dose(preferable=[{"vaccine": "V", "volume_ml": "0.5"}]))))
    answer = ask(full, Dose("V", date(2025, 6, 10), quantity_ml="0.25"))
    assert statuses(answer) == [VALID]
    assert why(answer.evaluations[0]) == {"little_volume"}


def test_a_spoilt_dose_counts_for_nothing_and_no_interval_begins_with_it() -> None:
    spoilt = Dose("V", date(2025, 5, 20), sub_standard="cold_chain")
    answer = ask(TWO, ("V", "2025-05-10"), spoilt, ("V", "2025-06-07"))
    assert statuses(answer) == [VALID, SUB_STANDARD, VALID]


def test_what_comes_after_the_last_dose_is_extraneous() -> None:
    answer = ask(TWO, ("V", "2025-05-10"), ("V", "2025-06-10"), ("V", "2025-07-10"))
    assert statuses(answer) == [VALID, VALID, EXTRANEOUS]
    assert why(answer.evaluations[2]) == {"series_complete"}


def test_a_vaccine_counts_for_an_antigen_at_the_ages_the_map_says() -> None:
    young = {"code": "V", "antigens": [{"antigen": "A", "end_age": "1 year"}]}
    mapped = pack(antigen(series(dose(min="0 days"))), vaccines=[young])
    assert statuses(ask(mapped, ("V", "2026-03-09"))) == [VALID]
    assert why(ask(mapped, ("V", "2026-03-10")).evaluations[0]) == {"protects_in_no_series"}
