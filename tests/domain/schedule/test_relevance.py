"""For whom a series is, who is immune, what speaks against it: at its ages, with its facts (CDSi 5, 7)."""

from datetime import date
from typing import Any

import pytest

from app.domain.schedule.answers import Reason
from app.domain.schedule.pack import Pack
from tests.domain.schedule.little_packs import antigen, ask, dose, line, pack, series, vaccine

FROM_ONE_TO_TWO = {"begin_age": "1 year", "end_age": "2 years"}
DAYS = [("2026-03-09", False), ("2026-03-10", True), ("2027-03-09", True), ("2027-03-10", False)]
at_its_ages = pytest.mark.parametrize(("on", "holds"), DAYS)


def one_dose(of_dose: dict[str, Any] | None = None, **of_antigen: Any) -> Pack:
    first = dose(min="0 days", preferable=[{"vaccine": "V"}, {"vaccine": "W"}], **of_dose or {})
    known = [vaccine("V", "A"), vaccine("W", "A")]
    return pack(antigen(series(first), **of_antigen), vaccines=known)


@at_its_ages
def test_an_indication_holds_at_its_ages(on: str, holds: bool) -> None:
    frail = series(
        dose(min="0 days"),
        series_id="risk",
        type="risk",
        indications=[{"observation": "frail"} | FROM_ONE_TO_TWO],
    )
    found = ask(pack(antigen(frail)), observed=["frail"], on=on).forecasts
    assert bool(found) is holds


@at_its_ages
def test_a_contraindication_holds_at_its_ages(on: str, holds: bool) -> None:
    against = one_dose(contraindications=[{"observation": "frail"} | FROM_ONE_TO_TWO])
    assert (line(ask(against, observed=["frail"], on=on)).status == "contraindicated") is holds


@at_its_ages
def test_one_against_a_vaccine_holds_at_its_ages(on: str, holds: bool) -> None:
    limited = [{"observation": "frail", "vaccines": [{"vaccine": "V"} | FROM_ONE_TO_TWO]}]
    offered = line(ask(one_dose(contraindications=limited), observed=["frail"], on=on)).vaccines
    assert [one.vaccine_code for one in offered] == (["W"] if holds else ["V", "W"])


@at_its_ages
def test_a_notice_is_said_at_its_ages_with_its_name_and_sentence(on: str, holds: bool) -> None:
    told = one_dose({"notices": [{"code": "look_first", "text": "先看皮肤"} | FROM_ONE_TO_TWO]})
    asked = Reason("ask_doctor", {"notice": "look_first", "text": "先看皮肤"})
    assert (asked in line(ask(told, on=on)).reasons) is holds


def test_what_the_doctor_is_asked_says_for_what_and_in_which_words() -> None:
    against = [{"observation": "frail", "text": "请医生看", "decision": "ask"}]
    found = line(ask(one_dose(contraindications=against), observed=["frail"])).reasons
    assert Reason("ask_doctor", {"observation": "frail", "text": "请医生看"}) in found


def test_who_is_immune_by_birth_is_told_by_which_day() -> None:
    born = one_dose(immunity={"born": [{"before": "1957-01-01"}]})
    found = line(ask(born, born=date(1956, 12, 31)))
    assert found.reasons == (Reason("immune", {"born_before": date(1957, 1, 1)}),)
