"""From an empty folder to the first certificate, through the real windows, at a real centre."""

from datetime import timedelta
from pathlib import Path

from PySide6.QtWidgets import QApplication, QLineEdit, QWidget

from app.documents.certificate_sheet import Paper
from app.domain.audit import Purpose
from app.domain.catalogue import PackLevel
from app.domain.visit import Encounter, VisitState
from app.practice.facts import PASSWORD
from app.storage import encounters
from app.storage.catalogue import get_product
from app.storage.deliveries import stock
from app.storage.site import running_session
from app.storage.staff import all_staff, find_training
from app.ui.certificate.page import CertificatePage
from app.ui.opening.page import OpeningPage
from app.ui.registration.page import RegistrationPage
from app.ui.staff.member_sheets import GivenPasswordSheet, TrainingSheet
from app.ui.staff.page import StaffPage
from app.ui.station import Station
from app.ui.stock.delivery_sheet import DeliverySheet
from app.ui.stock.page import StockPage
from app.ui.vaccination.readiness_sheet import ReadinessSheet
from tests.journeys.scripted_visit import PRODUCT, SITE, AdvancingClock, Walk
from tests.server.centre_process import CentreProcess
from tests.server.first_start import FirstStart, write
from tests.ui.registration.people import number_of

MANAGER, NURSE = "苏晚晴", "周敏"


