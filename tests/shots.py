"""Grabs every screen into docs/screenshots/: 1366×768 at scale 1, 1920×1080 at scale 1.5 (./dev shots)."""

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from PySide6.QtCore import QCoreApplication, QEventLoop, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from app.devices.scanner_check import CHECK_TEXT
from app.domain.codes import TraceCode
from app.domain.county_key import CountyKey, FingerprintDiffers
from app.domain.screening import Answer, Decision, Plan
from app.practice.site import STAFF
from app.storage.sealing import public_of
from app.sync.transport import CentreDeclined
from app.ui.bench import Bench
from app.ui.certificate.page import CertificatePage
from app.ui.certificate.records_sheet import RecordsSheet
from app.ui.certificate.void_sheet import VoidSheet
from app.ui.certificate.workstation import enrol_for_practice
from app.ui.kit.buttons import ActionButton
from app.ui.kit.sheet import Sheet
from app.ui.screening.page import ScreeningPage
from app.ui.set_up.page import ACCOUNT, SetUpPage
from app.ui.shell import Shell
from app.ui.sign_in.county_request_sheet import CountyRequestSheet
from app.ui.sign_in.page import Person, SignInPage
from app.ui.staff.hand_over import HandOverSheet
from app.ui.staff.page import StaffPage
from app.ui.start import make_application
from app.ui.vaccination.page import VaccinationPage
from app.ui.window import MainWindow
from app.ui.work import STATIONS
from app.workflows import needle, observation
from app.workflows.county import take_county_key
from app.workflows.immunization import void_immunization
from app.workflows.screening import record_screening
from tests.factories import DOCTOR, MANAGER, NURSE, QUESTIONS, SmallSite, all_no
from tests.fridge_scenes import new_site, working_day
from tests.journeys.hand import Hand
from tests.storage.kept_site import keys_of
from tests.ui.backup.rig import BackupRig
from tests.ui.sync.faces import FACES, SEVERAL_BATCHES
from tests.ui.sync.rig import SyncRig
from tests.workflows.founded_site import FoundedSite

FOLDER = Path(__file__).parents[1] / "docs" / "screenshots"
SIZES = {"1366x768": (1366, 768, "1"), "1920x1080": (1280, 720, "1.5")}


class Studio:
    """A site in the middle of its morning, and the window it is shown in."""

    def __init__(self, folder: Path, size: str, people: int = 200, site: SmallSite | None = None) -> None:
        self.site = site or SmallSite(folder, people)
        self.out = FOLDER / size
        self.out.mkdir(parents=True, exist_ok=True)
        enrol_for_practice(self.site.desk)
        self.bench = Bench(self.site.desk)
        self.sign_in = SignInPage("云溪镇卫生院")
        self.window = MainWindow(self.sign_in, practice=False)
        width, height, _ = SIZES[size]
        self.window.resize(width, height)
        self.shell: Shell | None = None

    def settle(self) -> None:
        """Let answers come home and everything be drawn."""
        for _ in range(3):
            seen: list[None] = []
            self.bench.submit(self.bench, seen.append, lambda act: None)
            while not seen:
                QCoreApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 20)
        for _ in range(5):
            QCoreApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 20)

    def shoot(self, name: str, widget: QWidget | None = None) -> None:
        """Keep a picture."""
        self.settle()
        (widget or self.window).grab().save(str(self.out / f"{name}.png"))

    def show(self, station: str, encounter_id: str | None = None) -> None:
        """Bring a station to the front."""
        assert self.shell is not None, "somebody has signed in"
        self.shell.go_to(station, encounter_id)


def main() -> int:
    """Grab at both sizes, each in a process of its own scale."""
    if len(sys.argv) == 1:
        for size, (_, _, scale) in SIZES.items():
            surroundings = os.environ | {"QT_SCALE_FACTOR": scale}
            subprocess.run([sys.executable, "-m", "tests.shots", size], env=surroundings, check=True)
        return 0
    with TemporaryDirectory() as folder:
        _grab(Path(folder), sys.argv[1])
    return 0


def _grab(folder: Path, size: str) -> None:
    application = make_application()
    studio = Studio(folder, size)
    studio.window.show()
    studio.window.activateWindow()
    _first_start(studio)
    people = [Person(member.staff_id, member.name, member.title) for member in STAFF]
    studio.sign_in.show_people(people, "云溪镇卫生院")
    studio.shoot("sign-in")
    studio.sign_in.show_busy("正在核对……", opening=True)
    studio.sign_in.waiting.timeout.emit()
    studio.shoot("sign-in-opening")
    studio.sign_in.show_sentence("")
    studio.shell = Shell(studio.bench, STATIONS)
    studio.window.show_work(studio.shell)
    studio.shell.start()
    _staff(studio)
    _devices(studio)
    for step in (_registration, _screening, _vaccination, _several, _observation, _certificate):
        step(studio)
    studio.bench.close()
    studio.site.close()
    _fridge(folder, size)
    _sync(folder, size)
    _backup(folder, size)
    application.processEvents()


