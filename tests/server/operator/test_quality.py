"""The rates of duplicates and completeness count what the page says they count (SYN-1)."""

import uuid

from hypothesis import given
from hypothesis import strategies as st

from app.domain.journal import Json
from server.database import Database
from server.operator.quality import Rate, measure
from tests.server.desk import admit, push
from tests.server.operator.visitor import Visitor
from tests.sync.local_journal import LocalJournal


def patient_id(number: int) -> str:
    return str(uuid.UUID(int=number))


def register(journal: LocalJournal, number: int, name: str, document: str | None) -> None:
    body: Json = {"patient_id": patient_id(number), "name": name, "sex": "1", "birth_on": "2020-01-01"}
    if document is not None:
        body |= {"document_type": "1", "document_number": document}
    journal.record("patient.registered", body, person=patient_id(number))


def vaccinate(journal: LocalJournal, number: int, person: int, at: str, **more: str | int) -> None:
    body: Json = {"patient_id": patient_id(person), "immunization_id": patient_id(number)}
    body |= {"vaccine_code": "0303", "occurred_at": at, **more}
    journal.record("immunization.recorded", body, person=patient_id(person))


def test_rates_count_what_they_say(database: Database, operator: Visitor) -> None:
    admit(database, journal := LocalJournal(seed=1))
    register(journal, 1, "甲", "A1")
    register(journal, 2, "甲", "A1")  # one document, one identity
    register(journal, 3, "甲", None)  # one identity
    register(journal, 4, "乙", "")
    whole: dict[str, str | int] = {
        "product_code": "p", "lot_number": "L", "expires_on": "2027-01-01", "dose_number": 1,
    }  # fmt: skip
    vaccinate(journal, 11, 1, "2026-03-01T15:59:00Z", **whole)
    vaccinate(journal, 12, 1, "2026-03-01T16:01:00Z")  # the next day in China
    vaccinate(journal, 13, 1, "2026-03-01T17:00:00Z", lot_number="")
    vaccinate(journal, 14, 1, "2026-03-01T18:00:00Z")
    journal.record(
        "immunization.voided", {"immunization_id": patient_id(14), "reason": "x"}, person=patient_id(1)
    )
    push(database, journal)
    quality = measure(database)
    assert quality.same_document == Rate(1, 4)
    assert quality.same_identity == Rate(2, 4)
    assert quality.same_dose == Rate(1, 3)
    assert quality.person_fields["document_number"] == Rate(2, 4)
    assert quality.whole_persons == Rate(2, 4)
    assert quality.dose_fields["lot_number"] == Rate(1, 3)
    assert quality.whole_doses == Rate(1, 3)
    rows = operator.open("/quality").rows
    assert [row[1:] for row in rows if row[0].startswith("疑似重复接种")] == [["1", "3", "33.3%"]]
    assert [row[1:] for row in rows if row[0] == "证件号码"] == [["2", "4", "50.0%"]]


@given(st.integers(1, 10**9), st.data())
def test_a_rate_is_never_whole_nor_nothing_by_rounding(of: int, data: st.DataObject) -> None:
    count = data.draw(st.integers(0, of))
    assert (Rate(count, of).percent == "100.0%") == (count == of)
    assert (Rate(count, of).percent == "0.0%") == (count == 0)


def test_nothing_to_count_is_a_dash() -> None:
    assert Rate(0, 0).percent == "—"
