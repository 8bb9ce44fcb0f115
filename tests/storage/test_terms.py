"""What a person is found by stands beside the person, and is taken back when the record changes (REG-8)."""

from app.domain.condensed import Person
from app.storage import patients, projections
from app.storage.migrations import NUMBERS, TERMS
from app.storage.store import Store, Transaction
from tests.factories import KEY, SmallSite

FOUND = "select term, hex(patient_id) from search_term order by 1, 2"
STATED = """select term.value, hex(unhex(patient_id, '-')) from patient
    cross join json_each(terms) as term order by 1, 2"""


def undo_the_numbers(transaction: Transaction) -> None:
    """Put the terms back as they were: with whole numbers, beside ids in letters."""
    for statement in (
        "create table before (term text not null, patient_id text not null, primary key (term, patient_id))",
        "insert into before select term.value, patient_id from patient cross join json_each(terms) as term",
        "insert into before select '#' || document_number, patient_id from patient",
        "insert into before select lower(document_number), patient_id from patient",
        "insert into before select replace(birth_on, '-', ''), patient_id from patient",
        "drop table search_term",
        "alter table before rename to search_term",
        """update patient set terms = (select json_group_array(term) from
            (select term from search_term where search_term.patient_id = patient.patient_id order by 1))""",
        f"delete from _sqlite_migrations where name = '{NUMBERS}'",
    ):
        transaction.db.execute(statement)


def undo_the_terms(transaction: Transaction) -> None:
    undo_the_numbers(transaction)
    for statement in (
        "alter table patient drop column terms",
        "create index search_term_patient on search_term (patient_id)",
        f"delete from _sqlite_migrations where name = '{TERMS}'",
    ):
        transaction.db.execute(statement)


def test_every_person_is_found_by_what_stands_beside_them_and_nothing_else(small_site: SmallSite) -> None:
    db = small_site.store.read()
    assert db.execute(FOUND).fetchall() == db.execute(STATED).fetchall() != []


def test_an_older_store_is_brought_to_the_same_terms(small_site: SmallSite) -> None:
    before = small_site.store.read().execute(FOUND).fetchall()
    small_site.store.write(undo_the_terms)
    small_site.store.close()
    small_site.store = Store(small_site.folder / "store.db", KEY)
    db = small_site.store.read()
    stated = db.execute(STATED).fetchall()
    assert before == stated == db.execute(FOUND).fetchall()


def test_an_older_store_loses_the_terms_of_whole_numbers_and_finds_them_still(small_site: SmallSite) -> None:
    """REG-1: a number is found by the document itself."""
    before = projections.fingerprints(small_site.store.read())
    small_site.store.write(undo_the_numbers)
    assert projections.fingerprints(small_site.store.read())["patient"] != before["patient"]
    small_site.store.close()
    small_site.store = Store(small_site.folder / "store.db", KEY)
    db, patient = small_site.store.read(), small_site.patient()
    assert projections.fingerprints(db) == before
    assert patients.find_by_number(db, patient.document_number) == [patient]
    assert patients.find_by_number(db, "1" + patient.document_number[1:-1]) == []


def test_a_changed_record_is_found_by_its_new_words_and_no_longer_by_the_old(small_site: SmallSite) -> None:
    db, patient = small_site.store.read(), small_site.patient()
    body = patients.get_body(db, patient.patient_id)
    assert patient in patients.search(db, patient.name)
    changed = body | {"name": "欧阳若澜", "readings": ["ouyangruolan", "oyrl"]}
    small_site.store.write(lambda transaction: patients.put_person(transaction.db, Person(1 << 62, changed)))
    for typed in ("欧阳若", "oyrl"):
        assert [found.patient_id for found in patients.search(db, typed)] == [patient.patient_id]
    assert patient.patient_id not in [found.patient_id for found in patients.search(db, patient.name)]
    assert db.execute(FOUND).fetchall() == db.execute(STATED).fetchall()
