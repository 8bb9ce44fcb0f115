"""What other sites of the area recorded, in the real store (SYN-2, REG-1, VER-3)."""

from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from itertools import chain
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlcipher3 import dbapi2
from sqlite_utils import Database

from app.domain.clock import read_instant
from app.domain.condensed import condense
from app.domain.journal import Event
from app.practice.people import residents
from app.storage import catalogue, elsewhere, feed, immunizations, patients, projections
from app.storage.feed import FeedBroken
from app.storage.shape import CONDITIONS_0012, NUMBERS_0026, PROJECTIONS_0001, RECORD_0001, TERMS_0015
from app.storage.shape_of_area import ELSEWHERE_0003, REVIEW_0005
from app.workflows import immunization, registration
from app.workflows.forecast import forecast_of, proposal_for
from tests.factories import SmallSite
from tests.storage.other_site import NOW_MS, OtherSite, hear
from tests.workflows.copied_site import everything, quick_folder


@pytest.fixture
def there(tmp_path: Path) -> Iterator[OtherSite]:
    other = OtherSite(tmp_path / "there")
    yield other
    other.site.close()


def tables(site: SmallSite) -> dict[str, list[tuple[object, ...]]]:
    return everything(site.desk.read())


def test_somebody_registered_elsewhere_is_found_here_and_can_be_given_a_visit(
    small_site: SmallSite, there: OtherSite
) -> None:
    patient_id = there.newcomer()
    person = patients.get_patient(there.site.desk.read(), patient_id)
    hear(small_site, there.told())
    assert patients.search(small_site.desk.read(), person.name)[0] == person
    assert small_site.desk.do(registration.open_visit, patient_id).patient_id == patient_id


def test_a_dose_given_elsewhere_is_in_the_history_and_counts_for_the_next_number(
    small_site: SmallSite, there: OtherSite
) -> None:
    patient_id = there.newcomer()
    dose = there.vaccinate(patient_id)
    hear(small_site, there.told())
    db = small_site.desk.read()
    (shown,) = immunizations.history_of(db, patient_id)
    assert shown["immunization_id"] == dose["immunization_id"]
    assert immunizations.of_patient(db, patient_id) == []
    forecast = forecast_of(db, patients.get_patient(db, patient_id), small_site.desk.today())
    product = catalogue.get_product(db, dose["product_code"])
    assert proposal_for(forecast, patients.get_patient(db, patient_id), product).dose_number == 2


def test_a_vial_opened_at_another_site_is_used_up_there(small_site: SmallSite, there: OtherSite) -> None:
    """TRC-1: one trace code is not given twice, wherever."""
    dose = there.vaccinate(there.newcomer())
    hear(small_site, there.told())
    used, opened_at = immunizations.use_of_code(small_site.desk.read(), dose["trace_code"])
    assert (used, opened_at) == (1, read_instant(dose["occurred_at"]))


def test_a_dose_voided_elsewhere_does_not_count_whichever_is_heard_first(
    small_site: SmallSite, there: OtherSite
) -> None:
    patient_id = there.newcomer()
    dose = there.vaccinate(patient_id)
    there.site.desk.do(
        immunization.void_immunization, dose["immunization_id"], "记错了人", there.site.beside()
    )
    hear(small_site, there.told()[::-1])
    assert immunizations.history_of(small_site.desk.read(), patient_id) == []


def test_one_document_is_one_person_though_both_sites_made_a_record(
    small_site: SmallSite, there: OtherSite
) -> None:
    """REG-1: offline, each site registers the same child; the dose given there is in the record made here."""
    person = residents(1, small_site.desk.today(), seed=99)[0]
    kept = small_site.desk.do(registration.register_patient, person).patient_id
    dose = there.vaccinate(there.newcomer())
    hear(small_site, there.told())
    db = small_site.desk.read()
    assert [each.patient_id for each in patients.search(db, person.name)] == [kept]
    assert [each["immunization_id"] for each in immunizations.history_of(db, kept)] == [
        dose["immunization_id"]
    ]


