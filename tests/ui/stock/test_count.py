"""盘点 at the fridge: nothing cut, no key twice, broken off and gone on with, begun again (STK-2)."""

import pytest

from app.domain.codes import TraceCode
from app.domain.permissions import NotPermitted
from app.domain.stock_count import CountLine, NothingToCount
from app.storage.stock_counts import count_lines
from app.ui.kit.sheet import Sheet
from app.ui.stock.count_sheet import CountSheet
from app.ui.stock.difference_sheets import CauseSheet, SignCountSheet
from app.workflows.stock_count import begin_count, confirm_count, count_lot
from tests.factories import NURSE
from tests.ui.kit.screen_rules import faults
from tests.ui.stock.rig import FridgeRig, keys_of, own_keys


def counting(rig: FridgeRig) -> CountSheet:
    sheet = rig.sheet
    assert isinstance(sheet, CountSheet)
    return sheet


def type_all(rig: FridgeRig, *more: int) -> None:
    """Count every lot by hand: the first ones by so much more than the books say, the others right."""
    lines = count_lines(rig.bench.read())
    for place, line in enumerate(lines):
        if line.typed is None:
            extra = more[place] if place < len(more) else 0
            whole, rest = divmod(line.book + extra, line.product.doses_per_pack)
            rig.site.desk.do(count_lot, line.key, whole, rest)


def check(rig: FridgeRig, sheet: Sheet | None) -> None:
    assert sheet is not None
    assert faults(rig.page) == {}
    assert keys_of(sheet) & (own_keys(rig.page) - {"Esc"}) == set()


@pytest.mark.parametrize("size", [(1366, 732), (1280, 684)])
def test_nothing_is_cut_on_the_way_through_a_count(rig: FridgeRig, size: tuple[int, int]) -> None:
    rig.open("Ctrl+G", *size)
    rig.press("Alt+7")
    check(rig, counting(rig))
    rig.press("Enter")
    assert "还没有输数" in counting(rig).fault.text()
    for _ in range(2):
        type_all(rig, -2, 3)
        rig.press("Alt+1")
        check(rig, rig.sheet)
    causes = rig.sheet
    assert isinstance(causes, CauseSheet)
    rig.press("Ctrl+9")
    assert not any(row.isChecked() for row in causes.rows.values()), "of such a cause there is not less"
    rig.press("Ctrl+7", "Enter")
    assert "写明查过什么" in causes.fault.text()
    causes.words.setText("查过出入库单")
    rig.press("Enter")
    check(rig, causes)
    rig.press("Ctrl+8", "Enter")
    sign = rig.sheet
    assert isinstance(sign, SignCountSheet)
    assert sign.who.hasFocus(), "what differs is only to be read"
    check(rig, sign)
    rig.press("Enter")
    assert "还要第二个人" in sign.fault.text()


def test_a_count_broken_off_goes_on_and_one_begun_again_is_empty(rig: FridgeRig) -> None:
    def counted() -> list[CountLine]:
        return [line for line in count_lines(rig.bench.read()) if line.is_counted]

    rig.open("Ctrl+G")
    rig.press("Alt+7")
    code = rig.site.vials("FLU4-1")[0]
    for _ in range(2):
        rig.shell.take_scan(code)
        rig.settle()
    assert "已经数过" in counting(rig).fault.text()
    rig.shell.take_scan("12345670000000000001")
    rig.settle()
    assert "账上没有它" in counting(rig).fault.text()
    assert len(counted()) == 1
    rig.press("Down", "Up", "Esc")
    assert rig.rows(), "the books are seen again"
    rig.press("Alt+7")
    assert "数了 1 批" in counting(rig).told.text()
    assert not rig.stock.table.isVisible(), "they are hidden while somebody counts"
    rig.press("Alt+2")
    assert "再按一次 Alt+2" in counting(rig).fault.text()
    assert len(counted()) == 1, "one slip of a finger loses nothing"
    rig.press("Enter", "Alt+2")
    assert len(counted()) == 1, "what was asked before something else was done is asked again"
    rig.press("Alt+2")
    assert "数了 0 批" in counting(rig).told.text()
    assert counted() == []


def test_what_is_half_a_number_counts_nothing(rig: FridgeRig) -> None:
    rig.open("Ctrl+G")
    rig.press("Alt+7")
    sheet = counting(rig)
    several = next(line.key for line in count_lines(rig.bench.read()) if line.product.doses_per_pack > 1)
    for packs, rest in (("10", "3剂"), ("1o", "3"), ("十", "")):
        sheet.show_lines(several)
        sheet.packs.setText(packs)
        sheet.rest.setText(rest)
        rig.press("Enter")
        assert "还没有输数" in sheet.fault.text()
        assert sheet.packs.text() == packs, "it stays, to be put right"
        assert not any(line.is_counted for line in count_lines(rig.bench.read()))


def test_a_month_without_a_count_is_told(rig: FridgeRig) -> None:
    """N2023 8.1: every month."""
    rig.site.desk.do(begin_count)
    type_all(rig)
    rig.site.desk.do(confirm_count, {}, rig.site.beside())
    rig.open("Ctrl+G")
    assert rig.stock.last.words.text() == "和账上都一样"
    rig.site.clock.go(minutes=60 * 24 * 32)
    rig.press("Ctrl+G")
    assert "该盘点了" in rig.stock.last.words.text()
    assert "该盘点了" in rig.stock.banner.sentence
    rig.site.clock.go(minutes=60 * 24 * 3650)
    rig.press("Ctrl+G")
    assert "没有可用的批号" in rig.stock.banner.sentence, "every lot has expired"


def test_an_empty_fridge_is_not_counted(new_rig: FridgeRig) -> None:
    new_rig.open("Ctrl+G")
    new_rig.stock.counting.ask()
    new_rig.settle()
    assert [type(one) for one in new_rig.refusals] == [NothingToCount]
    assert new_rig.sheet is None


def test_who_may_not_count_is_told_and_a_scan_shows_the_lot_as_ever(rig: FridgeRig) -> None:
    rig.open("Ctrl+G")
    rig.as_user(NURSE)
    rig.press("Ctrl+G")
    assert not rig.stock.last.count.isVisible()
    rig.stock.counting.ask()
    rig.settle()
    assert [type(one) for one in rig.refusals] == [NotPermitted]
    assert rig.sheet is None
    assert rig.stock.take_code(TraceCode(rig.site.vials("FLU4-1")[0]))
