"""What a line says of itself: every reason with its facts, and the bounds of which the last one decides."""

from datetime import date
from typing import Any

import pytest

from app.domain.schedule.answers import Reason
from app.domain.schedule.pack import Pack
from app.ui.texts.reasons import reason_sentence
from tests.domain.schedule.little_packs import (
    NOT_COMPLETE,
    antigen,
    ask,
    dose,
    line,
    next_on,
    pack,
    series,
    vaccine,
)


def said(packs: Pack, *given: tuple[str, str], **asked: Any) -> list[Reason]:
    """Return the reasons of the line of A; each has a sentence."""
    reasons = list(line(ask(packs, *given, **asked)).reasons)
    assert all(reason_sentence(reason, {}) for reason in reasons)
    return reasons


SHORT = pack(antigen(series(dose(min="2 months", max="1 year"), dose(max="1 year", gap="28 days"))))


def test_what_is_due_says_from_which_age() -> None:
    assert said(SHORT, on="2025-04-01") == [Reason("min_age", {"age": "2 months"})]


def test_what_is_over_says_since_when() -> None:
    assert said(SHORT, on="2026-03-10") == [Reason("too_old", {"until": date(2026, 3, 9)})]


def test_what_comes_too_late_says_its_first_day_and_the_last_it_could_have() -> None:
    facts = {"until": date(2026, 3, 9), "earliest": date(2026, 3, 10)}
    late = [Reason("cannot_finish_in_time", facts)]
    assert said(SHORT, ("V", "2026-02-10"), on="2026-02-11") == late


def test_a_dose_that_fits_on_the_last_day_alone_is_due_on_it() -> None:
    answer = ask(SHORT, ("V", "2026-02-09"), on="2026-02-11")
    assert line(answer).status is NOT_COMPLETE
    assert next_on(answer)[0] == next_on(answer)[3] == date(2026, 3, 9)


FLU = pack(
    antigen(
        series(
            *[dose(min="6 months", season={"start": "2025-10-01", "end": "2026-03-31"})] * 2,
            dose(min="3 years", season={"start": "2025-10-01"}),
        )
    )
)


def test_a_season_says_when_it_begins_and_when_it_was_over() -> None:
    assert said(FLU, on="2025-09-12") == [Reason("season", {"start": date(2025, 10, 1)})]
    assert said(FLU, on="2026-04-01") == [Reason("season_over", {"on": date(2026, 3, 31)})]


@pytest.mark.parametrize(("day", "number"), [("2025-09-30", 1), ("2025-10-01", 2)])
def test_the_number_counts_the_doses_of_this_season(day: str, number: int) -> None:
    """FORECASTDN-1: from its first day on; of the line and of its series."""
    found = line(ask(FLU, ("V", day), on="2025-11-01"))
    assert (found.dose_number, found.series[0].dose_number) == (number, number)


def test_what_is_complete_or_immune_says_so() -> None:
    one = pack(antigen(series(dose(min="0 days")), immunity={"observations": ["had_it"]}))
    assert said(one, ("V", "2025-04-01")) == [Reason("series_complete")]
    assert said(one, observed=["had_it"]) == [Reason("immune", {"observation": "had_it"})]


def test_a_contraindication_says_by_what() -> None:
    against = [{"observation": code} for code in ("allergy", "deficient", "asked")]
    against[2]["decision"] = "ask"
    stopped = pack(antigen(series(dose(min="0 days")), contraindications=against))
    facts = {"observations": ("allergy", "deficient")}
    assert said(stopped, observed=["allergy", "deficient", "asked"]) == [Reason("contraindicated", facts)]


@pytest.mark.parametrize(
    ("arithmetic", "day", "offered"),
    [
        ("civil_code", "2025-02-27", []),
        ("civil_code", "2025-02-28", ["V"]),
        ("cdsi", "2025-02-28", []),
        ("cdsi", "2025-03-01", ["V"]),
    ],
)
def test_a_vaccine_is_forbidden_until_an_age_as_the_pack_counts_months(
    arithmetic: str, day: str, offered: list[str]
) -> None:
    against = [{"observation": "frail", "vaccines": [{"vaccine": "V", "end_age": "1 month"}]}]
    rules = pack(antigen(series(dose(min="0 days")), contraindications=against), arithmetic=arithmetic)
    answer = line(ask(rules, observed=["frail"], on=day, born=date(2025, 1, 31)))
    assert [one.vaccine_code for one in answer.vaccines] == offered


