"""Which pack rules: by layer, by edition, by the day of the dose."""

from dataclasses import replace
from datetime import date

import pytest

from app.domain.schedule.engine import evaluate, forecast
from app.domain.schedule.history import Subject
from app.domain.schedule.pack import Layer, PackStatus, Region, SignedOff
from app.domain.schedule.packs import Packs
from tests.domain.schedule.little_packs import (
    BORN,
    COMPLETE,
    NOT_COMPLETE,
    NOT_VALID,
    VALID,
    antigen,
    ask,
    dose,
    given,
    line,
    next_on,
    pack,
    series,
    statuses,
    vaccine,
    why,
)

OLD = pack(antigen(series(dose(min="2 months"), dose(min="3 months", gap="28 days"))), edition="2021")
NEW = pack(
    antigen(series(dose(min="2 months"), dose(min="4 months", gap="28 days"))),
    edition="2025",
    valid_from="2025-06-20",
)


def test_a_dose_is_judged_by_the_pack_of_its_day() -> None:
    before = ask([OLD, NEW], ("V", "2025-05-10"), ("V", "2025-06-19"))
    assert statuses(before) == [VALID, VALID]
    after = ask([NEW, OLD], ("V", "2025-05-10"), ("V", "2025-06-20"))
    assert statuses(after) == [VALID, NOT_VALID]
    assert [one.antigens[0].judged_by.edition for one in after.evaluations] == ["2021", "2025"]


def test_the_forecast_is_that_of_today() -> None:
    assert next_on(ask([OLD, NEW], ("V", "2025-05-10"), on="2025-06-19"))[0] == date(2025, 6, 10)
    assert next_on(ask([OLD, NEW], ("V", "2025-05-10"), on="2025-06-20"))[0] == date(2025, 7, 10)


def test_a_dose_older_than_every_pack_is_judged_by_the_oldest_which_says_so() -> None:
    answer = ask([OLD, NEW], ("V", "1999-06-01"), born=date(1999, 3, 1))
    judged = answer.evaluations[0].antigens[0].judged_by
    assert (judged.edition, judged.before_its_start) == ("2021", True)
    assert statuses(answer) == [VALID]


def test_a_series_that_the_old_pack_did_not_have_is_judged_by_the_new() -> None:
    other = pack(antigen(series(dose(min="1 year"), series_id="t")), edition="2025", valid_from="2025-06-20")
    answer = ask([OLD, other], ("V", "2025-05-10"))
    assert statuses(answer) == [NOT_VALID]
    assert answer.evaluations[0].antigens[0].judged_by.edition == "2025"


@pytest.mark.parametrize("layer", [Layer.PROVINCE, Layer.SITE])
def test_the_nearer_layer_goes_over_the_newer_edition(layer: Layer) -> None:
    nearer = replace(OLD, pack="near", region=Region(layer, "CN-32"))
    assert next_on(ask([nearer, NEW], ("V", "2025-05-10")))[0] == date(2025, 6, 10)


def test_a_pack_replaces_the_antigens_that_it_holds_and_no_other() -> None:
    base = pack(
        antigen(series(dose(min="2 months"))),
        antigen(series(dose("W", min="1 month"), group="B"), name="B"),
        vaccines=[vaccine("V", "A"), vaccine("W", "B")],
    )
    answer = ask([base, NEW], on="2025-07-01")
    assert {one.group: one.series[0].judged_by for one in answer.forecasts}.keys() == {"A", "B"}
    assert {str(one.series[0].judged_by.edition) for one in answer.forecasts if one.series[0].judged_by} == {
        "1",
        "2025",
    }


def test_a_programme_that_ended_judges_its_doses_and_forecasts_nothing() -> None:
    over = replace(OLD, valid_to=date(2025, 8, 31), status=PackStatus.HISTORIC)
    answer = ask([over], ("V", "2025-05-10"), on="2026-03-14")
    assert statuses(answer) == [VALID]
    assert (line(answer).status, why(line(answer))) == ("not_recommended", {"programme_ended"})
    assert next_on(answer) == (None,) * 4
    assert ask([over], on="2026-03-14").forecasts == ()
    done = ask([over], ("V", "2025-05-10"), ("V", "2025-06-10"), on="2026-03-14")
    assert line(done).status is COMPLETE


def test_a_pack_without_a_first_day_is_never_in_force() -> None:
    draft = replace(OLD, valid_from=None)
    assert ask([draft]).forecasts == ()


def test_a_line_says_that_its_pack_is_not_signed_off() -> None:
    signed = replace(OLD, status=PackStatus.IN_FORCE, signed_off_by=SignedOff("沈若溪", date(2026, 3, 1)))
    assert line(ask([OLD])).unverified
    assert not line(ask([signed])).unverified


def test_the_months_are_counted_as_the_pack_says() -> None:
    monthly = pack(antigen(series(dose(min="1 month"))))
    american = pack(antigen(series(dose(min="1 month"))), arithmetic="cdsi")
    assert next_on(ask(monthly, born=date(2025, 1, 31)))[0] == date(2025, 2, 28)
    assert next_on(ask(american, born=date(2025, 1, 31)))[0] == date(2025, 3, 1)


def test_evaluate_and_forecast_are_the_halves_of_the_whole() -> None:
    packs, patient = Packs([OLD, NEW]), Subject(BORN)
    history = given(("V", "2025-05-10"), ("V", "2025-06-19"))
    whole = ask([OLD, NEW], ("V", "2025-05-10"), ("V", "2025-06-19"))
    assert [one.status for one in evaluate(patient, history, packs)] == [
        one.status for one in whole.evaluations
    ]
    assert [one.status for one in forecast(patient, history, packs, date(2026, 3, 14))] == [COMPLETE]
    assert evaluate(patient, [], packs) == ()
    assert [one.status for one in forecast(patient, [], packs, BORN)] == [NOT_COMPLETE]
