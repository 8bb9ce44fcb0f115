"""What is due: status, dates and vaccines of the next dose (CDSi chapter 7)."""

from datetime import date
from typing import Any

import pytest

from app.domain.people import Sex
from app.domain.schedule.answers import SeriesStatus
from app.domain.schedule.engine import assess
from app.domain.schedule.history import Dose, Observed, Subject
from app.domain.schedule.packs import Packs
from tests.domain.schedule.little_packs import (
    COMPLETE,
    NOT_COMPLETE,
    NOT_VALID,
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


def test_the_four_dates_of_a_first_dose_follow_from_its_ages() -> None:
    first = dose(min="2 months", earliest="3 months", latest="6 months", max="5 years")
    answer = ask(pack(antigen(series(first))), on="2025-03-10")
    assert next_on(answer) == (date(2025, 5, 10), date(2025, 6, 10), date(2025, 9, 9), date(2030, 3, 9))
    assert why(line(answer)) == {"min_age"}


def test_without_a_recommended_age_the_interval_recommends() -> None:
    gap = {"from_previous": True, "min": "28 days", "earliest": "2 months", "latest": "3 months"}
    answer = ask(pack(antigen(series(dose(min="0 days"), dose(intervals=[gap])))), ("V", "2025-03-10"))
    assert next_on(answer) == (date(2025, 4, 7), date(2025, 5, 10), date(2025, 6, 9), None)


def test_who_comes_late_is_due_at_once_and_never_before_the_minimum() -> None:
    second = dose(min="4 months", latest="6 months", gap="28 days")
    answer = ask(pack(antigen(series(dose(min="2 months"), second))), ("V", "2026-03-01"))
    assert next_on(answer) == (date(2026, 3, 29), date(2026, 3, 29), date(2026, 3, 29), None)
    assert why(line(answer)) == {"min_interval"}


def test_catching_up_never_begins_anew() -> None:
    third = series(dose(min="2 months"), dose(gap="28 days"), dose(gap="28 days"))
    answer = ask(pack(antigen(third)), ("V", "2025-05-10"), on="2035-01-01")
    assert line(answer).dose_number == 2
    finished = ask(pack(antigen(third)), ("V", "2025-05-10"), ("V", "2034-01-01"), ("V", "2034-02-01"))
    assert line(ask(pack(antigen(third)), ("V", "2025-05-10"), on="2035-01-01")).status is NOT_COMPLETE
    assert line(finished).status is NOT_COMPLETE, "a dose after the day asked about counts for nothing"


@pytest.mark.parametrize(
    ("on", "status", "reason"),
    [
        ("2026-03-09", NOT_COMPLETE, "min_age"),
        ("2026-03-10", "aged_out", "too_old"),
    ],
)
def test_past_the_maximum_age_nothing_is_due(on: str, status: str, reason: str) -> None:
    answer = ask(pack(antigen(series(dose(min="0 days", max="1 year")))), on=on)
    assert line(answer).status == status
    assert why(line(answer)) == {reason}


def test_a_dose_that_cannot_come_before_the_maximum_age_is_not_due() -> None:
    short = pack(antigen(series(dose(min="0 days"), dose(max="6 months", gap="28 days"))))
    answer = ask(short, ("V", "2025-09-01"), on="2025-09-02")
    assert line(answer).status == "aged_out"
    assert why(line(answer)) == {"cannot_finish_in_time"}


def test_what_nothing_bounds_is_not_begun() -> None:
    unbound = pack(antigen(series(dose())))
    assert why(line(ask(unbound))) == {"nothing_to_start_from"}


def test_a_campaign_begins_with_its_season_and_ends_with_it() -> None:
    flu = pack(
        antigen(series(dose(min="6 months", season={"start": "2025-10-01", "end": "2026-03-31"}))),
    )
    assert next_on(ask(flu, on="2025-09-10"))[0] == date(2025, 10, 1)
    assert line(ask(flu, on="2026-03-31")).status is NOT_COMPLETE
    over = line(ask(flu, on="2026-04-01"))
    assert (over.status, why(over)) == ("not_recommended", {"season_over"})


IMMUNE = {"observations": ["had_it"], "born": [{"before": "1957-01-01", "unless": ["health_worker"]}]}


@pytest.mark.parametrize(
    ("born", "observed", "status"),
    [
        (date(2025, 3, 10), [], NOT_COMPLETE),
        (date(2025, 3, 10), ["had_it"], "immune"),
        (date(1956, 12, 31), [], "immune"),
        (date(1957, 1, 1), [], NOT_COMPLETE),
        (date(1956, 12, 31), ["health_worker"], NOT_COMPLETE),
    ],
)
def test_evidence_of_immunity_ends_the_series(born: date, observed: list[str], status: str) -> None:
    packs = pack(antigen(series(dose(min="0 days")), immunity=IMMUNE))
    assert line(ask(packs, born=born, observed=observed)).status == status


def test_born_in_a_country_counts_only_for_who_was_born_there() -> None:
    packs = pack(
        antigen(series(dose(min="0 days")), immunity={"born": [{"before": "1980-01-01", "country": "CHN"}]})
    )
    assert line(ask(packs, born=date(1970, 1, 1))).status is NOT_COMPLETE
    for country, status in (("CHN", SeriesStatus.IMMUNE), ("USA", NOT_COMPLETE)):
        somebody = Subject(date(1970, 1, 1), birth_country=country)
        answer = assess(somebody, [], Packs([packs]), date(2026, 3, 14))
        assert line(answer).status is status


def against(**fields: Any) -> Any:
    return antigen(
        series(dose(preferable=[{"vaccine": "V"}, {"vaccine": "W"}], min="0 days")),
        contraindications=[{"observation": "allergy", "text": "对成分过敏", **fields}],
    )


VACCINES = [vaccine("V", "A"), vaccine("W", "A")]


def test_a_contraindication_ends_the_series_at_its_ages_alone() -> None:
    packs = pack(against(end_age="1 year"), vaccines=VACCINES)
    assert line(ask(packs, observed=["allergy"], on="2026-03-09")).status == "contraindicated"
    assert line(ask(packs, observed=["allergy"], on="2026-03-10")).status is NOT_COMPLETE
    assert line(ask(packs, on="2026-03-09")).status is NOT_COMPLETE


def test_an_observation_that_is_over_or_to_come_is_none() -> None:
    packs = pack(against(), vaccines=VACCINES)
    over = Observed("allergy", date(2025, 4, 1), date(2026, 3, 13))
    assert line(ask(packs, observed=[over], on="2026-03-14")).status is NOT_COMPLETE
    assert line(ask(packs, observed=[over], on="2026-03-13")).status == "contraindicated"
    assert line(ask(packs, observed=[Observed("allergy", date(2026, 3, 15))])).status is NOT_COMPLETE


def test_a_contraindicated_vaccine_leaves_the_others() -> None:
    answer = ask(pack(against(vaccines=[{"vaccine": "V"}]), vaccines=VACCINES), observed=["allergy"])
    assert [one.vaccine_code for one in line(answer).vaccines] == ["W"]
    both = against(vaccines=[{"vaccine": "V"}, {"vaccine": "W"}])
    assert line(ask(pack(both, vaccines=VACCINES), observed=["allergy"])).status == "contraindicated"


def test_what_the_doctor_is_asked_changes_no_date() -> None:
    asked = ask(pack(against(decision="ask"), vaccines=VACCINES), observed=["allergy"])
    plain = ask(pack(against(decision="ask"), vaccines=VACCINES))
    assert next_on(asked) == next_on(plain)
    assert why(line(asked)) - why(line(plain)) == {"ask_doctor"}


def test_a_notice_is_said_at_its_ages() -> None:
    notice = {"code": "ppd_negative_first", "text": "PPD 阴性方可接种", "begin_age": "3 months"}
    packs = pack(antigen(series(dose(min="0 days", notices=[notice]))))
    assert "ask_doctor" not in why(line(ask(packs, on="2025-06-09")))
    assert "ask_doctor" in why(line(ask(packs, on="2025-06-10")))


@pytest.mark.parametrize(
    ("substitution", "offered"),
    [
        ("any", [("P", "same_product"), ("Q", "preferred"), ("R", "preferred")]),
        ("same_platform", [("P", "same_product"), ("P", "substitute"), ("Q", "substitute")]),
        ("same_product", [("P", "same_product")]),
    ],
)
def test_the_same_product_comes_first_and_a_substitute_is_marked(
    substitution: str, offered: list[tuple[str, str]]
) -> None:
    kinds = [{"vaccine": code} for code in "PQR"]
    course = series(
        dose(preferable=kinds, min="0 days"),
        dose(preferable=kinds[::-1], gap="21 days"),
        substitution=substitution,
    )
    platforms = {"P": "inactivated", "Q": "inactivated", "R": "protein"}
    packs = pack(
        antigen(course), vaccines=[vaccine(code, "A", platform=name) for code, name in platforms.items()]
    )
    answer = ask(packs, Dose("P", date(2025, 4, 1), product_code="北京所"))
    found = [(one.vaccine_code, one.offer) for one in line(answer).vaccines]
    assert sorted(found) == sorted(offered)
    assert found[0] == ("P", "same_product")
    assert line(answer).vaccines[0].product_code == "北京所"


def test_the_series_is_for_its_sex_its_cohort_and_its_indication() -> None:
    girls = pack(antigen(series(dose(min="0 days"), sexes=["female"], born_from="2011-11-10")))
    assert line(ask(girls)).status is NOT_COMPLETE
    assert ask(girls, sex=Sex.MALE).forecasts == ()
    assert ask(girls, born=date(2011, 11, 9)).forecasts == ()
    assert ask(girls, born=date(2011, 11, 10)).forecasts != ()
    risk = series(
        dose(min="0 days"), type="risk", indications=[{"observation": "asplenia", "begin_age": "1 year"}]
    )
    packs = pack(antigen(risk))
    assert ask(packs).forecasts == ()
    assert ask(packs, observed=["asplenia"], on="2026-03-09").forecasts == ()
    assert line(ask(packs, observed=["asplenia"], on="2026-03-10")).status is NOT_COMPLETE


IMPOSSIBLE = [
    (("V", "2025-03-09"), NOT_VALID, "before_birth"),
    (("V", "2026-03-15"), NOT_VALID, "in_the_future"),
    (("?", "2025-06-10"), "extraneous", "unknown_vaccine"),
]


@pytest.mark.parametrize(("given", "status", "doubt"), IMPOSSIBLE)
def test_an_impossible_dose_is_judged_and_doubted_and_moves_no_date(
    given: tuple[str, str], status: str, doubt: str
) -> None:
    packs = pack(antigen(series(dose(min="0 days"), dose(gap="28 days"))))
    plain = ask(packs, ("V", "2025-05-10"))
    answer = ask(packs, given, ("V", "2025-05-10"))
    assert statuses(answer)[0] == status
    assert {one.name for one in answer.evaluations[0].doubts} == {doubt}
    assert answer.forecasts == plain.forecasts


def test_of_two_doses_on_one_day_one_counts_whatever_the_intervals() -> None:
    loose = pack(antigen(series(dose(min="0 days"), dose(min="0 days"))))
    answer = ask(loose, ("V", "2025-05-10"), ("V", "2025-05-10"))
    assert sorted(statuses(answer)) == ["not_valid", "valid"]
    assert {one.name for dose in answer.evaluations for one in dose.doubts} == {"same_day_same_vaccine"}
    assert line(ask(loose, ("V", "2025-05-10"), ("V", "2025-05-11"))).status is COMPLETE


def test_nobody_known_and_nothing_known_is_answered_too() -> None:
    assert ask([]).forecasts == ()
    assert statuses(ask([], ("V", "2025-05-10"))) == ["extraneous"]
