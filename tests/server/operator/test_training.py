"""Trained staff by area: the newest word of each person counts, a certificate once (STF-3, STF-4, STF-10)."""

from datetime import date

from app.domain.journal import Json
from server.database import Database
from server.feed import put_into_area
from server.operator.training import AreaTraining, trained_by_area
from tests.server.desk import admit, push
from tests.server.operator.visitor import Visitor
from tests.sync.local_journal import SITE, LocalJournal

TODAY = date(2026, 11, 23)


def certificate(staff_id: str, number: str, expires_on: str, name: str = "第 4 期") -> Json:
    body: Json = {"staff_id": staff_id, "number": number, "issuer": "县疾控", "expires_on": expires_on}
    return body | {"round": name}


def trained(database: Database) -> AreaTraining:
    (area,) = trained_by_area(database, TODAY)
    return area


def test_the_newest_word_of_each_person_counts_and_a_certificate_once(
    database: Database, operator: Visitor
) -> None:
    admit(database, journal := LocalJournal(seed=1))
    assert operator.open("/quality").rows
    for kind, body in (
        ("staff.certified", certificate("u-1", "甲 1", "2025-01-01", "第 1 期")),
        ("staff.certified", certificate("u-1", "甲 2", "2026-11-23")),
        ("staff.certified", certificate("u-1-there", "甲 2", "2026-11-23")),
        ("staff.certified", certificate("u-2", "乙", "2026-11-22", "第 2 期")),
        ("staff.certified", certificate("u-3", "丙", "2027-01-01", "第 5 期")),
        ("staff.removed", {"staff_id": "u-3"}),
        ("staff.certified", {"staff_id": "u-4", "number": 4, "expires_on": ["2027"]}),
        ("staff.emergency_trained", {"staff_id": "u-1", "expires_on": "2026-11-23"}),
        ("staff.emergency_trained", {"staff_id": "u-2", "expires_on": "2026-11-22"}),
    ):
        journal.record(kind, body)
    push(database, journal)
    assert trained(database) == AreaTraining(SITE, certified=1, expired=1, emergencies=1, rounds=1)
    put_into_area(database, SITE, "阜城县")
    assert trained(database).area == "阜城县"
    rows = operator.open("/quality").rows
    assert ["阜城县", "1", "1", "1", "1"] in rows


def test_an_old_certificate_names_no_round(database: Database) -> None:
    admit(database, journal := LocalJournal(seed=1))
    old = certificate("u-1", "甲", "2027-01-01")
    del old["round"]
    journal.record("staff.certified", old)
    push(database, journal)
    assert trained(database) == AreaTraining(SITE, certified=1, expired=0, emergencies=0, rounds=0)