def test_what_was_corrected_last_stands_and_an_older_word_does_not_undo_it(
    small_site: SmallSite, there: OtherSite
) -> None:
    patient_id = there.newcomer()
    (registered,) = there.told()
    hear(small_site, [registered])
    corrected = replace(patients.get_patient(small_site.desk.read(), patient_id), phone="13900000000")
    small_site.desk.do(registration.amend_patient, corrected, reason="写错了")
    hear(small_site, [registered])
    assert patients.get_patient(small_site.desk.read(), patient_id).phone == "13900000000"


def test_this_devices_clock_goes_on_from_what_it_heard_but_not_far(
    small_site: SmallSite, there: OtherSite
) -> None:
    """A peer never pulls the clock forward by more than five minutes (sync.md, *Journal*)."""
    there.newcomer()
    (event,) = there.told()
    hear(small_site, [replace(event, hlc=2**62)])
    (hlc,) = small_site.desk.read().execute("select hlc from stream where is_current").fetchone()
    assert NOW_MS < hlc >> 16 <= max(NOW_MS, int(small_site.clock.now().timestamp() * 1000)) + 300_000


def test_what_came_from_elsewhere_is_rebuilt_in_its_order(small_site: SmallSite, there: OtherSite) -> None:
    first = there.newcomer()
    hear(small_site, there.told())
    small_site.vaccinated(patients.get_patient(small_site.desk.read(), first), "IPV-5", 1)
    there.vaccinate(first)
    there.newcomer(2)
    hear(small_site, there.told()[1:])
    before = tables(small_site)
    assert len(immunizations.history_of(small_site.desk.read(), first)) == 2
    small_site.store.write(lambda transaction: projections.rebuild(transaction.db))
    assert tables(small_site) == before
    assert feed.verify(small_site.desk.read()) == 3


def test_a_page_that_is_not_what_came_is_noticed(small_site: SmallSite, there: OtherSite) -> None:
    there.newcomer()
    hear(small_site, there.told())
    small_site.store.write(lambda work: work.db.execute("update feed_page set next_digest = zeroblob(8)"))
    with pytest.raises(FeedBroken):
        feed.verify(small_site.desk.read())


bodies_torn = st.dictionaries(
    st.sampled_from(["patient_id", "name", "sex", "birth_on", "document_type", "document_number", "phone",
                     "readings", "immunization_id", "occurred_at", "dose_number", "trace_code", "guardian"]),
    st.none() | st.integers(-(2**70), 2**70) | st.text(max_size=3) | st.lists(st.integers(), max_size=2),
    min_size=1, max_size=3,
)  # fmt: skip


@cache
def one_dose() -> tuple[str, list[Event]]:
    """Return a person and what another site tells of them: registered, vaccinated."""
    with quick_folder() as folder:
        there = OtherSite(Path(folder))
        patient_id = there.newcomer()
        there.vaccinate(patient_id)
        told = there.told()
        there.site.close()
        return patient_id, told


@given(st.data())
def test_no_body_however_torn_does_harm_and_the_others_of_its_page_count(data: st.DataObject) -> None:
    patient_id, told = one_dose()
    torn = [
        replace(event, id=f"0190a0b0-0000-7000-8000-{place:012}", body=event.body | data.draw(bodies_torn))
        for place, event in enumerate(told)
    ]
    db = Database(dbapi2.connect(":memory:", isolation_level=None))
    steps = (
        RECORD_0001,
        PROJECTIONS_0001,
        ELSEWHERE_0003,
        REVIEW_0005,
        CONDITIONS_0012,
        TERMS_0015,
        NUMBERS_0026,
    )
    for statement in chain.from_iterable(steps):
        db.execute(statement)
    elsewhere.put_elsewhere(db, condense(data.draw(st.permutations([*told, *torn]))))
    found = patients.get_patient(db, patient_id)
    assert found.patient_id == patient_id
    patients.search(db, found.name)
    elsewhere.doses_of(db, patient_id)
