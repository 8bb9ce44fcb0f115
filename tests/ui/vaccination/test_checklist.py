"""The checklist: eleven items in the official order, each with its own state, how, who and when."""

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.domain.checklist import ChecklistIncomplete, EarlierItemOpen, Item, VialNotScanned
from app.ui.kit.checklist_row import CheckItem, CheckRow, CheckState
from tests.ui.vaccination.rig import NeedleRig

OFFICIAL = [
    "health", "booklet", "appearance",
    "name", "age", "vaccine", "specification", "quantity", "body_site", "route",
    "recipient",
]  # fmt: skip
"""N2023 ch.5 §6: three checks, seven matches, one verification; no sex among the seven."""


def line(rig: NeedleRig, item: Item) -> CheckItem:
    return rig.page.desk.work.checklist.row(str(item)).item


def shown(rig: NeedleRig) -> list[CheckRow]:
    """Return the lines as they are read: the left column is 三查 and 一验证, the right one 七对."""
    rows = rig.page.desk.work.checklist.findChildren(CheckRow)
    return sorted(rows, key=lambda row: (row.mapTo(rig.page, row.rect().topLeft()).x() > 300, row.y()))


def test_the_items_stand_in_the_official_order_and_each_says_how_by_whom_and_when(rig: NeedleRig) -> None:
    """VER-1; domain.md §1.1: adults may have no booklet: 无证/电子档案."""
    rig.come()
    left_then_right = [row.item.item_id for row in shown(rig)]
    assert left_then_right == [*OFFICIAL[:3], OFFICIAL[10], *OFFICIAL[3:10]]
    keys = [row.item.key for row in sorted(shown(rig), key=lambda row: OFFICIAL.index(row.item.item_id))]
    assert [key for key in keys if key] == ["1", "2", "3", "4"]
    waiting = {item for item in Item if line(rig, item).state is CheckState.WAITING}
    assert {Item.VACCINE, Item.SPECIFICATION, Item.QUANTITY, Item.ROUTE, Item.BODY_SITE} <= waiting
    assert Item.AGE not in waiting, "of the vial alone nothing is checked before it is there"
    assert rig.page.needle.view is not None
    assert not rig.page.needle.view.patient.booklet
    assert line(rig, Item.BOOKLET).label == "预防接种证（无证）"
    assert rig.banner.endswith("，无接种证，请核对电子档案")

    rig.press("1")
    assert rig.banner == "请扫药瓶上的追溯码"
    rig.scan_vial()
    assert rig.banner == "药瓶相符，请看药瓶和注射器"
    health, vaccine = line(rig, Item.HEALTH), line(rig, Item.VACCINE)
    assert health.state is vaccine.state is CheckState.MACHINE
    assert "赵清和 09:00" in health.note
    assert vaccine.how == "扫码 = 应种"
    assert vaccine.details == "品名：扫码核对，周敏 09:00"
    rig.press("2")
    assert "已核对电子档案" in line(rig, Item.BOOKLET).note


def test_a_key_out_of_order_is_refused_with_the_item_that_is_open(rig: NeedleRig) -> None:
    rig.come()
    rig.page.desk.side.primary.click()
    rig.settle()
    told = [type(refusal) for refusal in rig.refusals]
    assert told == [ChecklistIncomplete], "the primary key can be clicked early too"
    rig.page.desk.work.checklist.row("booklet").click()
    rig.settle()
    assert rig.confirmed() == {Item.BOOKLET}, "a line can be clicked where only a person can see"
    rig.press("2")
    assert rig.refusals[-1:] == [VialNotScanned(Item.APPEARANCE)]
    assert "请扫药瓶" in rig.banner, "the vial must be there before it is looked at"
    rig.press("Backspace")
    rig.scan_vial()
    rig.press("3")
    assert rig.refusals[-1:] == [EarlierItemOpen(Item.NAME, Item.BOOKLET)]
    assert "预防接种证" in rig.banner
    assert rig.confirmed() == set()


def test_given_too_early_says_what_is_open_and_points_at_it(rig: NeedleRig) -> None:
    """VER-1: the workflow refuses, not the button."""
    encounter = rig.come()
    rig.press("1")
    rig.scan_vial()
    rig.press("2", "Enter")
    assert rig.refusals == [ChecklistIncomplete((Item.NAME, Item.RECIPIENT))]
    assert "还差 2 项" in rig.banner
    assert "没有记录接种" in rig.banner
    assert line(rig, Item.NAME).state is line(rig, Item.RECIPIENT).state is CheckState.CURRENT
    assert rig.dose(encounter) is None
    rig.press("3")
    assert "还差" not in rig.banner


def test_a_confirmation_is_made_once_taken_back_and_both_stay_in_the_journal(rig: NeedleRig) -> None:
    rig.come()
    rig.press("1", "1")
    assert len(rig.events("check.confirmed")) == 1, "a key pressed again changes nothing"
    assert "退格键撤回" in line(rig, Item.BOOKLET).note
    rig.press("Backspace")
    assert rig.confirmed() == set()
    assert len(rig.events("check.confirmed")) == len(rig.events("check.withdrawn")) == 1


def test_another_vial_asks_again_for_what_was_confirmed_of_the_first(rig: NeedleRig) -> None:
    rig.confirmed_all()
    rig.scan_vial()
    assert len(rig.confirmed()) == 4, "the same one asks nothing again"
    assert len(rig.events("vial.presented")) == 1
    rig.scan_vial(vial=1)
    assert rig.confirmed() == {Item.BOOKLET, Item.NAME}
    assert rig.banner == "药瓶相符，请看药瓶和注射器"


def test_the_keys_are_alive_wherever_tab_leads(rig: NeedleRig) -> None:
    """Rule 5: Tab goes round the page and never into the rail, where the digits would do nothing."""
    rig.come()
    for _ in range(15):
        QTest.keyClick(rig.shell.windowHandle(), Qt.Key.Key_Tab)
        focus = QApplication.focusWidget()
        assert focus is not None
        assert rig.page.desk.isAncestorOf(focus)
    rig.press("1")
    assert rig.confirmed() == {Item.BOOKLET}
