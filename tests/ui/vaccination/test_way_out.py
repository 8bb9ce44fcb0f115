"""F9: a code that cannot be read never costs a dose; the record says how it came (ux.md rule 14, TRC-2)."""

import pytest
from PySide6.QtWidgets import QWidget

from app.domain.checklist import How, Item
from app.domain.vial import CodeSource, LotExpired
from app.storage import catalogue
from app.ui.kit.form import Field
from app.ui.vaccination.way_out import LOT, OTHER_CODE, TYPED, WayOut
from app.workflows.needle import LotFactsDiffer
from tests.ui.vaccination.rig import NeedleRig


@pytest.fixture
def asked(rig: NeedleRig) -> NeedleRig:
    """Somebody at the needle, and the nurse has pressed F9."""
    rig.come()
    rig.press("1", "F9")
    return rig


def way_out(rig: NeedleRig) -> WayOut:
    return rig.page.vials.way_out


def presented(rig: NeedleRig) -> dict[str, object]:
    return rig.events("vial.presented")[-1].body


def faults(step: QWidget) -> str:
    """Return what a step says is wrong."""
    return "".join(field.error for field in step.findChildren(Field))


def typed(rig: NeedleRig, text: str) -> None:
    for character in text:
        rig.press(character)


def test_the_first_step_asks_for_the_other_code_and_uses_its_scan(asked: NeedleRig) -> None:
    assert way_out(asked).step == OTHER_CODE
    asked.scan_vial()
    assert not way_out(asked).is_open
    assert presented(asked)["source"] == "scanned"


def test_a_code_typed_twice_is_flagged_as_typed(asked: NeedleRig) -> None:
    code = asked.site.vials("FLU4-1")[4]
    asked.press("F9")
    assert way_out(asked).step == TYPED
    typed(asked, code)
    asked.press("Enter")
    typed(asked, code)
    asked.press("Enter")
    assert not way_out(asked).is_open
    assert (presented(asked)["trace_code"], presented(asked)["source"]) == (code, str(CodeSource.TYPED))
    assert asked.page.needle.view is not None
    how = {result.item: result.how for result in asked.page.needle.view.results}
    assert how[Item.VACCINE] is How.HAND_ENTRY


def test_two_lines_that_differ_say_where(asked: NeedleRig) -> None:
    code = asked.site.vials("FLU4-1")[4]
    asked.press("F9")
    twice = way_out(asked).twice
    twice.first.setText(code)
    twice.second.setText(code[:7] + "9" + code[8:])
    twice.compare()
    assert "从第 8 位起" in faults(way_out(asked).twice)
    twice.second.setText(code[:-1])
    twice.compare()
    assert "第一遍 20 位，第二遍 19 位" in faults(way_out(asked).twice)
    assert asked.events("vial.presented") == []
    typed(asked, "1234")
    assert asked.confirmed() == {Item.BOOKLET}, "the digits typed there confirm nothing"


def test_the_lot_is_chosen_by_arrow_keys_and_the_reason_with_it(asked: NeedleRig) -> None:
    """Arrow keys and Enter alone; the first usable lot is marked, never an expired one."""
    asked.press("F9", "F9")
    assert way_out(asked).step == LOT
    assert way_out(asked).keep.key == "Enter", "what the last Enter does"
    asked.press("Enter", "Down", "Enter")
    asked.second()
    asked.press("Enter")
    assert not way_out(asked).is_open
    body = presented(asked)
    assert body["trace_code"] is None
    assert body["source"] == str(CodeSource.UNREADABLE)
    assert body["reason"] == "码印得不清"
    asked.press("2", "3", "4", "Enter")
    (dose,) = asked.events("immunization.recorded")
    assert (dose.body["code_source"], dose.body["code_reason"]) == ("unreadable", "码印得不清")


def test_a_lot_that_is_not_on_file_is_typed_with_its_expiry(asked: NeedleRig) -> None:
    asked.press("F9", "F9", "Down", "Down", "Enter")
    typed(asked, "X77")
    asked.press("Enter")
    typed(asked, "20281399")
    asked.second()
    asked.press("Enter", "Enter")
    assert "不是日期" in faults(way_out(asked).lot)
    assert way_out(asked).is_open
    way_out(asked).lot.expiry.setText("202812")
    asked.press("Enter", "Enter")
    assert presented(asked)["lot_number"] == "X77"
    assert presented(asked)["expires_on"] == "2028-12-31"


def test_an_expired_lot_chosen_by_hand_stops_all_the_same(asked: NeedleRig) -> None:
    asked.press("F9", "F9", "Up", "Enter")
    asked.second()
    asked.press("Enter")
    assert isinstance(asked.stopped(), LotExpired)
    asked.press("Enter")
    assert isinstance(asked.stopped(), LotExpired)
    asked.press("F10")
    assert asked.stopped() is None


def test_an_expiry_other_than_the_delivery_s_is_said_on_the_sheet(asked: NeedleRig) -> None:
    lot = next(lot for lot in catalogue.lots_of(asked.bench.read(), "FLU4-1") if lot.expires_on.year > 2026)
    asked.press("F9", "F9", "Down", "Down", "Enter")
    typed(asked, lot.lot_number)
    asked.press("Enter")
    typed(asked, "20290101")
    asked.second()
    asked.press("Enter", "Enter")
    assert way_out(asked).is_open
    assert "入库记录是" in faults(way_out(asked).lot)
    assert asked.refusals == []
    assert LotFactsDiffer.__name__ not in asked.banner


def test_a_code_no_delivery_holds_is_kept_and_leads_to_the_lots(rig: NeedleRig) -> None:
    """domain.md §14.12: do not reject a dose for a bad code: keep, flag, fix."""
    encounter = rig.come()
    rig.press("1")
    rig.scan("81234567890123456789")
    assert way_out(rig).is_open
    assert way_out(rig).step == LOT
    rig.second()
    rig.press("Enter", "Enter")
    body = presented(rig)
    assert (body["trace_code"], body["source"]) == ("81234567890123456789", "unknown_code")
    assert body["reason"] == "到货还没入库"
    rig.press("2", "3", "4", "Enter")
    dose = rig.dose(encounter)
    assert dose is not None
    assert dose["trace_code"] == "81234567890123456789"


def test_a_readable_code_of_no_known_kind_is_kept_as_well(rig: NeedleRig) -> None:
    rig.come()
    rig.scan("ABC-123-XYZ")
    assert way_out(rig).is_open
    rig.second()
    rig.press("Enter", "Enter")
    assert presented(rig)["trace_code"] == "ABC-123-XYZ"


def test_a_gs1_code_of_an_unknown_lot_brings_its_lot_and_expiry(rig: NeedleRig) -> None:
    rig.come()
    rig.scan("]d201069000000080891728033110NEW01\x1d21SN0001")
    assert way_out(rig).is_open
    assert way_out(rig).lot.number.text() == "NEW01"
    assert way_out(rig).lot.expiry.text() == "20280331"


def test_escape_changes_nothing_and_gives_the_keyboard_back(asked: NeedleRig) -> None:
    asked.press("F9", "F9", "Esc")
    assert not way_out(asked).is_open
    assert asked.page.desk.scan.edit.hasFocus()
    assert asked.events("vial.presented") == []


def test_without_anybody_at_the_needle_it_asks_for_a_ticket(rig: NeedleRig) -> None:
    rig.press("F9")
    assert not way_out(rig).is_open
    assert "请先扫号票" in rig.banner
