"""Of people who come in great numbers the terms are written together (performance.md, row 3)."""

from dataclasses import replace
from datetime import date

import pytest

from app.domain.condensed import Condensed, Person
from app.domain.people import Patient
from app.practice.people import residents
from app.storage import patients, projections, search_terms
from app.storage.elsewhere import put_elsewhere
from app.storage.store import Store
from app.sync.store_inbox import StoreInbox
from app.workflows.name_readings import readings
from tests.factories import KEY, SmallSite
from tests.storage.test_terms import FOUND, STATED

FEW = 5


@pytest.fixture(autouse=True)
def few_are_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search_terms, "MANY", FEW)
    monkeypatch.setattr(search_terms, "MOST_PUT_OFF", 3 * FEW)


def strangers(count: int, seed: int = 5) -> list[Patient]:
    people = residents(count, date(2026, 11, 1), seed)
    return [
        replace(one, patient_id=f"0190a0b0-0000-7000-8000-{seed:06d}{number:06d}")
        for number, one in enumerate(people)
    ]


def told(people: list[Patient], hlc: int = 1) -> Condensed:
    bodies = [patients.patient_body(each) | {"readings": readings(each.name)} for each in people]
    return Condensed(people=tuple(Person(hlc, body) for body in bodies))


def come(site: SmallSite, people: list[Patient], hlc: int = 1) -> None:
    site.store.write(lambda transaction: put_elsewhere(transaction.db, told(people, hlc)))


def found(site: SmallSite, patient: Patient) -> bool:
    hits = patients.search(site.desk.read(), patient.name)
    return patient.patient_id in [hit.patient_id for hit in hits]


def catch_up(site: SmallSite) -> None:
    StoreInbox(site.store, site.clock).make_findable()


def test_few_are_found_at_once_and_many_once_the_run_has_caught_up(small_site: SmallSite) -> None:
    few, many = strangers(FEW - 1), strangers(FEW, seed=6)
    come(small_site, few)
    assert all(found(small_site, each) for each in few)
    come(small_site, many)
    assert not any(found(small_site, each) for each in many)
    catch_up(small_site)
    db = small_site.desk.read()
    assert all(found(small_site, each) for each in (*few, *many))
    assert db.execute(FOUND).fetchall() == db.execute(STATED).fetchall()
    assert not search_terms.is_put_off(db)


def test_a_card_and_a_namesake_are_known_before_the_terms_are(small_site: SmallSite) -> None:
    """REG-2: nobody is entered twice because a fill is under way."""
    first, *_ = many = strangers(FEW)
    come(small_site, many)
    db = small_site.desk.read()
    assert patients.find_by_number(db, first.document_number) == [first]
    assert first in patients.search(db, first.document_number[:12])
    assert first in patients.search(db, f"{first.birth_on:%Y%m%d}")
    assert first in patients.find_namesakes(db, first.name, first.birth_on)


def test_somebody_amended_while_waiting_is_found_by_the_new_words_alone(small_site: SmallSite) -> None:
    first, *others = strangers(FEW)
    come(small_site, [first, *others])
    body = patients.get_body(small_site.desk.read(), first.patient_id)
    changed = Person(1 << 62, body | {"name": "欧阳若澜", "readings": ["ouyangruolan"]})
    small_site.store.write(lambda transaction: patients.put_person(transaction.db, changed))
    catch_up(small_site)
    db = small_site.desk.read()
    assert [hit.patient_id for hit in patients.search(db, "ouyangruolan")] == [first.patient_id]
    assert db.execute(FOUND).fetchall() == db.execute(STATED).fetchall()


def test_no_more_wait_than_a_page_may_add_to_the_bound(small_site: SmallSite) -> None:
    groups = [strangers(FEW, seed) for seed in range(20, 24)]
    for group in groups[:3]:
        come(small_site, group)
    assert not any(found(small_site, each) for group in groups[:3] for each in group)
    come(small_site, groups[3])
    assert all(found(small_site, each) for group in groups[:3] for each in group)
    assert not any(found(small_site, each) for each in groups[3])


def test_whoever_waits_when_the_power_goes_is_found_by_the_next_run(small_site: SmallSite) -> None:
    many = strangers(FEW)
    come(small_site, many)
    small_site.store.close()
    small_site.store = small_site.desk.store = Store(small_site.folder / "store.db", KEY)
    assert not found(small_site, many[0])
    catch_up(small_site)
    assert all(found(small_site, each) for each in many)


def test_the_log_grows_while_people_wait_and_no_longer(small_site: SmallSite) -> None:
    def bound() -> int:
        ask = "pragma wal_autocheckpoint"
        return int(small_site.store.write(lambda transaction: transaction.db.execute(ask).fetchone()[0]))

    before = bound()
    come(small_site, strangers(FEW))
    assert bound() > before
    catch_up(small_site)
    assert bound() == before


def test_rebuilt_tables_owe_nobody_a_term(small_site: SmallSite) -> None:
    come(small_site, strangers(FEW))
    small_site.store.write(lambda transaction: projections.rebuild(transaction.db))
    db = small_site.desk.read()
    assert not search_terms.is_put_off(db)
    assert db.execute(FOUND).fetchall() == db.execute(STATED).fetchall() != []
