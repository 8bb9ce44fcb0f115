"""Several vaccines at one visit: what goes today and where, what waits and until when (APP-8)."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.catalogue import BodySite, Product, Route
from app.domain.schedule.choosing import choose
from app.domain.schedule.packs import Packs, Rules
from app.domain.schedule.together import (
    NotTogether,
    Placed,
    SeriesTwice,
    Shot,
    VisitPlan,
    arrange,
    plan_visit,
)
from app.practice.site import products
from tests.domain.schedule.little_packs import antigen, dose, pack, series, vaccine
from tests.domain.schedule.shipped import PACKS

ON = date(2026, 11, 22)
RULES = choose(PACKS).on(ON)
AT_HAND = {product.vaccine_code: product for product in products()}


def shot(code: str) -> Shot:
    product = AT_HAND.get(code)
    return Shot(code, programme=product is None or product.programme, product=product)


def plan(*codes: str, given_before: tuple[tuple[str, date], ...] = ()) -> VisitPlan:
    return plan_visit([shot(code) for code in codes], given_before, RULES, ON)


def going(found: VisitPlan) -> list[str]:
    return [one.shot.vaccine_code for one in found.together]


def waiting(found: VisitPlan) -> list[tuple[str, str, date | None]]:
    return [(one.shot.vaccine_code, one.because, one.until) for one in found.waiting]


def test_what_is_due_goes_together_each_in_a_limb_of_its_own() -> None:
    found = plan("HepB", "IPV", "DTaP")
    places = [(one.shot.vaccine_code, one.body_site, one.shares) for one in found.together]
    assert places == [
        ("HepB", BodySite.LEFT_ARM, False),
        ("IPV", BodySite.LEFT_THIGH, False),
        ("DTaP", BodySite.RIGHT_THIGH, False),
    ]
    assert found.apart_until is None


def test_a_limb_of_two_says_so() -> None:
    found = plan("HepB", "MMR", "JE-L")
    assert [one.body_site for one in found.together] == [
        BodySite.LEFT_ARM, BodySite.RIGHT_ARM, BodySite.RIGHT_ARM,
    ]  # fmt: skip
    assert [one.shares for one in found.together] == [False, False, True]


def test_injected_live_ones_go_together_or_28_days_apart() -> None:
    found = plan("MMR", "JE-L")
    assert going(found) == ["MMR", "JE-L"]
    assert found.apart_until == date(2026, 12, 20)


@pytest.mark.parametrize(
    ("code", "day", "expected"),
    [
        ("MMR", date(2026, 10, 26), [("JE-L", "MMR", date(2026, 11, 23))]),
        ("MMR", date(2026, 10, 25), []),
        ("MMR", ON, []),
        ("Ig", date(2026, 9, 1), [("JE-L", "Ig", date(2026, 12, 1))]),
        ("Ig", ON, [("JE-L", "Ig", date(2027, 2, 22))]),
        ("HepB", date(2026, 11, 21), []),
    ],
)
def test_what_was_given_before_keeps_it_waiting(
    code: str, day: date, expected: list[tuple[str, str, date]]
) -> None:
    assert waiting(plan("JE-L", given_before=((code, day),))) == expected


def test_one_that_no_programme_asks_for_keeps_the_28_days_too() -> None:
    """ZOS is live and injected; the packs know it for its conflicts alone."""
    live = (("MMR", date(2026, 11, 1)),)
    assert waiting(plan("ZOS", given_before=live)) == [("ZOS", "MMR", date(2026, 11, 29))]


@pytest.mark.parametrize(
    ("is_live", "route", "waits"),
    [
        (True, Route.INTRAMUSCULAR, True),
        (True, Route.ORAL, False),
        (False, Route.INTRAMUSCULAR, False),
    ],
)
def test_of_one_that_no_pack_knows_the_product_says_whether_it_is_live_and_injected(
    is_live: bool, route: Route, waits: bool
) -> None:
    product = replace(AT_HAND["IPV"], vaccine_code="NEW", live=is_live, route=route)
    before = [("MMR", date(2026, 11, 1))]
    found = plan_visit([Shot("NEW", product=product)], before, RULES, ON)
    assert waiting(found) == ([("NEW", "MMR", date(2026, 11, 29))] if waits else [])


def test_a_rule_for_every_vaccine_is_for_those_that_nobody_knows_too() -> None:
    rules = Packs(
        [
            pack(
                antigen(series(dose("A"))),
                vaccines=[vaccine("A", "A")],
                conflicts=[{"previous": ["@any"], "current": ["@any"], "end": "14 days"}],
            )
        ]
    ).on(ON)
    for code, before in (("A", "X"), ("X", "A"), ("X", "Y")):
        found = plan_visit([Shot(code)], [(before, date(2026, 11, 21))], rules, ON)
        assert waiting(found) == [(code, before, date(2026, 12, 5))]


@pytest.mark.parametrize(
    ("arithmetic", "until"), [("civil_code", date(2027, 2, 28)), ("cdsi", date(2027, 3, 1))]
)
def test_what_waits_months_waits_as_the_pack_counts_them(arithmetic: str, until: date) -> None:
    """Given today, at this visit, or both today."""
    today = date(2026, 11, 30)

    def rules(begin: str) -> Rules:
        between = {"previous": ["A"], "current": ["B"], "begin": begin, "end": "3 months"}
        known = [vaccine("A", "A"), vaccine("B", "A")]
        little = pack(antigen(series(dose("A"))), vaccines=known, conflicts=[between], arithmetic=arithmetic)
        return Packs([little]).on(today)

    from_today, from_tomorrow = rules("0 days"), rules("1 day")
    found = plan_visit([Shot("B")], [("A", today)], from_today, today)
    assert waiting(found) == [("B", "A", until)]
    found = plan_visit([Shot("A"), Shot("B")], (), from_today, today)
    assert waiting(found) == [("B", "A", until)]
    found = plan_visit([Shot("A"), Shot("B")], (), from_tomorrow, today)
    assert (waiting(found), found.apart_until) == ([], until)


@pytest.mark.parametrize("day", [date(2027, 2, 27), date(2027, 2, 28), date(2027, 3, 1)])
@pytest.mark.parametrize(
    ("arithmetic", "end"), [("civil_code", date(2027, 2, 28)), ("cdsi", date(2027, 3, 1))]
)
def test_it_may_come_from_that_day_on(arithmetic: str, end: date, day: date) -> None:
    between = {"previous": ["A"], "current": ["B"], "end": "3 months"}
    known = [vaccine("A", "A"), vaccine("B", "A")]
    little = pack(antigen(series(dose("A"))), vaccines=known, conflicts=[between], arithmetic=arithmetic)
    found = plan_visit([Shot("B")], [("A", date(2026, 11, 30))], Packs([little]).on(day), day)
    assert bool(waiting(found)) is (day < end)


def test_one_alone_keeps_nothing_waiting_for_itself() -> None:
    """Two doses of one live vaccine are 28 days apart; that is no word about today."""
    assert plan("MMR").apart_until is None


def test_the_programme_goes_before_the_others_and_rabies_before_all() -> None:
    assert going(plan("FLU4", "HepB", "RAB")) == ["RAB", "HepB", "FLU4"]


def test_who_goes_first_keeps_the_other_waiting() -> None:
    """Immunoglobulin today: what it spoils waits three months; a programme vaccine puts a later one off."""
    assert waiting(plan("Ig", "MMR")) == [("MMR", "Ig", date(2027, 2, 22))]
    assert waiting(plan("MMR", "Ig")) == [("Ig", "MMR", None)]


def test_a_conflict_of_a_pack_decides_by_precedence() -> None:
    rules = Packs(
        [
            pack(
                antigen(series(dose("A"))),
                vaccines=[vaccine("A", "A"), vaccine("B", "A")],
                conflicts=[{"previous": ["A"], "current": ["B"], "begin": "0 days", "end": "15 days"}],
            )
        ]
    ).on(ON)
    found = plan_visit([Shot("B", programme=False), Shot("A")], (), rules, ON)
    assert (going(found), waiting(found)) == (["A"], [("B", "A", date(2026, 12, 7))])
    found = plan_visit([Shot("A", programme=False), Shot("B")], (), rules, ON)
    assert (going(found), waiting(found)) == (["B"], [("A", "B", None)])


CODES = ("HepB", "MMR", "JE-L", "IPV", "DTaP", "FLU4", "RAB", "ZOS", "Ig", "HepA-L", "MPSV-AC")


@given(
    st.lists(st.sampled_from(CODES), unique=True),
    st.lists(st.tuples(st.sampled_from(CODES), st.dates(date(2026, 1, 1), ON)), max_size=4),
)
def test_every_one_goes_or_waits_and_none_goes_where_it_must_not(
    codes: list[str], before: list[tuple[str, date]]
) -> None:
    found = plan(*codes, given_before=tuple(before))
    assert sorted(going(found) + [code for code, _, _ in waiting(found)]) == sorted(codes)
    assert all(until is None or until > ON for _, _, until in waiting(found))
    for one in found.together:
        product = one.shot.product
        assert product is None or one.body_site in (product.body_site, *product.body_sites)


def test_an_oral_one_goes_by_mouth_beside_any_other() -> None:
    drops: Product = replace(AT_HAND["IPV"], body_site=BodySite.MOUTH, body_sites=())
    shots = [Shot("bOPV", product=drops), Shot("RV", product=drops)]
    found = plan_visit(shots, (), RULES, ON)
    assert [(one.body_site, one.shares) for one in found.together] == [(BodySite.MOUTH, False)] * 2


def test_two_against_one_disease_are_not_given_at_one_visit() -> None:
    with pytest.raises(SeriesTwice) as refused:
        arrange([shot("DTaP"), shot("DTaP-IPV-Hib")], RULES, ON)
    assert refused.value == SeriesTwice("DTaP-IPV-Hib", "百白破疫苗")


def test_immunoglobulin_keeps_a_live_one_from_the_same_visit_with_the_day_it_may_come() -> None:
    """MMR-3: three months after it."""
    with pytest.raises(NotTogether) as refused:
        arrange([shot("MMR"), shot("Ig")], RULES, ON)
    assert refused.value.because in ("Ig", "麻腮风疫苗")
    with pytest.raises(NotTogether) as refused:
        arrange([shot("MMR")], RULES, ON, [Placed(shot("Ig"), None)])
    assert refused.value == NotTogether("麻腮风疫苗", "Ig", date(2027, 2, 22))


def test_what_went_in_before_counts_for_the_limb() -> None:
    before = arrange([shot("HepB")], RULES, ON)
    (placed,) = arrange([shot("FLU4")], RULES, ON, before)
    assert placed.body_site is BodySite.RIGHT_ARM


@given(st.lists(st.sampled_from(sorted(AT_HAND)), unique=True, max_size=5))
def test_what_is_arranged_is_all_there_and_no_limb_is_shared_without_words(codes: list[str]) -> None:
    """APP-8: every vaccine the practice site has is of a series of its own."""
    placed = arrange([shot(code) for code in codes], RULES, ON)
    assert sorted(one.shot.vaccine_code for one in placed) == sorted(codes)
    assert waiting(plan(*codes)) == []
    for place, one in enumerate(placed):
        before = [other.body_site for other in placed[:place]]
        assert one.shares is (one.body_site in before)
