"""Every face of the station: all named, large enough, nothing cut, at both sizes, with the longest words."""

from dataclasses import replace

import pytest
from PySide6.QtWidgets import QApplication

from app.domain.people import Guardian
from app.storage import patients
from app.ui.vaccination.way_out import LOT, OTHER_CODE, TYPED
from app.workflows.desk import Act
from tests.ui.kit.screen_rules import faults
from tests.ui.vaccination.rig import NeedleRig

pytestmark = pytest.mark.usefixtures("dressed")

LONGEST_NAME = "阿布都热依木·买买提吐尔逊·卡德尔江·奥斯曼伊敏"


def fits(rig: NeedleRig, *keys: str) -> None:
    """Press keys and look: ux.md rules 21 to 23, 25."""
    rig.press(*keys)
    for size in ((1366, 768), (1280, 720)):
        rig.shell.resize(*size)
        QApplication.processEvents()
        assert (rig.shell.width(), rig.shell.height()) == size
        assert faults(rig.page) == {}, keys


def test_nobody_and_somebody_with_the_longest_name_waiting(rig: NeedleRig) -> None:
    fits(rig)
    rig.site.ready()
    rig.site.desk.do(_rename, rig.site.patient().patient_id)
    rig.settle()
    fits(rig)


def test_a_full_line(rig: NeedleRig) -> None:
    for index in range(12):
        rig.site.ready(rig.site.patient(index=index, min_months=36))
    rig.settle()
    fits(rig)


def test_a_visit_from_the_call_to_the_dose(rig: NeedleRig) -> None:
    rig.come()
    fits(rig)
    fits(rig, "Enter")
    assert len(rig.refusals) == 1, "too early"
    rig.press("1")
    rig.scan_vial()
    fits(rig, "2", "3")
    assert rig.recipient_looks()
    fits(rig, "4")
    assert len(rig.confirmed()) == 4
    rig.press("Enter")
    for index in range(1, 6):
        rig.site.ready(rig.site.patient(index=index))
    rig.settle()
    fits(rig)
    assert len(rig.events("immunization.recorded")) == 1


def test_every_question_over_a_visit(rig: NeedleRig) -> None:
    rig.come()
    for key in ("F12", "F11"):
        fits(rig, key)
        assert rig.sheet_is_open()
        rig.press("Esc")
    way_out = rig.page.vials.way_out
    fits(rig, "F9")
    assert way_out.step == OTHER_CODE
    fits(rig, "F9")
    assert way_out.step == TYPED
    fits(rig, "F9", "Down", "Down", "Enter", "X", "Enter", "9", "Enter", "Enter")
    assert way_out.step == LOT


def test_every_stop(rig: NeedleRig) -> None:
    rig.come()
    rig.scan_vial(expired=True)
    assert rig.stopped()
    fits(rig)
    rig.press("Esc")
    rig.scan(rig.site.patient(index=1).document_number)
    assert rig.stopped()
    fits(rig)


def test_the_longest_name_at_the_needle(rig: NeedleRig) -> None:
    rig.come()
    rig.site.desk.do(_rename, rig.site.patient().patient_id)
    rig.press("1")
    rig.scan_vial()
    fits(rig)


def test_a_vial_of_several_doses(rig: NeedleRig) -> None:
    rig.site.vaccinated(rig.site.patient(index=4), "IPV-5")
    rig.site.clock.go(minutes=31)
    rig.come("IPV-5")
    rig.scan_vial("IPV-5")
    fits(rig)


def _rename(act: Act, patient_id: str) -> None:
    """Give a person the longest name there is, and make them a child of somebody with a long one."""
    patient = patients.get_patient(act.db, patient_id)
    born = act.today.replace(year=act.today.year - 5)
    guardian = Guardian("迪丽热巴·阿卜杜热合曼", "外祖母", "10000000000")
    renamed = replace(patient, name=LONGEST_NAME, birth_on=born, guardian=guardian)
    act.append("patient.amended", patients.patient_body(renamed) | {"readings": []}, person=patient_id)
