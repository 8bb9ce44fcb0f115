"""Online look-up: a person's valid doses, for a stated reason and a line in the book (SEC-4, SEC-5)."""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import count

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

seeds = count(3100)
"""Each test has a device, people and doses of its own at the centre they share."""
ASKED = LookUp(SITE, "u-zhoumin", "1", "100101202001010019", "外县来的儿童补种")


@dataclass(frozen=True)
class Sent:
    """What a site has sent: two persons, of one a valid and a voided dose; nobody else's are alike."""

    site: WiredSite
    seed: int

    @property
    def asked(self) -> LookUp:
        """The question for the person with the doses."""
        return replace(ASKED, document_number=f"{ASKED.document_number} {self.seed}")

    def numbered(self, number: int) -> str:
        """Return the id of a person (1, 2) or a dose (11, 12)."""
        return str(uuid.UUID(int=100 * self.seed + number))

    def send(self) -> None:
        journal, numbered = self.site.journal, self.numbered
        for number, document in ((1, self.asked.document_number), (2, f"another {self.seed}")):
            body = {
                "patient_id": numbered(number), "name": f"某{number}", "sex": "1", "birth_on": "2020-01-01",
                "document_type": "1", "document_number": document,
            }  # fmt: skip
            journal.record("patient.registered", body, person=numbered(number))
        for number in (11, 12):
            body = {
                "patient_id": numbered(1), "immunization_id": numbered(number), "vaccine_code": "0303",
                "lot_number": "L1", "expires_on": "2027-01-01", "occurred_at": "2026-03-01T02:00:00Z",
            }  # fmt: skip
            journal.record("immunization.recorded", body, person=numbered(1))
        void = {"immunization_id": numbered(12), "reason": "录错"}
        journal.record("immunization.voided", void, person=numbered(1))
        self.site.sync()


@pytest.fixture
def sent(shared_centre: CentreProcess) -> Iterator[Sent]:
    seed = next(seeds)
    sent = Sent(WiredSite(shared_centre, LocalJournal(seed)), seed)
    sent.send()
    yield sent
    sent.site.close()


@pytest.fixture
def line(sent: Sent) -> HttpTransport:
    return sent.site.direct


def book(site: WiredSite) -> list[tuple[object, ...]]:
    """Return what the centre has written of the questions of a site's device."""
    columns = "device_id, site, user_id, reason, asked_hash, people::text[], doses"
    query = f"select {columns} from look_up where device_id = %s order by look_up_id"
    with site.centre.database() as database:
        return list(database.execute(query.encode(), (site.journal.device_id,)))


def test_a_persons_valid_doses_are_told_and_who_asked_for_them_is_written(
    sent: Sent, line: HttpTransport
) -> None:
    asked, person = sent.asked, sent.numbered(1)
    dose = FoundDose(sent.numbered(11), "0303", None, "L1", "2027-01-01", None, "2026-03-01T02:00:00.000Z")
    assert look_up(line, asked) == (FoundPerson(person, "某1", "1", "2020-01-01", (dose,)),)
    device_id = sent.site.journal.device_id
    assert book(sent.site) == [(device_id, SITE, asked.user_id, asked.reason, asked_hash(asked), [person], 1)]


def test_a_look_up_that_finds_nobody_is_written_as_well(sent: Sent, line: HttpTransport) -> None:
    asked = replace(ASKED, document_number="nobody's")
    assert look_up(line, asked) == ()
    assert [row[4:] for row in book(sent.site)] == [(asked_hash(asked), [], 0)]
    assert look_up(line, replace(sent.asked, document_type="2")) == ()


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
    sent: Sent, line: HttpTransport, change: dict[str, str], name: str
) -> None:
    with pytest.raises(CentreDeclined) as refused:
        look_up(line, replace(sent.asked, **change))
    assert refused.value.name == name
    assert book(sent.site) == []


def test_who_is_not_enrolled_or_revoked_is_told_nothing(sent: Sent, line: HttpTransport) -> None:
    with sent.site.centre.database() as database:
        revoke(database, sent.site.journal.device_id)
    with pytest.raises(CentreDeclined) as refused:
        look_up(line, sent.asked)
    assert refused.value.name == "DeviceRevoked"
    assert book(sent.site) == []


def test_what_cannot_be_written_is_not_told(centre: CentreProcess) -> None:
    sent = Sent(WiredSite(centre, LocalJournal(seed=31)), 31)
    sent.send()
    with centre.database() as database:
        database.execute("alter table look_up add check (doses = 99)")
    with pytest.raises(CentreDeclined) as refused:
        look_up(sent.site.direct, sent.asked)
    assert refused.value.name == "CentreFailed"
    assert book(sent.site) == []
    sent.site.close()


def revoke(database: Database, device_id: str) -> None:
    devices.revoke(database, device_id, ManualClock().now())
