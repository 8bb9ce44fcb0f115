"""Several vaccines at one visit, picked and told of one after the other (APP-8, VER-5, VER-6, VER-7)."""

import pytest

from app.domain.screening import Answer
from app.domain.visit import Encounter, VisitState
from app.storage import planned_doses
from app.storage.screenings import consent_record
from app.ui.screening.product_list import ProductRow
from tests.ui.kit.screen_rules import cut_texts, faults
from tests.ui.registration.rig import LARGE, SMALL, DeskRig
from tests.ui.screening.steps import ALL_NO, SIGNED, begin, examination, product_key, record, woman


def deciding(rig: DeskRig) -> Encounter:
    visit = begin(rig, woman())
    rig.press(*ALL_NO[: len(examination(rig).draft.unanswered())], "Alt+1")
    return visit


def pick(rig: DeskRig, *products: str) -> None:
    for place, product in enumerate(products):
        if place:
            rig.press("Alt+6")
        rig.press(product_key(rig, product))


def screened_for(rig: DeskRig, *products: str) -> Encounter:
    visit = deciding(rig)
    pick(rig, *products)
    rig.press(*SIGNED, "Enter")
    return visit


def planned(rig: DeskRig, visit: Encounter) -> list[str]:
    return [dose.product_code for dose in planned_doses.all_doses(rig.bench.read(), visit.encounter_id)]


def test_three_are_picked_by_keys_alone_and_recorded_in_their_order(rig: DeskRig) -> None:
    visit = screened_for(rig, "FLU4-1", "HEPB-10", "RAB-1")
    assert planned(rig, visit) == ["RAB-1", "HEPB-10", "FLU4-1"]
    assert [plan["body_site"] for plan in record(rig, visit)["also"]] == ["right_arm", "left_arm"]


def test_what_is_picked_is_not_picked_again_and_can_be_dropped(rig: DeskRig) -> None:
    deciding(rig)
    pick(rig, "FLU4-1", "HEPB-10")
    rows = examination(rig).decision.products.findChildren(ProductRow)
    assert "FLU4-1" not in {row.product.product_code for row in rows if row.isEnabled() and row.isVisible()}
    rig.press("Alt+5")
    assert [plan.product_code for plan in examination(rig).draft.plans()] == ["FLU4-1"]
    assert not examination(rig).decision.drop.isVisible()


def test_a_second_digit_alone_still_replaces_the_pick(rig: DeskRig) -> None:
    """A slip of the finger never adds a vaccine."""
    deciding(rig)
    rig.press(product_key(rig, "FLU4-1"), product_key(rig, "HEPB-10"))
    assert [plan.product_code for plan in examination(rig).draft.plans()] == ["HEPB-10"]


def test_the_screen_says_how_many_and_where_each_goes(rig: DeskRig) -> None:
    deciding(rig)
    pick(rig, "FLU4-1", "HEPB-10")
    decision = examination(rig).decision
    assert decision.together.text() == "今天可以同时种：乙肝疫苗 左上臂、四价流感疫苗 右上臂。"
    assert examination(rig).words_to_record() == "记录：今天种 2 种"


def test_each_is_told_of_and_answered_by_itself(rig: DeskRig) -> None:
    visit = screened_for(rig, "FLU4-1", "HEPB-10")
    assert rig.screening.consent.plan == "乙肝疫苗 第 1 剂"
    rig.press("Alt+1")
    assert rig.state(visit) is VisitState.SCREENED
    assert rig.screening.consent.plan == "四价流感疫苗 第 1 剂"
    rig.site.clock.go(2)
    rig.press("Alt+1")
    assert rig.state(visit) is VisitState.READY
    kept = consent_record(rig.bench.read(), visit.encounter_id)
    assert kept is not None
    assert (kept["product_code"], kept["text_id"]) == ("FLU4-1", "consent-non-programme")


def test_a_bouncing_key_answers_nothing_unread(rig: DeskRig) -> None:
    visit = screened_for(rig, "FLU4-1", "HEPB-10")
    rig.press("Alt+1", "Alt+1")
    assert rig.state(visit) is VisitState.SCREENED
    assert len(rig.events("consent.recorded")) == 1


def test_declining_one_leaves_the_other(rig: DeskRig) -> None:
    visit = screened_for(rig, "FLU4-1", "HEPB-10")
    rig.press("Alt+2", "1")
    rig.site.clock.go(2)
    rig.press("Alt+1")
    assert rig.state(visit) is VisitState.READY
    answers = planned_doses.all_doses(rig.bench.read(), visit.encounter_id)
    assert [(dose.product_code, dose.consented) for dose in answers] == [("HEPB-10", False), ("FLU4-1", True)]


def test_a_question_only_the_second_raises_is_asked_too(rig: DeskRig) -> None:
    """VER-5: an answer speaks of every product that is picked."""
    deciding(rig)
    draft = examination(rig).draft
    for question_id in draft.answers:
        draft.give(question_id, Answer.YES)
        draft.notes[question_id] = "有"
    pick(rig, "FLU4-1")
    alone = set(examination(rig).decision.raised())
    rig.press("Alt+6")
    rig.press(product_key(rig, "MMR-1"))
    assert set(examination(rig).decision.raised()) > alone


@pytest.mark.usefixtures("dressed")
@pytest.mark.parametrize("size", [LARGE, SMALL])
def test_three_fit_the_screen(rig: DeskRig, size: tuple[int, int]) -> None:
    rig.resize(size)
    deciding(rig)
    pick(rig, "FLU4-1", "HEPB-10", "RAB-1")
    assert cut_texts(rig.shell) == []
    assert faults(rig.shell, scrolls=True) == {}