def test_nothing_is_planned_before_the_last_dose_that_was_given() -> None:
    """Though only the ages bound it, and whatever that dose was worth."""
    by_age = pack(antigen(series(dose(min="0 days"), dose(min="1 month"), dose(min="2 months"))))
    last = Reason("not_before_last_dose", {"given_on": date(2026, 1, 5)})
    assert said(by_age, ("V", "2026-01-05")) == [last]
    assert next_on(ask(by_age, ("V", "2026-01-05")))[0] == date(2026, 1, 5)
    one_more = ask(by_age, ("V", "2026-01-05"), ("V", "2026-02-05"))
    assert line(one_more).reasons == (Reason("not_before_last_dose", {"given_on": date(2026, 2, 5)}),)


# Conflicts: the longest of a vaccine, the shortest of those on offer


def live(*preferable: str, arithmetic: str = "civil_code", **fields: Any) -> Pack:
    choice = [{"vaccine": code} for code in preferable]
    return pack(
        antigen(series(dose(min="8 months", preferable=choice)), **fields),
        vaccines=[vaccine("L", "A", form="live"), vaccine("N", "A", form="live", given="nasal"),
                  vaccine("M", form="live"), vaccine("Ig", form="immunoglobulin")],
        conflicts=[{"previous": ["M"], "current": ["L"], "end": "28 days"},
                   {"previous": ["M"], "current": ["N"], "end": "14 days"},
                   {"previous": ["Ig"], "current": ["L", "N"], "end": "3 months"}],
        arithmetic=arithmetic,
    )  # fmt: skip


def conflict(code: str, day: date) -> Reason:
    return Reason("conflict", {"vaccine": code, "given_on": day})


def test_of_several_conflicts_the_longest_holds_and_is_named() -> None:
    given = [("M", "2026-01-05"), ("Ig", "2025-12-01"), ("M", "2025-11-01")]
    assert said(live("L"), *given, on="2026-01-06") == [conflict("Ig", date(2025, 12, 1))]
    assert next_on(ask(live("L"), *given, on="2026-01-06"))[0] == date(2026, 3, 1)
    later = [("Ig", "2025-10-10"), ("M", "2026-01-05")]
    assert said(live("L"), *later, on="2026-01-06") == [conflict("M", date(2026, 1, 5))]


@pytest.mark.parametrize("preferable", [("L", "N"), ("N", "L")])
def test_of_several_vaccines_the_one_that_is_free_first_decides(preferable: tuple[str, ...]) -> None:
    answer = ask(live(*preferable), ("M", "2026-01-05"), on="2026-01-06")
    assert next_on(answer)[0] == date(2026, 1, 19)
    assert line(answer).reasons == (conflict("M", date(2026, 1, 5)),)


def test_two_that_are_free_on_one_day_are_due_on_it() -> None:
    answer = ask(live("L", "N"), ("Ig", "2025-12-01"), on="2025-12-02")
    assert next_on(answer)[0] == date(2026, 3, 1)
    assert [one.vaccine_code for one in line(answer).vaccines] == ["L", "N"]


@pytest.mark.parametrize("preferable", [("L", "N"), ("N", "L")])
def test_a_forbidden_vaccine_frees_nobody_and_hides_no_other(preferable: tuple[str, ...]) -> None:
    against = [{"observation": "frail", "vaccines": [{"vaccine": "N"}]}]
    rules = live(*preferable, contraindications=against)
    answer = ask(rules, ("M", "2026-01-05"), on="2026-01-06", observed=["frail"])
    assert next_on(answer)[0] == date(2026, 2, 2)


@pytest.mark.parametrize(("arithmetic", "day"), [("civil_code", "2026-02-28"), ("cdsi", "2026-03-01")])
def test_a_conflict_is_planned_around_as_the_pack_counts_months(arithmetic: str, day: str) -> None:
    answer = ask(live("L", arithmetic=arithmetic), ("Ig", "2025-11-30"), on="2025-12-01")
    assert str(next_on(answer)[0]) == day
