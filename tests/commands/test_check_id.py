"""``check-id`` answers as docs/cli.md and its JSON Schema say, whatever it is given (REG-12)."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from app.commands import cli
from app.domain import identity
from app.domain.identity import DocumentType, DocumentWarning
from app.domain.refusals import Refusal
from app.ui.texts.codes_and_identity import DOCUMENT_NAMES, SENTENCES, WARNINGS
from tests.schemas import must_fit, schema

ROOT = Path(__file__).parents[2]


def ask(number: str, *options: str) -> tuple[int, dict[str, Any]]:
    words = ["check-id", "--json", "--on", "2026-03-14", *options, "--", number]
    result = CliRunner().invoke(cli, words)
    answer = json.loads(result.stdout)
    must_fit(answer, "check-id")
    assert result.exit_code == (0 if answer["accepted"] else 1)
    return result.exit_code, answer


def test_a_possible_number_is_accepted_with_what_it_tells() -> None:
    assert ask("１２０１０３19880601 8241") == (
        0,
        {
            "accepted": True,
            "kind": "document",
            "type": "citizen_card",
            "ws364_code": "01",
            "number": "120103198806018241",
            "birth_on": "1988-06-01",
            "sex": "female",
            "warnings": [],
        },
    )


@pytest.mark.parametrize(
    ("number", "type"),
    [
        ("810000199001010019", "hmt_residence_permit"),
        ("911124198805200017", "foreigner_residence_card"),
        ("USA110000000000", "foreigner_residence_card"),
    ],
)
def test_the_type_follows_from_the_number_if_none_is_given(number: str, type: str) -> None:
    assert ask(number)[1]["type"] == type


def test_a_given_type_counts_and_a_strange_number_only_warns() -> None:
    status, answer = ask("810000199001010019", "--type", "citizen_card")
    assert (status, answer["warnings"]) == (0, ["number_of_other_type"])


@pytest.mark.parametrize(
    ("number", "refusal", "facts"),
    [
        ("110101199002300014", "ImpossibleBirthDate", {"digits": "19900230"}),
        ("11010520300101001x", "FutureBirthDate", {"birth_on": "2030-01-01", "today": "2026-03-14"}),
        ("110101199002300015", "WrongCheckDigit", {"given": "5", "expected": "4"}),
        ("360426910101007", "FirstGenerationNumber", {}),
        ("", "NumberMissing", {}),
        ("-1", "WrongLength", {"length": 2, "shortest": 18, "longest": 18}),
    ],
)
def test_an_impossible_number_is_refused_with_its_facts(
    number: str, refusal: str, facts: dict[str, object]
) -> None:
    status, answer = ask(number)
    assert (status, answer["refusal"], answer["facts"]) == (1, refusal, facts)


def test_the_day_that_counts_as_today_can_be_set() -> None:
    words = ["check-id", "11010520300101001X", "--on"]
    assert CliRunner().invoke(cli, [*words, "2029-12-31"]).exit_code == 1
    assert CliRunner().invoke(cli, [*words, "2030-01-01"]).exit_code == 0


def test_every_type_refusal_and_warning_stands_where_people_look_it_up() -> None:
    document = (ROOT / "docs/cli.md").read_text("utf-8")
    refusals = [kind.__name__ for kind in vars(identity).values() if _is_refusal(kind)]
    named = [name for name in refusals if not name.startswith("Name")]
    own_warnings = [warning for warning in DocumentWarning if not warning.endswith("differs")]
    for name in [*DocumentType, *named, *own_warnings]:
        assert f"`{name}`" in document
    for name in [*named, *own_warnings]:
        assert f'"{name}"' in json.dumps(schema("check-id"))


def test_every_refusal_type_and_warning_has_its_words() -> None:
    assert {kind for kind in vars(identity).values() if _is_refusal(kind)} <= SENTENCES.keys()
    assert DOCUMENT_NAMES.keys() == set(DocumentType)
    assert WARNINGS.keys() == set(DocumentWarning)


def _is_refusal(kind: object) -> bool:
    return isinstance(kind, type) and issubclass(kind, Refusal) and kind is not Refusal


@settings(deadline=None)
@given(
    st.text() | st.binary().map(lambda data: data.decode("utf-8", "surrogateescape")),
    st.sampled_from(DocumentType),
)
def test_any_text_of_any_type_gets_an_answer_that_fits_the_schema(text: str, type: DocumentType) -> None:
    ask(text, "--type", type.value)


def test_ten_thousand_characters_get_an_answer() -> None:
    assert ask("1" * 10_000)[1]["facts"]["length"] == 10_000


def test_people_get_chinese_lines() -> None:
    accepted = CliRunner().invoke(cli, ["check-id", "810000199001010019", "--type", "citizen_card"])
    assert accepted.stdout.splitlines() == [
        "居民身份证：810000199001010019",
        "出生日期：1990-01-01",
        "性别：男",
        "注意：这个号码像是另一种证件的，请核对证件类型。",
    ]


@pytest.mark.parametrize("words", [[], ["--type", "library_card", "1"], ["--on", "today", "1"]])
def test_a_wrong_call_ends_with_status_two(words: list[str]) -> None:
    assert CliRunner().invoke(cli, ["check-id", *words]).exit_code == 2
