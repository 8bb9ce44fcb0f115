"""A certificate states what counts now, once, under its own number and serial (CRT-1, CRT-2)."""

from dataclasses import replace

import pytest

from app.domain.certificate import NoDoseToCertify
from app.domain.clock import instant_text
from app.storage import certificates as kept
from app.storage import journal
from app.storage.receipts import put_receipts
from app.workflows import certificates, immunization
from app.workflows.certificates import CertificateOutdated
from tests.factories import NURSE
from tests.workflows.copied_site import CopiedSite


def test_without_a_dose_there_is_nothing_to_certify(site: CopiedSite) -> None:
    with pytest.raises(NoDoseToCertify):
        site.desk.do(certificates.prepare_certificate, site.patient().patient_id)


def test_a_certificate_states_person_dose_and_whether_the_centre_has_it(site: CopiedSite) -> None:
    patient = site.patient()
    record = site.vaccinated(patient)
    facts = site.desk.do(certificates.prepare_certificate, patient.patient_id, masked=True)
    (dose,) = facts.doses
    assert (facts.holder.name, facts.holder.document_number) == (patient.name, patient.document_number)
    assert (dose.lot_number, dose.market_holder) == (record["lot_number"], record["market_holder"])
    assert (dose.occurred_on, dose.receipted_at) == (site.desk.today(), None)
    assert (facts.version, facts.serial, facts.document_masked) == (1, "20261123-0001", True)
    assert facts.practice


def test_preparing_writes_nothing(site: CopiedSite) -> None:
    record = site.vaccinated()
    before = site.desk.read()["journal"].count
    facts = [site.desk.do(certificates.prepare_certificate, record["patient_id"]) for _ in range(2)]
    assert site.desk.read()["journal"].count == before
    assert facts[0].number != facts[1].number


def test_a_newer_certificate_takes_the_place_of_the_one_before(site: CopiedSite) -> None:
    patient_id = site.vaccinated()["patient_id"]
    numbers = []
    for version in (1, 2, 3):
        facts = site.desk.do(certificates.prepare_certificate, patient_id)
        assert (facts.version, facts.serial) == (version, f"20261123-{version:04d}")
        site.desk.do(certificates.issue_and_print, patient_id, facts, "HC1:X", "key", "pdf")
        numbers.append(facts.number)
    db = site.desk.read()
    found = [kept.find_certificate(db, number) for number in numbers]
    assert [one and one["superseded"] for one in found] == [True, True, False]
    newest = kept.newest_of(db, patient_id)
    assert newest is not None
    assert newest["number"] == numbers[-1]


def test_the_voiding_of_a_dose_supersedes_the_certificates_that_state_it(site: CopiedSite) -> None:
    """CRT-1, REG-8: no certificate stands for a dose that was entered in error."""
    patient = site.patient()
    record = site.vaccinated(patient)
    facts = site.desk.do(certificates.prepare_certificate, patient.patient_id)
    site.desk.do(certificates.issue_and_print, patient.patient_id, facts, "HC1:X", "key", "pdf")
    db, dose = site.desk.read(), record["immunization_id"]
    assert kept.prints_stating(db, patient.patient_id, dose) == 1
    assert kept.prints_void(db, patient.patient_id) == set()
    site.desk.do(immunization.void_immunization, dose, "记错了人", site.beside())
    found = kept.find_certificate(db, facts.number)
    assert found is not None
    assert found["superseded"]
    assert kept.newest_of(db, patient.patient_id) is None
    assert kept.prints_void(db, patient.patient_id) == {facts.serial}


def test_every_sheet_is_logged_with_who_and_when(site: CopiedSite) -> None:
    patient_id = site.vaccinated()["patient_id"]
    facts = site.desk.do(certificates.prepare_certificate, patient_id)
    site.desk.do(certificates.issue_and_print, patient_id, facts, None, None, "打印机 1")
    row = site.desk.read().execute("select * from certificate_print").fetchone()
    assert row == ("20261123-0001", facts.number, instant_text(site.clock.now()), NURSE, "打印机 1", 0)


def test_the_same_certificate_is_issued_once(site: CopiedSite) -> None:
    patient_id = site.vaccinated()["patient_id"]
    facts = site.desk.do(certificates.prepare_certificate, patient_id)
    site.desk.do(certificates.issue_and_print, patient_id, facts, None, None, "pdf")
    for act in (certificates.issue_certificate, certificates.issue_and_print):
        more = ("pdf",) if act is certificates.issue_and_print else ()
        with pytest.raises(CertificateOutdated):
            site.desk.do(act, patient_id, facts, None, None, *more)


def test_no_two_sheets_share_a_serial(site: CopiedSite) -> None:
    patients = [site.vaccinated(site.patient(index=index), vial=index)["patient_id"] for index in range(2)]
    both = [site.desk.do(certificates.prepare_certificate, patient_id) for patient_id in patients]
    assert both[0].serial == both[1].serial
    site.desk.do(certificates.issue_and_print, patients[0], both[0], None, None, "pdf")
    before = site.desk.read()["journal"].count
    with pytest.raises(CertificateOutdated):
        site.desk.do(certificates.issue_and_print, patients[1], both[1], None, None, "pdf")
    assert site.desk.read()["journal"].count == before, "neither the sheet nor the issue"


def test_a_dose_taken_back_while_the_sheet_is_looked_at_is_never_certified(site: CopiedSite) -> None:
    record = site.vaccinated()
    facts = site.desk.do(certificates.prepare_certificate, record["patient_id"])
    site.desk.do(immunization.undo_immunization, record["immunization_id"])
    with pytest.raises(CertificateOutdated):
        site.desk.do(certificates.issue_certificate, record["patient_id"], facts, None, None)


def test_a_certificate_of_one_person_is_not_issued_to_another(site: CopiedSite) -> None:
    record = site.vaccinated()
    facts = site.desk.do(certificates.prepare_certificate, record["patient_id"])
    with pytest.raises(CertificateOutdated):
        site.desk.do(certificates.issue_certificate, site.patient(index=1).patient_id, facts, None, None)


def test_a_receipt_that_comes_meanwhile_stops_nothing(site: CopiedSite) -> None:
    record = site.vaccinated()
    facts = site.desk.do(certificates.prepare_certificate, record["patient_id"])
    stream, event = journal.current_stream(site.desk.read()), list(journal.events(site.desk.read()))[-1]
    receipt = (event.seq, instant_text(site.clock.now()))
    site.store.write(lambda transaction: put_receipts(transaction.db, stream, [receipt]))
    site.desk.do(certificates.issue_certificate, record["patient_id"], facts, None, None)
    again = site.desk.do(certificates.prepare_certificate, record["patient_id"])
    assert again.doses == (replace(facts.doses[0], receipted_at=site.clock.now()),)