class FirstDay(Walk):
    """A new site's first day: the manager is the doctor too, as in a small place."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.clock = folder, AdvancingClock()
        self.first = FirstStart(folder / SITE, self.clock)
        self.program, self.hand = self.first.program, self.first.hand

    def picture(self, name: str) -> None:
        """Take no pictures: ``./dev shots`` does."""
        self.hand.pump()

    def certify(self, visit: Encounter) -> Path:
        """Take the certificate out as a file, with a reason: no printer has been chosen yet."""
        self.hand.press("F6")
        self.hand.scan(f"VXT1:{visit.ticket_token}")
        page = self.page(CertificatePage)
        assert isinstance(page, CertificatePage)
        self.hand.wait_until(lambda: page.made is not None, "the sheet is drawn")
        made, file, done = page.made, self.folder / "certificate.pdf", list[None]()
        assert made is not None
        why = (Purpose.CERTIFICATE, "")
        page.saving.save(made, page.patient_id, Paper.A5, file, why, lambda: done.append(None))
        self.hand.wait_until(lambda: bool(done), "the sheet is a file")
        return file

    def page(self, kind: type[Station]) -> Station:
        """Return the page at the front, which is of this kind."""
        self._see_the_answer()
        shell = self.program.shell
        assert shell is not None, "somebody is at the desk"
        assert isinstance(shell.current, kind)
        return shell.current

    def put(self, edit: QWidget, text: str) -> None:
        """Go to a field and type."""
        edit.setFocus()
        write(edit, text)

    def open_sheet(self, page: Station, kind: type[QWidget]) -> QWidget:
        """Return the sheet of a kind that is open over a page."""

        def shown() -> list[QWidget]:
            return [sheet for sheet in page.findChildren(kind) if sheet.isVisible()]

        self.hand.wait_until(lambda: bool(shown()), f"{kind.__name__} is open")
        return shown()[0]

    def set_up(self, url: str, code: str) -> None:
        """Answer the guide."""
        self.first.fill(f"{url} {code}")
        self.first.fill("云溪镇卫生院", "0350-000 0126")
        self.first.fill(MANAGER, PASSWORD, PASSWORD)
        assert "Ctrl+O" in self.first.page.form.told.text()
        self.hand.press("Enter")
        self.sign_in(MANAGER)

    def add_nurse(self) -> str:
        """Add the nurse with her training certificate; returns the password she is given."""
        self.hand.press("Alt+1")
        page = self.page(StaffPage)
        self.hand.press("F9")
        focus = QApplication.focusWidget()
        assert isinstance(focus, QLineEdit)
        write(focus, NURSE)
        for key in ("Ctrl+1", "Ctrl+3", "Ctrl+4", "Enter"):
            self.hand.press(key)
        given = self.open_sheet(page, GivenPasswordSheet)
        assert isinstance(given, GivenPasswordSheet)
        self.hand.press("Esc")
        self.hand.press("Down")
        assert isinstance(page, StaffPage)
        assert page.marked is not None
        assert page.marked.name == NURSE
        self.hand.press("F10")
        sheet = self.open_sheet(page, TrainingSheet)
        assert isinstance(sheet, TrainingSheet)
        until = self.bench.desk.today() + timedelta(days=700)
        for edit, text in (
            (sheet.number, "PX-1"),
            (sheet.issuer, "县疾控"),
            (sheet.until, f"{until:%Y%m%d}"),
        ):
            self.put(edit, text)
        self.hand.press("Enter")
        db = self.bench.read()
        nurse = next(one for one in all_staff(db) if one.name == NURSE)
        self.hand.wait_until(lambda: find_training(db, nurse.staff_id) is not None, "she is certified")
        self._see_the_answer()
        return given.password

    def receive(self) -> None:
        """Adopt the catalogue, then scan a box and the ten vials in it."""
        self.hand.press("Ctrl+G")
        page = self.page(StockPage)
        for key in ("F12", "Alt+1"):
            self.hand.press(key)
        self._see_the_answer()
        self.hand.press("Esc")
        product = get_product(self.bench.read(), PRODUCT)
        prefix = {one.level: one.code_prefix for one in reversed(product.identifications)}
        self.hand.scan(f"{prefix[PackLevel.INNER]}{1:013d}")
        for number in range(10):
            self.hand.scan(f"{prefix[PackLevel.UNIT]}{number:013d}")
        sheet = self.open_sheet(page, DeliverySheet)
        assert isinstance(sheet, DeliverySheet)
        until = self.bench.desk.today() + timedelta(days=300)
        for edit, text in (
            (sheet.lot, "A2611"), (sheet.until, f"{until:%Y%m%d}"), (sheet.doses, "10"),
            (sheet.temperature, "4.8"), (sheet.supplier, "县疾控中心"), (sheet.release, "P-2611"),
        ):  # fmt: skip
            self.put(edit, text)
        for key in ("Alt+1", "Alt+2", "Enter"):
            self.hand.press(key)
        self.hand.wait_until(lambda: bool(stock(self.bench.read())), "the lot is in the fridge")
        self._see_the_answer()
        (line,) = stock(self.bench.read())
        assert (line.lot.lot_number, line.received, line.left) == ("A2611", 10, 10)

    def open_day(self) -> None:
        """Look at the four, begin the session."""
        self.hand.press("Ctrl+O")
        page = self.page(OpeningPage)
        assert isinstance(page, OpeningPage)
        self.hand.press("Alt+3")
        sheet = self.open_sheet(page, ReadinessSheet)
        assert isinstance(sheet, ReadinessSheet)
        for key in "1234":
            self.hand.press(key)
        until = self.bench.desk.today() + timedelta(days=200)
        self.put(sheet.kit[0].name, "急救箱")
        self.put(sheet.kit[0].until, f"{until:%Y%m%d}")
        self.hand.press("Enter")
        self.hand.wait_until(lambda: page.four.is_done, "the four are seen")
        self._see_the_answer()
        assert "F9" in page.session.button.key
        for key in ("F9", "Enter"):
            self.hand.press(key)
        self.hand.wait_until(lambda: running_session(self.bench.read()) is not None, "the session is open")
        self._see_the_answer()
        assert page.banner.sentence == "都齐了，可以叫号接种"

    def let_in(self, name: str, given: str) -> None:
        """Let somebody take the desk for the first time: the password given is changed at once."""
        page = self.program.sign_in
        self.hand.press("F8")
        self.hand.wait_until(lambda: not self.program.window.is_working, "the sign-in page is shown")
        self.hand.wait_until(lambda: name in page.names and page.password.isEnabled(), "the name is shown")
        while page.chosen_name != name:
            self.hand.press("Down")
        self.hand.type(given)
        self.hand.press("Enter")
        self.hand.wait_until(lambda: page.new.isVisible(), "a new password is asked for")
        for edit in (page.new, page.again):
            self.put(edit, PASSWORD)
        self.hand.press("Enter")
        self.hand.wait_until(lambda: self._is_at_desk(name), f"{name} is at the desk")

    def meet_somebody(self) -> None:
        """Scan the card of a person nobody knows, write the record and give a number."""
        self.hand.press("F2")
        page = self.page(RegistrationPage)
        assert isinstance(page, RegistrationPage)
        self.hand.scan(number_of())
        self.hand.press("F9")
        form = page.form.form
        self.put(form.control("name"), "欧阳予安")
        self.put(form.control("phone"), "10033344455")
        form.control("population_group").setCurrentIndex(1)  # type: ignore[attr-defined]
        self.put(form.control("address"), "云溪镇上河村 1 组")
        for key in ("Enter", "Enter"):
            self.hand.press(key)
            self._see_the_answer()


def test_from_an_empty_folder_to_the_first_certificate(
    tmp_path: Path, qapp: QApplication, shared_centre: CentreProcess
) -> None:
    """SITE-5, SITE-9, STF-1, STK-5, TRC-2, TRC-3, VER-1, OBS-1, CRT-1: no command line, no mouse."""
    day = FirstDay(tmp_path)
    try:
        day.set_up(shared_centre.url, shared_centre.issue_code())
        assert isinstance(day.page(OpeningPage), OpeningPage)
        given = day.add_nurse()
        day.receive()
        day.open_day()
        day.let_in(NURSE, given)
        day.meet_somebody()
        (visit,) = day._visits(VisitState.REGISTERED)
        day.switch_to(MANAGER)
        day.screen(visit)
        day.switch_to(NURSE)
        day.vaccinate(visit)
        day.observe(visit)
        sheet = day.certify(visit)
        db = day.bench.read()
        assert encounters.get_encounter(db, visit.encounter_id).state is VisitState.RELEASED
        (line,) = stock(db)
        assert (line.used, line.left) == (1, 9)
        assert sheet.read_bytes().startswith(b"%PDF")
    finally:
        day.program.close()
