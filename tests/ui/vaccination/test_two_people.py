"""Two people at one screen: a badge or PIN on the same sheet, by scanner and keys alone (SEC-6)."""

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app.domain.catalogue import CodeMapping, PackLevel
from app.domain.codes import TraceCode
from app.domain.vial import VialQuarantined
from app.storage import catalogue
from app.ui.kit.text import Text
from app.ui.map_code_sheet import MapCodeSheet
from app.ui.put_aside_sheet import PutAsideSheet
from app.ui.release_pack_sheet import REASONS, ReleasePackSheet
from app.ui.vaccination.needle_words import vial_words
from app.ui.vaccination.stop_words import RELEASE
from app.workflows.credentials import set_pin
from app.workflows.stock import map_code, quarantine_pack
from tests.factories import DOCTOR, MANAGER, NURSE
from tests.ui.kit.screen_rules import faults
from tests.ui.vaccination.rig import NeedleRig

PIN = "204817"
NEW_CODE = TraceCode("8555001" + "0000000000017")
SIZES = [(1366, 768), (1280, 720)]


def words_of(widget: QWidget) -> str:
    return "".join(text.text() for text in widget.findChildren(Text) if text.isVisible())


def type_in(rig: NeedleRig, text: str) -> None:
    for character in text:
        rig.press(character)


def with_pin(rig: NeedleRig, staff_id: str) -> None:
    user = rig.site.desk.user
    assert user is not None
    rig.site.as_user(staff_id)
    set_pin(rig.site.desk, PIN)
    rig.site.as_user(user.staff_id)


@pytest.fixture
def at_lots(rig: NeedleRig) -> NeedleRig:
    """The nurse has come to the last step of the way out: lot, reason, and who else looks."""
    rig.come()
    rig.press("1", "F9", "F9", "F9")
    return rig


def test_a_vial_entered_by_hand_takes_three_keys_and_one_scan_of_a_badge(at_lots: NeedleRig) -> None:
    before = at_lots.keys, at_lots.scans
    at_lots.press("Enter", "Enter")
    at_lots.second()
    at_lots.press("Enter")
    assert (at_lots.keys - before[0], at_lots.scans - before[1]) == (3, 1)
    (event,) = at_lots.events("vial.presented")
    assert (event.user, event.body["approved_by"]) == (NURSE, DOCTOR)
    view = at_lots.page.needle.view
    assert view is not None
    assert vial_words(view, at_lots.site.desk.today()).chip == "赵清和同核"
    assert at_lots.site.desk.user is not None
    assert at_lots.site.desk.user.staff_id == NURSE, "the desk stays the first one's"


def test_or_a_pin_and_no_mouse(at_lots: NeedleRig, qtbot: QtBot) -> None:
    with_pin(at_lots, DOCTOR)
    at_lots.press("Enter", "Enter", "Enter")
    type_in(at_lots, PIN)
    at_lots.press("Enter")
    qtbot.waitUntil(lambda: at_lots.events("vial.presented") != [])
    assert at_lots.events("vial.presented")[0].body["approved_by"] == DOCTOR
    assert at_lots.confirmed() == {"booklet"}, "the digits typed there confirm nothing"


@pytest.mark.usefixtures("dressed")
def test_alone_nothing_is_presented_and_the_sheet_says_what_is_safe(at_lots: NeedleRig) -> None:
    sheet = at_lots.page.vials.way_out.sheet
    at_lots.press("Enter", "Enter", "Enter", "Enter")
    assert at_lots.events("vial.presented") == []
    assert "只有一个人在岗时，这一瓶不用" in words_of(sheet)
    for size in SIZES:
        at_lots.shell.resize(*size)
        at_lots.settle()
        assert faults(sheet) == {}
        assert not sheet.scrolls
    at_lots.second("u-zhongshenyan")
    assert "预检医生、接种人员" in words_of(sheet), "who may not is told who may"
    at_lots.second(NURSE)
    assert "不能再当第二个人" in words_of(sheet), "one's own badge is nobody else's"
    at_lots.press("Enter", "Enter", "Enter", "Enter")
    assert at_lots.events("vial.presented") == []