def _first_start(studio: Studio) -> None:
    guide = SetUpPage()
    studio.window.show_guide(guide)
    guide.fill(address="https://centre.example:8443", code="7K2QM-9XD4H-8WZ3T-B6RNF")
    guide.show_refusal(CentreDeclined("EnrolmentCodeUnknown", ""))
    studio.shoot("set-up-centre")
    guide.show_step(ACCOUNT)
    studio.shoot("set-up-account")
    studio.window.show_sign_in()


def _staff(studio: Studio) -> None:
    studio.site.as_user(MANAGER)
    assert studio.shell is not None
    studio.shell.start()
    studio.show("staff")
    studio.shoot("staff")
    page = studio.shell.stations["staff"]
    assert isinstance(page, StaffPage)
    page.hand_over_button.click()
    studio.shoot("staff-hand-over")
    page.findChildren(HandOverSheet)[0].close_sheet()
    studio.site.as_user(NURSE)
    studio.shell.start()
    studio.show("registration")
    studio.window.show_sign_in(NURSE, "已锁定，周敏的工作原样留着。")
    studio.shoot("locked")
    studio.window.show_work(studio.shell)


def _devices(studio: Studio) -> None:
    assert studio.shell is not None
    QTest.keyClick(studio.window, Qt.Key.Key_D, Qt.KeyboardModifier.ControlModifier)
    studio.shoot("devices")
    (sheet,) = [one for one in studio.shell.findChildren(Sheet) if one.isVisible()]
    (check,) = [one for one in sheet.findChildren(ActionButton) if one.text() == "检查扫码枪"]
    check.click()
    studio.shell.take_scan(CHECK_TEXT.upper())
    studio.shoot("scanner-check")
    QTest.keyClick(studio.window, Qt.Key.Key_Escape)


def _registration(studio: Studio) -> None:
    studio.show("registration")
    studio.shoot("registration-empty")
    patient = studio.site.patient(index=3)
    for name, text in (("registration-person", patient.document_number),):
        assert studio.shell is not None
        studio.shell.take_scan(text)
        studio.shoot(name)


def _screening(studio: Studio) -> None:
    for index in range(3):
        visit = studio.site.registered(studio.site.patient(index=index))
    studio.site.as_user(DOCTOR)
    studio.show("screening")
    studio.shoot("screening-waiting")
    studio.show("screening", visit.encounter_id)
    studio.shoot("screening-questions")
    studio.site.as_user(NURSE)


def _vaccination(studio: Studio) -> None:
    site = studio.site
    studio.show("vaccination")
    studio.shoot("vaccination-queue")
    visit = site.at_needle(site.patient(index=5))
    studio.show("vaccination")
    studio.shoot("vaccination-called")
    page = studio.shell.stations["vaccination"] if studio.shell else None
    assert isinstance(page, VaccinationPage)
    page.take_code(TraceCode(site.vials("FLU4-1", expired=True)[0]))
    studio.shoot("vaccination-stop")
    page.take_code(TraceCode(site.vials("FLU4-1")[3]))
    studio.shoot("vaccination-checklist")
    site.desk.do(needle.return_visit, visit.encounter_id, "queue", "")
    studio.show("vaccination")
    ready = site.checked(site.patient(index=6), vial=4)
    studio.show("vaccination")
    studio.shoot("vaccination-ready")
    site.desk.do(needle.return_visit, ready.encounter_id, "queue", "")


def _several(studio: Studio) -> None:
    """Three vaccines at one visit: picked, told of, the second at the needle."""
    site, shell = studio.site, studio.shell
    assert shell is not None
    visit = site.registered(site.patient(index=8))
    site.as_user(DOCTOR)
    studio.show("screening", visit.encounter_id)
    page = shell.stations["screening"]
    assert isinstance(page, ScreeningPage)
    examination = page.examination
    for _ in examination.draft.unanswered():
        examination.answer(Answer.NO)
    examination.bar.chosen.emit(Decision.PROCEED)
    for _ in range(2):
        examination.decision.products.pick_number(1)
        examination.decision.another.click()
    examination.decision.products.pick_number(1)
    studio.shoot("screening-several")
    site.as_user(NURSE)
    several = site.ready(site.patient(index=7), "HEPB-10", "RAB-1", "FLU4-1")
    told = site.registered(site.patient(index=9))
    form = replace(all_no("HEPB-10"), also=(Plan("FLU4-1", 1),))
    site.as_user(DOCTOR)
    site.desk.do(record_screening, told.encounter_id, form, QUESTIONS)
    studio.show("screening", told.encounter_id)
    studio.shoot("screening-several-consent")
    site.as_user(NURSE)
    studio.show("vaccination")
    studio.shoot("vaccination-queue-several")
    site.desk.do(needle.call_ticket, several.encounter_id)
    site.give(several.encounter_id, "RAB-1")
    studio.show("vaccination")
    studio.shoot("vaccination-several")
    studio.show("observation")
    studio.shoot("observation-more-to-come")
    site.give(several.encounter_id, "HEPB-10")
    site.give(several.encounter_id, "FLU4-1")
    studio.show("observation")
    studio.shoot("observation-several")


