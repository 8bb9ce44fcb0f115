"""At the fridge: a new code is named, and a pack let go, by two people, without leaving the page (SEC-6)."""

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.domain.codes import TraceCode
from app.storage import catalogue
from app.storage.journal import events
from app.ui.bench import Bench
from app.ui.kit.theme import dress_window
from app.ui.shell import Shell
from app.ui.stock.delivery_sheet import DeliverySheet
from app.ui.stock.page import StockPage
from app.workflows.credentials import set_badge
from app.workflows.stock import quarantine_pack
from tests.factories import DOCTOR, MANAGER, NURSE, SmallSite
from tests.journeys.conftest import Workroom
from tests.journeys.hand import Hand

BADGE = "BADGE-0017"
NEW_CODE = TraceCode("8555001" + "0000000000017")


@pytest.fixture
def room(small_site: SmallSite, qtbot: QtBot, qapp: QApplication) -> Iterator[Workroom]:
    """The manager at the fridge; the doctor is near, with a badge."""
    small_site.as_user(DOCTOR)
    set_badge(small_site.desk, BADGE)
    small_site.as_user(MANAGER)
    bench = Bench(small_site.desk)
    shell = Shell(bench, (StockPage,))
    dress_window(shell)
    qtbot.addWidget(shell)
    shell.resize(1366, 732)
    room = Workroom(small_site, bench, shell, Hand(shell))
    room.hand.take_window()
    shell.start()
    shell.go_to("stock", None)
    yield room
    bench.close()


def scan(room: Workroom, text: str) -> None:
    room.shell.take_scan(text)
    room.settle()


def test_a_new_code_is_named_by_two_and_its_pack_taken(room: Workroom) -> None:
    """domain.md 2.3."""
    scan(room, NEW_CODE.code)
    page = room.station
    assert isinstance(page, StockPage)
    sheet = page.sheet
    assert isinstance(sheet, DeliverySheet)
    assert "认码" in sheet.fault.text()
    room.press("Alt+5")
    scan(room, BADGE)
    room.press("Enter")
    named = catalogue.find_product_of(room.bench.read(), "8555001")
    assert named is not None
    (pack,) = sheet.delivery().packs
    assert (pack.code, pack.level) == (NEW_CODE.code, named[1])
    assert not sheet.name_code.isVisible()


def test_a_pack_put_aside_is_let_go_from_the_fridge(room: Workroom) -> None:
    code = room.site.vials("FLU4-1")[0]
    room.site.as_user(NURSE)
    room.site.desk.do(quarantine_pack, code, "有裂纹")
    room.site.as_user(MANAGER)
    room.press("Alt+1", "Enter", "1")
    scan(room, BADGE)
    room.press("Enter")
    assert [event.body["code"] for event in events(room.bench.read()) if event.kind == "pack.released"] == [
        code
    ]
