"""库存: adopted, scanned in, refused, blocked, by keyboard and scanner alone (STK-5, TRC-3, TRC-4)."""

from datetime import date
from pathlib import Path

from app.domain.catalogue import LotStatus, PackLevel
from app.domain.codes import TraceCode
from app.domain.permissions import NotPermitted
from app.storage.catalogue import all_products, find_lot, get_product
from app.storage.deliveries import stock
from app.ui.stock.catalogue_sheet import CatalogueSheet
from app.ui.stock.delivery_sheet import DeliverySheet
from tests.factories import NURSE
from tests.ui.kit.screen_rules import faults
from tests.ui.stock.rig import FridgeRig, keys_of, own_keys
from tests.workflows.relation_files import relation_file


def vials(rig: FridgeRig, count: int) -> list[str]:
    product = get_product(rig.bench.read(), "FLU4-1")
    prefix = next(one.code_prefix for one in product.identifications if one.level is PackLevel.UNIT)
    return [f"{prefix}{8_000_000 + number:013d}" for number in range(count)]


def delivery(rig: FridgeRig) -> DeliverySheet:
    sheet = rig.sheet
    assert isinstance(sheet, DeliverySheet)
    return sheet


def scan(rig: FridgeRig, *codes: str) -> None:
    for code in codes:
        rig.shell.take_scan(code)
        rig.settle()


def state(sheet: DeliverySheet, doses: int = 2, temperature: str = "5") -> None:
    for edit, text in (
        (sheet.lot, "NEW-7"), (sheet.until, "20290131"), (sheet.doses, str(doses)),
        (sheet.temperature, temperature), (sheet.supplier, "县疾控中心"), (sheet.release, "批签 7"),
    ):  # fmt: skip
        edit.setText(text)


def test_a_scan_begins_a_delivery_and_enter_takes_it_in(rig: FridgeRig) -> None:
    rig.open("Ctrl+G")
    scan(rig, *vials(rig, 2))
    sheet = delivery(rig)
    assert "共 2 剂" in sheet.total.text()
    state(sheet)
    rig.press("Enter")
    assert "不得接收" in sheet.fault.text()
    assert sheet.isVisible()
    rig.press("Alt+1", "Alt+2", "Enter")
    assert rig.sheet is None
    assert rig.said[-1] == "已入库：四价流感疫苗批号 NEW-7"
    assert rig.stock.marked is not None
    assert rig.stock.marked.lot.lot_number == "NEW-7"
    scan(rig, vials(rig, 1)[0])
    assert rig.sheet is None, "a pack that is in stock shows its lot"


def test_what_is_wrong_with_a_pack_is_said_and_the_rest_stays(rig: FridgeRig) -> None:
    rig.open("Ctrl+G")
    first, second = vials(rig, 2)
    scan(rig, first, first)
    sheet = delivery(rig)
    assert "已经扫过" in sheet.fault.text()
    scan(rig, "1234567" + "0" * 13)
    assert "不在本点的疫苗目录里" in sheet.fault.text()
    scan(rig, second)
    assert (sheet.fault.isVisible(), len(sheet.delivery().packs)) == (False, 2)
    rig.press("Alt+4")
    assert [pack.code for pack in sheet.delivery().packs] == [first]
    sheet.code.setText(second)
    rig.press("Enter")
    assert len(sheet.delivery().packs) == 2


def test_what_came_too_warm_is_told_and_waits(rig: FridgeRig) -> None:
    rig.open("Ctrl+G")
    scan(rig, *vials(rig, 2))
    state(delivery(rig), temperature="11.5")
    rig.press("Alt+1", "Alt+2", "Enter")
    assert "已入库并隔离" in rig.said[-1]
    assert "隔离着" in rig.stock.banner.sentence
    assert rig.stock.release.isVisible()
    rig.press("F11")
    assert rig.sheet is not None
    assert faults(rig.sheet) == {}


