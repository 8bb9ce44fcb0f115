"""Who read, let pass and corrected what is kept once, with its reason, unchangeable (SEC-5, SEC-6)."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlcipher3 import dbapi2

from app.domain.audit import Access, AuditBroken, Line, Purpose, ReasonMissing, ReasonTooShort, verify_trail
from app.domain.conditions import ConditionForm
from app.domain.people import Patient
from app.domain.permissions import NotPermitted
from app.domain.vial import CodeSource
from app.storage import audit, journal, patients
from app.storage.audit import Wanted
from app.workflows import immunization, needle, observation, registration
from app.workflows.audit import export, must_say_why, read_record, seal_trail, verify
from app.workflows.conditions import amend_condition, record_condition
from app.workflows.needle import HandEntry
from app.workflows.screening import record_screening
from app.workflows.sign_in import sign_in
from tests.factories import DOCTOR, MANAGER, NURSE, QUESTIONS, all_no
from tests.ui.registration.people import child as a_child
from tests.workflows.copied_site import CopiedSite


def child(site: CopiedSite) -> Patient:
    """Return somebody of twelve or so."""
    return born(site, "birth_on between '2010-01-01' and '2016-01-01'")


def born(site: CopiedSite, when: str) -> Patient:
    db = site.desk.read()
    (patient_id,) = db.execute(f"select patient_id from patient where {when} limit 1").fetchone()
    return patients.get_patient(db, patient_id)


def lines(site: CopiedSite, *accesses: Access) -> list[Line]:
    """Return the lines of some kinds, the oldest first."""
    found = audit.page(site.desk.read(), Wanted(accesses=accesses), 0, 1000)
    return [record.line for record in reversed(found)]


def test_a_minors_record_outside_a_visit_opens_with_a_reason_alone(site: CopiedSite) -> None:
    patient = child(site)
    assert must_say_why(site.desk.case(), patient.patient_id)
    with pytest.raises(ReasonMissing):
        site.desk.do(read_record, patient.patient_id)
    assert lines(site, Access.READ) == []
    site.desk.do(read_record, patient.patient_id, Purpose.ENQUIRY)
    (line,) = lines(site, Access.READ)
    assert (line.staff_id, line.patient_id, line.purpose) == (NURSE, patient.patient_id, Purpose.ENQUIRY)


def test_an_open_visit_is_the_reason_and_stands_in_the_line(site: CopiedSite) -> None:
    patient = child(site)
    visit = site.desk.do(registration.open_visit, patient.patient_id)
    assert not must_say_why(site.desk.case(), patient.patient_id)
    site.desk.do(read_record, patient.patient_id)
    (line,) = lines(site, Access.READ)
    assert (line.purpose, line.source) == (Purpose.VISIT, visit.encounter_id)


def test_an_adult_chosen_at_the_desk_is_kept_without_asking(site: CopiedSite) -> None:
    patient = born(site, "birth_on < '2000-01-01'")
    assert not must_say_why(site.desk.case(), patient.patient_id)
    site.desk.do(read_record, patient.patient_id)
    assert [line.purpose for line in lines(site, Access.READ)] == [Purpose.RECEPTION]


def test_the_same_look_within_half_an_hour_is_one_line(site: CopiedSite) -> None:
    patient = child(site)
    for _ in range(3):
        site.desk.do(read_record, patient.patient_id, Purpose.ENQUIRY)
        site.clock.go(minutes=5)
    assert len(lines(site, Access.READ)) == 1
    site.desk.do(read_record, patient.patient_id, Purpose.CORRECTION)
    site.clock.go(minutes=31)
    site.desk.do(read_record, patient.patient_id, Purpose.ENQUIRY)
    assert len(lines(site, Access.READ)) == 3


def test_calling_a_ticket_is_a_look_and_costs_no_act_of_its_own(site: CopiedSite) -> None:
    visit = site.ready()
    site.desk.do(needle.call_ticket, visit.encounter_id)
    (line,) = lines(site, Access.READ)
    assert (line.patient_id, line.purpose, line.source) == (
        visit.patient_id, Purpose.VISIT, visit.encounter_id,
    )  # fmt: skip


def test_what_was_let_pass_is_counted_for_the_supervisor(site: CopiedSite) -> None:
    visit = site.ready()
    site.desk.do(needle.call_ticket, visit.encounter_id)
    lot = next(each for each in site.stock if each.product_code.startswith("FLU4"))
    entry = HandEntry(CodeSource.UNREADABLE, "标签破损", lot.product_code, lot.lot_number, lot.expires_on)
    site.desk.do(needle.enter_vial, visit.encounter_id, entry, site.beside())
    (line,) = lines(site, Access.OVERRIDDEN)
    assert (line.words, line.patient_id) == ("标签破损", visit.patient_id)
    assert line.second_id == DOCTOR
    counts = audit.counts_by_staff(site.desk.read(), Access.OVERRIDDEN, "")
    assert counts == [(DOCTOR, 0, 1), (NURSE, 1, 0)]
    wanted = audit.Wanted(staff_id=DOCTOR, accesses=(Access.OVERRIDDEN,))
    assert [record.line for record in audit.page(site.desk.read(), wanted, 0, 9)] == [line]


def test_the_second_person_of_a_line_cannot_be_taken_out_of_the_chain(site: CopiedSite) -> None:
    given = site.vaccinated()
    site.desk.do(immunization.void_immunization, given["immunization_id"], "录入错误", site.beside())
    records = list(audit.trail(site.desk.read()))
    assert verify_trail(records, {}) == len(records)
    place = next(number for number, record in enumerate(records) if record.line.second_id)
    records[place] = replace(records[place], line=replace(records[place].line, second_id=""))
    with pytest.raises(AuditBroken):
        verify_trail(records, {})


def test_who_leaves_early_is_an_override_and_who_is_released_is_not(site: CopiedSite) -> None:
    first = site.vaccinated()
    site.desk.do(observation.leave_early, first["encounter_id"], "赶车")
    assert [line.words for line in lines(site, Access.OVERRIDDEN)] == ["赶车"]


def test_a_doctor_who_goes_another_way_than_the_schedule_is_counted(site: CopiedSite) -> None:
    newborn = site.desk.do(registration.register_patient, a_child(born=site.desk.today() - timedelta(70)))
    visit = site.registered(newborn)
    site.as_user(DOCTOR)
    form = replace(all_no("DTAP-1", 2), considered="外省已种一剂，证上有章")
    site.desk.do(record_screening, visit.encounter_id, form, QUESTIONS)
    (line,) = lines(site, Access.OVERRIDDEN)
    assert (line.patient_id, line.staff_id) == (newborn.patient_id, DOCTOR)
    assert line.words == "外省已种一剂，证上有章"


def test_who_follows_the_schedule_or_sends_somebody_home_overrides_nothing(site: CopiedSite) -> None:
    newborn = site.desk.do(registration.register_patient, a_child(born=site.desk.today() - timedelta(70)))
    visit = site.registered(newborn)
    site.as_user(DOCTOR)
    site.desk.do(record_screening, visit.encounter_id, all_no("DTAP-1", 1), QUESTIONS)
    assert lines(site, Access.OVERRIDDEN) == []


def test_a_condition_that_is_put_right_is_a_correction_and_one_that_is_stated_is_none(
    site: CopiedSite,
) -> None:
    patient = site.patient()
    site.as_user(DOCTOR)
    stated = site.desk.do(record_condition, patient.patient_id, ConditionForm("severe_reaction"))
    assert lines(site, Access.CORRECTED) == []
    site.desk.do(amend_condition, patient.patient_id, stated, None, "听错了")
    (line,) = lines(site, Access.CORRECTED)
    assert (line.patient_id, line.words) == (patient.patient_id, "听错了")


def test_signing_in_and_correcting_stand_in_the_trail(site: CopiedSite) -> None:
    sign_in(site.desk, DOCTOR)
    assert lines(site, Access.SIGNED_IN)[-1].staff_id == DOCTOR
    sign_in(site.desk, NURSE)
    patient = site.patient()
    site.desk.do(registration.amend_patient, patient)
    assert lines(site, Access.CORRECTED)[-1].patient_id == patient.patient_id


def test_taking_records_out_needs_the_role_and_a_reason(site: CopiedSite) -> None:
    with pytest.raises(NotPermitted):
        site.desk.do(export, "审计清单", Purpose.INSPECTION, "")
    site.as_user(MANAGER)
    with pytest.raises(ReasonTooShort):
        site.desk.do(export, "审计清单", Purpose.OTHER, "")
    assert lines(site, Access.EXPORTED) == []
    site.desk.do(export, "审计清单", Purpose.INSPECTION, "县疾控督导")
    assert [line.words for line in lines(site, Access.EXPORTED)] == ["审计清单：县疾控督导"]


def test_nothing_in_the_trail_can_be_changed_or_deleted(site: CopiedSite) -> None:
    site.desk.do(read_record, site.patient().patient_id, Purpose.ENQUIRY)
    for statement in ("update audit set words = 'x'", "delete from audit"):
        with pytest.raises(dbapi2.IntegrityError, match="append-only"):
            site.desk.store.write(lambda t, statement=statement: t.db.execute(statement))  # type: ignore[misc]


def test_a_trail_tampered_with_below_the_program_is_found(site: CopiedSite) -> None:
    for purpose in (Purpose.ENQUIRY, Purpose.CORRECTION, Purpose.ENTRY_CHECK):
        site.desk.do(read_record, site.patient().patient_id, purpose)
    count = verify(site.desk.read())

    def tamper(transaction: object) -> None:
        db = transaction.db  # type: ignore[attr-defined]
        db.execute("drop trigger audit_is_never_changed")
        db.execute("update audit set staff_id = 'u-other' where seq = ?", [count - 1])

    site.desk.store.write(tamper)
    with pytest.raises(AuditBroken) as caught:
        verify(site.desk.read())
    assert caught.value.seq == count - 1


def test_a_seal_in_the_journal_shows_that_the_end_was_cut_off(site: CopiedSite) -> None:
    site.desk.do(read_record, site.patient().patient_id, Purpose.ENQUIRY)
    site.desk.do(seal_trail, now=True)
    sealed = list(journal.events_of(site.desk.read(), ["audit.sealed"]))
    count = verify(site.desk.read())
    assert [event.body["count"] for event in sealed] == [count]

    def cut(transaction: object) -> None:
        db = transaction.db  # type: ignore[attr-defined]
        db.execute("drop trigger audit_is_never_deleted")
        db.execute("delete from audit where seq = ?", [count])

    site.desk.store.write(cut)
    with pytest.raises(AuditBroken):
        verify(site.desk.read())


def test_a_seal_is_made_when_the_trail_has_grown_and_not_before(site: CopiedSite) -> None:
    before = sum(event.kind == "audit.sealed" for event in journal.events(site.desk.read()))
    site.desk.do(seal_trail)
    site.desk.do(seal_trail, now=True)
    site.desk.do(seal_trail, now=True)
    after = sum(event.kind == "audit.sealed" for event in journal.events(site.desk.read()))
    assert after - before <= 1
