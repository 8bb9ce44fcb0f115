"""One answer for each dose of the record: over its antigens, with its doubts (CDSi 6.1, 6.10)."""

from dataclasses import replace
from datetime import date

import pytest

from app.domain.schedule.answers import DoseStatus, Reason
from app.domain.schedule.history import Dose
from tests.domain.schedule.little_packs import (
    BORN,
    EXTRANEOUS,
    NOT_VALID,
    SUB_STANDARD,
    VALID,
    antigen,
    ask,
    dose,
    next_on,
    pack,
    series,
    statuses,
    vaccine,
    why,
)

ONE = pack(antigen(series(dose(min="0 days"), dose(min="2 months", gap="28 days"))))
MR = pack(
    antigen(series(dose("MR", min="8 months"), group="MR"), name="measles"),
    antigen(
        series(dose("MR", min="12 months", allowable=[{"vaccine": "R"}]), group="MR"),
        name="rubella",
    ),
    vaccines=[vaccine("MR", "measles", "rubella"), vaccine("R", "rubella")],
    groups=[{"group": "MR", "antigens": ["measles", "rubella"], "administer_full": True}],
)


def test_a_dose_counts_only_if_every_antigen_of_it_does_and_each_says_its_own() -> None:
    (found,) = ask(MR, ("MR", "2025-11-10")).evaluations
    assert found.status == NOT_VALID
    assert [(one.antigen, one.group, one.series_id, one.status) for one in found.antigens] == [
        ("measles", "MR", "s", VALID),
        ("rubella", "MR", "s", NOT_VALID),
    ]
    assert found.reasons == (Reason("too_young", {"min": "1 year", "from": date(2026, 3, 10)}),)
    assert found.reasons == found.antigens[1].reasons


def test_a_dose_that_one_antigen_needs_counts_though_another_needs_no_more() -> None:
    answer = ask(MR, ("R", "2026-03-10"), ("MR", "2026-03-12"))
    assert statuses(answer) == [VALID, VALID]
    assert [one.status for one in answer.evaluations[1].antigens] == [VALID, EXTRANEOUS]
    over = ask(MR, ("MR", "2026-03-10"), ("MR", "2026-03-12"))
    assert statuses(over) == [VALID, EXTRANEOUS]
    assert over.evaluations[1].reasons == (Reason("series_complete"),), "said once, not by each antigen"


def test_a_spoilt_dose_of_two_antigens_is_spoilt_for_both() -> None:
    spoilt = Dose("MR", date(2026, 3, 10), sub_standard="recalled")
    (found,) = ask(MR, spoilt).evaluations
    assert found.status == SUB_STANDARD
    assert [one.status for one in found.antigens] == [SUB_STANDARD] * 2
    assert found.reasons == (Reason("sub_standard", {"condition": "recalled"}),)


def test_a_spoilt_dose_says_why_against_which_dose_and_by_which_rule() -> None:
    spoilt = Dose("V", date(2025, 5, 20), sub_standard="cold_chain")
    found = ask(ONE, ("V", "2025-03-10"), spoilt).evaluations[1]
    (of_it,) = found.antigens
    assert (of_it.target_dose, of_it.judged_by.pack, of_it.judged_by.edition) == (2, "little", "1")
    assert of_it.reasons == found.reasons == (Reason("sub_standard", {"condition": "cold_chain"}),)
    early = replace(spoilt, given_on=date(1999, 12, 31))
    before = ask(ONE, early, born=date(1999, 12, 1)).evaluations[0].antigens[0]
    assert before.judged_by.before_its_start


def test_a_dose_too_many_says_by_which_rule() -> None:
    given = [("V", "2025-03-10"), ("V", "2025-05-10"), ("V", "2025-06-10")]
    (of_it,) = ask(ONE, *given).evaluations[2].antigens
    assert (of_it.status, of_it.target_dose, of_it.judged_by.edition) == (EXTRANEOUS, None, "1")


