"""三查七对一验证 cannot be passed with anything missing, whatever is known and confirmed (VER-1)."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.catalogue import LotStatus
from app.domain.checklist import (
    ONE_VERIFICATION,
    PERSON_ITEMS,
    SEVEN_MATCHES,
    THREE_CHECKS,
    VIAL_ITEMS,
    CheckFacts,
    ChecklistIncomplete,
    EarlierItemOpen,
    How,
    Item,
    ItemState,
    NotConsented,
    NotForPersons,
    NotScreened,
    ScreeningOutdated,
    VialNotScanned,
    check_confirmable,
    evaluate,
    next_to_confirm,
    require_all,
)
from app.domain.refusals import Refusal
from app.domain.screening import Decision
from app.domain.vial import (
    AgeOutsideLimits,
    CodeOverused,
    CodeSource,
    LotBlocked,
    LotExpired,
    OpenTooLong,
    VialQuarantined,
    WrongProduct,
)
from tests.domain.facts import COMPLETE, FLU, LOT, NOW, OTHER_PRODUCT, PATIENT, TODAY, VIAL

SCREENED = COMPLETE.screened
assert SCREENED is not None


def unconfirmed(item: Item) -> Callable[[CheckFacts], CheckFacts]:
    return lambda facts: replace(
        facts, confirmations={k: v for k, v in facts.confirmations.items() if k is not item}
    )


MISSING: dict[str, Callable[[CheckFacts], CheckFacts]] = {
    "screening": lambda facts: replace(facts, screened=None),
    "plan": lambda facts: replace(facts, planned=None, dose_number=None),
    "vial": lambda facts: replace(facts, vial=None, vial_by="", vial_at=None),
    "body site": lambda facts: replace(facts, body_site=None),
    **{f"confirmation of {item}": unconfirmed(item) for item in PERSON_ITEMS},
}
"""What can be absent."""

HARD_FACTS: dict[str, tuple[Callable[[CheckFacts], CheckFacts], type[Refusal]]] = {
    "deferred": (lambda f: screened(f, decision=Decision.DEFER), NotScreened),
    "advised against": (lambda f: screened(f, decision=Decision.DO_NOT), NotScreened),
    "screened yesterday": (lambda f: screened(f, at=NOW - timedelta(days=1)), ScreeningOutdated),
    "not consented": (lambda f: screened(f, consented=False), NotConsented),
    "expired": (lambda f: lot(f, expires_on=TODAY - timedelta(days=1)), LotExpired),
    "recalled": (lambda f: lot(f, status=LotStatus.RECALLED), LotBlocked),
    "lot put aside": (lambda f: lot(f, status=LotStatus.QUARANTINED), LotBlocked),
    "vial put aside": (lambda f: vial(f, quarantined=True), VialQuarantined),
    "used up": (lambda f: vial(f, doses_used=1), CodeOverused),
    "open too long": (lambda f: vial(f, doses=5, opened_at=NOW - timedelta(minutes=60)), OpenTooLong),
    "another product": (lambda f: vial(f, product=OTHER_PRODUCT), WrongProduct),
    "too young": (lambda f: replace(f, patient=replace(PATIENT, birth_on=TODAY)), AgeOutsideLimits),
}
"""What speaks against the dose, and the refusal that says so."""


def screened(facts: CheckFacts, **changes: object) -> CheckFacts:
    return facts if facts.screened is None else replace(facts, screened=replace(facts.screened, **changes))  # type: ignore[arg-type]


def vial(facts: CheckFacts, **changes: object) -> CheckFacts:
    return facts if facts.vial is None else replace(facts, vial=replace(facts.vial, **changes))  # type: ignore[arg-type]


def lot(facts: CheckFacts, **changes: object) -> CheckFacts:
    return vial(facts, lot=replace(LOT, **changes))  # type: ignore[arg-type]


def test_the_eleven_items_are_three_checks_seven_matches_and_one_verification() -> None:
    """N2023 ch.5 §6; 七对 has no 性别 (domain.md §14.4)."""
    assert (*THREE_CHECKS, *SEVEN_MATCHES, *ONE_VERIFICATION) == tuple(Item)
    assert [len(group) for group in (THREE_CHECKS, SEVEN_MATCHES, ONE_VERIFICATION)] == [3, 7, 1]


def test_with_everything_there_it_passes_and_says_who_and_when_for_each_item() -> None:
    results = require_all(COMPLETE, NOW)
    assert [result.item for result in results] == list(Item)
    for result in results:
        assert result.state is ItemState.PASSED
        assert result.by in ("u-nurse", "u-doctor")
        assert result.at is not None
        assert result.at <= NOW
        assert result.how is not None


@given(st.sets(st.sampled_from(sorted(MISSING))), st.sets(st.sampled_from(sorted(HARD_FACTS)), max_size=2))
def test_it_passes_only_if_nothing_is_missing_and_nothing_speaks_against_it(
    missing: set[str], against: set[str]
) -> None:
    facts = COMPLETE
    for name in sorted(against):
        facts = HARD_FACTS[name][0](facts)
    for name in sorted(missing):
        facts = MISSING[name](facts)
    if not missing and not against:
        assert len(require_all(facts, NOW)) == 11
        return
    with pytest.raises(Refusal):
        require_all(facts, NOW)
    assert any(result.state is not ItemState.PASSED for result in evaluate(facts, NOW))


@pytest.mark.parametrize("name", sorted(HARD_FACTS))
def test_each_hard_fact_alone_stops_the_dose_by_its_name(name: str) -> None:
    change, refusal = HARD_FACTS[name]
    with pytest.raises(refusal) as caught:
        require_all(change(COMPLETE), NOW)
    assert caught.value.stop, "a real danger stops everything (ux.md rule 9)"


@pytest.mark.parametrize(
    ("name", "items"),
    [
        ("vial", {*SEVEN_MATCHES, *VIAL_ITEMS} - {Item.NAME, Item.AGE}),
        ("body site", {Item.BODY_SITE}),
        *((f"confirmation of {item}", {item}) for item in PERSON_ITEMS),
    ],
)
def test_what_is_missing_is_named(name: str, items: set[Item]) -> None:
    with pytest.raises(ChecklistIncomplete) as caught:
        require_all(MISSING[name](COMPLETE), NOW)
    assert set(caught.value.items) == items


@pytest.mark.parametrize("name", ["screening", "plan"])
def test_without_a_doctors_plan_the_dose_is_stopped(name: str) -> None:
    with pytest.raises(NotScreened):
        require_all(MISSING[name](COMPLETE), NOW)


@given(st.sampled_from(PERSON_ITEMS), st.sets(st.sampled_from(PERSON_ITEMS)), st.booleans())
def test_an_item_is_confirmed_only_after_all_before_it(item: Item, given: set[Item], has_vial: bool) -> None:
    """N2023 ch.5 §6: in the official order."""
    confirmations = {k: v for k, v in COMPLETE.confirmations.items() if k in given}
    facts = replace(COMPLETE, confirmations=confirmations, vial=VIAL if has_vial else None)
    before = PERSON_ITEMS[: PERSON_ITEMS.index(item)]
    allowed = set(before) <= given and (has_vial or item not in VIAL_ITEMS)
    if allowed:
        check_confirmable(item, facts)
    else:
        with pytest.raises((EarlierItemOpen, VialNotScanned)):
            check_confirmable(item, facts)


def test_the_screen_asks_for_one_item_after_the_other_in_the_official_order() -> None:
    facts, asked = replace(COMPLETE, confirmations={}), []
    while (item := next_to_confirm(facts)) is not None:
        check_confirmable(item, facts)
        asked.append(item)
        facts = replace(facts, confirmations=facts.confirmations | {item: COMPLETE.confirmations[item]})  # type: ignore[operator]
    assert tuple(asked) == PERSON_ITEMS
    assert len(asked) <= 4, "at most four keys (ux.md rule 4)"


@pytest.mark.parametrize("item", sorted(set(Item) - set(PERSON_ITEMS)))
def test_nobody_ticks_what_the_machine_decides(item: Item) -> None:
    with pytest.raises(NotForPersons):
        check_confirmable(item, COMPLETE)


@pytest.mark.parametrize("item", PERSON_ITEMS)
def test_what_only_a_person_can_see_never_passes_without_a_person(item: Item) -> None:
    facts = MISSING[f"confirmation of {item}"](COMPLETE)
    assert {result.item for result in evaluate(facts, NOW) if result.state is not ItemState.PASSED} == {item}


def test_an_item_that_speaks_of_a_vial_does_not_pass_once_the_vial_is_away() -> None:
    away = MISSING["vial"](COMPLETE)
    waiting = {result.item for result in evaluate(away, NOW) if result.state is ItemState.WAITING}
    assert waiting >= VIAL_ITEMS


def test_a_vial_entered_by_hand_is_flagged_in_its_items() -> None:
    by_hand = vial(COMPLETE, source=CodeSource.TYPED, reason="标签破损")
    how = {result.item: result.how for result in require_all(by_hand, NOW)}
    assert how[Item.VACCINE] is How.HAND_ENTRY
    assert how[Item.SPECIFICATION] is How.HAND_ENTRY
    assert {result.item: result.how for result in require_all(COMPLETE, NOW)}[Item.VACCINE] is How.SCAN


def test_the_screening_counts_until_midnight_in_china() -> None:
    at_23_59 = NOW.replace(hour=15, minute=59)
    screened_at_noon = screened(COMPLETE, at=NOW.replace(hour=4))
    assert require_all(screened_at_noon, at_23_59)
    with pytest.raises(ScreeningOutdated):
        require_all(screened_at_noon, at_23_59 + timedelta(minutes=1))


def test_the_product_that_is_planned_decides_on_the_age() -> None:
    baby = replace(COMPLETE, patient=replace(PATIENT, birth_on=TODAY), vial=None)
    assert evaluate(baby, NOW)[list(Item).index(Item.AGE)].state is ItemState.FAILED
    assert FLU.min_age_months == 36
