"""What the centre keeps and cannot file is not delivered: it waits in sight until it is filed or answered."""

from dataclasses import replace
from datetime import timedelta

import pytest

from app.domain.clock import instant_text
from app.domain.feed import START, FeedPosition
from app.domain.unfit import ADMITTED, ENVELOPE, FOREIGN
from app.storage import feedback, immunizations, patients
from app.storage.journal import current_stream
from app.storage.projections import rebuild
from app.storage.receipts import (
    WaitingDose,
    count_durable,
    doses_of_session,
    pending,
    put_durable,
    put_receipts,
    stream_states,
    upload_counts,
    withdraw_receipts,
)
from app.storage.site import running_session
from app.storage.store import Transaction
from app.storage.unfit import put_unfit, refused_doses, refused_entries, refused_places
from app.storage.unsent import DOSE_KIND, UnsentCounts, unsent_records
from app.sync.pages import Feedback, Finding
from app.sync.store_inbox import StoreInbox
from app.sync.store_outbox import StoreOutbox
from app.sync.unfit import unfit_runs
from app.sync.wire import ReceiptRun
from app.workflows import immunization, registration
from app.workflows.correction import correct_immunization
from tests.factories import SmallSite
from tests.storage.test_unsent import RIGHT, counts_of, receipt_all

WHY = (FOREIGN, "site")


@pytest.fixture
def site(small_site: SmallSite) -> SmallSite:
    """A site whose stock and people are at the centre already."""
    receipt_all(small_site)
    return small_site


def refuse(site: SmallSite, *kinds: str) -> list[str]:
    """Let the centre have taken in everything and not be able to file some kinds; return their ids."""
    outbox, refused = StoreOutbox(site.store), list[str]()
    for state in stream_states(site.desk.read()):
        rows = pending(site.desk.read(), state.stream, state.acked, 10_000)
        kind_of = dict(site.desk.read().execute("select event_id, kind from journal"))
        unfit = {seq: event_id for seq, event_id, *_ in rows if kind_of[event_id] in kinds}
        if rows:
            run = ReceiptRun(state.acked + 1, state.last_seq, site.clock.now())
            outbox.record_receipts(state.stream, [run], unfit_runs((seq, *WHY) for seq in unfit))()
        refused += unfit.values()
    return refused


def this_morning(site: SmallSite) -> list[WaitingDose]:
    session = running_session(site.desk.read())
    assert session is not None
    return doses_of_session(site.desk.read(), session.session_id)


def hear(site: SmallSite, *findings: Finding, anew: bool = False) -> None:
    StoreInbox(site.store, site.clock).keep_feedback(Feedback(FeedPosition(1, 1), findings, anew))


def test_a_dose_put_aside_counts_as_not_uploaded_and_its_hours_run(site: SmallSite) -> None:
    """SYN-1: the 24-hour rule does not go green on a dose the centre has not taken."""
    given, dose = site.desk.now(), site.vaccinated()
    (event_id,) = refuse(site, DOSE_KIND)
    site.clock.go(minutes=25 * 60)
    db = site.desk.read()
    counts = upload_counts(db)
    assert (counts.waiting, counts.refused, counts.oldest_waiting_at) == (1, 1, given)
    assert counts_of(site) == UnsentCounts(1, 0, 0, 1, given)
    (record,) = unsent_records(db, 0, 10)
    assert record.dose is not None
    assert (record.kind, record.dose.immunization_id) == (DOSE_KIND, dose["immunization_id"])
    (entry,) = refused_entries(db, 10)
    assert (entry.epoch, entry.seq, entry.event_id) == (record.epoch, record.seq, event_id)
    assert (entry.name, entry.reason) == WHY
    assert refused_doses(db) == {dose["immunization_id"]}
    assert refused_places(db) == {(record.epoch, record.seq)}


def test_nothing_calls_a_dose_delivered_that_the_centre_has_put_aside(site: SmallSite) -> None:
    dose = site.vaccinated()
    refuse(site, DOSE_KIND)
    db = site.desk.read()
    (waiting,) = this_morning(site)
    (known,) = immunizations.receipted_of_patient(db, dose["patient_id"])
    assert (waiting.received_at, known["receipted_at"]) == (None, None)
    assert immunizations.receipted_at(db, dose["immunization_id"]) is None
    site.store.write(lambda transaction: put_durable(transaction.db, site.clock.now()))
    assert count_durable(db) == upload_counts(db).saved - 1


def test_what_the_centre_files_after_all_is_delivered_when_it_came(site: SmallSite) -> None:
    site.vaccinated()
    (event_id,) = refuse(site, DOSE_KIND)
    came, db = site.clock.now(), site.desk.read()
    site.clock.go(minutes=60)
    hear(site, Finding(event_id, ENVELOPE, FOREIGN))
    assert upload_counts(db).refused == 1
    hear(site, Finding(event_id, ENVELOPE, ADMITTED))
    assert (upload_counts(db).waiting, upload_counts(db).refused) == (0, 0)
    assert counts_of(site) == UnsentCounts(0, 0, 0, 0, None)
    (dose,) = this_morning(site)
    assert dose.received_at is not None
    assert instant_text(dose.received_at) == instant_text(came)
    assert feedback.doubted_records(db, 10) == [], "that is no doubt about what it says"