def test_a_vaccine_that_no_pack_knows_protects_in_no_series_and_says_so() -> None:
    (found,) = ask(ONE, ("X", "2025-04-10")).evaluations
    unknown = Reason("unknown_vaccine", {"vaccine": "X"})
    assert (found.status, found.antigens) == (EXTRANEOUS, ())
    assert (found.reasons, found.doubts) == ((unknown,), (unknown,))


def test_a_known_one_without_antigen_protects_in_no_series() -> None:
    (found,) = ask(
        pack(antigen(series(dose())), vaccines=[vaccine("V", "A"), vaccine("Ig", form="immunoglobulin")]),
        ("Ig", "2025-04-10"),
    ).evaluations
    assert (found.status, why(found), found.doubts) == (EXTRANEOUS, {"protects_in_no_series"}, ())


def test_what_cannot_be_is_not_valid_and_says_from_what_it_is_seen() -> None:
    unborn, to_come = ask(ONE, ("V", "2025-03-09"), ("V", "2026-03-15")).evaluations
    before_birth = Reason("before_birth", {"birth_on": BORN})
    in_the_future = Reason("in_the_future", {"on": date(2026, 3, 14)})
    assert (unborn.status, unborn.reasons, unborn.doubts) == (NOT_VALID, (before_birth,), (before_birth,))
    assert (to_come.status, to_come.reasons, to_come.doubts) == (
        NOT_VALID, (in_the_future,), (in_the_future,),
    )  # fmt: skip


def test_the_day_of_birth_and_today_are_no_doubt() -> None:
    answer = ask(ONE, ("V", "2025-03-10"), ("V", "2026-03-14"))
    assert statuses(answer) == [VALID, VALID]
    assert [one.doubts for one in answer.evaluations] == [(), ()]


@pytest.mark.parametrize("twice", [0, 1, 2])
def test_both_entries_of_a_double_are_in_doubt_and_no_other(twice: int) -> None:
    """Wherever it stands among the doses, and though other vaccines of that day stand between."""
    days = ["2025-04-10", "2025-05-10", "2025-06-10"]
    given = [("V", day) for day in days]
    answer = ask(ONE, *given, ("V", days[twice]), ("U", days[twice]))
    doubt = Reason("same_day_same_vaccine", {"vaccine": "V"})
    found = [one.doubts for one in answer.evaluations]
    assert [one == (doubt,) for one in found[:4]] == [place in (twice, 3) for place in range(4)]
    assert [reason.name for reason in found[4]] == ["unknown_vaccine"]


def test_of_several_series_that_go_on_the_one_that_thinks_best_of_a_dose_speaks() -> None:
    early = series(dose(min="0 days"), dose(gap="28 days"), series_id="early")
    risk = series(dose(min="1 year"), series_id="risk", type="risk",
                  indications=[{"observation": "ill"}], selection={"series_group": "2"})  # fmt: skip
    for courses in ((early, risk), (risk, early)):
        answer = ask(pack(antigen(*courses)), ("V", "2025-04-10"), observed=["ill"])
        (of_it,) = answer.evaluations[0].antigens
        assert (of_it.series_id, of_it.status) == ("early", VALID)


def test_a_dose_of_two_antigens_is_doubted_too() -> None:
    for found in ask(MR, ("MR", "2026-03-10"), ("MR", "2026-03-10")).evaluations:
        assert [reason.name for reason in found.doubts] == ["same_day_same_vaccine"]


# Two doses on one day: which is taken first must not hang on which was entered first


