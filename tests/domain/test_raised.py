"""An answer raises questions for the doctor, product by product; the rules are data (VER-5)."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import validators

from app.domain.catalogue import Product, Route
from app.domain.raised import (
    ConsiderationMissing,
    Weight,
    check_considered,
    needs_consideration,
    raised_by,
)
from app.domain.screening import QUESTION_IDS, Answer, QuestionAnswer
from app.practice.site import products
from app.storage.screening_rules import SHIPPED, screening_rules

RULES = screening_rules()
FLU = next(product for product in products() if product.vaccine_code == "FLU4")


def product(vaccine_code: str, *, live: bool = False, oral: bool = False) -> Product:
    route = Route.ORAL if oral else Route.SUBCUTANEOUS
    return replace(FLU, vaccine_code=vaccine_code, live=live, route=route)


def asked(vaccine: Product, *question_ids: str) -> list[tuple[str, str]]:
    answers = [
        QuestionAnswer(question, Answer.YES if question in question_ids else Answer.NO)
        for question in QUESTION_IDS
    ]
    return [(rule.rule_id, str(rule.weight)) for rule in raised_by(RULES, answers, vaccine)]


MMR, LIVE_JE = product("MMR", live=True), product("JE-L", live=True)
ORAL_POLIO, COVID = product("bOPV", live=True, oral=True), product("COVID-INACT")


@pytest.mark.parametrize(
    ("vaccine", "question", "expected"),
    [
        (FLU, "1", [("unwell", "precaution")]),
        (COVID, "1", [("fever-covid", "defer")]),
        (FLU, "2", [("allergy", "precaution")]),
        (FLU, "3", [("component-allergy", "contraindication")]),
        (FLU, "4", [("neuro", "precaution")]),
        (COVID, "4", [("neuro-covid", "contraindication")]),
        (MMR, "5", [("immune-live", "contraindication")]),
        (ORAL_POLIO, "5", [("immune-live", "contraindication")]),
        (FLU, "5", [("immune", "precaution")]),
        (MMR, "6", [("suppressed-live", "contraindication")]),
        (product("RV", live=True, oral=True), "7", [("intussusception-rotavirus", "contraindication")]),
        (FLU, "7", [("chronic", "precaution")]),
        (MMR, "8", [("immunoglobulin-3-months", "defer")]),
        (product("JE-I"), "8", [("immunoglobulin-1-month", "defer")]),
        (FLU, "8", []),
        (LIVE_JE, "9", [("live-28-days", "defer")]),
        (ORAL_POLIO, "9", []),
        (FLU, "9", []),
        (COVID, "9", [("other-vaccine-covid", "defer")]),
        (COVID, "10", [("pregnancy-covid", "contraindication")]),
        (MMR, "10", [("pregnancy-live", "contraindication")]),
        (FLU, "11", [("other", "precaution")]),
    ],
)
def test_an_answer_raises_what_the_source_says_of_this_kind_of_vaccine(
    vaccine: Product, question: str, expected: list[tuple[str, str]]
) -> None:
    assert asked(vaccine, question) == expected


def test_the_gravest_question_comes_first() -> None:
    assert [weight for _, weight in asked(MMR, "1", "3", "8")] == ["contraindication", "defer", "precaution"]


@given(st.sampled_from([FLU, MMR, LIVE_JE, ORAL_POLIO, COVID]), st.sets(st.sampled_from(QUESTION_IDS)))
def test_each_answer_speaks_for_itself_and_a_no_for_nothing(vaccine: Product, yes: set[str]) -> None:
    apart = [raised for question in yes for raised in asked(vaccine, question)]
    assert sorted(asked(vaccine, *yes)) == sorted(apart)


def test_a_grave_question_needs_the_doctors_words_and_a_precaution_does_not() -> None:
    everything = [QuestionAnswer(question, Answer.YES) for question in ("1", "3", "8")]
    raised = raised_by(RULES, everything, MMR)
    assert {rule.weight for rule in needs_consideration(raised)} == {Weight.CONTRAINDICATION, Weight.DEFER}
    with pytest.raises(ConsiderationMissing) as refused:
        check_considered(raised, "  ")
    assert refused.value.question_ids == ("3", "8")
    check_considered(raised, "过敏的是青霉素，不是疫苗成分；输的是血浆，已满 5 个月")
    check_considered(raised_by(RULES, everything[:1], MMR), "")


def test_the_file_is_as_its_schema_says_and_names_every_rule_once() -> None:
    content = json.loads(SHIPPED.read_text("utf-8"))
    schema = json.loads(Path(SHIPPED.with_name("rules.schema.json")).read_text("utf-8"))
    kind = validators.validator_for(schema)
    kind.check_schema(schema)
    kind(schema).validate(content)
    assert len({rule.rule_id for rule in RULES.rules}) == len(RULES.rules)


def test_every_question_raises_something_and_nothing_unsigned_calls_itself_verified() -> None:
    """Ground rule 6: a rule that nobody signed off says so on the screen."""
    kinds = [FLU, MMR, COVID, product("JE-I")]
    assert all(any(asked(kind, question) for kind in kinds) for question in QUESTION_IDS)
    assert RULES.signed_off_by is None
    assert not any(rule.verified for rule in RULES.rules)
