"""免疫程序 in the window: which rule and who answers for them, and a new one by two people (VER-9, SEC-6)."""

from collections.abc import Iterator

import pytest

from app.ui.kit.tokens import TARGET
from app.ui.opening.packs_sheet import PacksSheet
from app.ui.second_person import SecondPersonSheet
from app.workflows.forecast import use_packs
from app.workflows.schedules import packs_now
from tests.factories import DOCTOR, NURSE
from tests.ui.kit.screen_rules import faults
from tests.ui.stock.rig import FridgeRig
from tests.workflows.brought_packs import of_province, pack_text


@pytest.fixture(autouse=True)
def shipped_again() -> Iterator[None]:
    """Leave this process with the packs that ship."""
    yield
    use_packs(None)


def open_packs(rig: FridgeRig, width: int = 1366, height: int = 732) -> PacksSheet:
    rig.open("Ctrl+O", width, height)
    rig.press("Alt+4")
    return listed(rig)


def listed(rig: FridgeRig) -> PacksSheet:
    sheet = rig.sheet
    assert isinstance(sheet, PacksSheet)
    return sheet


def bring(rig: FridgeRig, text: str) -> None:
    """Choose a file in the dialog, as F11 lets a person do."""
    file = rig.site.folder / "brought.json"
    file.write_text(text, "utf-8")
    rig.opening.bringing.pick_file = lambda: str(file)
    rig.press("F11")


def words(sheet: PacksSheet) -> list[str]:
    return [one.text() for one in (*sheet.told, *sheet.refused)]


def test_everybody_sees_which_packs_rule_and_that_nobody_signed(rig: FridgeRig) -> None:
    rig.open("Ctrl+O")
    rig.as_user(NURSE)
    rig.press("Ctrl+O", "Alt+4")
    sheet = listed(rig)
    assert not sheet.bring.isVisible()
    rows = [sheet.table.paged.row_at(row) for row in range(sheet.table.paged.rowCount())]
    assert [row[2] for row in rows] == ["在用"] * 3 + ["不自动使用"] * 6
    assert sheet.table.viewport().height() - 4 * TARGET in (0, 1, 2), "no row is cut"
    assert rows[2][1:] == ("国家", "在用", "2021-02-23 起", "未核实，没有人签字")
    rig.press(*["Down"] * 6)
    late = sheet.table.paged.row_at(6)
    assert (late[2], late[4]) == ("不自动使用", "历史，未核实")
    assert "2022-12" in sheet.told[0].text()
    assert "只见二手摘要和月份" in sheet.told[3].text(), "what is not known of it stands with it"
    assert faults(rig.page) == {}
    rig.press(*["Up"] * 4)
    assert any("国家免疫规划疫苗儿童免疫程序及说明" in line for line in words(sheet))
    assert "卡介苗" in sheet.told[2].text()
    rig.press("F11")
    assert rig.sheet is sheet
    assert faults(rig.page) == {}


def test_a_pack_is_brought_read_out_and_taken_by_the_manager_and_the_doctor(rig: FridgeRig) -> None:
    open_packs(rig)
    bring(rig, of_province(title='"本省 HPV"'))
    rig.hand.wait_until(lambda: isinstance(rig.sheet, SecondPersonSheet), "two people are asked")
    sheet = rig.sheet
    assert isinstance(sheet, SecondPersonSheet)
    assert faults(rig.page) == {}
    rig.press("Enter")
    assert "只有一个人在岗时，不换" in sheet.fault.text()
    assert len(packs_now(rig.bench.desk).places) == 9
    names = [sheet.who.itemData(place).staff_id for place in range(sheet.who.count())]
    assert names == [DOCTOR]
    rig.shell.take_scan(rig.site.badge(DOCTOR))
    assert sheet.second.is_shown
    rig.press("Enter")
    rig.hand.wait_until(lambda: isinstance(rig.sheet, PacksSheet), "the list is back")
    rows = [listed(rig).table.paged.row_at(row) for row in range(8)]
    assert [row[2] for row in rows if row[0] == "本省 HPV"] == ["在用"]
    assert [row[2] for row in rows if row[0].startswith("HPV")] == ["已被代替"]
    assert any("由苏晚晴、" in line for line in words(listed(rig)))
    assert any("已换上：本省 HPV" in said for said in rig.said)


def test_a_broken_pack_is_refused_with_its_line_and_the_list_stays(rig: FridgeRig) -> None:
    sheet = open_packs(rig)
    bring(rig, pack_text().replace('"6 months"', '"6 moons"', 1))
    rig.hand.wait_until(lambda: bool(rig.refusals), "it is refused")
    assert [type(one).__name__ for one in rig.refusals] == ["PackBroken"]
    assert rig.opening.sheet is sheet


def test_a_file_that_is_not_used_is_named_and_nothing_is_cut(rig: FridgeRig) -> None:
    folder = rig.site.folder / "schedules"
    folder.mkdir()
    (folder / "cn-hpv-2025.json").write_text("{", "utf-8")
    use_packs(rig.site.folder)
    sheet = open_packs(rig)
    assert "cn-hpv-2025.json 第 1 行" in sheet.refused[0].text()
    assert "1 份文件没有用" in rig.opening._packs_wrong.text()
    for size in ((1366, 732), (1280, 684)):
        rig.shell.resize(*size)
        rig.settle()
        assert faults(rig.page) == {}