def test_the_suppliers_file_fills_the_sheet(rig: FridgeRig, tmp_path: Path) -> None:
    file = tmp_path / "relation.xml"
    file.write_bytes(relation_file(get_product(rig.bench.read(), "FLU4-1"), "F-1", date(2029, 1, 31)))
    rig.stock.pick_file = lambda kinds: str(file)
    rig.open("Ctrl+G")
    rig.press("F9", "Alt+3")
    told = delivery(rig).delivery()
    assert (told.lot_number, told.expires_on, len(told.packs)) == ("F-1", date(2029, 1, 31), 67)
    file.write_text("?")
    rig.press("Alt+3")
    assert "读不懂" in delivery(rig).fault.text()
    assert len(delivery(rig).delivery().packs) == 67


def test_a_lot_is_blocked_with_a_reason(rig: FridgeRig) -> None:
    rig.open("Ctrl+G")
    line = rig.stock.marked
    assert line is not None
    rig.press("F10", "Enter")
    assert rig.sheet is not None, "a reason is asked for"
    rig.press("Ctrl+2", "Enter")
    lot = find_lot(rig.bench.read(), line.lot.lot_id)
    assert lot is not None
    assert (lot.status, lot.status_reason) == (LotStatus.QUARANTINED, "外观异常")


def test_a_new_site_adopts_its_catalogue_first(new_rig: FridgeRig) -> None:
    new_rig.open("Ctrl+G")
    assert "先采用目录里的产品" in new_rig.stock.banner.sentence
    assert faults(new_rig.page) == {}
    new_rig.press("F9")
    catalogue = new_rig.sheet
    assert isinstance(catalogue, CatalogueSheet)
    assert faults(new_rig.page) == {}
    new_rig.press("Enter")
    assert len(all_products(new_rig.bench.read())) == 1
    new_rig.press("Alt+1")
    new_rig.settle()
    assert len(all_products(new_rig.bench.read())) == 10
    new_rig.press("Esc", "F9")
    assert delivery(new_rig).isVisible()


def test_a_catalogue_that_is_none_is_refused_on_the_sheet(new_rig: FridgeRig, tmp_path: Path) -> None:
    file = tmp_path / "list.json"
    file.write_text('{"products": [{"product_code": "X"}]}')
    new_rig.stock.pick_file = lambda kinds: str(file)
    new_rig.open("Ctrl+G")
    new_rig.press("F12", "Alt+2")
    sheet = new_rig.sheet
    assert isinstance(sheet, CatalogueSheet)
    assert "“X”一条写错了" in sheet.fault.text()


def test_a_nurse_looks_and_receives_nothing(rig: FridgeRig) -> None:
    rig.open("Ctrl+G")
    rig.as_user(NURSE)
    rig.press("Ctrl+G")
    assert not rig.stock.receive.isVisible()
    before = len(stock(rig.bench.read()))
    scan(rig, vials(rig, 1)[0])
    assert rig.sheet is None
    assert [type(one) for one in rig.refusals] == [NotPermitted]
    assert len(stock(rig.bench.read())) == before


def test_nothing_is_cut_at_either_size(rig: FridgeRig) -> None:
    rig.open("Ctrl+G")
    for key in ("", "F9", "F10", "F12"):
        if key:
            rig.press(key)
            sheet = rig.sheet
            assert sheet is not None
            assert keys_of(sheet) & (own_keys(rig.page) - {"Esc"}) == set(), key
        for size in ((1366, 732), (1280, 684)):
            rig.shell.resize(*size)
            rig.settle()
            assert faults(rig.page) == {}, (key, size)
        if key:
            rig.press("Esc")


def test_a_code_typed_while_the_page_is_shown_is_read_as_a_scan(rig: FridgeRig) -> None:
    rig.open("Ctrl+G")
    rig.page.take_code(TraceCode(vials(rig, 1)[0]))
    assert delivery(rig).delivery().product_code == "FLU4-1"
