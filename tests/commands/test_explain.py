"""``explain`` answers as docs/cli.md and its JSON Schemas say, whatever history it is given."""

import json
import re
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from app.commands import cli
from app.domain.schedule.standing import Standing
from app.ui.texts.reasons import REASONS, STANDINGS
from tests.domain.schedule.shipped import PACKS
from tests.schemas import must_fit

ROOT = Path(__file__).parents[2]
BORN = date(2025, 3, 10)
CASE = {"birth_date": "2025-03-10", "sex": "female", "on": "2025-09-11", "history": []}
VACCINES = sorted({vaccine.code for pack in PACKS for vaccine in pack.vaccines})
CONDITIONS = sorted({kind.code for pack in PACKS for kind in pack.observations})
KNOWN = sorted({kind.code for pack in PACKS if pack.on_by_default for kind in pack.observations})
"""Of the packs that answer when none is named; a condition none of them knows is refused."""


def ask(case: Any, *options: str) -> tuple[int, dict[str, Any]]:
    text = case if isinstance(case, str) else json.dumps(case)
    result = CliRunner().invoke(cli, ["explain", "--json", *options, "-"], input=text)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    answer = json.loads(result.stdout)
    must_fit(answer, "explain")
    return result.exit_code, answer


def line(answer: dict[str, Any], group: str) -> dict[str, Any]:
    found: dict[str, Any] = next(one for one in answer["forecasts"] if one["group"] == group)
    return found


def test_the_case_of_the_documentation_is_answered_as_it_says() -> None:
    days = ("2025-05-10", "2025-07-10", "2025-09-10")
    status, answer = ask({**CASE, "history": [{"vaccine": "DTaP", "date": day} for day in days]})
    assert status == 0
    assert [dose["status"] for dose in answer["doses"]] == ["valid"] * 3
    dtp = line(answer, "DTP")
    assert dtp["sentence"] == "未到时间：百白破疫苗第 4 剂，2026-09-10 起可种，到 2027-03-09 为止算按时。"
    assert dtp["sentence"] in (ROOT / "docs/cli.md").read_text("utf-8")
    assert (dtp["earliest_on"], dtp["standing"], dtp["unverified"]) == ("2026-09-10", "later", True)
    assert dtp["series"][0]["judged_by"]["pack"] == "cn-dtap-2025"
    assert "【DTP-2】" in dtp["series"][0]["source"]


def test_a_spoilt_dose_is_as_if_not_given_and_says_why() -> None:
    days = ("2025-05-10", "2025-07-10")
    history = [{"vaccine": "DTaP", "date": day} for day in days]
    spoilt = [history[0], history[1] | {"sub_standard": "lot_expired"}]
    answer = ask({**CASE, "history": spoilt})[1]
    assert [dose["status"] for dose in answer["doses"]] == ["valid", "sub_standard"]
    assert "疫苗已过期" in answer["doses"][1]["reasons"][0]["sentence"]
    assert line(answer, "DTP")["dose_number"] == 2
    refused = ask({**CASE, "history": [history[0] | {"sub_standard": "bad"}]})[1]
    assert (refused["refusal"], refused["facts"]["path"]) == ("CaseUnreadable", "history[0].sub_standard")


def test_an_impossible_history_is_judged_and_what_is_doubtful_is_said() -> None:
    history = [
        {"vaccine": "HepB", "date": "2024-01-01"},
        {"vaccine": "HepB", "date": "2025-12-01"},
        {"vaccine": "HepB", "date": "2025-03-10"},
        {"vaccine": "HepB", "date": "2025-03-10"},
        {"vaccine": "没听说过", "date": "2025-05-01", "product": "P-1"},
    ]
    status, answer = ask({**CASE, "history": history})
    assert status == 0
    doubts = [[doubt["name"] for doubt in dose["doubts"]] for dose in answer["doses"]]
    assert doubts == [
        ["before_birth"],
        ["in_the_future"],
        ["same_day_same_vaccine"],
        ["same_day_same_vaccine"],
        ["unknown_vaccine"],
    ]
    assert line(answer, "HepB")["vaccine_dose_number"] == 2


def test_a_draft_answers_when_it_is_named_and_says_what_it_is() -> None:
    answer = ask({**CASE, "pack": "cn-nip-2026"})[1]
    assert [(pack["pack"], pack["status"]) for pack in answer["packs"]] == [("cn-nip-2026", "draft")]
    assert line(answer, "DTP")["earliest_on"] == "2025-05-10"


