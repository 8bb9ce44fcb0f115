"""What a reason states: its facts are read by people and by programs, so each is held word by word."""

from datetime import date

import pytest

from app.domain.schedule.answers import Assessment, Reason
from app.domain.schedule.history import Dose, Observed
from app.domain.schedule.pack import Pack
from app.ui.texts.reasons import reason_sentence
from tests.domain.schedule.little_packs import (
    BORN,
    antigen,
    ask,
    dose,
    next_on,
    pack,
    series,
    statuses,
    vaccine,
)

FIRST = ("V", "2025-05-10")


def said(answer: Assessment, place: int) -> list[Reason]:
    """Return the reasons of a dose; each has a sentence."""
    reasons = list(answer.evaluations[place].reasons)
    assert all(reason_sentence(reason, {}) for reason in reasons)
    return reasons


def two(**rule: object) -> Pack:
    """A pack whose second dose has one interval of four weeks."""
    interval = {"min": "28 days", **rule}
    return pack(
        antigen(series(dose(min="2 months"), dose("W", intervals=[interval]))),
        vaccines=[vaccine("V", "A"), vaccine("W", "A")],
        observations=[{"code": "ill", "title": "病"}],
    )


@pytest.mark.parametrize(
    ("rule", "of"),
    [
        ({"from_previous": True}, "previous"),
        ({"from_dose": 1}, "dose 1"),
        ({"from_most_recent": ["V", "W"]}, "V W"),
        ({"from_observation": "ill"}, "ill"),
    ],
)
def test_a_short_interval_says_from_what_and_until_when(rule: dict[str, object], of: str) -> None:
    ill = Observed("ill", date(2025, 5, 10))
    answer = ask(two(**rule), FIRST, ("W", "2025-06-06"), observed=[ill])
    facts = {"min": "28 days", "from": date(2025, 6, 7), "since": date(2025, 5, 10), "of": of}
    assert said(answer, 1) == [Reason("interval_too_short", facts)]
    assert statuses(ask(two(**rule), FIRST, ("W", "2025-06-07"), observed=[ill]))[1] == "valid"


def test_an_interval_that_is_only_planned_around_makes_no_dose_invalid() -> None:
    infected = Observed("ill", date(2025, 6, 1))
    around = two(from_observation="ill", planned_only=True)
    assert said(ask(around, FIRST, ("W", "2025-06-06"), observed=[infected]), 1) == []
    answer = ask(around, FIRST, observed=[infected])
    assert next_on(answer)[0] == date(2025, 6, 29)
    facts = {"interval": "28 days", "since": date(2025, 6, 1), "observation": "ill"}
    assert Reason("min_interval", facts) in answer.forecasts[0].reasons
    assert "病" in reason_sentence(Reason("min_interval", facts), {"ill": "病"})


def test_an_age_says_the_bound_and_its_day() -> None:
    aged = pack(antigen(series(dose(min="2 months", max="5 years"))))
    young = {"min": "2 months", "from": date(2025, 5, 10)}
    assert said(ask(aged, ("V", "2025-05-09")), 0) == [Reason("too_young", young)]
    old = {"max": "5 years", "until": date(2030, 3, 10)}
    assert said(ask(aged, ("V", "2030-03-10"), on="2031-01-01"), 0) == [Reason("too_old", old)]


def test_the_days_of_grace_say_which_bound_was_not_quite_kept() -> None:
    gap = {"from_previous": True, "min": "28 days", "abs_min": "24 days"}
    graced = pack(antigen(series(dose(min="2 months", abs_min="2 months - 4 days"), dose(intervals=[gap]))))
    answer = ask(graced, ("V", "2025-05-06"), ("V", "2025-06-01"))
    assert said(answer, 0) == [Reason("grace_period", {"age": "2 months"})]
    facts = {"interval": "28 days", "since": date(2025, 5, 6)}
    assert said(answer, 1) == [Reason("grace_period", facts)]


LIVE = pack(
    antigen(series(dose("L", min="2 months"), dose("L", min="2 months"))),
    antigen(series(dose("M", min="8 months"), group="B"), name="B"),
    vaccines=[vaccine("L", "A", form="live"), vaccine("M", "B", form="live")],
    conflicts=[{"previous": ["@live"], "current": ["@live"], "end": "28 days", "abs_end": "24 days"}],
)


def test_a_conflict_says_with_what_since_when_and_until_when() -> None:
    facts = {"vaccine": "L", "given_on": date(2025, 12, 1), "from": date(2025, 12, 25)}
    answer = ask(LIVE, ("L", "2025-12-01"), ("M", "2025-12-24"), on="2026-03-01")
    assert said(answer, 1) == [Reason("conflict", facts)]
    assert said(ask(LIVE, ("L", "2025-12-01"), ("M", "2025-12-25"), on="2026-03-01"), 1) == []


def test_after_a_dose_that_did_not_count_the_longer_conflict_holds() -> None:
    """Of the same series: its first dose came too early."""
    first, second = ("L", "2025-05-09"), ("L", "2025-06-04")
    answer = ask(LIVE, first, second, on="2025-07-01")
    facts = {"vaccine": "L", "given_on": date(2025, 5, 9), "from": date(2025, 6, 6)}
    assert said(answer, 1) == [Reason("conflict", facts)]
    assert said(ask(LIVE, ("L", "2025-05-10"), ("L", "2025-06-04"), on="2025-07-01"), 1) == []


