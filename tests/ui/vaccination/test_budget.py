"""Two scans, four keys, 已接种: no typing and no mouse (ux.md rules 4 to 6)."""

from collections.abc import Iterator
from functools import partial

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.devices.wedge import WedgeRouter
from app.domain.checklist import PERSON_ITEMS, Item
from app.domain.clock import instant_text
from app.domain.codes import TicketCode, ticket_text
from app.domain.visit import VisitState
from tests.devices.typist import Typist
from tests.ui.vaccination.rig import NeedleRig


def test_a_dose_takes_two_scans_four_keys_and_given(rig: NeedleRig) -> None:
    """VER-1, TRC-2."""
    encounter = rig.come()
    rig.press("1")
    rig.scan_vial()
    rig.press("2", "3", "4")
    assert rig.dose(encounter) is None
    rig.site.clock.go(20)
    rig.press("Enter")
    dose = rig.dose(encounter)
    assert dose is not None
    assert (rig.scans, rig.keys) == (2, 5)
    assert dose["occurred_at"] == instant_text(rig.site.clock.now())
    assert (dose["body_site"], dose["route"]) == ("left_arm", "intramuscular")
    assert [check[0] for check in dose["checks"]] == [str(item) for item in Item]
    assert rig.state(encounter) is VisitState.OBSERVING


def test_each_key_is_recorded_by_itself_with_who_and_when_also_after_the_vial(rig: NeedleRig) -> None:
    """VER-1: never one box that says all."""
    encounter = rig.come()
    rig.scan_vial()
    for key in "1234":
        rig.site.clock.go(5)
        rig.press(key)
    events = rig.events("check.confirmed")
    assert [event.body["item"] for event in events] == [str(item) for item in PERSON_ITEMS]
    assert len({event.body["confirmed_at"] for event in events}) == 4
    assert {event.user for event in events} == {"u-zhoumin"}
    assert rig.banner == "四项已确认，请注射"
    rig.press("Keypad")
    assert rig.dose(encounter) is not None, "the keypad's Enter is an Enter"


def test_enter_pressed_twice_records_once_and_calls_nobody(rig: NeedleRig) -> None:
    first = rig.confirmed_all()
    second = rig.site.ready(rig.site.patient(index=1))
    rig.settle()
    handle = rig.shell.windowHandle()
    QTest.keyClick(handle, Qt.Key.Key_Return)
    QTest.keyClick(handle, Qt.Key.Key_Return)
    rig.settle()
    rig.press("Enter")
    assert len(rig.events("immunization.recorded")) == 1
    assert rig.refusals == []
    assert rig.state(second) is VisitState.READY
    rig.site.clock.go(2)
    rig.press("Enter")
    assert rig.state(second) is VisitState.AT_STATION
    assert rig.state(first) is VisitState.OBSERVING


def _has_confirmed(rig: NeedleRig, number: int) -> bool:
    return len(rig.confirmed()) == number


@pytest.fixture
def router(rig: NeedleRig, qtbot: QtBot, qapp: QApplication) -> Iterator[WedgeRouter]:
    router = WedgeRouter(rig.shell)
    router.watch(rig.shell.windowHandle())
    router.scanned.connect(rig.shell.take_scan)
    yield router
    rig.shell.windowHandle().removeEventFilter(router)
    router.deleteLater()


def test_digits_and_cr_of_a_scan_press_nothing(rig: NeedleRig, router: WedgeRouter, qtbot: QtBot) -> None:
    """ux.md rule 6: a code full of 1 to 4, ended by CR, confirms nothing and records nothing."""
    encounter = rig.come()
    rig.scan_vial()
    handle = rig.shell.windowHandle()
    with qtbot.waitSignal(router.scanned):
        Typist(handle).scan("12341234123412341234")
    rig.settle()
    assert rig.confirmed() == set()
    assert rig.dose(encounter) is None


def test_a_scan_while_the_recipient_looks_accepts_nothing(
    rig: NeedleRig, router: WedgeRouter, qtbot: QtBot
) -> None:
    rig.come()
    rig.scan_vial()
    for key in "123":
        QTest.keyClick(rig.shell.windowHandle(), key)  # type: ignore[call-overload]
        qtbot.waitUntil(partial(_has_confirmed, rig, int(key)))
    other = rig.site.ready(rig.site.patient(index=1))
    handle = rig.shell.windowHandle()
    with qtbot.waitSignal(router.scanned):
        Typist(handle).scan(ticket_text(TicketCode(other.ticket_token)))
    rig.settle()
    assert Item.RECIPIENT not in rig.confirmed()