def test_packs_may_be_put_together() -> None:
    answer = ask(
        {**CASE, "birth_date": "1980-03-10", "on": "2021-06-30", "pack": ["default", "cn-covid-2021"]}
    )
    assert line(answer[1], "COVID")["standing"] == "due"
    assert line(answer[1], "HepB")["standing"] == "aged_out"


@pytest.mark.parametrize(
    ("case", "path", "reason"),
    [
        ("{", "", "not_json"),
        ("[]", "", "wrong_type"),
        ({}, "", "field_missing"),
        ({**CASE, "name": "某人"}, "", "unknown_field"),
        ({**CASE, "sex": "f"}, "sex", "not_a_choice"),
        ({**CASE, "on": "2025-02-30"}, "on", "not_a_date"),
        ({**CASE, "on": 20250230}, "on", "wrong_type"),
        ({**CASE, "history": {}}, "history", "wrong_type"),
        ({**CASE, "history": [{"vaccine": "HepB"}]}, "history[0]", "field_missing"),
        ({**CASE, "history": [{"vaccine": " ", "date": "2025-05-01"}]}, "history[0].vaccine", "wrong_type"),
        ({**CASE, "conditions": ["immune"]}, "conditions[0]", "not_a_choice"),
        ({**CASE, "conditions": [{"code": "preterm", "on": "?"}]}, "conditions[0].on", "not_a_date"),
    ],
)
def test_a_case_of_another_shape_is_refused_with_its_place(case: Any, path: str, reason: str) -> None:
    status, answer = ask(case)
    assert (status, answer["refusal"]) == (1, "CaseUnreadable")
    assert (answer["facts"]["path"], answer["facts"]["reason"]) == (path, reason)


def test_a_pack_that_is_not_there_is_refused_with_those_that_are() -> None:
    status, answer = ask({**CASE, "pack": "cn-nip"})
    assert (status, answer["refusal"]) == (1, "PackUnknown")
    assert "cn-nip-2021" in answer["facts"]["known"]


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    result = CliRunner().invoke(cli, ["explain", "--json", str(tmp_path / "none.json")])
    assert (result.exit_code, json.loads(result.stdout)["facts"]["reason"]) == (1, "not_readable")


def test_for_people_it_says_the_same_in_lines() -> None:
    case = {
        **CASE,
        "history": [{"vaccine": "HepB", "date": "2025-04-06"}, {"vaccine": "HepB", "date": "2025-05-01"}],
    }
    result = CliRunner().invoke(cli, ["explain", "-"], input=json.dumps(case))
    assert result.exit_code == 0
    assert "2025-05-01 乙肝疫苗：无效。距上一剂（2025-04-06）不足 28 天，2025-05-04 起才算。" in result.stdout
    assert "（未核实）" in result.stdout


doses = st.builds(
    lambda vaccine, days: {"vaccine": vaccine, "date": (BORN + timedelta(days)).isoformat()},
    st.sampled_from([*VACCINES, "？"]),
    st.integers(-40, 8000),
)


@settings(max_examples=20, deadline=None)
@given(
    history=st.lists(doses, max_size=10),
    age=st.integers(-10, 8000),
    sex=st.sampled_from(["male", "female", "unknown"]),
    conditions=st.lists(st.sampled_from(KNOWN), max_size=3),
)
def test_whatever_the_history_it_is_answered_in_full(
    history: list[dict[str, str]], age: int, sex: str, conditions: list[str]
) -> None:
    on = (BORN + timedelta(age)).isoformat()
    status, answer = ask({**CASE, "on": on, "sex": sex, "history": history, "conditions": conditions})
    assert status == 0
    assert len(answer["doses"]) == len(history)
    assert len(answer["forecasts"]) >= 8


def test_every_word_of_the_answer_stands_in_the_documentation() -> None:
    told = (ROOT / "docs/cli.md").read_text("utf-8")
    words = {*VACCINES, *CONDITIONS, *REASONS, *(f"{pack.pack}-{pack.edition}" for pack in PACKS)}
    assert {word for word in words | set(map(str, Standing)) if f"`{word}`" not in told} == set()
    assert set(STANDINGS) == set(Standing)


def test_the_case_follows_its_schema() -> None:
    must_fit(
        {**CASE, "pack": None, "conditions": ["preterm", {"code": "hiv_infected", "on": "2025-03-10"}]},
        "explain-case",
    )


def test_every_reason_of_the_engine_has_its_sentence() -> None:
    named = re.compile(r"(?:Reason|_from_day)\(\s*\"([a-z_]+)\"")
    found = set()
    for file in (ROOT / "app/domain/schedule").glob("*.py"):
        found |= set(named.findall(file.read_text("utf-8")))
    assert len(found) > 20
    assert found - REASONS.keys() == set()
