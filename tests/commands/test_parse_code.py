"""``parse-code`` answers as docs/cli.md and its JSON Schema say, whatever it is given (TRC-2, SITE-13)."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from app.commands import cli
from app.commands.parse_code import KINDS
from app.domain import codes
from app.ui.texts.codes_and_identity import SENTENCES
from tests.schemas import must_fit, schema

ROOT = Path(__file__).parents[2]


def ask(*words: str) -> tuple[int, dict[str, Any]]:
    result = CliRunner().invoke(cli, ["parse-code", "--json", "--on", "2026-03-14", "--", *words])
    answer = json.loads(result.stdout)
    must_fit(answer, "parse-code")
    assert result.exit_code == (0 if answer["accepted"] else 1)
    return result.exit_code, answer


def test_the_separator_may_be_written_as_a_byte_or_in_braces() -> None:
    start, end = "0106901234567892172606301012ABC", "21SN0001"
    expected = {
        "accepted": True,
        "kind": "gs1_code",
        "gtin": "06901234567892",
        "lot_number": "12ABC",
        "expires_on": "2026-06-30",
        "serial": "SN0001",
        "produced_on": None,
    }
    assert ask(f"{start}\x1d{end}") == (0, expected)
    assert ask(f"{start}{{GS}}{end}") == (0, expected)


def test_a_lost_separator_is_refused_with_its_facts_and_a_sentence() -> None:
    status, answer = ask("0106901234567892172606301020242A21SN001")
    assert (status, answer["refusal"]) == (1, "SeparatorMissing")
    assert answer["facts"] == {"ai": "10", "value": "20242A21SN001"}
    assert "分隔符" in answer["message"]


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("83857930000879766660", "trace_code"),
        ("VXT1:0123456789", "ticket"),
        ("360426199101010071", "citizen_number"),
        ("HC1:6BF", "certificate_text"),
        ("CN7K-Q2M9XD4H8", "certificate_number"),
        ("hello", "unknown_code"),
        ("-x", "unknown_code"),
    ],
)
def test_each_kind_has_its_name(code: str, kind: str) -> None:
    assert ask(code)[1]["kind"] == kind


def test_every_kind_and_every_refusal_stands_in_the_schema_and_in_the_document() -> None:
    document = (ROOT / "docs/cli.md").read_text("utf-8")
    named = json.dumps(schema("parse-code"))
    refusals = [kind.__name__ for kind in SENTENCES if kind.__module__ == codes.__name__]
    for name in [*(kind for kind, _ in KINDS.values()), *refusals]:
        assert f'"{name}"' in named
        assert f"`{name}`" in document


@settings(deadline=None)
@given(st.text() | st.binary().map(lambda data: data.decode("utf-8", "surrogateescape")))
def test_any_text_gets_an_answer_that_fits_the_schema(text: str) -> None:
    ask(text)


def test_ten_thousand_characters_get_an_answer() -> None:
    assert ask("𬱖" * 10_000)[1]["refusal"] == "CodeTooLong"


def test_people_get_chinese_lines() -> None:
    accepted = CliRunner().invoke(cli, ["parse-code", "83857930000879766660"])
    assert (accepted.exit_code, "药品标识码：8385793" in accepted.stdout) == (0, True)
    refused = CliRunner().invoke(cli, ["parse-code", ""])
    assert (refused.exit_code, refused.stdout.startswith("什么也没有扫到。")) == (1, True)


@pytest.mark.parametrize("words", [[], ["--on", "14.3.2026", "1"], ["1", "2"], ["--on"]])
def test_a_wrong_call_ends_with_status_two(words: list[str]) -> None:
    assert CliRunner().invoke(cli, ["parse-code", *words]).exit_code == 2


PROCESS = """
import sys
from app.commands import cli
try:
    cli()
finally:
    print("PySide6" in sys.modules, file=sys.stderr)
"""


def test_the_real_process_takes_raw_bytes_answers_in_utf_8_and_loads_no_qt() -> None:
    words: list[str | bytes] = [sys.executable, "-c", PROCESS, "parse-code", "--json", b"01\xff\x1d"]
    done = subprocess.run(
        words, cwd=ROOT, capture_output=True, check=False, env=os.environ | {"PYTHONIOENCODING": "gbk"}
    )
    assert (done.returncode, done.stderr.strip()) == (1, b"False")
    answer = json.loads(done.stdout)
    assert answer["facts"]["character"] == "\udcff"
    must_fit(answer, "parse-code")
