"""The entry check in the window: one person printed, a class list chosen, judged, saved (APP-8, SEC-4)."""

from datetime import date
from pathlib import Path

import pytest
from openpyxl import load_workbook
from pytestqt.qtbot import QtBot

from app.domain.audit import Purpose
from app.domain.people import Patient
from app.storage import audit
from app.ui.registration.entry_check_sheet import EntryCheckSheet
from tests.factories import MANAGER, NURSE
from tests.ui.kit.screen_rules import faults
from tests.ui.registration.people import LONG_NAME, child, number_of, register
from tests.ui.registration.rig import LARGE, SMALL, DeskRig
from tests.workflows.class_lists import write_list

BORN = date(2022, 3, 10)


def sheet_of(rig: DeskRig) -> EntryCheckSheet:
    sheet = rig.registration.checking.sheet
    assert sheet is not None, "it is open"
    return sheet


def shown(rig: DeskRig) -> list[tuple[str, ...]]:
    model = sheet_of(rig).table.model()
    return [
        tuple(str(model.index(line, column).data()) for column in range(model.columnCount()))
        for line in range(model.rowCount())
    ]


def baby(rig: DeskRig, name: str = "欧阳小满") -> Patient:
    return register(rig.site, child(name, born=BORN))


def why_kept(rig: DeskRig) -> list[tuple[str | None, str]]:
    lines = [record.line for record in audit.trail(rig.bench.read())]
    return [(line.patient_id, line.words) for line in lines if line.purpose is Purpose.ENTRY_CHECK]


def take(rig: DeskRig, qtbot: QtBot, file: Path) -> None:
    rig.registration.checking.take_list(file)
    qtbot.waitUntil(sheet_of(rig).list.isEnabled)


def a_list(tmp_path: Path, rows: int = 45) -> Path:
    """More than two slices; only the first row is of somebody on file."""
    others = [(n, "大一班", f"某{n}", number_of(BORN, 100 + 2 * n), BORN) for n in range(rows - 1)]
    return write_list(tmp_path / "大一班.xlsx", (0, "大一班", "欧阳小满", number_of(BORN, 22), BORN), *others)


def test_the_person_shown_is_checked_and_printed_and_that_is_kept(rig: DeskRig, qtbot: QtBot) -> None:
    kept = baby(rig)
    rig.scan(kept.document_number)
    rig.press("Ctrl+T")
    rig.type("中心幼儿园")
    rig.press("Alt+1")
    qtbot.waitUntil(lambda: bool(shown(rig)))
    ((_, name, verdict, told),) = shown(rig)
    assert (name, verdict) == (kept.name, "缺种")
    assert told.startswith("乙肝疫苗 第 1 剂 逾期")
    assert why_kept(rig)[-1] == (kept.patient_id, "入托入学查验结果")
    (paper,) = (rig.site.folder / "sheets").glob("entry-check-*.pdf")
    assert paper.read_bytes().startswith(b"%PDF")


def test_with_nobody_shown_only_a_list_can_be_checked(rig: DeskRig) -> None:
    rig.press("Ctrl+T")
    assert not sheet_of(rig).person.isEnabled()
    assert sheet_of(rig).list.isEnabled()
    rig.press("Esc")
    assert rig.registration.checking.sheet is None


def test_a_list_is_judged_row_by_row_and_saved(rig: DeskRig, qtbot: QtBot, tmp_path: Path) -> None:
    kept = baby(rig)
    rig.site.as_user(MANAGER)
    rig.press("Ctrl+T")
    assert not sheet_of(rig).save.isEnabled()
    take(rig, qtbot, a_list(tmp_path))
    rows = shown(rig)
    assert [row[0] for row in rows] == [str(line) for line in range(2, 47)]
    assert rows[0][1:3] == ("欧阳小满", "缺种")
    assert {row[2] for row in rows[1:]} == {"没有结果"}
    assert "齐全 0，缺种 1，需核对 0，没有结果 44" in sheet_of(rig).said.text()
    assert why_kept(rig) == [(None, "入托入学查验名单 大一班.xlsx"), (kept.patient_id, "大一班.xlsx")]
    out = tmp_path / "结果.xlsx"
    rig.registration.checking.save_list(out)
    qtbot.waitUntil(lambda: "已存成" in sheet_of(rig).said.text())
    assert len(list(load_workbook(out).worksheets[0].iter_rows(min_row=6))) == 45
    rig.press("Alt+4")
    qtbot.waitUntil(lambda: "名单已送到" in sheet_of(rig).said.text())


def test_who_may_not_export_is_told_and_sees_nothing(rig: DeskRig, qtbot: QtBot, tmp_path: Path) -> None:
    baby(rig)
    rig.site.as_user(NURSE)
    rig.press("Ctrl+T")
    take(rig, qtbot, a_list(tmp_path))
    assert shown(rig) == []
    assert "负责人" in sheet_of(rig).said.text()
    assert not sheet_of(rig).save.isEnabled()
    assert why_kept(rig) == []


def test_a_file_that_is_no_list_is_told_on_the_sheet(rig: DeskRig, qtbot: QtBot, tmp_path: Path) -> None:
    rig.press("Ctrl+T")
    take(rig, qtbot, tmp_path / "gone.xlsx")
    assert "打不开" in sheet_of(rig).said.text()


def test_a_sheet_closed_under_way_leaves_nothing_behind(rig: DeskRig, tmp_path: Path) -> None:
    rig.site.as_user(MANAGER)
    rig.press("Ctrl+T")
    rig.registration.checking.take_list(a_list(tmp_path))
    rig.press("Esc")
    rig.press("Ctrl+T")
    assert shown(rig) == []


@pytest.mark.usefixtures("dressed")
def test_the_sheet_is_whole_at_both_sizes(rig: DeskRig, qtbot: QtBot, tmp_path: Path) -> None:
    kept = baby(rig, LONG_NAME)
    rig.scan(kept.document_number)
    rig.site.as_user(MANAGER)
    rig.press("Ctrl+T")
    take(rig, qtbot, a_list(tmp_path))
    for size in (LARGE, SMALL):
        rig.resize(size)
        assert faults(rig.shell) == {}