@pytest.mark.parametrize(
    "facts",
    [
        ({"product_code": "P1"}, {"product_code": "P2"}),
        ({"market_holder": "北京"}, {"market_holder": "上海"}),
        ({"quantity_ml": "0.5"}, {"quantity_ml": "0.25"}),
        ({"product_code": "P1"}, {}),
        ({"immunization_id": "i1"}, {"immunization_id": "i2"}),
    ],
)
def test_a_double_is_judged_alike_in_whatever_order_it_was_entered(
    facts: tuple[dict[str, str], dict[str, str]],
) -> None:
    one, other = (Dose("V", date(2025, 4, 10), **fact) for fact in facts)
    there = [(found.dose, found.status) for found in ask(ONE, one, other).evaluations]
    back = [(found.dose, found.status) for found in ask(ONE, other, one).evaluations]
    assert sorted(status for _, status in there) == [NOT_VALID, VALID]
    assert there == back[::-1]


# What a dose was, by the pack of its day or by today's

OLD = pack(antigen(series(dose(min="0 days"))), edition="2000")
NEW = pack(
    antigen(series(dose(min="0 days"), dose("W", min="0 days"))),
    antigen(series(dose("W", min="0 days"), group="B"), name="B"),
    vaccines=[
        vaccine("V", "A"),
        {"code": "W", "antigens": [{"antigen": "A"}, {"antigen": "B", "begin_age": "1 month"}]},
    ],
    edition="2026",
    valid_from="2026-01-01",
)


def test_a_vaccine_that_the_pack_of_its_day_did_not_know_is_what_todays_says() -> None:
    """It holds an antigen that nobody ruled then, from an age on."""
    (found,) = ask([OLD, NEW], ("W", "2025-04-10")).evaluations
    assert [one.antigen for one in found.antigens] == ["A", "B"]
    (young,) = ask([OLD, NEW], ("W", "2025-04-09")).evaluations
    assert [one.antigen for one in young.antigens] == ["A"]


def test_a_dose_beyond_the_series_of_its_day_is_held_against_todays() -> None:
    """The course grew: whoever had one dose more than was asked then is not told to begin anew."""
    answer = ask([OLD, NEW], ("V", "2025-04-10"), ("W", "2025-05-10"))
    assert statuses(answer) == [VALID, VALID]
    judged = answer.evaluations[1].antigens[0]
    assert (judged.target_dose, judged.judged_by.edition) == (2, "2000")
    assert next_on(answer) == (None,) * 4


@pytest.mark.parametrize(
    ("arithmetic", "bound", "day", "counts"),
    [
        ("civil_code", "begin_age", "2025-02-27", False),
        ("civil_code", "begin_age", "2025-02-28", True),
        ("cdsi", "begin_age", "2025-02-28", False),
        ("cdsi", "begin_age", "2025-03-01", True),
        ("civil_code", "end_age", "2025-02-27", True),
        ("civil_code", "end_age", "2025-02-28", False),
        ("cdsi", "end_age", "2025-02-28", True),
        ("cdsi", "end_age", "2025-03-01", False),
    ],
)
def test_the_age_of_an_antigen_is_reached_as_the_pack_counts_months(
    arithmetic: str, bound: str, day: str, counts: bool
) -> None:
    held = {"code": "V", "antigens": [{"antigen": "A", bound: "1 month"}]}
    counted = pack(antigen(series(dose(min="0 days"))), vaccines=[held], arithmetic=arithmetic)
    (found,) = ask(counted, ("V", day), born=date(2025, 1, 31)).evaluations
    assert found.status == (DoseStatus.VALID if counts else DoseStatus.EXTRANEOUS)


@pytest.mark.parametrize("always", [True, False])
def test_an_interval_of_later_days_binds_no_dose_before_them(always: bool) -> None:
    """Alone, or beside one that always holds."""
    gaps = [{"from_previous": True, "min": "7 days"}] if always else []
    gaps.append({"from_previous": True, "min": "60 days", "valid_from": "2025-06-01"})
    two = pack(antigen(series(dose(min="0 days"), dose(intervals=gaps))))
    assert statuses(ask(two, ("V", "2025-05-01"), ("V", "2025-05-31"))) == [VALID, VALID]
    assert statuses(ask(two, ("V", "2025-05-02"), ("V", "2025-06-01"))) == [VALID, NOT_VALID]
