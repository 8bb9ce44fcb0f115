"""Online look-up: a person's valid doses, for a stated reason and a line in the book (SEC-4, SEC-5)."""

import uuid
from collections.abc import Iterator
from dataclasses import replace

import pytest

from app.sync.http import HttpTransport
from app.sync.lookup import FoundDose, FoundPerson, LookUp, look_up
from app.sync.transport import CentreDeclined
from server import devices
from server.database import Database
from server.lookup import asked_hash
from tests.clocks import ManualClock
from tests.server.centre_process import CentreProcess
from tests.server.wired_site import WiredSite
from tests.sync.local_journal import SITE, LocalJournal

ASKED = LookUp(SITE, "u-zhoumin", "1", "100101202001010019", "外县来的儿童补种")


def numbered(number: int) -> str:
    return str(uuid.UUID(int=number))


@pytest.fixture
def site(centre: CentreProcess) -> Iterator[WiredSite]:
    """A site that has sent two persons, of one of them a valid and a voided dose."""
    site = WiredSite(centre, LocalJournal(seed=31))
    for number, document in ((1, ASKED.document_number), (2, "another")):
        body = {
            "patient_id": numbered(number), "name": f"某{number}", "sex": "1", "birth_on": "2020-01-01",
            "document_type": "1", "document_number": document,
        }  # fmt: skip
        site.journal.record("patient.registered", body, person=numbered(number))
    for number in (11, 12):
        body = {
            "patient_id": numbered(1), "immunization_id": numbered(number), "vaccine_code": "0303",
            "lot_number": "L1", "expires_on": "2027-01-01", "occurred_at": "2026-03-01T02:00:00Z",
        }  # fmt: skip
        site.journal.record("immunization.recorded", body, person=numbered(1))
    void = {"immunization_id": numbered(12), "reason": "录错"}
    site.journal.record("immunization.voided", void, person=numbered(1))
    site.sync()
    yield site
    site.close()


@pytest.fixture
def line(site: WiredSite) -> HttpTransport:
    return site.direct


def book(centre: CentreProcess) -> list[tuple[object, ...]]:
    columns = "device_id, site, user_id, reason, asked_hash, people::text[], doses"
    with centre.database() as database:
        return list(database.execute(f"select {columns} from look_up order by look_up_id".encode()))


def test_a_persons_valid_doses_are_told_and_who_asked_for_them_is_written(
    centre: CentreProcess, site: WiredSite, line: HttpTransport
) -> None:
    dose = FoundDose(numbered(11), "0303", None, "L1", "2027-01-01", None, "2026-03-01T02:00:00.000Z")
    assert look_up(line, ASKED) == (FoundPerson(numbered(1), "某1", "1", "2020-01-01", (dose,)),)
    assert book(centre) == [
        (site.journal.device_id, SITE, ASKED.user_id, ASKED.reason, asked_hash(ASKED), [numbered(1)], 1)
    ]


def test_a_look_up_that_finds_nobody_is_written_as_well(centre: CentreProcess, line: HttpTransport) -> None:
    asked = replace(ASKED, document_number="nobody's")
    assert look_up(line, asked) == ()
    assert [row[4:] for row in book(centre)] == [(asked_hash(asked), [], 0)]
    assert look_up(line, replace(ASKED, document_type="2")) == ()


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ({"reason": ""}, "LookUpReasonMissing"),
        ({"reason": "  \u3000 "}, "MessageMalformed"),
        ({"reason": " 查 "}, "LookUpReasonMissing"),
        ({"user_id": " "}, "LookUpReasonMissing"),
        ({"document_number": ""}, "LookUpReasonMissing"),
        ({"site": "elsewhere"}, "LookUpSiteForeign"),
    ],
)
def test_without_a_reason_a_user_or_the_right_site_nothing_is_told(
    centre: CentreProcess, line: HttpTransport, change: dict[str, str], name: str
) -> None:
    with pytest.raises(CentreDeclined) as refused:
        look_up(line, replace(ASKED, **change))
    assert refused.value.name == name
    assert book(centre) == []


def test_who_is_not_enrolled_or_revoked_is_told_nothing(
    centre: CentreProcess, site: WiredSite, line: HttpTransport
) -> None:
    with centre.database() as database:
        revoke(database, site.journal.device_id)
    with pytest.raises(CentreDeclined) as refused:
        look_up(line, ASKED)
    assert refused.value.name == "DeviceRevoked"
    assert book(centre) == []


def test_what_cannot_be_written_is_not_told(centre: CentreProcess, line: HttpTransport) -> None:
    with centre.database() as database:
        database.execute("alter table look_up add check (doses = 99)")
    with pytest.raises(CentreDeclined) as refused:
        look_up(line, ASKED)
    assert refused.value.name == "CentreFailed"
    assert book(centre) == []


def revoke(database: Database, device_id: str) -> None:
    devices.revoke(database, device_id, ManualClock().now())
