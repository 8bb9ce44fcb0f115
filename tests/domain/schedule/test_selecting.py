"""Which of several series goes on (CDSi chapter 8), and how they make one line (chapter 9)."""

from typing import Any

import pytest

from tests.domain.schedule.little_packs import (
    COMPLETE,
    EXTRANEOUS,
    NOT_COMPLETE,
    NOT_VALID,
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

LIVE_OR_NOT = pack(
    antigen(
        series(dose("L", min="8 months"), dose("L", min="2 years", gap="12 months"), series_id="live"),
        series(
            dose("I", min="8 months"),
            dose("I", gap="7 days"),
            dose("I", min="2 years", gap="1 month"),
            series_id="killed",
            selection={"default": False, "preference": 2},
        ),
    ),
    vaccines=[vaccine("L", "A", form="live"), vaccine("I", "A")],
)


@pytest.mark.parametrize(
    ("given", "series_id"),
    [
        ([], "live"),
        ([("L", "2025-11-10")], "live"),
        ([("I", "2025-11-10")], "killed"),
        ([("I", "2025-11-10"), ("I", "2025-11-18")], "killed"),
        ([("L", "2025-11-10"), ("I", "2025-12-10")], "live"),
    ],
)
def test_the_series_that_was_begun_goes_on_and_the_default_is_for_who_has_none(
    given: list[tuple[str, str]], series_id: str
) -> None:
    assert [one.series_id for one in line(ask(LIVE_OR_NOT, *given)).series] == [series_id]


def test_a_complete_series_beats_one_under_way() -> None:
    done = [("L", "2026-11-10"), ("I", "2027-03-10"), ("I", "2027-03-18"), ("I", "2027-05-01")]
    answer = ask(LIVE_OR_NOT, *done, on="2027-06-01")
    assert line(answer).status is COMPLETE
    assert line(answer).series[0].series_id == "killed"


def no_live(*given: tuple[str, str], also: Any = ()) -> Any:
    against = [{"observation": "immunodeficient", "vaccines": [{"vaccine": code} for code in ("L", *also)]}]
    courses = [
        series(dose("L", min="8 months"), series_id="live"),
        series(dose("I", min="8 months"), dose("I", gap="7 days"), series_id="killed",
               selection={"default": False, "preference": 2}),
    ]  # fmt: skip
    packs = pack(
        antigen(*courses, contraindications=against), vaccines=[vaccine("L", "A"), vaccine("I", "A")]
    )
    return line(ask(packs, *given, observed=["immunodeficient"]))


def test_where_the_default_is_contraindicated_another_series_takes_its_place() -> None:
    assert [one.series_id for one in no_live().series] == ["killed"]
    assert no_live().status is NOT_COMPLETE
    assert no_live(also=["I"]).status == "contraindicated"


def late_starter(*given: tuple[str, str], on: str = "2027-06-01") -> Any:
    packs = pack(
        antigen(
            series(dose(min="6 months"), dose(gap="3 months"), series_id="infant",
                   selection={"max_age_to_start": "24 months"}),
            series(dose(min="24 months"), series_id="late",
                   selection={"default": False, "preference": 2}),
        )
    )  # fmt: skip
    return ask(packs, *given, on=on)


def test_who_began_too_late_for_a_series_takes_another() -> None:
    assert line(late_starter(("V", "2025-10-10"))).series[0].series_id == "infant"
    answer = late_starter(("V", "2027-04-10"))
    assert line(answer).series[0].series_id == "late"
    assert line(answer).status is COMPLETE


def test_before_its_age_a_series_is_not_begun() -> None:
    old = pack(antigen(series(dose(min="50 years"), selection={"min_age_to_start": "50 years"})))
    assert ask(old).forecasts == ()
    assert line(ask(old, on="2075-03-10")).status is NOT_COMPLETE


def risk(series_id: str, selection: dict[str, Any], *doses: Any) -> Any:
    return series(
        *doses,
        series_id=series_id,
        type="risk",
        indications=[{"observation": "asplenia"}],
        selection={"default": False, "series_group": "2"} | selection,
    )


def test_of_risk_series_the_higher_priority_goes_on() -> None:
    packs = pack(
        antigen(
            risk("b", {"priority": "B"}, dose(min="0 days")),
            risk("a", {"priority": "A"}, dose(min="1 year")),
        )
    )
    assert [one.series_id for one in line(ask(packs, observed=["asplenia"])).series] == ["a"]


def test_among_equals_the_preferred_series_goes_on() -> None:
    packs = pack(
        antigen(
            risk("second", {"preference": 2}, dose(min="0 days")),
            risk("first", {"preference": 1}, dose(min="0 days")),
        )
    )
    assert [one.series_id for one in line(ask(packs, observed=["asplenia"])).series] == ["first"]


def test_a_risk_series_takes_the_place_of_its_equivalent() -> None:
    standard = series(dose(min="1 year"), series_id="standard", equivalent_groups=["2"])
    packs = pack(antigen(standard, risk("risk", {}, dose(min="0 days"))))
    assert [one.series_id for one in line(ask(packs)).series] == ["standard"]
    assert [one.series_id for one in line(ask(packs, observed=["asplenia"])).series] == ["risk"]


def test_a_standard_series_is_silent_for_whom_a_longer_one_is_meant() -> None:
    two = (dose(min="0 days"), dose(gap="28 days"))
    longer = risk("longer", {}, *two, dose(gap="60 days"))
    asked = (("V", "2025-04-01"), ("V", "2025-05-01"), ("V", "2025-06-01"))
    standard = series(*two, series_id="standard", equivalent_groups=["2"], unless=["asplenia"])
    packs = pack(antigen(standard, longer))
    assert statuses(ask(packs, *asked)) == [VALID, VALID, EXTRANEOUS]
    answer = ask(packs, *asked, observed=["asplenia"])
    assert statuses(answer) == [VALID, VALID, NOT_VALID]
    assert line(answer).status is NOT_COMPLETE


def test_a_complete_equivalent_makes_a_series_unnecessary() -> None:
    standard = series(dose(min="0 days"), series_id="standard")
    more = risk("risk", {}, dose(min="0 days"), dose(gap="8 weeks"))
    more["equivalent_groups"] = ["1"]
    packs = pack(antigen(standard, more))
    answer = ask(packs, ("V", "2025-04-10"), observed=["asplenia"])
    assert [one.series_id for one in line(answer).series] == ["standard"]
    assert line(answer).status is COMPLETE


def test_a_series_for_judging_alone_is_never_due() -> None:
    old = series(dose("O", min="0 days"), series_id="old", type="evaluation_only",
                 selection={"default": False})  # fmt: skip
    packs = pack(
        antigen(series(dose(min="0 days"), dose(gap="28 days")), old),
        vaccines=[vaccine("V", "A"), vaccine("O", "A")],
    )
    assert line(ask(packs)).series[0].series_id == "s"
    answer = ask(packs, ("O", "2025-04-10"))
    assert line(answer).status is COMPLETE
    assert statuses(answer) == [VALID]


def test_the_product_kept_to_wins_over_the_mixed_course() -> None:
    mixed = series(*[dose(preferable=[{"vaccine": "P"}, {"vaccine": "Q"}], min="0 days", gap="28 days")] * 3,
                   series_id="mixed")  # fmt: skip
    two = series(dose("P", min="0 days"), dose("P", gap="28 days"), series_id="two",
                 selection={"default": False, "product_path": True})  # fmt: skip
    packs = pack(antigen(mixed, two), vaccines=[vaccine("P", "A"), vaccine("Q", "A")])
    assert line(ask(packs, ("P", "2025-04-10"))).series[0].series_id == "two"
    assert line(ask(packs, ("Q", "2025-04-10"))).series[0].series_id == "mixed"


def both(full: bool) -> Any:
    of = {"M": "measles", "R": "rubella"}
    antigens = [
        antigen(series(dose("MR", allowable=[{"vaccine": code}], min="8 months"),
                       dose("MR", allowable=[{"vaccine": code}], gap="28 days"), group="MR"), name=name,
                contraindications=[{"observation": f"no_{name}"}])
        for code, name in of.items()
    ]  # fmt: skip
    return pack(
        *antigens,
        vaccines=[vaccine("MR", *of.values()), *(vaccine(code, name) for code, name in of.items())],
        groups=[{"group": "MR", "antigens": list(of.values()), "administer_full": full}],
    )


def test_a_group_is_complete_when_every_antigen_is() -> None:
    answer = ask(both(True), ("MR", "2025-11-10"), ("M", "2025-12-20"), on="2026-01-20")
    assert line(answer, "MR").status is NOT_COMPLETE
    assert line(answer, "MR").antigens_needed == ("rubella",)
    assert line(ask(both(True), ("MR", "2025-11-10"), ("MR", "2025-12-20")), "MR").status is COMPLETE


def test_a_full_group_is_due_when_all_of_it_may_be_given_and_counts_from_the_least() -> None:
    answer = ask(both(True), ("M", "2025-11-10"), on="2025-11-20")
    assert line(answer, "MR").dose_number == 1
    assert str(next_on(answer, "MR")[0]) == "2025-12-08"
    assert line(ask(both(False), ("M", "2025-11-10"), on="2025-11-20"), "MR").dose_number == 2


@pytest.mark.parametrize(("full", "status"), [(True, "contraindicated"), (False, NOT_COMPLETE)])
def test_a_contraindicated_antigen_stops_the_group_that_is_given_whole(full: bool, status: str) -> None:
    answer = line(ask(both(full), observed=["no_rubella"]), "MR")
    assert answer.status == status
    assert "contraindicated" in why(answer)


def test_of_one_antigen_the_doses_are_counted_over_all_series_that_go_on() -> None:
    booster = risk("booster", {}, dose(gap="8 weeks", min="1 year"))
    packs = pack(antigen(series(dose(min="0 days"), dose(gap="28 days")), booster))
    answer = ask(packs, ("V", "2025-03-10"), ("V", "2025-04-10"), observed=["asplenia"])
    assert line(answer).status is NOT_COMPLETE
    assert line(answer).dose_number == 3


@pytest.mark.parametrize(("oldest", "goes_on"), [("6 months", "mixed"), ("7 months", "of one product")])
def test_a_course_that_cannot_end_before_its_last_age_gives_way(oldest: str, goes_on: str) -> None:
    """SELECTB-3: the product kept to weighs less than that it can be completed."""
    kept = series(dose(min="0 days"), dose(gap="28 days"), dose(gap="28 days", max=oldest),
                  series_id="of one product", selection={"product_path": True})  # fmt: skip
    mixed = series(dose(min="0 days"), dose(gap="28 days"), dose(gap="7 days"), series_id="mixed",
                   selection={"default": False})  # fmt: skip
    answer = ask(pack(antigen(kept, mixed)), ("V", "2025-07-25"), on="2025-07-26")
    assert [one.series_id for one in line(answer).series] == [goes_on]
