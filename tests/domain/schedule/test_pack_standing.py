"""Where a pack holds, how it stands on a day, and what a new one would change."""

from dataclasses import replace
from datetime import date

import pytest

from app.domain.schedule.choosing import choose
from app.domain.schedule.pack import Layer, Pack, Region
from app.domain.schedule.pack_standing import PackStanding, changes, places
from tests.domain.schedule.little_packs import antigen, dose, pack, series, vaccine

TODAY = date(2026, 11, 22)
BOTH = pack(
    antigen(series(dose())),
    antigen(series(dose("W"), group="B"), name="B"),
    vaccines=[vaccine("V", "A"), vaccine("W", "B")],
    groups=[{"group": "A", "antigens": ["A"], "title": "甲"}, {"group": "B", "antigens": ["B"]}],
    on_by_default=True,
)
OF_A = replace(pack(antigen(series(dose())), pack="of-a", on_by_default=True), groups=BOTH.groups[:1])
PROVINCE = replace(OF_A, region=Region(Layer.PROVINCE, "320000"))


@pytest.mark.parametrize(
    ("layer", "code", "division", "holds"),
    [
        (Layer.NATIONAL, "CN", "320102", True),
        (Layer.NATIONAL, "US", "320102", False),
        (Layer.PROVINCE, "320000", "320102", True),
        (Layer.PROVINCE, "320100", "320102", True),
        (Layer.PROVINCE, "320102", "320102", True),
        (Layer.PROVINCE, "320200", "320102", False),
        (Layer.PROVINCE, "330000", "320102", False),
        (Layer.PROVINCE, "100000", "100101", True),
        (Layer.PROVINCE, "320000", "", False),
        (Layer.PROVINCE, "000000", "320102", False),
        (Layer.PROVINCE, "", "320102", False),
        (Layer.SITE, "3201020001", "320102", True),
        (Layer.SITE, "3201020002", "320102", False),
        (Layer.SITE, "320102", "320102", False),
    ],
)
def test_a_rule_holds_in_its_division_and_every_one_within(
    layer: Layer, code: str, division: str, holds: bool
) -> None:
    assert Region(layer, code).holds_at("3201020001", division) is holds


def standing(*packs: Pack) -> list[tuple[str, PackStanding, tuple[str, ...]]]:
    found = places(packs, choose(packs).on(TODAY), TODAY)
    return [(one.pack.pack, one.standing, one.groups) for one in found]


def test_who_rules_comes_first_with_what_it_rules() -> None:
    assert standing(BOTH) == [("little", PackStanding.IN_FORCE, ("甲", "B"))]
    assert standing(BOTH, PROVINCE) == [
        ("little", PackStanding.IN_FORCE, ("B",)),
        ("of-a", PackStanding.IN_FORCE, ("甲",)),
    ]
    older = replace(OF_A, valid_from=date(1999, 1, 1))
    assert standing(older, BOTH)[1] == ("of-a", PackStanding.OVERRULED, ())


@pytest.mark.parametrize(
    ("pack", "expected"),
    [
        (replace(OF_A, on_by_default=False), PackStanding.BY_NAME),
        (replace(OF_A, valid_from=None), PackStanding.UNDATED),
        (replace(OF_A, valid_from=date(2026, 11, 23)), PackStanding.NOT_YET),
        (replace(OF_A, valid_from=TODAY), PackStanding.IN_FORCE),
        (replace(OF_A, valid_to=TODAY), PackStanding.IN_FORCE),
        (replace(OF_A, valid_to=date(2026, 11, 21)), PackStanding.ENDED),
    ],
)
def test_a_pack_stands_by_its_days(pack: Pack, expected: PackStanding) -> None:
    assert standing(pack) == [("of-a", expected, ("甲",) if expected is PackStanding.IN_FORCE else ())]


def changed(at_hand: list[Pack], one: Pack) -> list[tuple[tuple[str, ...], str, str]]:
    return [
        (found.groups, found.before.title if found.before else "-", found.after.title if found.after else "-")
        for found in changes(at_hand, one, TODAY)
    ]


def test_taking_a_pack_tells_whose_groups_it_takes_over() -> None:
    old, new = replace(BOTH, title="旧"), replace(PROVINCE, title="新")
    assert changed([old], new) == [(("甲",), "旧", "新")]
    assert changed([], new) == [(("甲",), "-", "新")]
    assert changed([old, new], new) == []
    assert changed([old], replace(new, on_by_default=False)) == []
    assert changed([old, new], replace(OF_A, title="国", pack="third")) == []


def test_what_begins_later_is_told_of_its_first_day() -> None:
    later = replace(PROVINCE, title="新", valid_from=date(2027, 1, 1))
    over = replace(OF_A, title="到年底", valid_to=date(2026, 12, 31))
    assert changed([replace(BOTH, title="旧"), over], later) == [(("甲",), "旧", "新")]


def test_a_group_that_nobody_would_rule_any_more_is_told() -> None:
    """A new edition of the same name that leaves an antigen out, or is no longer used by itself."""
    less = replace(BOTH, title="新", antigens=BOTH.antigens[:1], groups=BOTH.groups[:1])
    assert (("B",), "旧", "-") in changed([replace(BOTH, title="旧")], less)
    off = replace(BOTH, title="停", on_by_default=False)
    assert changed([replace(BOTH, title="旧")], off) == [(("甲", "B"), "旧", "-")]
