"""From the series that go on to one line for each vaccine group (CDSi chapter 9)."""

from datetime import date
from typing import Any

import pytest

from app.domain.schedule.answers import JudgedBy, Offer, OfferedVaccine, Reason
from app.domain.schedule.pack import Pack
from tests.domain.schedule.little_packs import (
    COMPLETE,
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

TWO = pack(
    antigen(
        series(
            dose(min="2 months", latest="3 months", source="第一剂满 2 月龄。"),
            dose(gap="28 days", earliest="4 months", latest="5 months", max="6 years",
                 preferable=[{"vaccine": "V", "volume_ml": "0.5"}], source="第二剂间隔 28 天。"),
            source="全程 2 剂。",
        )
    )
)  # fmt: skip


def test_a_series_says_all_of_its_next_dose() -> None:
    (found,) = line(ask(TWO, ("V", "2025-05-10"), on="2025-06-01")).series
    assert (found.antigen, found.group, found.series_id, found.status) == ("A", "A", "s", NOT_COMPLETE)
    assert (found.dose_number, found.target_dose, found.series_doses) == (2, 2, 2)
    assert (found.earliest_on, found.recommended_on) == (date(2025, 6, 7), date(2025, 7, 10))
    assert (found.past_due_on, found.latest_on) == (date(2025, 8, 9), date(2031, 3, 9))
    assert found.vaccines == (OfferedVaccine("V", Offer.SAME_PRODUCT, volume_ml="0.5"),)
    assert (found.judged_by, found.source) == (JudgedBy("little", "1"), "第二剂间隔 28 天。")


def test_a_series_that_is_over_has_no_number_and_the_sentence_of_the_whole() -> None:
    done = ask(TWO, ("V", "2025-05-10"), ("V", "2025-06-10"))
    (found,) = line(done).series
    assert (found.status, found.dose_number, found.target_dose) == (COMPLETE, None, None)
    assert (found.source, found.reasons) == ("全程 2 剂。", (Reason("series_complete"),))
    assert line(done).unverified, "the last word is unverified too"
    (old,) = line(ask(TWO, ("V", "2025-05-10"), on="2031-03-10")).series
    assert (old.status, old.dose_number, old.target_dose) == ("aged_out", None, 2)


def pair(first: dict[str, Any], second: dict[str, Any], *, full: bool = True, **of_each: Any) -> Pack:
    """Two antigens of one group, one combined vaccine and one for each."""
    courses = {"M": first, "R": second}
    antigens = [antigen(series(dose("MR", allowable=[{"vaccine": code}], min="8 months"),
                               dose("MR", allowable=[{"vaccine": code}], **rule), group="MR"),
                        name=code, **of_each)
                for code, rule in courses.items()]  # fmt: skip
    return pack(
        *antigens,
        vaccines=[vaccine("MR", "M", "R"), vaccine("M", "M"), vaccine("R", "R")],
        groups=[{"group": "MR", "antigens": ["M", "R"], "administer_full": full}],
        observations=[{"code": code, "title": ""} for code in ("immune", "allergic")],
    )


def test_a_group_waits_for_the_last_of_its_antigens() -> None:
    apart = pair({"gap": "28 days"}, {"gap": "3 months"})
    answer = ask(apart, ("MR", "2025-11-10"), on="2025-12-01")
    assert next_on(answer, "MR")[0] == date(2026, 2, 10)


OVERRIDING: dict[str, Any] = {"intervals": [{"from_previous": True, "min": "28 days", "override": True}]}


def test_an_interval_that_overrides_brings_the_group_forward() -> None:
    """FORECASTPRIORITY-1: the earliest of the antigens, not the last."""
    answer = ask(pair(OVERRIDING, {"gap": "3 months"}), ("MR", "2025-11-10"), on="2025-12-01")
    assert next_on(answer, "MR")[0] == date(2025, 12, 8)


def test_but_not_before_the_last_dose_of_a_vaccine_of_the_group() -> None:
    """Though it did not count, and is allowed without being planned for."""
    rules, first = pair(OVERRIDING, {"gap": "3 months"}), ("MR", "2025-11-10")
    too_soon = ask(rules, first, ("R", "2026-01-05"), on="2026-01-06")
    assert next_on(too_soon, "MR")[0] == date(2026, 1, 5)
    of_another = ask(rules, first, ("X", "2026-01-05"), on="2026-01-06")
    assert next_on(of_another, "MR")[0] == date(2025, 12, 8)


def test_a_group_whose_antigens_are_all_immune_is_immune() -> None:
    both = pair({"gap": "28 days"}, {"gap": "28 days"}, immunity={"observations": ["immune"]})
    assert line(ask(both, observed=["immune"]), "MR").status == "immune"


def test_a_group_with_one_immune_and_one_complete_antigen_is_complete() -> None:
    of_m = antigen(series(dose("M"), group="MR"), name="M", immunity={"observations": ["immune"]})
    of_r = antigen(series(dose("R"), group="MR"), name="R")
    mixed = pack(
        of_m, of_r, vaccines=[vaccine("M", "M"), vaccine("R", "R")],
        groups=[{"group": "MR", "antigens": ["M", "R"]}],
        observations=[{"code": "immune", "title": ""}],
    )  # fmt: skip
    assert line(ask(mixed, ("R", "2026-01-05"), observed=["immune"]), "MR").status is COMPLETE


def test_a_group_that_is_stopped_has_no_dates_though_one_antigen_is_due() -> None:
    of_m = antigen(series(dose("MR", min="8 months"), group="MR"), name="M")
    of_r = antigen(
        series(dose("MR", min="8 months"), group="MR"),
        name="R",
        contraindications=[{"observation": "allergic"}],
    )
    whole = pack(
        of_m, of_r, vaccines=[vaccine("MR", "M", "R")],
        groups=[{"group": "MR", "antigens": ["M", "R"], "administer_full": True}],
    )  # fmt: skip
    answer = ask(whole, observed=["allergic"])
    stopped = line(answer, "MR")
    assert stopped.status == "contraindicated"
    assert next_on(answer, "MR") == (None,) * 4
    assert (stopped.dose_number, stopped.vaccines, stopped.antigens_needed) == (None, (), ())
    assert [one.status for one in stopped.series] == [NOT_COMPLETE, "contraindicated"]


@pytest.mark.parametrize("sooner_first", [True, False])
def test_of_one_antigen_the_series_that_comes_first_decides(sooner_first: bool) -> None:
    """SINGLEANTVG-2: in whatever order the pack writes them."""
    later = series(dose(min="3 years"), series_id="later")
    sooner = series(dose(min="1 year"), series_id="sooner", type="risk",
                    indications=[{"observation": "ill"}],
                    selection={"series_group": "2"})  # fmt: skip
    courses = (sooner, later) if sooner_first else (later, sooner)
    answer = ask(pack(antigen(*courses)), observed=["ill"], on="2025-06-01")
    assert {one.series_id for one in line(answer).series} == {"sooner", "later"}
    assert next_on(answer)[0] == date(2026, 3, 10)