def test_a_centre_that_went_back_is_believed_again_in_what_it_says_anew(site: SmallSite) -> None:
    site.vaccinated(site.patient(index=0), vial=0)
    site.vaccinated(site.patient(index=1), vial=1)
    first, second = refuse(site, DOSE_KIND)
    hear(site, Finding(first, ENVELOPE, ADMITTED), Finding(second, ENVELOPE, FOREIGN))
    hear(site, Finding(first, ENVELOPE, FOREIGN), anew=True)
    assert [entry.event_id for entry in refused_entries(site.desk.read(), 10)] == [first]


def test_a_centre_that_went_back_may_name_for_the_first_time_what_was_filed_when_its_receipt_came(
    site: SmallSite,
) -> None:
    """SYN-1: the copy of a machine had heard nothing but that all is filed."""
    dose = site.vaccinated()
    receipt_all(site)
    db = site.desk.read()
    (event_id,) = db.execute("select event_id from immunization").fetchone()
    assert upload_counts(db).waiting == 0
    hear(site, Finding(event_id, ENVELOPE, FOREIGN), anew=True)
    assert refused_doses(db) == {dose["immunization_id"]}
    assert upload_counts(db).refused == 1
    hear(site, Finding(event_id, ENVELOPE, ADMITTED))
    assert (refused_doses(db), upload_counts(db).refused) == (set(), 0)


def test_what_no_finding_names_once_all_are_heard_is_filed(site: SmallSite) -> None:
    """Its receipt was of a centre that went back since, and took it in then from a copy of this machine."""
    site.vaccinated(site.patient(index=0), vial=0)
    site.vaccinated(site.patient(index=1), vial=1)
    first, _ = refuse(site, DOSE_KIND)
    hear(site, Finding(first, ENVELOPE, FOREIGN))
    StoreInbox(site.store, site.clock).heard_all()
    assert [entry.event_id for entry in refused_entries(site.desk.read(), 10)] == [first]


def test_a_dose_put_aside_is_answered_once_it_is_voided_or_corrected(site: SmallSite) -> None:
    """REG-8: the correction goes up and is an event of its own."""
    given = site.desk.now()
    first = site.vaccinated(site.patient(index=0), vial=0)
    second = site.vaccinated(site.patient(index=1), vial=1)
    refuse(site, DOSE_KIND)
    db = site.desk.read()
    site.desk.do(immunization.void_immunization, first["immunization_id"], "录入错误", site.beside())
    assert refused_doses(db) == {second["immunization_id"]}
    site.clock.go(minutes=25 * 60)
    site.desk.do(correct_immunization, second["immunization_id"], RIGHT, "记录时选错")
    assert refused_doses(db) == set()
    oldest = upload_counts(db).oldest_waiting_at
    assert oldest is not None
    assert oldest - given < timedelta(minutes=30), "the centre never had the dose: its hours began with it"
    receipt_all(site)
    assert (upload_counts(db).waiting, upload_counts(db).refused) == (0, 0)


def test_the_word_on_a_person_is_answered_by_a_newer_one_that_is_taken(site: SmallSite) -> None:
    db, known = site.desk.read(), site.patient(index=0)
    site.desk.do(registration.amend_patient, replace(known, name="甲一"), reason="写错了")
    refuse(site, "patient.amended")
    assert upload_counts(db).refused == 1
    again = replace(patients.get_patient(db, known.patient_id), name="甲二")
    site.desk.do(registration.amend_patient, again, reason="写错了")
    assert upload_counts(db).refused == 0
    refuse(site, "patient.amended")
    assert upload_counts(db).refused == 2, "the newer one is not taken either"


def test_the_newest_ack_and_the_receipts_withdrawn_decide_what_is_refused(site: SmallSite) -> None:
    dose = site.vaccinated()
    refuse(site, DOSE_KIND)
    db, stream = site.desk.read(), current_stream(site.desk.read())
    (place,) = refused_places(db)

    def answer_again(transaction: Transaction) -> None:
        put_receipts(transaction.db, stream, [(place[1], instant_text(site.clock.now()))])
        put_unfit(transaction.db, stream, (place[1], place[1]), [])

    site.store.write(lambda transaction: withdraw_receipts(transaction.db, stream, place[1] - 1))
    assert (upload_counts(db).refused, refused_places(db)) == (0, set())
    assert upload_counts(db).waiting >= 1
    refuse(site, DOSE_KIND)
    assert refused_doses(db) == {dose["immunization_id"]}
    site.store.write(answer_again)
    assert upload_counts(db).waiting == 0


def test_a_rebuild_of_the_tables_keeps_what_is_refused(site: SmallSite) -> None:
    site.vaccinated()
    refuse(site, DOSE_KIND)
    before = refused_entries(site.desk.read(), 10)
    site.store.write(lambda transaction: rebuild(transaction.db))
    assert refused_entries(site.desk.read(), 10) == before != []
    assert feedback.position(site.desk.read()) == START