def test_a_badge_shown_too_long_ago_is_asked_for_again(at_lots: NeedleRig) -> None:
    at_lots.second()
    at_lots.site.clock.go(seconds=121)
    at_lots.press("Enter", "Enter")
    assert at_lots.events("vial.presented") == []
    at_lots.second(MANAGER)
    at_lots.press("Enter")
    assert len(at_lots.events("vial.presented")) == 1
    at_lots.press("F9", "F9", "F9")
    who = at_lots.page.vials.way_out.second.who.currentData()
    assert who.staff_id == MANAGER, "the colleague of before stands first the next time"


def test_a_readable_code_scanned_there_is_used_all_the_same(at_lots: NeedleRig) -> None:
    at_lots.scan_vial()
    assert at_lots.events("vial.presented")[-1].body["source"] == "scanned"


# A pack that was put aside


@pytest.fixture
def stopped(rig: NeedleRig) -> NeedleRig:
    """A manager who also vaccinates scans a vial that was put aside."""
    code = rig.site.vials("FLU4-1")[0]
    rig.site.desk.do(quarantine_pack, code, "有裂纹")
    rig.come()
    rig.site.as_user(MANAGER)
    user = rig.site.desk.user
    assert user is not None
    nurse = rig.site.beside(NURSE).member
    rig.site.desk.user = type(user)(user.staff_id, user.name, user.title, user.roles | nurse.roles)
    rig.scan_vial()
    assert isinstance(rig.stopped(), VialQuarantined)
    return rig


def release_sheet(rig: NeedleRig) -> ReleasePackSheet:
    (sheet,) = [one for one in rig.page.findChildren(ReleasePackSheet) if one.isVisible()]
    return sheet


@pytest.mark.usefixtures("dressed")
def test_two_let_a_pack_go_from_the_stop_and_its_scan_is_taken(stopped: NeedleRig) -> None:
    code = stopped.site.vials("FLU4-1")[0]
    stopped.press("F9")
    sheet = release_sheet(stopped)
    stopped.scan_vial(vial=1)
    assert not sheet.isVisible(), "another vial ends stop and sheet"
    assert stopped.stopped() is None
    assert stopped.events("pack.released") == []

    stopped.scan(code)
    for size in SIZES:
        stopped.shell.resize(*size)
        stopped.settle()
        assert faults(stopped.page) == {}
    stopped.press("F9")
    assert "周敏隔离：有裂纹" in words_of(release_sheet(stopped))
    stopped.press("Enter")
    assert "要写明查到了什么" in words_of(release_sheet(stopped))
    for size in SIZES:
        stopped.shell.resize(*size)
        stopped.settle()
        assert faults(release_sheet(stopped)) == {}
        assert not release_sheet(stopped).scrolls
    stopped.press("1")
    stopped.second()
    stopped.press("Enter")
    (event,) = stopped.events("pack.released")
    assert (event.body["reason"], event.body["approved_by"]) == (REASONS[0], DOCTOR)
    assert stopped.stopped() is None
    stopped.scan_vial()
    assert stopped.events("vial.presented")[-1].body["source"] == "scanned"


def test_who_may_not_is_told_who_may(rig: NeedleRig) -> None:
    rig.site.desk.do(quarantine_pack, rig.site.vials("FLU4-1")[0], "有裂纹")
    rig.come()
    rig.scan_vial()
    assert "请疫苗管理员或负责人登录，和另一人一起" in words_of(rig.page.stops.panel)
    with pytest.raises(KeyError):
        rig.page.stops.panel.button(RELEASE)


