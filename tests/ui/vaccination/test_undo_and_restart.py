"""Nothing is lost: undo within minutes, the queue keeps its people, a restart finds every mark again."""

from dataclasses import replace
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from app.domain.catalogue import BodySite
from app.domain.checklist import Item
from app.domain.visit import VisitState
from app.storage import encounters
from app.storage.store import Store
from app.workflows.desk import Desk
from app.workflows.immunization import TooLateToUndo
from tests.factories import KEY, NURSE, SmallSite
from tests.ui.vaccination.rig import NeedleRig


def test_ctrl_z_takes_the_dose_back_and_the_person_stands_there_again(rig: NeedleRig) -> None:
    """ux.md rule 7: both entries stay in the journal."""
    encounter = rig.confirmed_all()
    rig.press("Enter")
    rig.undo()
    assert rig.dose(encounter) is None
    assert rig.state(encounter) is VisitState.AT_STATION
    assert len(rig.confirmed()) == 4
    assert rig.banner == "四项已确认，请注射"
    assert len(rig.events("immunization.recorded")) == len(rig.events("immunization.voided")) == 1


def test_a_dose_undone_while_the_next_person_sits_there_waits_for_its_turn(rig: NeedleRig) -> None:
    first = rig.confirmed_all()
    rig.press("Enter")
    rig.site.clock.go(2)
    second = rig.come(index=1)
    rig.undo()
    assert rig.page.needle.encounter_id == second.encounter_id
    rig.press("Esc")
    assert rig.page.needle.encounter_id == first.encounter_id


def test_after_five_minutes_the_toast_no_longer_undoes(rig: NeedleRig) -> None:
    encounter = rig.confirmed_all()
    rig.press("Enter")
    rig.site.clock.go(minutes=6)
    rig.page.toast.refresh()
    rig.undo()
    dose = rig.dose(encounter)
    assert dose is not None
    rig.page.needle.undo(dose["immunization_id"], "")
    rig.settle()
    assert rig.refusals == [TooLateToUndo(receipted=False)]
    assert "已超过 5 分钟" in rig.banner


def test_back_to_the_queue_or_the_doctor_takes_one_key_and_for_him_a_reason(rig: NeedleRig) -> None:
    encounter = rig.come()
    rig.press("Esc")
    assert rig.state(encounter) is VisitState.READY, "Esc sends back to the queue"
    assert rig.page.needle.view is None
    rig.undo()
    assert rig.state(encounter) is VisitState.AT_STATION, "undo calls again"
    rig.press("F11", "Esc")
    assert rig.state(encounter) is VisitState.AT_STATION
    rig.press("F11", "1")
    assert rig.state(encounter) is VisitState.REGISTERED
    event = rig.events("encounter.returned")[-1]
    assert (event.body["to"], event.body["reason"]) == ("doctor", "今天身体不舒服")


def test_another_vial_is_asked_for_with_one_key(rig: NeedleRig) -> None:
    rig.confirmed_all()
    rig.press("F10")
    assert rig.page.needle.view is not None
    assert rig.page.needle.view.vial is None
    assert rig.banner == "请扫药瓶上的追溯码"
    rig.press("F10")
    assert len(rig.events("vial.put_away")) == 1


def test_the_body_site_is_chosen_by_its_digit_and_stands_on_the_key_and_in_the_dose(rig: NeedleRig) -> None:
    encounter = rig.confirmed_all()
    assert rig.page.desk.side.primary.accessibleDescription() == "左上臂·肌内·注射完成后按 Enter"
    rig.press("F12", "2")
    assert rig.page.desk.side.primary.accessibleDescription() == "右上臂·肌内·注射完成后按 Enter"
    assert rig.page.desk.work.checklist.row(str(Item.BODY_SITE)).item.how == "已改部位"
    rig.press("Enter")
    dose = rig.dose(encounter)
    assert dose is not None
    assert dose["body_site"] == str(BodySite.RIGHT_ARM)


def test_the_right_document_shows_identity_checked_and_is_recorded(rig: NeedleRig) -> None:
    rig.come()
    assert rig.page.needle.view is not None
    assert rig.page.needle.view.identity is None
    rig.scan(rig.site.patient().document_number)
    assert len(rig.events("identity.verified")) == 1
    identity = rig.page.needle.view_of(rig.page.needle.encounter_id or "").identity
    assert identity is not None
    assert identity.by == NURSE


def test_a_restart_in_the_middle_shows_the_same_marks(tmp_path: Path, qtbot: QtBot) -> None:
    """ux.md rule 20: a power cut loses nothing."""
    site = SmallSite(tmp_path)
    rig = NeedleRig(site, qtbot)
    encounter = rig.come()
    rig.press("1")
    rig.scan_vial()
    rig.press("2", "F12", "2")
    rig.scan(site.patient().document_number)
    before = rig.page.needle.view
    assert before is not None
    rig.close()
    site.close()

    site.clock.reboot()
    site.store = Store(tmp_path / "store.db", KEY)
    site.desk = Desk(site.store, site.clock, site.random, "接种台 1")
    site.as_user(NURSE)
    again = NeedleRig(site, qtbot)
    after = again.page.needle.view
    assert after is not None
    assert after == replace(
        before, encounter=encounters.get_encounter(site.desk.read(), encounter.encounter_id)
    )
    assert again.banner == "请本人说出姓名"
    again.press("3", "4", "Enter")
    assert again.dose(encounter) is not None
    again.close()
    site.close()


@pytest.mark.parametrize("desk", ["接种台 2"])
def test_another_desk_s_person_is_not_taken_over_by_coming_here(rig: NeedleRig, desk: str) -> None:
    encounter = rig.site.ready()
    rig.site.desk.name = desk
    rig.scan_ticket(encounter)
    rig.site.desk.name = "接种台 1"
    rig.page.enter(None)
    assert rig.page.needle.view is None
