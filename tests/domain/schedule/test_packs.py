"""Which pack rules: by layer, by edition, by the day of the dose."""

from dataclasses import replace
from datetime import date

import pytest

from app.domain.schedule.answers import Assessment, Reason
from app.domain.schedule.duration import read_duration
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


# Nearer over farther, and what is left when one ends

NATION = pack(
    antigen(series(dose("L", min="8 months"))),
    antigen(series(dose("M", min="8 months"), group="B"), name="B"),
    vaccines=[vaccine("L", "A", form="live"), vaccine("M", "B", form="live")],
    conflicts=[{"previous": ["@live"], "current": ["@live"], "end": "28 days"}],
)
PROVINCE = replace(
    NATION,
    pack="province",
    edition="1",
    antigens=NATION.antigens[:1],
    groups=NATION.groups[:1],
    conflicts=(replace(NATION.conflicts[0], end=read_duration("42 days")),),
    region=Region(Layer.PROVINCE, "320000"),
    valid_from=date(2025, 1, 1),
    valid_to=date(2026, 1, 31),
)


def ruler(answer: Assessment, place: int = 0) -> tuple[str, bool]:
    """Return which pack judged a dose, and whether it was made before that pack."""
    by = answer.evaluations[place].antigens[0].judged_by
    return by.pack, by.before_its_start


def test_a_conflict_of_the_nearer_goes_over_that_of_the_farther() -> None:
    given = ("M", "2026-01-05")
    assert next_on(ask(NATION, given, on="2026-01-06"))[0] == date(2026, 2, 2)
    for packs in ([NATION, PROVINCE], [PROVINCE, NATION]):
        assert next_on(ask(packs, given, on="2026-01-06"))[0] == date(2026, 2, 16)
    assert next_on(ask([NATION, PROVINCE], given, on="2026-02-01"))[0] == date(2026, 2, 2)


@pytest.mark.parametrize(
    ("day", "pack_name"),
    [
        ("2024-12-31", "little"),
        ("2025-01-01", "province"),
        ("2026-01-31", "province"),
        ("2026-02-01", "little"),
    ],
)
def test_a_pack_rules_from_its_first_day_to_its_last(day: str, pack_name: str) -> None:
    born = date(2023, 3, 10)
    assert ruler(ask([PROVINCE, NATION], ("L", day), born=born)) == (pack_name, False)
    of_b = ask([PROVINCE, NATION], ("M", day), born=born)
    assert ruler(of_b) == ("little", False), "of the other antigen the country says"


def test_of_two_packs_of_one_day_the_later_edition_rules() -> None:
    first, second = (replace(NEW, edition=edition) for edition in ("2025a", "2025b"))
    for packs in ([first, second], [second, first]):
        answer = ask([OLD, *packs], ("V", "2025-06-20"))
        assert answer.evaluations[0].antigens[0].judged_by.edition == "2025b"


def test_a_dose_of_a_day_on_which_nobody_ruled_its_antigen_is_judged_by_the_oldest_that_does() -> None:
    """B had a pack long before; of A there are two, both younger than the dose."""
    of_b = replace(NATION, antigens=NATION.antigens[1:], groups=NATION.groups[1:])
    of_a = replace(NATION, pack="a", antigens=NATION.antigens[:1], groups=NATION.groups[:1], conflicts=())
    packs = [replace(of_a, edition=str(year), valid_from=date(year, 1, 1)) for year in (2024, 2022)]
    answer = ask([of_b, *packs], ("L", "2020-06-01"), born=date(2019, 3, 10))
    by = answer.evaluations[0].antigens[0].judged_by
    assert (by.pack, by.edition, by.before_its_start) == ("a", "2022", True)
    assert statuses(answer) == [VALID]


def test_of_programmes_that_ended_the_last_one_says_when() -> None:
    first = replace(OLD, edition="2000", valid_to=date(2025, 6, 30))
    last = replace(OLD, edition="2025", valid_from=date(2025, 7, 1), valid_to=date(2025, 8, 31))
    for packs in ([first, last], [last, first]):
        answer = ask(packs, ("V", "2025-05-10"))
        assert line(answer).reasons == (Reason("programme_ended", {"on": date(2025, 8, 31)}),)
        assert answer.evaluations[0].antigens[0].judged_by.edition == "2000"


def test_what_ended_is_told_of_the_day_that_is_asked() -> None:
    """One desk asks about a day after another."""
    over = replace(OLD, valid_to=date(2025, 8, 31))
    packs = Packs([over])
    assert packs.ended(date(2025, 8, 31)) == ()
    (rules,) = packs.ended(date(2025, 9, 1))
    assert rules.antigens.keys() == {"A"}
    assert packs.ended(date(2025, 9, 1)) == (rules,)
    assert packs.ended(date(2025, 8, 31)) == ()
    assert Packs([over, NEW]).ended(date(2026, 1, 1)) == (), "another rules its antigen"


