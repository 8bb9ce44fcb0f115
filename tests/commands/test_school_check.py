"""``school-check`` answers as docs/cli.md and its JSON Schema say (APP-8, SEC-4)."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from openpyxl import load_workbook

from app.commands import cli
from app.domain.audit import Purpose
from app.practice.site import STAFF, fill
from app.storage import audit
from app.storage.keys import SlotOwner
from app.storage.opening import create_store, open_store
from app.storage.store import Store
from app.workflows import registration
from app.workflows.desk import Desk
from tests.clocks import ManualClock
from tests.factories import MANAGER, NURSE
from tests.schemas import must_fit
from tests.strategies import seeded_random
from tests.ui.registration.people import child, number_of
from tests.workflows.class_lists import write_list

PASSWORD = "lianxi-2026"
BORN = date(2022, 3, 10)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A practice site of five, and a child without any dose."""
    folder = tmp_path_factory.mktemp("site")
    random = seeded_random(3)

    def begin(store: Store) -> None:
        desk = Desk(store, ManualClock(), random, "准备")
        fill(desk, 5)
        desk.user = next(one for one in STAFF if one.staff_id == NURSE)
        desk.do(registration.register_patient, child(born=BORN))

    owners = [SlotOwner(MANAGER, "苏晚晴", "负责人"), SlotOwner(NURSE, "周敏", "护士")]
    create_store(folder, owners, PASSWORD, random, use_keyring=False, fill=begin).close()
    return folder


def ask(folder: Path, file: Path, *more: str, staff_id: str = MANAGER) -> dict[str, Any]:
    words = ["school-check", str(file), "--json", "--data", str(folder), "--user", staff_id, *more]
    result = CliRunner(env={"VAXPOST_PASSWORD": PASSWORD}).invoke(cli, words)
    answer: dict[str, Any] = json.loads(result.stdout)
    must_fit(answer, "school-check")
    assert result.exit_code == (0 if answer["accepted"] else 1)
    return answer


def test_a_list_comes_to_a_workbook_a_paper_and_a_line_in_the_trail(folder: Path, tmp_path: Path) -> None:
    rows = ((1, "大一班", "欧阳小满", number_of(BORN, 22), BORN), (2, "大一班", "没有号", "", None))
    file, out, pdf = write_list(tmp_path / "大一班.xlsx", *rows), tmp_path / "r.xlsx", tmp_path / "r.pdf"
    options = ("--out", str(out), "--pdf", str(pdf), "--on", "2026-09-01", "--why", "中心幼儿园")
    answer = ask(folder, file, *options)
    first, second = answer["rows"]
    assert (first["line"], first["verdict"], first["refusal"]) == (2, "missing", None)
    assert {"group": "HepB", "dose_number": 1}.items() <= first["missing"][0].items()
    assert (second["line"], second["verdict"], second["refusal"]) == (3, None, "NumberMissing")
    assert pdf.read_bytes().startswith(b"%PDF")
    told = list(load_workbook(out).worksheets[0].iter_rows(values_only=True))
    assert [row[:6] for row in told[5:]] == [
        ("2", "大一班", "欧阳小满", first["number"], "2022-03-10", "缺种"),
        ("3", "大一班", "没有号", None, None, "没有结果"),
    ]
    assert "苏晚晴" in str(told[2][0])
    assert "中心幼儿园" in str(told[2][0])
    store = open_store(folder, MANAGER, PASSWORD, seeded_random(1), use_keyring=False)
    lines = [record.line for record in audit.trail(store.read())]
    store.close()
    kept = [line.words for line in lines if line.purpose is Purpose.ENTRY_CHECK]
    assert kept == ["入托入学查验名单 大一班.xlsx：中心幼儿园", "大一班.xlsx"]


@pytest.mark.parametrize(
    ("staff_id", "file", "refusal"),
    [(NURSE, "good.xlsx", "NotPermitted"), (MANAGER, "gone.xlsx", "ListUnreadable")],
)
def test_who_may_not_and_what_is_no_list_are_refused_and_nothing_is_written(
    folder: Path, tmp_path: Path, staff_id: str, file: str, refusal: str
) -> None:
    write_list(tmp_path / "good.xlsx", (1, "", "欧阳小满", number_of(BORN, 22), BORN))
    out = tmp_path / "r.xlsx"
    answer = ask(folder, tmp_path / file, "--out", str(out), staff_id=staff_id)
    assert answer["refusal"] == refusal
    assert not out.exists()
