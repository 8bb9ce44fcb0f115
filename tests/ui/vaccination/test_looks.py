"""Every face of the station: all named, large enough, nothing cut, at both sizes, with the longest words."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from PySide6.QtWidgets import QApplication

from app.domain.people import Guardian
from app.storage import patients
from app.workflows.desk import Act
from tests.ui.kit.screen_rules import faults
from tests.ui.vaccination.rig import NeedleRig

pytestmark = pytest.mark.usefixtures("dressed")

LONGEST_NAME = "阿布都热依木·买买提吐尔逊·卡德尔江·奥斯曼伊敏"


def empty(rig: NeedleRig) -> None:
    pass


def full(rig: NeedleRig) -> None:
    for index in range(12):
        rig.site.ready(rig.site.patient(index=index, min_months=36))
    rig.settle()


def long_name_waiting(rig: NeedleRig) -> None:
    rig.site.ready()
    rig.site.desk.do(_rename, rig.site.patient().patient_id)
    rig.settle()


def called(rig: NeedleRig) -> None:
    rig.come()


def long_name(rig: NeedleRig) -> None:
    rig.come()
    rig.site.desk.do(_rename, rig.site.patient().patient_id)
    rig.press("1")
    rig.scan_vial()


def multi_dose(rig: NeedleRig) -> None:
    rig.site.vaccinated(rig.site.patient(index=4), "IPV-5")
    rig.site.clock.go(minutes=31)
    rig.come("IPV-5")
    rig.scan_vial("IPV-5")


def early(rig: NeedleRig) -> None:
    rig.come()
    rig.press("Enter")


def ready(rig: NeedleRig) -> None:
    rig.confirmed_all()


def given(rig: NeedleRig) -> None:
    rig.confirmed_all()
    rig.press("Enter")
    for index in range(1, 6):
        rig.site.ready(rig.site.patient(index=index))
    rig.settle()


def stopped(rig: NeedleRig) -> None:
    rig.come()
    rig.scan_vial(expired=True)


def wrong_person(rig: NeedleRig) -> None:
    rig.come()
    rig.scan(rig.site.patient(index=1).document_number)


def body_site(rig: NeedleRig) -> None:
    rig.come()
    rig.press("F12")


def doctor(rig: NeedleRig) -> None:
    rig.come()
    rig.press("F11")


def other_code(rig: NeedleRig) -> None:
    rig.come()
    rig.press("F9")


def typed_twice(rig: NeedleRig) -> None:
    rig.come()
    rig.press("F9", "F9")


def lot_by_hand(rig: NeedleRig) -> None:
    rig.come()
    rig.press("F9", "F9", "F9", "Down", "Down", "Enter", "X", "Enter", "9", "Enter", "Enter")


def recipient(rig: NeedleRig) -> None:
    rig.come()
    rig.press("1")
    rig.scan_vial()
    rig.press("2", "3")


FACES = [
    empty, full, long_name_waiting, called, long_name, multi_dose, early, ready, given, stopped, wrong_person,
    body_site, doctor, other_code, typed_twice, lot_by_hand, recipient,
]  # fmt: skip


@pytest.mark.parametrize("face", FACES, ids=lambda face: face.__name__)
def test_every_face_is_whole_named_and_large_enough(
    rig: NeedleRig, face: Callable[[NeedleRig], None]
) -> None:
    """ux.md rules 21 to 23, 25."""
    face(rig)
    for size in ((1366, 768), (1280, 720)):
        rig.shell.resize(*size)
        QApplication.processEvents()
        assert (rig.shell.width(), rig.shell.height()) == size
        assert faults(rig.page) == {}


def _rename(act: Act, patient_id: str) -> None:
    """Give a person the longest name there is, and make them a child of somebody with a long one."""
    patient = patients.get_patient(act.db, patient_id)
    born = act.today.replace(year=act.today.year - 5)
    guardian = Guardian("迪丽热巴·阿卜杜热合曼", "外祖母", "10000000000")
    renamed = replace(patient, name=LONGEST_NAME, birth_on=born, guardian=guardian)
    act.append("patient.amended", patients.patient_body(renamed) | {"readings": []}, person=patient_id)
