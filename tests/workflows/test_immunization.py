"""The dose: recorded once with all the law asks, taken back or corrected, never deleted (TRC-1, VER-1)."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from app.domain.catalogue import BodySite, Route
from app.domain.checklist import PERSON_ITEMS, ChecklistIncomplete, Injection, Item
from app.domain.clock import instant_text, read_instant
from app.domain.codes import TraceCode
from app.domain.journal import Stream
from app.domain.observation import AlarmOpen
from app.domain.vial import CodeOverused, CodeSource
from app.domain.visit import VisitState, WrongStep
from app.storage import certificates, encounters, immunizations, journal, screenings
from app.storage.observations import find_observation
from app.storage.receipts import put_receipts
from app.storage.site import running_session
from app.storage.store import Transaction
from app.workflows import immunization, needle, observation, registration, screening
from app.workflows.desk import Act
from app.workflows.immunization import (
    CorrectionReasonMissing,
    DoseUnknown,
    RouteDiffers,
    TooLateToUndo,
)
from app.workflows.screening import ConsentForm
from tests.factories import CONSENT, DOCTOR, MANAGER, NURSE, QUESTIONS, all_no
from tests.workflows.copied_site import CopiedSite

LEFT_ARM = Injection(BodySite.LEFT_ARM, Route.INTRAMUSCULAR)


def receive_receipts(site: CopiedSite) -> None:
    db, at = site.desk.read(), instant_text(site.clock.now())
    stream = journal.current_stream(db)
    rows = [(entry.event.seq, at) for entry in journal.entries(db, stream)]
    site.store.write(lambda transaction: put_receipts(transaction.db, stream, rows))


def test_a_dose_holds_everything_of_the_minimum_record(site: CopiedSite) -> None:
    """domain.md, Appendix B; what the law demands (疫苗管理法 art. 46, N2023 9.2.1) is marked with a star."""
    patient = site.patient()
    record = site.vaccinated(patient)
    event = list(journal.events(site.desk.read()))[-1]
    stream = journal.current_stream(site.desk.read())
    assert (event.kind, event.body, event.person) == ("immunization.recorded", record, patient.patient_id)
    assert (event.site, event.desk, event.user) == ("1001010001", "接种台 1", NURSE)
    assert event.id
    assert stream.device_id
    assert event.seq > 0
    lot = next(lot for lot in site.stock if lot.product_code == "FLU4-1")
    assert record | {"checks": None, "immunization_id": None, "screening_id": None, "consent_id": None} == {
        "immunization_id": None,
        "encounter_id": record["encounter_id"],
        "patient_id": patient.patient_id,  # *
        "patient": {
            "name": patient.name,
            "sex": str(patient.sex),
            "birth_on": patient.birth_on.isoformat(),
            "document_type": patient.document_type,
            "document_number": patient.document_number,
        },
        "vaccine_code": "FLU4",  # *
        "vaccine_name": "四价流感疫苗",  # *
        "full_name": "四价流感病毒裂解疫苗",
        "product_code": "FLU4-1",
        "specification": "0.5 mL/支",
        "dosage_form": "注射液",
        "market_holder": "示例生物制品股份有限公司",  # *
        "manufacturer": "示例生物制品股份有限公司",
        "lot_number": lot.lot_number,  # *
        "expires_on": lot.expires_on.isoformat(),  # *
        "trace_code": lot.vial_codes[0],  # *
        "code_source": "scanned",
        "code_reason": "",
        "pack_level": "1",
        "doses_per_pack": 1,
        "vial_opened_at": "2026-11-23T01:00:00.000Z",
        "dose_index_in_vial": 1,
        "occurred_at": "2026-11-23T01:00:00.000Z",  # *
        "performer": NURSE,  # *
        "performer_name": "周敏",  # *
        "dose_number": 1,
        "series_doses": 1,
        "programme": "non_nip",
        "dose_quantity_ml": "0.5",
        "route": "intramuscular",
        "body_site": "left_arm",
        "screening_id": None,
        "consent_id": None,
        "checks": None,
        "observe_until": "2026-11-23T01:30:00.000Z",
        "session_id": record["session_id"],
        "site_name": "云溪镇卫生院",
    }
    assert all(record[key] for key in ("immunization_id", "encounter_id", "session_id"))
    db = site.desk.read()
    for key in ("screening", "consent"):
        (known,) = db.execute(f"select {key}_id from {key}").fetchone()
        assert record[f"{key}_id"] == known
    assert [item for item, *_ in record["checks"]] == [str(item) for item in Item]
    assert all(how and by and at for _, how, by, at in record["checks"])


def test_the_dose_names_the_consent_that_was_given_last_whatever_the_clock_said(site: CopiedSite) -> None:
    checked = site.checked()
    site.desk.do(needle.return_visit, checked.encounter_id, "doctor", "今天身体不舒服")
    site.clock.jump(timedelta(hours=-1))
    site.as_user(DOCTOR)
    site.desk.do(screening.record_screening, checked.encounter_id, all_no(), QUESTIONS)
    consent = ConsentForm(CONSENT, True, "家属", "本人")
    site.desk.do(screening.record_consent, checked.encounter_id, consent)
    last = list(journal.events(site.desk.read()))[-1].body["consent_id"]
    site.as_user(NURSE)
    site.desk.do(needle.call_ticket, checked.encounter_id)
    code = TraceCode(site.vials("FLU4-1")[0])
    site.desk.do(needle.scan_vial, checked.encounter_id, code, CodeSource.SCANNED)
    for item in PERSON_ITEMS:
        site.desk.do(needle.confirm_item, checked.encounter_id, item)
    record = site.desk.do(immunization.record_immunization, checked.encounter_id, LEFT_ARM)
    assert record["consent_id"] == last
    kept = screenings.consent_record(site.desk.read(), checked.encounter_id)
    assert kept is not None
    assert kept["consent_id"] == last


def test_what_is_amended_later_does_not_rewrite_the_dose(site: CopiedSite) -> None:
    patient = site.patient()
    record = site.vaccinated(patient)
    site.desk.do(registration.amend_patient, replace(patient, name="曾用名"), reason="改名")
    kept = immunizations.find(site.desk.read(), record["immunization_id"])
    assert kept is not None
    assert kept["patient"]["name"] == patient.name


def test_the_instant_of_the_key_starts_the_observation(site: CopiedSite) -> None:
    """N2023 8.1: 30 minutes from the injection (OBS-1)."""
    checked = site.checked()
    site.clock.go(90)
    record = site.desk.do(immunization.record_immunization, checked.encounter_id, LEFT_ARM)
    started = find_observation(site.desk.read(), checked.encounter_id)
    assert started is not None
    assert started.started_at == site.clock.now() == read_instant(record["occurred_at"])
    assert started.due_at - started.started_at == timedelta(minutes=30)
    visit = encounters.get_encounter(site.desk.read(), checked.encounter_id)
    assert visit.state is VisitState.OBSERVING


def test_a_dose_is_recorded_once(site: CopiedSite) -> None:
    record = site.vaccinated()
    with pytest.raises(WrongStep):
        site.desk.do(immunization.record_immunization, record["encounter_id"], LEFT_ARM)
    (count,) = site.desk.read().execute("select count(*) from immunization").fetchone()
    assert count == 1


def test_nothing_is_recorded_while_an_item_is_open(site: CopiedSite) -> None:
    checked = site.checked()
    site.desk.do(needle.withdraw_item, checked.encounter_id, Item.NAME)
    with pytest.raises(ChecklistIncomplete) as caught:
        site.desk.do(immunization.record_immunization, checked.encounter_id, LEFT_ARM)
    assert caught.value.items == (Item.NAME,)
    (count,) = site.desk.read().execute("select count(*) from immunization").fetchone()
    assert count == 0


def test_another_route_than_the_products_is_refused(site: CopiedSite) -> None:
    checked = site.checked()
    with pytest.raises(RouteDiffers):
        site.desk.do(
            immunization.record_immunization,
            checked.encounter_id,
            Injection(BodySite.LEFT_ARM, Route.SUBCUTANEOUS),
        )


def test_the_other_arm_is_recorded_as_stated(site: CopiedSite) -> None:
    checked = site.checked()
    other_arm = Injection(BodySite.RIGHT_ARM, Route.INTRAMUSCULAR)
    record = site.desk.do(immunization.record_immunization, checked.encounter_id, other_arm)
    assert record["body_site"] == "right_arm"


def test_two_desks_with_the_same_last_dose_record_it_once(site: CopiedSite) -> None:
    """What was free at the scan is looked at again at the dose."""
    first = site.checked()
    site.desk.name = "接种台 2"
    second = site.checked(site.patient(index=1))
    site.desk.do(immunization.record_immunization, first.encounter_id, LEFT_ARM)
    with pytest.raises(CodeOverused):
        site.desk.do(immunization.record_immunization, second.encounter_id, LEFT_ARM)


# Taking back


def test_a_dose_is_taken_back_within_five_minutes(site: CopiedSite) -> None:
    record = site.vaccinated()
    site.clock.go(minutes=5)
    site.desk.do(immunization.undo_immunization, record["immunization_id"])
    db = site.desk.read()
    assert immunizations.of_patient(db, record["patient_id"]) == []
    assert encounters.get_encounter(db, record["encounter_id"]).state is VisitState.AT_STATION
    assert find_observation(db, record["encounter_id"]) is None
    again = site.desk.do(immunization.record_immunization, record["encounter_id"], LEFT_ARM)
    assert (again["dose_index_in_vial"], again["occurred_at"]) == (1, "2026-11-23T01:05:00.000Z")


def test_after_five_minutes_it_is_too_late_to_take_back(site: CopiedSite) -> None:
    record = site.vaccinated()
    site.clock.go(minutes=5, seconds=1)
    with pytest.raises(TooLateToUndo) as caught:
        site.desk.do(immunization.undo_immunization, record["immunization_id"])
    assert not caught.value.receipted


def test_what_the_centre_has_taken_in_is_not_taken_back(site: CopiedSite) -> None:
    """ux.md rule 8: once uploaded, a correction is a new entry with a reason."""
    record = site.vaccinated()
    receive_receipts(site)
    with pytest.raises(TooLateToUndo) as caught:
        site.desk.do(immunization.undo_immunization, record["immunization_id"])
    assert caught.value.receipted


def test_a_correction_needs_a_reason_and_leaves_both_versions(site: CopiedSite) -> None:
    record = site.vaccinated()
    site.clock.go(minutes=60 * 24)
    site.as_user(MANAGER)
    with pytest.raises(CorrectionReasonMissing):
        site.desk.do(immunization.void_immunization, record["immunization_id"], " ", site.beside())
    site.desk.do(immunization.void_immunization, record["immunization_id"], " 录入了别人 ", site.beside())
    kept = immunizations.find(site.desk.read(), record["immunization_id"])
    assert kept == record | {"status": "entered-in-error"}
    row = site.desk.read().execute("select status, void_reason from immunization").fetchone()
    assert row == ("entered-in-error", "录入了别人")
    kinds = [event.kind for event in journal.events(site.desk.read()) if event.kind.startswith("immun")]
    assert kinds == ["immunization.recorded", "immunization.voided"]


def test_a_dose_is_corrected_once(site: CopiedSite) -> None:
    record = site.vaccinated()
    site.desk.do(immunization.void_immunization, record["immunization_id"], "录入错误", site.beside())
    with pytest.raises(DoseUnknown):
        site.desk.do(immunization.undo_immunization, record["immunization_id"])
    for dose in (record["immunization_id"], "no such dose"):
        with pytest.raises(DoseUnknown):
            site.desk.do(immunization.void_immunization, dose, "再改", site.beside())


def test_a_corrected_dose_frees_its_code_and_no_longer_counts(site: CopiedSite) -> None:
    record = site.vaccinated()
    site.desk.do(immunization.void_immunization, record["immunization_id"], "录入错误", site.beside())
    db = site.desk.read()
    assert immunizations.use_of_code(db, record["trace_code"]) == (0, None)
    assert immunizations.of_encounter(db, record["encounter_id"]) is None


def test_a_voided_visit_is_over_and_nothing_of_it_is_carried_to_another_injection(site: CopiedSite) -> None:
    """REG-8: vial, ticks and screening of another hour never stand ready at the needle again."""
    patient = site.patient()
    record = site.vaccinated(patient)
    site.clock.go(minutes=10)
    site.desk.do(immunization.void_immunization, record["immunization_id"], "记错了疫苗或批号", site.beside())
    db = site.desk.read()
    before = encounters.get_encounter(db, record["encounter_id"])
    assert before.state is VisitState.CANCELLED
    assert encounters.queue(db, record["session_id"], VisitState.READY, VisitState.AT_STATION) == []
    with pytest.raises(WrongStep):
        site.desk.do(immunization.record_immunization, record["encounter_id"], LEFT_ARM)
    anew = site.at_needle(patient)
    assert anew.ticket_number != before.ticket_number
    with pytest.raises(ChecklistIncomplete):
        site.desk.do(immunization.record_immunization, anew.encounter_id, LEFT_ARM)


def test_a_voiding_of_an_older_journal_still_means_what_it_meant(site: CopiedSite) -> None:
    """Entries of before do not say that the visit is over: the tables rebuild as they were."""
    record = site.vaccinated()
    body = {name: record[name] for name in ("immunization_id", "encounter_id")}
    body |= {"reason": "录入错误", "voided_at": instant_text(site.clock.now())}
    site.desk.do(lambda act: act.append("immunization.voided", body, person=record["patient_id"]))
    visit = encounters.get_encounter(site.desk.read(), record["encounter_id"])
    assert visit.state is VisitState.AT_STATION


def test_what_was_recorded_here_is_told_in_both_versions(site: CopiedSite) -> None:
    """REG-8: a wrong entry is corrected visibly."""
    patient = site.patient()
    first = site.vaccinated(patient)
    site.desk.do(immunization.void_immunization, first["immunization_id"], "记录重复", site.beside())
    second = site.vaccinated(patient, vial=1)
    told = immunizations.recorded_here(site.desk.read(), patient.patient_id)
    assert [(dose["immunization_id"], dose["status"], dose["void_reason"]) for dose in told] == [
        (first["immunization_id"], "entered-in-error", "记录重复"),
        (second["immunization_id"], "completed", ""),
    ]


@pytest.mark.parametrize(
    "take_away",
    [
        immunization.undo_immunization,
        lambda act, dose: immunization.void_immunization(act, dose, "录入错误"),
    ],
)
def test_no_dose_is_taken_away_from_under_an_open_alarm(
    site: CopiedSite, take_away: Callable[[Act, str], None]
) -> None:
    """The alarm would vanish from the board; only a doctor closes it (ux.md rule 19)."""
    record = site.vaccinated()
    site.desk.do(observation.raise_alarm, record["encounter_id"], "呼吸困难")
    dose = record["immunization_id"]
    with pytest.raises(AlarmOpen):
        site.desk.do(take_away, dose)
    site.as_user(DOCTOR)
    site.desk.do(observation.close_alarm, record["encounter_id"])
    site.as_user(NURSE)
    site.desk.do(immunization.void_immunization, dose, "录入错误", site.beside())


def test_the_receipt_of_one_dose_is_not_another_ones(site: CopiedSite) -> None:
    first = site.vaccinated()
    receive_receipts(site)
    second = site.vaccinated(site.patient(index=1), vial=1)
    told = [immunizations.receipted_at(site.desk.read(), dose["immunization_id"]) for dose in (first, second)]
    assert told == [read_instant("2026-11-23T01:00:00.000Z"), None]
    session = running_session(site.desk.read())
    assert session is not None
    listed = certificates.vaccinated_in(site.desk.read(), session.session_id)
    assert {one.patient_id: one.receipted for one in listed} == {
        first["patient_id"]: True, second["patient_id"]: False,
    }  # fmt: skip


def test_a_dose_receipted_in_two_streams_is_listed_once(site: CopiedSite) -> None:
    """After a fork the same event is sent again, under the same id, in a new stream."""
    record = site.vaccinated()
    receive_receipts(site)
    event_id, other = list(journal.events(site.desk.read()))[-1].id, Stream("other", "00" * 8)

    def send_again(transaction: Transaction) -> None:
        entry = [other.device_id, other.epoch, 9, event_id, "immunization.recorded", b"{}", b""]
        transaction.db.execute("insert into carried values (?, ?, ?, ?, ?, ?, ?)", entry)
        put_receipts(transaction.db, other, [(9, "2026-11-23T09:00:00.000Z")])

    site.store.write(send_again)
    (dose,) = immunizations.receipted_of_patient(site.desk.read(), record["patient_id"])
    assert dose["receipted_at"] == "2026-11-23T01:00:00.000Z"
    received_at = immunizations.receipted_at(site.desk.read(), record["immunization_id"])
    assert received_at == read_instant("2026-11-23T01:00:00.000Z")
