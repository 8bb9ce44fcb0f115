"""``audit-check`` answers as docs/cli.md and its JSON Schema say (SEC-6)."""

import json
from pathlib import Path
from typing import Any

from click.testing import CliRunner

from app.commands import cli
from tests.documents.test_audit_file import MARK, THREE, written
from tests.schemas import must_fit


def ask(file: Path) -> dict[str, Any]:
    result = CliRunner().invoke(cli, ["audit-check", str(file), "--json"])
    answer: dict[str, Any] = json.loads(result.stdout)
    must_fit(answer, "audit-check")
    assert result.exit_code == (0 if answer["accepted"] else 1)
    return answer


def test_a_file_that_stands_says_whose_it_is(tmp_path: Path) -> None:
    file = tmp_path / "审计.csv"
    file.write_bytes(written(THREE))
    answer = ask(file)
    assert (answer["lines"], answer["first"], answer["last"]) == (3, 1, 3)
    assert (answer["taken_by"], answer["why"]) == (MARK.taken_by, MARK.why)


def test_a_changed_file_and_none_are_refused(tmp_path: Path) -> None:
    file = tmp_path / "审计.csv"
    file.write_bytes(written(THREE).replace("二".encode(), "四".encode()))
    assert (ask(file)["refusal"], ask(file)["facts"]) == ("AuditFileBroken", {"seq": 2})
    assert ask(tmp_path / "没有.csv")["refusal"] == "AuditFileUnreadable"
