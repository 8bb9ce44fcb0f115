"""What the centre has not receipted, as people know it."""

from datetime import timedelta

import pytest

from app.domain.catalogue import BodySite
from app.domain.clock import read_instant
from app.domain.journal import Stream
from app.storage.carrying import carry_on
from app.storage.journal import current_stream
from app.storage.receipts import put_receipts, stream_states, upload_counts
from app.storage.store import Transaction
from app.storage.unsent import (
    DOSE_KIND,
    UnsentCounts,
    find_unsent,
    unsent_counts,
    unsent_records,
    waiting_behind,
)
from app.workflows import immunization
from app.workflows.correction import Correction, correct_immunization
from tests.factories import SmallSite

RIGHT = Correction(BodySite.RIGHT_ARM)


def counts_of(site: SmallSite) -> UnsentCounts:
    now = site.desk.now()
    return unsent_counts(site.desk.read(), now - timedelta(hours=20), now - timedelta(hours=24))


def receipt_all(site: SmallSite) -> None:
    """Let the centre have taken in everything there is."""

    def take(transaction: Transaction) -> None:
        for state in stream_states(transaction.db):
            put_receipts(transaction.db, state.stream, [(state.last_seq, "2026-11-23T01:00:00.000Z")])

    site.store.write(take)


@pytest.fixture
def site(small_site: SmallSite) -> SmallSite:
    """A site whose stock and people are at the centre already."""
    receipt_all(small_site)
    return small_site


def test_doses_come_first_in_their_order_and_every_entry_stands_in_the_list_once(site: SmallSite) -> None:
    """SYN-1: page by page the list is the journal behind the receipts."""
    given = [site.vaccinated(site.patient(index=index), vial=index) for index in range(3)]
    db, state = site.desk.read(), stream_states(site.desk.read())[-1]
    listed = [record for offset in range(0, 200, 7) for record in unsent_records(db, offset, 7)]
    doses = [record.dose.immunization_id for record in listed[:3] if record.dose]
    assert doses == [dose["immunization_id"] for dose in given]
    assert sorted(record.seq for record in listed) == list(range(state.acked + 1, state.last_seq + 1))
    counts = counts_of(site)
    assert (counts.doses, counts.doses + counts.others) == (3, len(listed))


def test_an_entry_is_named_by_its_person_its_ticket_and_its_dose(site: SmallSite) -> None:
    person = site.patient(index=2)
    dose = site.vaccinated(person)
    record = unsent_records(site.desk.read(), 0, 1)[0]
    assert (record.kind, record.patient_name, record.encounter_id) == (
        DOSE_KIND, person.name, dose["encounter_id"],
    )  # fmt: skip
    assert record.dose is not None
    assert (record.dose.vaccine_name, record.dose.dose_number) == (dose["vaccine_name"], dose["dose_number"])
    assert find_unsent(site.desk.read(), record.epoch, record.seq) == record


def test_an_entry_of_no_person_stands_in_the_list_as_well(site: SmallSite) -> None:
    site.as_user("u-zhoumin")
    (record,) = unsent_records(site.desk.read(), 0, 10)
    assert (record.kind, record.patient_name, record.ticket_number, record.dose) == (
        "user.signed_in", "", "", None,
    )  # fmt: skip


def test_doses_are_counted_by_how_long_they_wait(site: SmallSite) -> None:
    """All that wait, whichever session gave them."""
    first = site.desk.now()
    site.vaccinated(site.patient(index=0), vial=0)
    site.clock.go(minutes=4 * 60)
    site.vaccinated(site.patient(index=1), vial=1)
    site.clock.go(minutes=20 * 60)
    site.vaccinated(site.patient(index=2), vial=2)
    counts = counts_of(site)
    assert (counts.doses, counts.soon, counts.overdue, counts.oldest_at) == (3, 1, 1, first)


def test_the_hours_do_not_run_for_a_voided_dose_but_its_entry_still_waits(site: SmallSite) -> None:
    dose = site.vaccinated()
    site.desk.do(immunization.void_immunization, dose["immunization_id"], "录入错误", site.beside())
    site.clock.go(minutes=25 * 60)
    counts = counts_of(site)
    assert (counts.doses, counts.overdue, counts.oldest_at) == (1, 0, None)
    record = unsent_records(site.desk.read(), 0, 1)[0]
    assert record.dose is not None
    assert not record.dose.stands


def test_a_correction_of_what_the_centre_has_gets_hours_of_its_own(site: SmallSite) -> None:
    """REG-8: what was corrected a week later is not a week late."""
    dose = site.vaccinated()
    receipt_all(site)
    site.clock.go(minutes=7 * 24 * 60)
    corrected = site.desk.now()
    site.desk.do(correct_immunization, dose["immunization_id"], RIGHT, "记录时选错")
    counts = counts_of(site)
    assert (counts.doses, counts.overdue, counts.oldest_at) == (1, 0, corrected)
    assert upload_counts(site.desk.read()).oldest_waiting_at == corrected
    record = unsent_records(site.desk.read(), 0, 1)[0]
    assert record.dose is not None
    assert (record.dose.due_from, record.dose.occurred_at) == (corrected, read_instant(dose["occurred_at"]))


def test_a_correction_of_what_the_centre_never_had_makes_no_dose_younger(site: SmallSite) -> None:
    given = site.desk.now()
    dose = site.vaccinated()
    site.clock.go(minutes=25 * 60)
    site.desk.do(correct_immunization, dose["immunization_id"], RIGHT, "记录时选错")
    counts = counts_of(site)
    assert (counts.doses, counts.overdue, counts.oldest_at) == (2, 1, given)
    assert upload_counts(site.desk.read()).oldest_waiting_at == given


def test_nothing_waits_once_all_is_receipted(site: SmallSite) -> None:
    site.vaccinated()
    receipt_all(site)
    assert counts_of(site) == UnsentCounts(0, 0, 0, 0, None)
    assert unsent_records(site.desk.read(), 0, 10) == []


def test_it_says_how_much_waits_behind_an_entry(site: SmallSite) -> None:
    for index in range(3):
        site.vaccinated(site.patient(index=index), vial=index)
    first = unsent_records(site.desk.read(), 0, 1)[0]
    (state,) = stream_states(site.desk.read())
    assert waiting_behind(site.desk.read(), first.epoch, first.seq) == (state.last_seq - first.seq, 2)


def test_what_is_carried_on_in_another_stream_is_listed_there_once(site: SmallSite) -> None:
    """SYN-5: a parted stream goes on in another, and its doses still wait."""
    dose = site.vaccinated()
    old = current_stream(site.desk.read())
    fresh = Stream(old.device_id, "f" * 16)
    keep = stream_states(site.desk.read())[-1].acked
    before = counts_of(site)
    site.store.write(lambda work: carry_on(work.db, old, keep, fresh, "2026-11-23T01:00:00.000Z"))
    records = unsent_records(site.desk.read(), 0, 100)
    assert counts_of(site) == before
    assert len(records) == before.doses + before.others
    assert {record.epoch for record in records} == {fresh.epoch}
    assert records[0].dose is not None
    assert records[0].dose.immunization_id == dose["immunization_id"]
    assert find_unsent(site.desk.read(), fresh.epoch, records[0].seq) == records[0]