@pytest.mark.usefixtures("dressed")
def test_who_keeps_the_stock_picks_a_pack_from_the_list(rig: NeedleRig) -> None:
    """As the page of the stock opens it: the last one put aside stands first."""
    none = PutAsideSheet(rig.page, rig.bench, lambda: None)
    none.open_sheet()
    rig.press("Enter")
    assert "没有隔离的单支。" in words_of(none)
    rig.press("Esc")
    codes = rig.site.vials("FLU4-1")[:2]
    for code in (*codes, "12345678901234567890"):
        rig.site.clock.go(minutes=1)
        rig.site.desk.do(quarantine_pack, code, "有裂纹")
    rig.site.as_user(MANAGER)
    done: list[bool] = []
    sheet = PutAsideSheet(rig.page, rig.bench, lambda: done.append(True))
    sheet.open_sheet(sheet.table)
    rig.settle()
    for size in SIZES:
        rig.shell.resize(*size)
        rig.settle()
        assert faults(sheet) == {}
    assert [sheet.table.paged.row_at(row)[0] for row in range(3)] == [
        "没有入库记录", "四价流感疫苗", "四价流感疫苗",
    ]  # fmt: skip
    rig.press("Down", "Enter")
    assert release_sheet(rig).isVisible()
    rig.press("2")
    rig.second()
    rig.press("Enter")
    assert done == [True]
    (event,) = rig.events("pack.released")
    assert event.body["code"] == codes[1]


# A code nobody knew


class Mapping:
    """The sheet as a page that receives deliveries opens it."""

    def __init__(self, rig: NeedleRig) -> None:
        rig.site.as_user(MANAGER)
        self.said: list[CodeMapping] = []
        self.sheet = MapCodeSheet(rig.page, rig.bench, NEW_CODE, self.said.append)
        self.sheet.open_sheet(self.sheet.product)
        rig.settle()


@pytest.mark.usefixtures("dressed")
def test_two_name_a_code_by_keys_and_a_badge(rig: NeedleRig) -> None:
    """domain.md 2.3; the sheet does the act itself and tells whoever opened it."""
    mapping = Mapping(rig)
    product = catalogue.get_product(rig.bench.read(), "IPV-5")
    mapping.sheet.product.setCurrentIndex(mapping.sheet.product.findData(product))
    assert mapping.sheet.doses.text() == "5"
    rig.press("2")
    assert mapping.sheet.doses.isEnabled()
    mapping.sheet.doses.setText("50")
    rig.press("Enter")
    assert "先放待验区" in words_of(mapping.sheet)
    for size in SIZES:
        rig.shell.resize(*size)
        rig.settle()
        assert faults(mapping.sheet) == {}
        assert not mapping.sheet.scrolls
    rig.second()
    rig.press("Enter")
    (said,) = mapping.said
    assert (said.code, said.product_code, said.level, said.doses) == (
        "8555001", "IPV-5", PackLevel.INNER, 50,
    )  # fmt: skip
    assert (said.mapped_by, said.approved_by) == (MANAGER, DOCTOR)
    assert rig.page.findChildren(MapCodeSheet) == []
    assert rig.bench.badge_line is None


def test_a_code_named_before_says_by_whom_and_as_what(rig: NeedleRig) -> None:
    rig.site.as_user(MANAGER)
    rig.site.desk.do(map_code, NEW_CODE, "IPV-5", PackLevel.UNIT, 5, rig.site.beside())
    said = words_of(Mapping(rig).sheet)
    assert "现在认作脊灰灭活疫苗" in said
    assert "苏晚晴、赵清和" in said


def test_the_products_whose_codes_begin_alike_stand_first(rig: NeedleRig) -> None:
    rabies = catalogue.get_product(rig.bench.read(), "RAB-1")
    near = TraceCode(f"{int(rabies.code_prefix or 0) + 5:07d}{1:013d}")
    rig.site.as_user(MANAGER)
    sheet = MapCodeSheet(rig.page, rig.bench, near, lambda _: None)
    assert sheet.product.itemData(0) == rabies
    expected = catalogue.get_product(rig.bench.read(), "IPV-5")
    sheet = MapCodeSheet(rig.page, rig.bench, near, lambda _: None, expected)
    assert sheet.product.itemData(0) == expected


def test_the_needle_names_no_code_and_says_who_does(rig: NeedleRig) -> None:
    rig.come()
    rig.scan(NEW_CODE.code)
    assert "请疫苗管理员收货时和另一人认码" in words_of(rig.page.vials.way_out.sheet)
    assert rig.page.findChildren(MapCodeSheet) == []