def test_two_of_one_vaccine_on_a_day_say_which() -> None:
    answer = ask(pack(antigen(series(dose(min="2 months"), dose()))), FIRST, FIRST)
    (twice,) = [one for place in (0, 1) for one in said(answer, place)]
    assert twice == Reason("same_day_same_vaccine", {"vaccine": "V"})


@pytest.mark.parametrize(
    ("given_ml", "asked_ml", "little"),
    [("0.25", "0.5", True), ("0.5", "0.5", False), ("1.0", "0.5", False), ("0.25", None, False),
     (None, "0.5", False), ("", "0.5", False), ("half", "0.5", False)],
)  # fmt: skip
def test_too_little_is_said_and_refuses_nothing(
    given_ml: str | None, asked_ml: str | None, little: bool
) -> None:
    wanted = {"vaccine": "V"} | ({"volume_ml": asked_ml} if asked_ml else {})
    volumes = pack(antigen(series({"preferable": [wanted], "ages": [{"min": "0 days"}]})))
    answer = ask(volumes, Dose("V", BORN, quantity_ml=given_ml))
    assert statuses(answer) == ["valid"]
    reason = Reason("little_volume", {"given": given_ml, "asked": asked_ml})
    assert said(answer, 0) == ([reason] if little else [])


def test_an_inadvertent_dose_is_no_most_recent_one() -> None:
    recent = {"from_most_recent": ["V", "X"], "min": "28 days"}
    packs = pack(
        antigen(series(dose(min="2 months"), dose(intervals=[recent], inadvertent=["X"]))),
        vaccines=[vaccine("V", "A"), vaccine("X", "A")],
    )
    answer = ask(packs, FIRST, ("X", "2025-06-05"), ("V", "2025-06-07"))
    assert said(answer, 1) == [Reason("inadvertent_vaccine", {"vaccine": "X"})]
    (part,) = answer.evaluations[1].antigens
    assert (part.target_dose, part.judged_by.pack) == (2, "little")
    assert statuses(answer)[2] == "valid"


@pytest.mark.parametrize(
    "before",
    [
        {"from_observation": "ill", "min": "1 year", "planned_only": True},
        {"from_dose": 1, "latest": "1 year"},
        {"from_most_recent": ["X"], "min": "1 year"},
    ],
)
def test_an_interval_that_says_nothing_hides_none_of_those_after_it(before: dict[str, object]) -> None:
    """One only planned for, one without a minimum, one with nothing to count from."""
    rules = [before, {"from_previous": True, "min": "28 days"}]
    packs = pack(
        antigen(series(dose(min="2 months"), dose(intervals=rules))),
        vaccines=[vaccine("V", "A"), vaccine("X", "A")],
        observations=[{"code": "ill", "title": "病"}],
    )
    short = ask(packs, FIRST, ("V", "2025-06-06"), observed=[Observed("ill", BORN)])
    assert [reason.name for reason in said(short, 1)] == ["interval_too_short"]


def test_a_rule_judges_the_doses_of_its_days_alone() -> None:
    dated = [{"from_previous": True, "min": "28 days", "valid_to": "2025-05-31"}]
    ages = [{"min": "2 months", "valid_to": "2025-05-31"}, {"min": "0 days"}]
    packs = pack(antigen(series(dose(ages=ages), dose(intervals=dated))))
    assert statuses(ask(packs, FIRST, ("V", "2025-05-31")))[1] == "not_valid"
    assert statuses(ask(packs, FIRST, ("V", "2025-06-01"))) == ["valid", "valid"]
    assert statuses(ask(packs, ("V", "2025-05-09"))) == ["not_valid"]


def test_at_its_age_a_dose_needs_no_days_of_grace() -> None:
    packs = pack(antigen(series(dose(min="2 months", abs_min="2 months - 4 days"))))
    assert said(ask(packs, FIRST), 0) == []
    bare = pack(antigen(series(dose(abs_min="2 months"))))
    assert said(ask(bare, FIRST), 0) == []


def test_a_vaccine_outside_its_ages_or_of_another_product_says_so() -> None:
    aged = {"vaccine": "V", "begin_age": "1 year"}
    packs = pack(antigen(series({"preferable": [aged], "ages": [{"min": "0 days"}]})))
    facts = {"vaccine": "V"}
    assert said(ask(packs, FIRST), 0) == [Reason("vaccine_outside_its_ages", facts)]
    one = {"vaccine": "V", "product": "P"}
    of_one = pack(antigen(series({"preferable": [one], "ages": [{"min": "0 days"}]})))
    for product, reasons in (("P", []), ("Q", [Reason("another_product", facts)]), (None, [])):
        assert said(ask(of_one, Dose("V", date(2025, 5, 10), product)), 0) == reasons


def test_a_vaccine_that_is_let_count_does_so_at_its_ages_alone() -> None:
    allowed = [{"vaccine": "W", "begin_age": "1 month", "end_age": "3 months"}]
    packs = pack(
        antigen(series(dose(min="0 days", allowable=allowed))),
        vaccines=[vaccine("V", "A"), vaccine("W", "A")],
    )
    for day, counts in (
        ("2025-04-09", False),
        ("2025-04-10", True),
        ("2025-06-09", True),
        ("2025-06-10", False),
    ):
        assert (statuses(ask(packs, ("W", day))) == ["valid"]) is counts
