"""What the centre found wrong is kept, and listed until a person has corrected it (SYN-1, REG-8)."""

from dataclasses import replace

import pytest

from app.domain.feed import START, FeedPosition
from app.domain.people import Sex
from app.storage.feedback import DoubtedRecord, doubted_records, position, put
from app.workflows import immunization, registration
from tests.factories import SmallSite

HEARD = FeedPosition(2, 2**64 - 1)


def tell(site: SmallSite, *findings: tuple[str, str, str], heard: FeedPosition = HEARD) -> None:
    site.store.write(lambda transaction: put(transaction.db, findings, heard))


def listed(site: SmallSite) -> list[DoubtedRecord]:
    return doubted_records(site.desk.read(), 10)


def event_of(site: SmallSite, kind: str, subject: str) -> str:
    """Return the id of the newest event of a kind whose text holds an id."""
    (event_id,) = (
        site.desk.read()
        .execute(
            "select event_id from journal where kind = ? and instr(data, ?) order by position desc limit 1",
            [kind, subject.encode()],
        )
        .fetchone()
    )
    return str(event_id)


def test_what_is_told_twice_is_kept_once_and_the_position_with_it(small_site: SmallSite) -> None:
    assert position(small_site.desk.read()) == START
    person = small_site.patient()
    told = (event_of(small_site, "patient.registered", person.patient_id), "name", "malformed")
    for _ in range(2):
        tell(small_site, told)
    assert [one.refusal.findings for one in listed(small_site)] == [(("name", "malformed"),)]
    assert position(small_site.desk.read()) == HEARD
    tell(small_site, heard=START)
    assert position(small_site.desk.read()) == START, "a centre that went back is followed"


def test_a_person_is_listed_with_all_that_is_wrong_until_that_is_amended(small_site: SmallSite) -> None:
    person = small_site.patient()
    event_id = event_of(small_site, "patient.registered", person.patient_id)
    tell(small_site, (event_id, "sex", "malformed"), (event_id, "birth_on", "missing"))
    (one,) = listed(small_site)
    assert one.refusal.findings == (("birth_on", "missing"), ("sex", "malformed"))
    assert (one.record.patient_id, one.record.kind) == (person.patient_id, "patient.registered")
    other = replace(person, sex=Sex.FEMALE if person.sex is Sex.MALE else Sex.MALE)
    small_site.desk.do(registration.amend_patient, other, reason="写错了")
    (one,) = listed(small_site)
    assert one.refusal.findings == (("birth_on", "missing"),), "what was not amended still stands"


def test_a_dose_is_listed_until_it_is_voided(small_site: SmallSite) -> None:
    dose = small_site.vaccinated()
    tell(
        small_site,
        (event_of(small_site, "immunization.recorded", dose["immunization_id"]), "vaccine_code", "missing"),
    )
    (one,) = listed(small_site)
    assert one.record.dose is not None
    assert one.record.dose.immunization_id == dose["immunization_id"]
    small_site.desk.do(immunization.void_immunization, dose["immunization_id"], "记错", small_site.beside())
    assert listed(small_site) == []


@pytest.mark.parametrize("field", ["reason", 'x"', "$.", "id"])
def test_a_field_nobody_can_amend_is_listed_whatever_its_name(small_site: SmallSite, field: str) -> None:
    event_id = event_of(small_site, "patient.registered", small_site.patient().patient_id)
    tell(small_site, (event_id, field, "malformed"))
    (one,) = listed(small_site)
    assert one.refusal.findings == ((field, "malformed"),)


def test_what_this_disk_does_not_hold_is_not_listed(small_site: SmallSite) -> None:
    """A restored device hears of events it lost."""
    tell(small_site, ("0192f0c0-0000-7000-8000-000000000001", "name", "missing"))
    assert listed(small_site) == []
