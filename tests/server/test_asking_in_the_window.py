"""Somebody not found here is asked for at a real centre, from the window of registration (SEC-4, REG-1)."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count

import pytest
from pytestqt.qtbot import QtBot

from app.devices.system_clock import SystemClock
from app.domain.audit import Access
from app.domain.identity import check_digit, mask_number
from app.domain.permissions import NotPermitted
from app.domain.refusals import Refusal
from app.domain.staff import Role, StaffMember
from app.storage import audit
from app.storage.audit import Wanted
from app.storage.site import get_site
from app.sync.http import HttpTransport
from app.sync.store_identity import enrol_store
from app.sync.transport import CentreBusy, CentreUnreachable
from app.ui.kit.theme import dress_window
from app.ui.registration.ask_sheets import AskSheet, FoundSheet
from app.ui.registration.page import RegistrationPage
from tests.factories import NURSE, SmallSite
from tests.server.centre_process import CentreProcess
from tests.server.wired_site import WiredSite
from tests.sync.local_journal import LocalJournal
from tests.ui.kit.screen_rules import faults
from tests.ui.registration.rig import LARGE, SMALL, DeskRig

seeds = count(7100)


@dataclass
class Waiting:
    """A line whose centre says nothing until it is broken off."""

    cancelled: threading.Event = field(default_factory=threading.Event)

    def post(self, path: str, body: bytes) -> bytes:
        self.cancelled.wait()
        raise CentreUnreachable("cut")

    def cancel(self) -> None:
        self.cancelled.set()

    def close(self) -> None:
        """Nothing is held."""


@dataclass
class Refusing(Waiting):
    """A line that ends in a refusal."""

    refusal: Exception = field(default_factory=lambda: CentreUnreachable("connect"))

    def post(self, path: str, body: bytes) -> bytes:
        raise self.refusal


def number_of(seed: int) -> str:
    """Return a possible citizen number nobody else has."""
    body = f"110101{1990 + seed % 20}0101{seed % 1000:03}"
    return body + check_digit(body)


class AskRig:
    """Registration at an enrolled desk; the centre knows somebody with a dose."""

    def __init__(self, site: SmallSite, centre: CentreProcess, qtbot: QtBot) -> None:
        self.seed = next(seeds)
        self.number = number_of(self.seed)
        self.centre = centre
        site_id = get_site(site.store.read()).site_id
        self.identity = enrol_store(site.store, centre.url, centre.issue_code(site_id), SystemClock())
        site.as_user(NURSE)
        self.desk = DeskRig(site, qtbot, [RegistrationPage])
        self.desk.bench.open_line = self.open_line

    def open_line(self) -> HttpTransport:
        return HttpTransport(self.centre.url, self.identity, SystemClock())

    def know_somebody(self) -> None:
        """Let another site have registered and vaccinated somebody of this number."""
        journal = LocalJournal(seed=self.seed)
        person, dose = (f"0190a0b0-0000-7000-8000-{self.seed:06}{end:06}" for end in (1, 2))
        body = {
            "patient_id": person, "name": "古丽", "sex": "2", "birth_on": "1991-02-03",
            "document_type": "citizen_card", "document_number": self.number,
        }  # fmt: skip
        journal.record("patient.registered", body, person=person)
        given = {
            "patient_id": person, "immunization_id": dose, "vaccine_code": "9999", "lot_number": "L1",
            "dose_number": 1, "expires_on": "2027-01-01", "occurred_at": "2026-03-01T02:00:00Z",
        }  # fmt: skip
        journal.record("immunization.recorded", given, person=person)
        other = WiredSite(self.centre, journal)
        other.sync()
        other.close()

    @property
    def page(self) -> RegistrationPage:
        page = self.desk.page
        assert isinstance(page, RegistrationPage)
        return page

    def sheet(self) -> AskSheet:
        shown = self.page.asking.sheet
        assert isinstance(shown, AskSheet)
        return shown


@pytest.fixture
def rig(small_site: SmallSite, shared_centre: CentreProcess, qtbot: QtBot) -> Iterator[AskRig]:
    rig = AskRig(small_site, shared_centre, qtbot)
    yield rig
    rig.desk.close()


def test_who_is_not_found_here_is_asked_for_with_a_reason_and_taken_into_a_new_record(
    rig: AskRig, qtbot: QtBot
) -> None:
    dress_window(rig.desk.shell)
    rig.know_somebody()
    rig.desk.scan(rig.number)
    rig.desk.press("Alt+2", "Enter")
    assert "还没有写理由" in rig.sheet().said.text()
    for size in (LARGE, SMALL):
        rig.desk.resize(size)
        assert faults(rig.sheet()) == {}
        assert not rig.sheet().scrolls
    rig.desk.press("Alt+1", "Enter")
    qtbot.waitUntil(lambda: isinstance(rig.page.asking.sheet, FoundSheet))
    sheet = rig.page.asking.sheet
    assert isinstance(sheet, FoundSheet)
    for size in (LARGE, SMALL):
        rig.desk.resize(size)
        assert faults(sheet) == {}
        assert not sheet.scrolls
    assert sheet.rows[0].text() == "古丽·女·1991-02-03 出生·1 剂"
    assert "2026-03-01 疫苗 9999 第 1 剂·批号 L1" in sheet.doses.text()
    rig.desk.press("Enter")
    assert rig.page.asking.sheet is None
    form = rig.page.form.form
    assert [form.value(name) for name in ("name", "sex", "document_number")] == ["古丽", "2", rig.number]
    assert str(form.birth_on) == "1991-02-03"
    with rig.centre.database() as database:
        query = "select user_id, reason from look_up order by asked_at desc limit 1"
        row = database.execute(query).fetchone()
    assert row == (NURSE, "外地来补种")
    (line,) = [one.line for one in audit.page(rig.desk.bench.read(), Wanted(accesses=(Access.READ,)), 0, 9)]
    asked = f"向中心查询 {mask_number(rig.number)}：外地来补种"
    assert (line.staff_id, line.words) == (NURSE, asked), "nothing is asked that is not in the trail here"


def test_who_may_not_asks_nothing(rig: AskRig) -> None:
    """SEC-5: a page that is read is no way to the centre's records."""
    rig.desk.site.desk.user = StaffMember("u-seen", "某人", "", frozenset({Role.INSPECTOR}))
    told: list[Refusal] = []
    rig.desk.bench.refused.connect(told.append)
    rig.desk.scan(rig.number)
    rig.desk.press("Alt+2")
    assert [type(one) for one in told] == [NotPermitted]
    assert rig.page.asking.sheet is None