def _observation(studio: Studio) -> None:
    site = studio.site
    studio.show("observation")
    studio.shoot("observation-empty")
    doses = []
    for index in range(8):
        doses.append(site.vaccinated(site.patient(index=10 + index), vial=10 + index))
        site.clock.go(minutes=4)
    studio.bench.tick()
    studio.show("observation")
    studio.shoot("observation")
    site.desk.do(observation.raise_alarm, doses[5]["encounter_id"], "面色苍白、出汗、头晕")
    studio.show("observation")
    studio.shoot("observation-alarm")


def _certificate(studio: Studio) -> None:
    dose = studio.site.vaccinated(studio.site.patient(index=20), vial=30)
    studio.show("certificate", dose["encounter_id"])
    page = studio.shell.stations["certificate"] if studio.shell else None
    assert isinstance(page, CertificatePage)
    while page.made is None:
        QCoreApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 20)
    studio.shoot("certificate")
    page.show_records()
    studio.shoot("certificate-records")
    page.findChildren(RecordsSheet)[0].void_button.click()
    studio.shoot("certificate-void")
    page.findChildren(VoidSheet)[0].close_sheet()
    studio.site.desk.do(void_immunization, dose["immunization_id"], "记错批号", studio.site.beside())
    assert studio.shell is not None
    studio.show("registration")
    studio.shell.take_scan(studio.site.patient(index=20).document_number)
    studio.shoot("registration-voided")


def _sync(folder: Path, size: str) -> None:
    """Each face of the sync page has a site and a centre of its own."""
    for face in (*FACES, *SEVERAL_BATCHES):
        place = folder / face.__name__
        place.mkdir()
        studio = Studio(place, size, people=330)
        studio.shell = Shell(studio.bench, STATIONS)
        studio.window.show()
        studio.window.show_work(studio.shell)
        studio.window.activateWindow()
        studio.shell.start()
        studio.show("sync")
        rig = SyncRig(studio.site, studio.shell, studio.window, crowd=4)
        face(rig)
        rig.page.toast.dismiss()
        studio.shoot(f"sync-{face.__name__.replace('_', '-')}")
        studio.window.hide()
        rig.line.let_go()
        rig.close()
        studio.site.close()


def _fridge(folder: Path, size: str) -> None:
    """A site just founded, then one in the middle of its morning."""
    for scene in (new_site, working_day):
        place = folder / scene.__name__
        place.mkdir()
        studio = Studio(place, size, site=FoundedSite(place) if scene is new_site else None)
        studio.shell = Shell(studio.bench, STATIONS)
        studio.window.show()
        studio.window.show_work(studio.shell)
        studio.window.activateWindow()
        studio.shell.start()
        scene(studio)
        studio.window.hide()
        studio.bench.close()
        studio.site.close()


def _backup(folder: Path, size: str) -> None:
    rig = BackupRig(folder / "backup")
    sign_in = SignInPage("云溪镇卫生院")
    window = MainWindow(sign_in, practice=False)
    width, height, _ = SIZES[size]
    window.resize(width, height)
    window.show_work(rig.shell)
    window.show()
    rig.hand = Hand(window)
    rig.open()

    def shoot(name: str) -> None:
        rig.settle()
        window.grab().save(str(FOLDER / size / f"{name}.png"))

    shoot("backup-none")
    rig.choose_disk()
    rig.keeper.drill()
    rig.at_rest()
    shoot("backup-normal")
    rig.press("F11")
    shoot("backup-recovery-key")
    rig.press("Esc", "F12")
    shoot("backup-county")
    county = CountyKey(
        "阜城县疾病预防控制中心免疫规划科", "2026-11-20T01:00:00.000Z", public_of(bytes(range(32)))
    )
    take_county_key(rig.site.desk, county, county.fingerprint, use_keyring=False)
    rig.press("Esc", "F12")
    asked = rig.page.county_sheet
    assert asked is not None
    asked.file.setText("/media/usb/vaxpost-county-key.json")
    asked.heard.setText(replace(county, name="阜城县").fingerprint)
    asked.show_refusal(FingerprintDiffers(2))
    shoot("backup-county-other")
    window.show_sign_in()
    request = keys_of(rig.site.folder).county_request()
    assert request is not None
    sheet = CountyRequestSheet(sign_in, "/media/usb", lambda target, source: None)
    sheet.open_sheet(sheet.target)
    sheet.show_written(Path("/media/usb/vaxpost-county-request.json"), request)
    shoot("sign-in-county")
    rig.close()


if __name__ == "__main__":
    sys.exit(main())
