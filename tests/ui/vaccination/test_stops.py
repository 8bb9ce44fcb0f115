"""The stop: every hard fact fills the page, Enter does nothing, a safe way on is always there (rule 9)."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest
from PySide6.QtGui import QGuiApplication

from app.domain.catalogue import LotStatus
from app.domain.checklist import Item, NotConsented, NotScreened, OtherPersonsDocument, ScreeningOutdated
from app.domain.refusals import Refusal
from app.domain.vial import (
    AgeOutsideLimits,
    CodeOverused,
    LotBlocked,
    LotExpired,
    OpenTooLong,
    VialQuarantined,
    WrongProduct,
)
from app.domain.visit import VisitState
from app.storage import patients
from app.ui.kit.refusal_panel import RefusalFacts
from app.ui.kit.tokens import Tone
from app.ui.vaccination.stop_words import stop_facts
from app.workflows import needle, site_setup, stock
from app.workflows.desk import Act
from tests.factories import MANAGER, NURSE
from tests.ui.vaccination.rig import NeedleRig
from tests.ui.vaccination.verdicts import Verdicts


def facts(rig: NeedleRig) -> RefusalFacts:
    stop = rig.page.stops.stop
    assert stop is not None
    return stop_facts(stop, rig.page.needle.view_of(stop.encounter_id), rig.site.desk.today())


def expired(rig: NeedleRig) -> None:
    rig.come()
    rig.scan_vial(expired=True)


def recalled(rig: NeedleRig) -> None:
    rig.come()
    _block_lot(rig, LotStatus.RECALLED, "国家召回")
    rig.scan_vial()


def quarantined(rig: NeedleRig) -> None:
    rig.come()
    rig.site.desk.do(stock.quarantine_pack, rig.site.vials("FLU4-1")[0], "破损")
    rig.scan_vial()


def other_product(rig: NeedleRig) -> None:
    rig.come()
    rig.scan_vial("RAB-1")


def used_up(rig: NeedleRig) -> None:
    rig.site.vaccinated(rig.site.patient(index=3))
    rig.come()
    rig.scan_vial()


def open_too_long(rig: NeedleRig) -> None:
    rig.site.vaccinated(rig.site.patient(index=3), "IPV-5")
    rig.site.clock.go(minutes=61)
    rig.come("IPV-5")
    rig.scan_vial("IPV-5")


ABOUT_VIAL: list[tuple[Callable[[NeedleRig], None], type[Refusal], str]] = [
    (expired, LotExpired, "有效期"),
    (recalled, LotBlocked, "批号"),
    (quarantined, VialQuarantined, "这一瓶"),
    (other_product, WrongProduct, "品名"),
    (used_up, CodeOverused, "已用剂数"),
    (open_too_long, OpenTooLong, "开启时间"),
]


@pytest.mark.parametrize(("bring", "refusal", "wrong"), ABOUT_VIAL)
def test_a_vial_that_must_not_be_used_stops_everything(
    rig: NeedleRig, bring: Callable[[NeedleRig], None], refusal: type[Refusal], wrong: str
) -> None:
    """VER-1, TRC-2: the wrong row is named, nothing was recorded, the stop is counted."""
    verdicts = Verdicts(rig)
    bring(rig)
    before = len(rig.events("immunization.recorded"))
    assert isinstance(rig.stopped(), refusal)
    assert verdicts.all[-1] == rig.stopped(), "red at once, by the refusal of the act"
    assert verdicts.said[-1].startswith("停！不能接种：")
    assert verdicts.tones[-1] is Tone.DANGER
    assert not rig.page.desk.isVisible()
    shown = facts(rig)
    assert wrong in [row.label for row in shown.rows if not row.ok]
    assert "没有记录接种" in shown.safe[0]
    assert "本月同类拦截 1 次" in shown.counted
    rig.press("Enter", "Keypad", "1", "2", "3", "4")
    assert isinstance(rig.stopped(), refusal)
    assert rig.confirmed() == set()
    assert len(rig.events("immunization.recorded")) == before
    assert [event.body["refusal"] for event in rig.events("vial.refused")] == [refusal.__name__]
    if bring in (expired, other_product, used_up):
        rig.scan_vial(vial=1)
        assert rig.stopped() is None, "another vial's scan goes on by itself"
        assert rig.page.needle.view is not None
        assert rig.page.needle.view.vial is not None


def test_the_safe_key_puts_this_pack_aside_for_good(rig: NeedleRig) -> None:
    expired(rig)
    rig.press("F10")
    assert rig.stopped() is None
    assert rig.banner == "无接种证，请核对电子档案"
    code = rig.site.vials("FLU4-1", expired=True)[0]
    assert [event.body["code"] for event in rig.events("pack.quarantined")] == [code]


def test_a_vial_of_another_product_is_put_back_or_the_plan_is_asked_of_the_doctor(rig: NeedleRig) -> None:
    other_product(rig)
    rig.press("F10")
    assert rig.stopped() is None
    assert rig.events("pack.quarantined") == [], "it is not put aside"
    rig.scan_vial("RAB-1")
    encounter = rig.page.needle.view
    assert encounter is not None
    rig.press("F11")
    assert rig.stopped() is None
    assert rig.state(encounter.encounter) is VisitState.REGISTERED


def test_a_stop_is_told_passed_by_no_ticket_counted_and_left_by_keys(rig: NeedleRig) -> None:
    """ux.md rules 9 and 10."""
    expired(rig)
    rig.press("F12")
    assert "LotExpired" in QGuiApplication.clipboard().text()
    other = rig.site.ready(rig.site.patient(index=1))
    rig.scan_ticket(other)
    assert isinstance(rig.stopped(), LotExpired), "a ticket does not pass it"
    assert rig.state(other) is VisitState.READY

    rig.scan_vial(vial=1, expired=True)
    assert "本月同类拦截 2 次" in facts(rig).counted
    rig.press("1", "Esc")
    assert rig.stopped() is None, "Esc goes back to waiting for a vial"
    assert rig.page.desk.isVisible()
    assert rig.page.needle.view is not None
    assert rig.events("pack.quarantined") == []

    rig.scan_vial(expired=True)
    view = rig.page.needle.view
    rig.press("F11")
    assert rig.state(view.encounter) is VisitState.READY, "it can be left for the queue"


def test_the_same_stop_is_counted_within_the_month_alone(rig: NeedleRig) -> None:
    """ux.md rule 10."""
    expired(rig)
    rig.press("Esc")
    rig.site.clock.go(minutes=60 * 24 * 31)
    today = rig.site.desk.today()
    refusal = LotExpired("1", today, today)
    times = rig.site.desk.do(needle.note_refused_vial, _encounter_id(rig), "x", refusal)
    assert times == 1


def test_a_vial_presented_before_is_put_away_when_the_next_one_is_stopped(rig: NeedleRig) -> None:
    """What lies in the hand now is the stopped one: the record must not go on with the other."""
    encounter = rig.confirmed_all()
    rig.scan_vial(vial=2, expired=True)
    rig.press("Esc", "Enter")
    assert rig.dose(encounter) is None
    assert rig.page.needle.view is not None
    assert rig.page.needle.view.vial is None


def test_a_lot_recalled_while_the_vial_lies_there_stops(rig: NeedleRig) -> None:
    """三查 3, again at every look."""
    rig.confirmed_all()
    _block_lot(rig, LotStatus.QUARANTINED, "抽检")
    rig.bench.tick()
    rig.settle()
    assert isinstance(rig.stopped(), LotBlocked)


def test_a_vial_that_has_stood_open_too_long_meanwhile_stops(rig: NeedleRig) -> None:
    rig.site.vaccinated(rig.site.patient(index=3), "IPV-5")
    rig.come("IPV-5")
    rig.scan_vial("IPV-5")
    assert rig.stopped() is None
    rig.site.clock.go(minutes=60)
    rig.bench.tick()
    rig.settle()
    assert isinstance(rig.stopped(), OpenTooLong)


def test_a_screening_of_yesterday_stops_and_goes_back_to_the_queue_or_the_doctor(rig: NeedleRig) -> None:
    """VER-5: the questions are of the same day."""
    encounter = rig.site.ready()
    rig.site.clock.go(minutes=60 * 24)
    rig.scan_ticket(encounter)
    rig.press("Esc")
    assert rig.stopped() is None
    assert rig.state(encounter) is VisitState.READY
    rig.site.open_day()
    rig.scan_ticket(encounter)
    assert isinstance(rig.stopped(), ScreeningOutdated)
    rig.press("Enter", "F11")
    assert rig.stopped() is None
    assert rig.state(encounter) is VisitState.REGISTERED


def test_an_age_outside_the_limits_stops_at_the_vial(rig: NeedleRig) -> None:
    """七对: 年龄. The birth date was corrected after the screening."""
    patient = rig.site.patient()
    rig.come()
    day = rig.site.desk.today()
    rig.site.desk.do(_amend_birth, patient.patient_id, day - timedelta(days=200))
    rig.scan_vial()
    assert isinstance(rig.stopped(), AgeOutsideLimits)
    assert [row.label for row in facts(rig).rows if not row.ok] == ["年龄"]


def test_what_the_visit_lacks_has_its_own_stop(rig: NeedleRig) -> None:
    for index, refusal in enumerate((NotScreened(None), NotConsented())):
        encounter = rig.come(index=index)
        rig.page.needle.refused.emit(refusal)
        rig.settle()
        assert rig.stopped() == refusal
        assert [action.action_id for action in facts(rig).actions] == ["doctor", "queue"]
        rig.press("Enter", "F11")
        assert rig.state(encounter) is VisitState.REGISTERED


def test_somebody_else_s_document_stops_until_the_right_one_or_the_safe_key(rig: NeedleRig) -> None:
    """七对: 姓名. Identity that does not match is a hard fact."""
    other = rig.site.ready(rig.site.patient(index=1))
    encounter = rig.come()
    shown = rig.site.patient(index=1)
    rig.scan(shown.document_number)
    refusal = rig.stopped()
    assert isinstance(refusal, OtherPersonsDocument)
    assert (refusal.shown_name, refusal.shown_ticket) == (shown.name, other.ticket_number)
    assert shown.document_number not in facts(rig).technical
    assert all(not row.ok for row in facts(rig).rows)
    rig.press("Enter")
    assert rig.stopped() is refusal
    rig.scan_vial()
    assert isinstance(rig.stopped(), OtherPersonsDocument), "a vial does not pass it"
    assert rig.events("vial.presented") == []

    rig.scan(rig.site.patient().document_number)
    assert rig.stopped() is None, "the right document ends it"
    assert rig.page.needle.view is not None
    assert rig.page.needle.view.identity is not None

    rig.scan(shown.document_number)
    rig.press("F10")
    assert rig.state(encounter) is VisitState.READY, "the wrong person is sent back with the safe key"
    assert rig.page.needle.view is None


def test_after_somebody_else_s_document_the_name_is_said_again(rig: NeedleRig) -> None:
    encounter = rig.confirmed_all()
    rig.scan(rig.site.patient(index=1).document_number)
    rig.press("Esc", "Enter")
    assert rig.dose(encounter) is None
    assert rig.confirmed() == {Item.BOOKLET, Item.APPEARANCE}


def _encounter_id(rig: NeedleRig) -> str:
    assert rig.page.needle.encounter_id is not None
    return rig.page.needle.encounter_id


def _block_lot(rig: NeedleRig, status: LotStatus, reason: str) -> None:
    lot = next(lot for lot in rig.site.stock if lot.product_code == "FLU4-1")
    rig.site.as_user(MANAGER)
    rig.site.desk.do(site_setup.change_lot_status, lot.lot_id, status, reason)
    rig.site.as_user(NURSE)
    rig.settle()


def _amend_birth(act: Act, patient_id: str, birth_on: date) -> None:
    patient = replace(patients.get_patient(act.db, patient_id), birth_on=birth_on)
    act.append("patient.amended", patients.patient_body(patient) | {"readings": []}, person=patient_id)
