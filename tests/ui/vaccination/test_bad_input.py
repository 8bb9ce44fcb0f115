"""What goes wrong on an ordinary morning: none of it records a dose, all of it says what to do."""

from app.domain.codes import CodeOfNoUse, SeparatorMissing
from app.domain.identity import WrongCheckDigit
from app.domain.vial import CartonScanned, CodeOverused
from app.domain.visit import VisitState, WrongStep
from app.ui.texts import sentence_of
from app.workflows import registration
from app.workflows.needle import NobodyAtNeedle, OtherPersonAtNeedle
from tests.ui.vaccination.rig import NeedleRig


def helped(rig: NeedleRig) -> bool:
    """Return whether the help covers the page."""
    return rig.shell.help.is_open


def test_of_two_tickets_in_a_row_the_first_stays(rig: NeedleRig) -> None:
    """VER-1."""
    second = rig.site.ready(rig.site.patient(index=1))
    first = rig.come()
    rig.scan_ticket(first)
    assert rig.refusals == [], "the same ticket again changes nothing"
    assert len(rig.events("encounter.called")) == 1
    rig.scan_ticket(second)
    assert rig.refusals == [OtherPersonAtNeedle(first.ticket_number, second.ticket_number)]
    assert f"号票 {first.ticket_number} 还在本台" in rig.banner
    assert (rig.state(first), rig.state(second)) == (VisitState.AT_STATION, VisitState.READY)
    rig.press("1")
    assert rig.banner == "请扫药瓶上的追溯码"


def test_a_code_that_is_no_vial_is_refused_with_the_way_out_and_the_vial_stays(rig: NeedleRig) -> None:
    """domain.md §14.3, TRC-2."""
    encounter = rig.come()
    rig.scan("01069000000080891728011710202511A89621SN0001")
    assert isinstance(rig.refusals[-1], SeparatorMissing), "a lost separator is not guessed"
    assert "分隔符" in rig.banner
    assert rig.events("vial.presented") == []
    rig.scan_vial()
    carton = next(lot.carton_code for lot in rig.site.stock if lot.product_code == "FLU4-1")
    rig.scan(carton)
    assert isinstance(rig.refusals[-1], CartonScanned)
    assert "大箱的码" in rig.banner
    assert "最小包装" in rig.banner
    assert rig.stopped() is None
    assert rig.page.needle.view is not None
    assert rig.page.needle.view.vial is not None
    rig.press("8", "9", "Esc")
    assert rig.page.desk.scan.edit.text() == "", "Esc empties the box before it sends anybody back"
    assert rig.state(encounter) is VisitState.AT_STATION


def test_a_multi_dose_code_is_legal_as_often_as_the_pack_has_doses(rig: NeedleRig) -> None:
    """domain.md §2.3, §14.2."""
    for index in range(5):
        encounter = rig.confirmed_all("IPV-5", index)
        rig.press("Enter")
        assert rig.dose(encounter) is not None
        rig.site.clock.go(2)
    rig.come("IPV-5", 5)
    rig.scan_vial("IPV-5")
    assert isinstance(rig.stopped(), CodeOverused)


def test_what_is_scanned_while_nobody_sits_there_is_told_what_it_is(rig: NeedleRig) -> None:
    rig.scan_vial()
    assert rig.refusals == [NobodyAtNeedle()]
    assert "请先扫号票" in rig.banner
    rig.scan_ticket(rig.site.registered())
    assert isinstance(rig.refusals[-1], WrongStep)
    assert "请先到预检台" in rig.banner
    rig.scan("VXT1:ZZZZZZZZZZ")
    assert "不是今天本场次的" in rig.banner
    rig.scan("hello world")
    assert isinstance(rig.refusals[-1], CodeOfNoUse)


def test_keys_are_dead_under_sheet_and_help_and_a_scan_uncovers_what_it_did(rig: NeedleRig) -> None:
    """VER-1: also half a code, where the scanner stopped in the middle or sends no line end."""
    encounter = rig.come()
    rig.press("F1")
    assert helped(rig)
    rig.shell.take_broken_scan("123412")
    rig.settle()
    assert not helped(rig)
    assert "只收到 6 个字符" in rig.banner
    assert rig.confirmed() == set()

    rig.press("F1")
    assert helped(rig)
    rig.scan_vial()
    assert not helped(rig)
    assert rig.page.needle.view is not None
    assert rig.page.needle.view.vial is not None
    assert rig.page.desk.scan.edit.hasFocus()

    rig.press("F11")
    assert rig.sheet_is_open()
    rig.scan_vial(vial=1)
    assert not rig.sheet_is_open()
    assert rig.page.needle.view.vial is not None
    assert rig.page.desk.scan.edit.hasFocus()
    rig.press("1")
    assert len(rig.confirmed()) == 1

    rig.press("2", "3", "4", "F12", "Tab", "F10", "F11")
    assert len(rig.confirmed()) == 4
    assert rig.dose(encounter) is None
    assert rig.sheet_is_open()
    assert rig.events("vial.put_away") == []


def test_a_persons_number_with_a_slip_is_no_vial(rig: NeedleRig) -> None:
    """An unknown code is kept with the dose; a number misread from a card would be somebody's data there."""
    encounter = rig.come()
    number = rig.site.patient().document_number
    wrong = number[:-1] + ("2" if number[-1] == "1" else "1")
    rig.scan(wrong)
    assert isinstance(rig.refusals[0], WrongCheckDigit)
    assert "校验位不对" in rig.banner
    assert not rig.page.vials.way_out.is_open
    rig.press("Esc", "Esc")
    assert rig.state(encounter) is VisitState.READY
    rig.scan(wrong)
    assert isinstance(rig.refusals[-1], WrongCheckDigit)


def test_a_code_typed_by_hand_goes_the_way_of_a_scan(rig: NeedleRig) -> None:
    """A blank first keeps the digits of a number in the box; Enter takes the code and gives nothing."""
    encounter = rig.come()
    for digit in " " + rig.site.patient().document_number:
        rig.press(digit)
    assert rig.confirmed() == set()
    rig.press("Enter")
    assert rig.page.needle.view is not None
    assert rig.page.needle.view.identity is not None
    assert rig.page.desk.scan.result == "身份一致"
    assert rig.dose(encounter) is None


def test_escape_takes_a_notice_away_before_it_sends_anybody_back(rig: NeedleRig) -> None:
    """A slip with the key that closes a notice does not lose the place at the needle."""
    encounter = rig.come()
    rig.shell.take_broken_scan("123412")
    rig.settle()
    assert rig.page.desk.notice.isVisible()
    rig.press("Esc")
    assert not rig.page.desk.notice.isVisible()
    assert rig.state(encounter) is VisitState.AT_STATION
    rig.press("Esc")
    assert rig.state(encounter) is VisitState.READY


def test_a_person_cancelled_elsewhere_leaves_with_a_sentence(rig: NeedleRig) -> None:
    encounter = rig.come()
    rig.site.desk.do(registration.cancel_visit, encounter.encounter_id, "离开")
    rig.settle()
    assert rig.page.needle.view is None
    assert f"{encounter.ticket_number} 已取消" in rig.banner


def test_every_refusal_of_the_station_has_its_sentence() -> None:
    for refusal in (NobodyAtNeedle(), OtherPersonAtNeedle("A001", "A002")):
        said = sentence_of(refusal)
        assert all((said.happened, said.safe, said.todo))