def test_from_the_search_the_number_is_typed_and_nobody_at_the_centre_is_a_sentence(
    rig: AskRig, qtbot: QtBot
) -> None:
    rig.desk.type("zzzz")
    rig.desk.press("Alt+2", "Enter")
    assert "还没有填证件号码" in rig.sheet().said.text()
    rig.desk.type(rig.number)
    rig.desk.press("Alt+3", "Enter")
    qtbot.waitUntil(lambda: "中心也没有" in rig.sheet().said.text())
    rig.know_somebody()
    rig.desk.press("Enter")
    qtbot.waitUntil(lambda: isinstance(rig.page.asking.sheet, FoundSheet))
    rig.desk.press("Enter")
    form = rig.page.form.form
    assert [form.value(name) for name in ("name", "document_number")] == ["古丽", rig.number]


def test_esc_breaks_a_question_off_and_nothing_comes_of_it(rig: AskRig, qtbot: QtBot) -> None:
    line = Waiting()
    rig.desk.bench.open_line = lambda: line
    rig.desk.scan(rig.number)
    rig.desk.press("Alt+2", "Alt+1", "Enter")
    assert "正在问中心" in rig.sheet().said.text()
    rig.desk.press("Esc")
    assert rig.page.asking.sheet is None
    assert line.cancelled.is_set()
    rig.desk.press("Alt+2")
    assert rig.sheet().said.text() == ""
    rig.desk.press("Esc", "Esc")
    assert not rig.page.form.isVisible(), "the keyboard is the form's again"


@pytest.mark.parametrize(
    ("refusal", "words"),
    [
        (CentreUnreachable("connect"), "没有连上中心。没有查到资料。可以照常新建档案"),
        (CentreBusy(429, 30.0), "请过 30 秒再"),
        (CentreBusy(503, 5.0), "请过 5 秒再"),
    ],
    ids=str,
)
def test_each_way_it_can_fail_is_a_sentence(
    rig: AskRig, qtbot: QtBot, refusal: Exception, words: str
) -> None:
    rig.desk.bench.open_line = lambda: Refusing(refusal=refusal)
    rig.desk.scan(rig.number)
    rig.desk.press("Alt+2", "Alt+1", "Enter")
    qtbot.waitUntil(lambda: words in rig.sheet().said.text())


def test_a_site_that_is_not_the_devices_own_is_refused_by_name(rig: AskRig, qtbot: QtBot) -> None:
    other = rig.centre.enrol(LocalJournal(seed=rig.seed).device_id, rig.centre.issue_code("9009009009"))
    rig.desk.bench.open_line = lambda: HttpTransport(rig.centre.url, other, SystemClock())
    rig.desk.scan(rig.number)
    rig.desk.press("Alt+2", "Alt+1", "Enter")
    qtbot.waitUntil(lambda: "没有登记为该接种单位的设备" in rig.sheet().said.text())


def test_without_a_centre_nothing_is_offered(rig: AskRig) -> None:
    rig.desk.bench.open_line = None
    rig.desk.scan(rig.number)
    assert not rig.page.form.ask.isVisible()
    rig.desk.press("Alt+2")
    assert rig.page.asking.sheet is None