def test_without_any_pack_nothing_is_said() -> None:
    assert ask([]).forecasts == ()
    assert ask([], ("V", "2025-05-10")).evaluations[0].antigens == ()


@pytest.mark.parametrize("asking_first", [True, False])
def test_a_series_that_asks_for_another_comes_after_it_in_whatever_order_they_are_written(
    asking_first: bool,
) -> None:
    complete = {"kind": "completed_series", "series_groups": ["1"]}
    booster = dose(min="0 days", skips=[{"sets": [{"conditions": [complete]}]}])
    more = series(booster, series_id="more", type="risk", indications=[{"observation": "ill"}],
                  selection={"default": False, "series_group": "2"})  # fmt: skip
    first = series(dose(min="0 days"), series_id="first")
    rules = pack(antigen(*((more, first) if asking_first else (first, more))))
    answer = ask(rules, ("V", "2025-05-10"), observed=["ill"])
    found = {one.series_id: one.status for one in line(answer).series}
    assert found == {"first": COMPLETE, "more": "not_recommended"}


def test_a_rule_for_every_vaccine_is_for_every_vaccine() -> None:
    between = [{"previous": ["@any"], "current": ["@any"], "end": "14 days"}]
    apart = pack(
        antigen(series(dose(min="0 days"))),
        antigen(series(dose("W", min="0 days"), group="B"), name="B"),
        vaccines=[vaccine("V", "A"), vaccine("W", "B")],
        conflicts=between,
    )
    assert statuses(ask(apart, ("V", "2026-01-05"), ("W", "2026-01-18"))) == [VALID, NOT_VALID]
    assert statuses(ask(apart, ("V", "2026-01-05"), ("W", "2026-01-19"))) == [VALID, VALID]


def test_a_series_that_came_back_is_judged_by_todays_not_by_the_one_of_long_ago() -> None:
    """Its name stood in the first pack and in the last; the pack of the dose's day had another series."""
    ages = {"2000": "9 months", "2020": "0 days", "2026": "1 month"}
    names = {"2000": "s", "2020": "other", "2026": "s"}
    packs = [
        pack(
            antigen(series(dose(min=ages[year]), series_id=names[year])),
            edition=year,
            valid_from=f"{year}-01-01",
        )
        for year in ages
    ]
    answer = ask(packs, ("V", "2025-06-10"))
    assert statuses(answer) == [VALID]
    assert answer.evaluations[0].antigens[0].judged_by.edition == "2026"


def test_the_newer_first_day_goes_before_the_later_name_of_an_edition() -> None:
    first = replace(OLD, edition="B", valid_from=date(2025, 1, 1))
    for packs in ([first, replace(NEW, edition="A")], [replace(NEW, edition="A"), first]):
        assert ask(packs, ("V", "2025-06-20")).evaluations[0].antigens[0].judged_by.edition == "A"


def test_a_pack_may_hold_for_a_single_day_and_on_its_last_another_may_begin() -> None:
    day = date(2025, 6, 20)
    single = replace(PROVINCE, valid_from=day, valid_to=day)
    assert ruler(ask([NATION, single], ("L", "2025-06-20"), born=date(2024, 3, 10)))[0] == "province"
    assert ruler(ask([NATION, single], ("L", "2025-06-21"), born=date(2024, 3, 10)))[0] == "little"


def test_of_what_ended_each_antigen_is_ruled_by_the_last_alone_and_not_what_goes_on_elsewhere() -> None:
    """A ended twice, B in between; of the last pack of A the other antigen is ruled by another today."""
    of_a = replace(OLD, edition="a", valid_to=date(2025, 3, 31))
    both = pack(
        antigen(series(dose(min="1 month"))),
        antigen(series(dose("W", min="1 month"), group="B"), name="B"),
        vaccines=[vaccine("V", "A"), vaccine("W", "B")],
        edition="both",
        valid_to="2025-08-31",
    )
    other = pack(
        antigen(series(dose("X"), group="C"), name="C"), vaccines=[vaccine("X", "C")], valid_to="2025-05-31"
    )
    today = pack(
        antigen(series(dose("W", min="1 month"), dose("W", min="2 years"), group="B"), name="B"),
        vaccines=[vaccine("W", "B")],
        edition="now",
        valid_from="2025-09-01",
    )
    packs = Packs([of_a, other, both, today])
    found = packs.ended(date(2026, 3, 14))
    assert [set(rules.antigens) for rules in found] == [{"A"}, {"C"}]
    assert next(iter(found[0].antigens.values()))[0].edition == "both"
    answer = ask([of_a, other, both, today], ("W", "2025-05-10"))
    assert line(answer, "B").status is NOT_COMPLETE
    assert next_on(answer, "B")[0] == date(2027, 3, 10)
