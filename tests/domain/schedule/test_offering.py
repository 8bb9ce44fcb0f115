"""What may be given next: the vaccines of the dose, at their ages, with their amount (FORECASTRECVAC-1)."""

from datetime import date
from typing import Any

from app.domain.schedule.answers import Offer, OfferedVaccine
from app.domain.schedule.history import Dose
from app.domain.schedule.pack import Pack
from tests.domain.schedule.little_packs import antigen, ask, dose, line, pack, series, vaccine


def offered(
    packs: Pack, *given: tuple[str, str] | Dose, on: str = "2026-03-14"
) -> tuple[OfferedVaccine, ...]:
    return line(ask(packs, *given, on=on)).vaccines


def course(*preferable: dict[str, Any], platforms: tuple[str, str] = ("", ""), **fields: Any) -> Pack:
    """Two doses alike, of the vaccines V and W."""
    alike = dose(min="0 days", gap="28 days", preferable=list(preferable))
    known = [vaccine(code, "A", platform=platform) for code, platform in zip("VW", platforms, strict=True)]
    return pack(antigen(series(alike, alike, **fields)), vaccines=known)


def test_before_the_first_dose_what_the_rule_prefers_is_offered_with_its_amount() -> None:
    rules = course({"vaccine": "V", "volume_ml": "0.5"}, {"vaccine": "W", "market_holder": "北京"})
    assert offered(rules) == (
        OfferedVaccine("V", Offer.PREFERRED, volume_ml="0.5"),
        OfferedVaccine("W", Offer.PREFERRED, market_holder="北京"),
    )


def test_who_has_begun_is_offered_the_same_product_of_the_same_holder() -> None:
    begun = Dose("V", date(2026, 1, 5), product_code="P1", market_holder="成都")
    same = OfferedVaccine("V", Offer.SAME_PRODUCT, "P1", "成都")
    assert offered(course({"vaccine": "V"}, {"vaccine": "W"}), begun)[0] == same


def test_what_the_rule_names_goes_before_what_was_begun_with() -> None:
    begun = Dose("V", date(2026, 1, 5), product_code="P1", market_holder="成都")
    rules = course({"vaccine": "V", "market_holder": "成都", "product": "P2", "volume_ml": "1.0"})
    assert offered(rules, Dose("V", date(2026, 1, 5), product_code="P2"))[0] == OfferedVaccine(
        "V", Offer.SAME_PRODUCT, "P2", "成都", "1.0"
    )
    assert offered(rules, begun)[0].product_code == "P2"


def test_a_vaccine_is_offered_at_its_ages_alone() -> None:
    young, old = {"vaccine": "V", "end_age": "1 year"}, {"vaccine": "W", "begin_age": "1 year"}
    by_age = course(young, old)
    assert [one.vaccine_code for one in offered(by_age, on="2025-04-01")] == ["V"]
    aged = pack(
        antigen(series(dose(min="1 year", preferable=[young, old]))),
        vaccines=[vaccine("V", "A"), vaccine("W", "A")],
    )
    assert [one.vaccine_code for one in offered(aged)] == ["W"]


def test_what_may_follow_another_platform_is_offered_whatever_was_begun_with() -> None:
    rules = course(
        {"vaccine": "V"},
        {"vaccine": "W", "sequential": True},
        platforms=("vero", "cho"),
        substitution="same_platform",
    )
    assert [(one.vaccine_code, one.offer) for one in offered(rules, ("V", "2026-01-05"))] == [
        ("V", Offer.SAME_PRODUCT), ("V", Offer.SUBSTITUTE), ("W", Offer.PREFERRED),
    ]  # fmt: skip


def test_two_without_a_platform_are_no_substitutes_for_each_other() -> None:
    either = ({"vaccine": "V"}, {"vaccine": "W"})
    begun = ("V", "2026-01-05")
    nothing_known = course(*either, substitution="same_platform")
    assert [one.vaccine_code for one in offered(nothing_known, begun)] == ["V", "V"]
    alike = course(*either, platforms=("vero", "vero"), substitution="same_platform")
    assert [(one.vaccine_code, one.offer) for one in offered(alike, begun)] == [
        ("V", Offer.SAME_PRODUCT), ("V", Offer.SUBSTITUTE), ("W", Offer.SUBSTITUTE),
    ]  # fmt: skip
    apart = course(*either, platforms=("vero", "mRNA"), substitution="same_platform")
    assert [one.vaccine_code for one in offered(apart, begun)] == ["V", "V"]
