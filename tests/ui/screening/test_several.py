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


def test_the_screen_says_how_many_and_where_and_only_alt_6_adds_one(rig: DeskRig) -> None:
    deciding(rig)
    decision = examination(rig).decision
    rig.press(product_key(rig, "HEPB-10"), product_key(rig, "FLU4-1"))
    picked = [plan.product_code for plan in examination(rig).draft.plans()]
    assert picked == ["FLU4-1"], "a slip of the finger never adds a vaccine"
    rig.press("Alt+6")
    rig.press(product_key(rig, "HEPB-10"))
    assert decision.together.text() == "今天可以同时种：乙肝疫苗 左上臂、四价流感疫苗 右上臂。"
    assert examination(rig).words_to_record() == "记录：今天种 2 种"
    rows = decision.products.findChildren(ProductRow)
    assert "FLU4-1" not in {row.product.product_code for row in rows if row.isEnabled() and row.isVisible()}
    rig.press("Alt+5")
    assert [plan.product_code for plan in examination(rig).draft.plans()] == ["FLU4-1"]
    assert not decision.drop.isVisible()


def test_each_is_told_of_and_answered_by_itself(rig: DeskRig) -> None:
    visit = screened_for(rig, "FLU4-1", "HEPB-10")
    assert rig.screening.consent.plan == "乙肝疫苗 第 1 剂"
    rig.press("Alt+1", "Alt+1")
    assert rig.state(visit) is VisitState.SCREENED
    assert len(rig.events("consent.recorded")) == 1, "a bouncing key answers nothing unread"
    assert rig.screening.consent.plan == "四价流感疫苗 第 1 剂"
    rig.site.clock.go(2)
    rig.press("Alt+1")
    assert rig.state(visit) is VisitState.READY
    kept = consent_record(rig.bench.read(), visit.encounter_id)
    assert kept is not None
    assert (kept["product_code"], kept["text_id"]) == ("FLU4-1", "consent-non-programme")


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
def test_three_fit_the_screen(rig: DeskRig) -> None:
    deciding(rig)
    pick(rig, "FLU4-1", "HEPB-10", "RAB-1")
    for size in (LARGE, SMALL):
        rig.resize(size)
        assert cut_texts(rig.shell) == []
        assert faults(rig.shell, scrolls=True) == {}
