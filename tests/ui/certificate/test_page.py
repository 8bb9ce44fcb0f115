"""The certificate page shows the very sheet it prints, and logs every one."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.documents.trust import trusted_key
from app.documents.verifier import verify
from app.domain.audit import Purpose
from app.domain.codes import CertificateNumber, CitizenNumber, TicketCode
from app.domain.condensed import Condensed, Person
from app.domain.refusals import Refusal
from app.domain.trust import TrustList, Verdict
from app.storage import audit, certificates, patients, receipts, search_terms
from app.storage.audit import Wanted
from app.storage.elsewhere import put_elsewhere
from app.storage.encounters import get_encounter
from app.storage.journal import current_stream
from app.sync.store_inbox import StoreInbox
from app.ui.audit.reason_sheet import ReasonSheet
from app.ui.bench import Bench
from app.ui.certificate.page import CertificatePage
from app.ui.certificate.workstation import enrol_for_practice, find_identity, find_root
from app.ui.station import RECEIPTED
from app.workflows.observation import leave_early
from app.workflows.site_setup import close_session
from tests.factories import MANAGER, NURSE, SmallSite
from tests.ui.looking import bring_up
from tests.ui.registration.people import somebody


@pytest.fixture
def page(small_site: SmallSite, qtbot: QtBot) -> Iterator[CertificatePage]:
    bench = Bench(small_site.desk)
    page = CertificatePage(bench)
    bring_up(page, qtbot, (1198, 692))
    page.enter(None)
    yield page
    bench.close()


def wait_made(page: CertificatePage, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: page.made is not None)


def receipt_everything(site: SmallSite) -> None:
    """Let the centre have answered."""
    db = site.desk.read()
    stream = current_stream(db)
    rows = [(len(receipts.pending(db, stream, 0, 10_000)), "2026-11-23T01:05:00.000Z")]
    site.store.write(lambda transaction: receipts.put_receipts(transaction.db, stream, rows))


def test_a_person_just_released_is_shown_with_the_sheet_of_their_dose_and_its_receipt(
    page: CertificatePage, small_site: SmallSite, qtbot: QtBot
) -> None:
    """CRT-1, CRT-2, SYN-1: proof of vaccination on the spot; no claim of registration before the receipt."""
    dose = small_site.vaccinated()
    page.enter(dose["encounter_id"])
    wait_made(page, qtbot)
    assert page.made is not None
    assert page.made.facts.holder.name == dose["patient"]["name"]
    assert page.preview.pages == 1
    assert not page.preview.isHidden()
    assert len(page.made.facts.awaiting) == 1
    assert "尚未上传" in page.banner.sentence
    receipt_everything(small_site)
    page.refresh(frozenset({RECEIPTED}))
    qtbot.waitUntil(lambda: page.made is not None and not page.made.facts.awaiting)
    page.enter(dose["encounter_id"])
    wait_made(page, qtbot)
    assert not page.made.facts.awaiting


def test_a_receipt_that_comes_just_then_does_not_swallow_the_key_that_prints(
    page: CertificatePage, small_site: SmallSite, qtbot: QtBot
) -> None:
    dose = small_site.vaccinated()
    page.enter(dose["encounter_id"])
    wait_made(page, qtbot)
    assert page.made is not None
    serial = page.made.facts.serial
    receipt_everything(small_site)
    page.refresh(frozenset({RECEIPTED}))
    with qtbot.waitSignal(page.bench.announced):
        qtbot.keyClick(page.scan_box.edit, Qt.Key.Key_Return)
    logged = certificates.prints_of(small_site.desk.read(), dose["patient_id"])
    assert [print_serial for print_serial, _, _ in logged] == [serial]


def test_printing_issues_the_certificate_and_logs_the_sheet(
    page: CertificatePage, small_site: SmallSite, qtbot: QtBot
) -> None:
    dose = small_site.vaccinated()
    page.enter(None)
    wait_made(page, qtbot)
    assert page.made is not None
    first = page.made.facts
    assert first.holder.name == dose["patient"]["name"], "the only person of the session is not asked for"
    assert page.made.signed is None, "an unenrolled workstation signs nothing"
    assert find_identity(small_site.store) is None
    with qtbot.waitSignal(page.bench.announced):
        qtbot.keyClick(page.scan_box.edit, Qt.Key.Key_Return)
    wait_made(page, qtbot)
    db = small_site.desk.read()
    issued = certificates.find_certificate(db, first.number)
    assert issued is not None
    assert issued["immunization_ids"] == [dose["immunization_id"]]
    assert [serial for serial, _, _ in certificates.prints_of(db, dose["patient_id"])] == [first.serial]
    assert page.made.facts.version == 2
    sheets = list((small_site.folder / "sheets").glob("*.pdf"))
    assert [sheet.stem for sheet in sheets] == [first.serial]


def test_a_practice_workstation_signs_and_its_own_root_verifies(
    page: CertificatePage, small_site: SmallSite, qtbot: QtBot
) -> None:
    identity = enrol_for_practice(small_site.desk)
    assert enrol_for_practice(small_site.desk) == identity
    assert find_root(small_site.store) is not None
    page.enter(small_site.vaccinated()["encounter_id"])
    wait_made(page, qtbot)
    assert page.made is not None
    assert page.made.signed is not None
    trust = TrustList(1, small_site.clock.now(), (trusted_key(identity.certificate_der),))
    assert verify(page.made.signed, trust, small_site.clock.now()).verdict is Verdict.VALID


def test_ticket_number_and_certificate_number_find_their_person(
    page: CertificatePage, small_site: SmallSite, qtbot: QtBot
) -> None:
    dose = small_site.vaccinated()
    token = get_encounter(small_site.desk.read(), dose["encounter_id"]).ticket_token
    assert page.take_code(TicketCode(token))
    wait_made(page, qtbot)
    assert page.made is not None
    number = page.made.facts.number
    with qtbot.waitSignal(page.bench.announced):
        page.print_sheet()
    assert page.take_code(CertificateNumber(number))
    assert page.take_code(CitizenNumber(dose["patient"]["document_number"]))
    wait_made(page, qtbot)
    assert page.made.facts.holder.name == dose["patient"]["name"]


def test_somebody_without_a_dose_gets_a_sentence_and_no_sheet(
    page: CertificatePage, small_site: SmallSite, qtbot: QtBot
) -> None:
    refused: list[Refusal] = []
    page.bench.refused.connect(refused.append)
    page.show_person(small_site.patient().patient_id)
    qtbot.waitUntil(lambda: bool(refused))
    assert type(refused[0]).__name__ == "NoDoseToCertify"
    assert not page.print_button.isEnabled()
    assert page.preview.isHidden()


def test_a_childs_certificate_outside_a_visit_is_opened_with_a_reason(
    page: CertificatePage, small_site: SmallSite, qtbot: QtBot
) -> None:
    """SEC-5."""
    db = small_site.desk.read()
    (child_id,) = db.execute(
        "select patient_id from patient where birth_on between '2012-01-01' and '2020-01-01'"
    ).fetchone()
    dose = small_site.vaccinated(patients.get_patient(db, child_id))
    small_site.desk.do(leave_early, dose["encounter_id"], "赶车")
    small_site.as_user(MANAGER)
    small_site.desk.do(close_session)
    page.show_person(dose["patient_id"])
    (asked,) = page.findChildren(ReasonSheet)
    assert asked.isVisible()
    assert page.made is None
    qtbot.keyClick(asked, Qt.Key.Key_3)
    wait_made(page, qtbot)
    (line,) = audit.page(small_site.desk.read(), Wanted(patient_ids=[dose["patient_id"]]), 0, 1)
    assert line.line.purpose is Purpose.CERTIFICATE
    page.enter(None)
    assert page.patient_id == dose["patient_id"], "the same person comes back to it"
    small_site.as_user(NURSE)
    page.enter(None)
    assert (page.patient_id, page.made) == ("", None), "the reason was another's"


def test_a_name_nobody_has_is_said_and_while_the_area_comes_in_that_it_may_be_found_soon(
    page: CertificatePage, small_site: SmallSite, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search_terms, "MANY", 1)
    person = replace(somebody(), patient_id="0190a0b0-0000-7000-8000-0000000000aa", name="乔郁离")
    told = Condensed(people=(Person(1, patients.patient_body(person) | {"readings": ["qiaoyuli", "qyl"]}),))

    def said_of(typed: str) -> str:
        qtbot.keyClicks(page.scan_box.edit, typed)
        qtbot.keyClick(page.scan_box.edit, Qt.Key.Key_Return)
        return page.scan_box.result

    assert said_of("qiaoyuli") == "没有找到，请再输一次"
    small_site.store.write(lambda transaction: put_elsewhere(transaction.db, told))
    assert "还在接收" in said_of("qiaoyuli")
    StoreInbox(small_site.store, small_site.clock).make_findable()
    assert said_of("qiaoyuli") == "找到 1 人"
