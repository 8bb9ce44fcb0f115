"""How a device becomes known: a one-time code, a secret of its own making, and no other way in."""

from datetime import timedelta
from random import Random

import pytest

from app.sync.enrolment import Enrolment, enrol, new_token, token_hash
from app.sync.http import HttpTransport
from app.sync.transport import CentreDeclined
from server import devices
from server.database import Database
from server.devices import Device, EnrolmentCodeUnknown, find_devices, issue_code
from server.web import utc_now
from tests.clocks import ManualClock
from tests.server.centre_process import CentreProcess

NOW = ManualClock().now()
RANDOM = Random(8).randbytes


def enrolment(code: str, device_id: str = "device-1", token: str = "TOKEN") -> Enrolment:
    return Enrolment(code, device_id, token_hash(token))


def test_a_code_lets_one_device_in_for_its_site(database: Database) -> None:
    code = issue_code(database, "site-1", NOW, RANDOM)
    assert devices.enrol(database, enrolment(code), NOW) == "site-1"
    assert find_devices(database, [token_hash("TOKEN")]) == {
        token_hash("TOKEN"): Device("device-1", frozenset({"site-1"}))
    }


def test_the_same_enrolment_again_is_the_same_as_once(database: Database) -> None:
    """Its answer was lost on the way."""
    code = issue_code(database, "site-1", NOW, RANDOM)
    for _ in range(2):
        assert devices.enrol(database, enrolment(code), NOW) == "site-1"
    assert len(find_devices(database, [token_hash("TOKEN")])) == 1


def test_a_code_may_be_typed_in_small_letters(database: Database) -> None:
    code = issue_code(database, "site-1", NOW, RANDOM)
    assert devices.enrol(database, enrolment(f" {code.lower()} "), NOW) == "site-1"


def test_a_code_never_issued_lets_nobody_in(database: Database) -> None:
    issue_code(database, "site-1", NOW, RANDOM)
    with pytest.raises(EnrolmentCodeUnknown):
        devices.enrol(database, enrolment("NEVER-ISSUED"), NOW)
    assert find_devices(database, [token_hash("TOKEN")]) == {}


def test_a_code_lets_no_second_device_in(database: Database) -> None:
    code = issue_code(database, "site-1", NOW, RANDOM)
    devices.enrol(database, enrolment(code), NOW)
    with pytest.raises(EnrolmentCodeUnknown):
        devices.enrol(database, enrolment(code, "device-2", "OTHER"), NOW)
    assert find_devices(database, [token_hash("OTHER")]) == {}


def test_a_code_too_old_lets_nobody_in(database: Database) -> None:
    code = issue_code(database, "site-1", NOW, RANDOM)
    with pytest.raises(EnrolmentCodeUnknown):
        devices.enrol(database, enrolment(code), NOW + devices.CODE_LIFE + timedelta(seconds=1))


def test_another_devices_token_lets_nobody_in(database: Database) -> None:
    first, second = (issue_code(database, "site-1", NOW, RANDOM) for _ in range(2))
    devices.enrol(database, enrolment(first), NOW)
    with pytest.raises(EnrolmentCodeUnknown):
        devices.enrol(database, enrolment(second, "device-2"), NOW)


def test_enrolled_anew_a_device_has_its_new_token_only_and_speaks_for_both_sites(database: Database) -> None:
    """A temporary site closes and its PC goes to the next (SITE-5): its old events still go up."""
    for site, token in (("site-1", "OLD"), ("site-2", "NEW")):
        devices.enrol(database, enrolment(issue_code(database, site, NOW, RANDOM), token=token), NOW)
    assert find_devices(database, [token_hash("OLD"), token_hash("NEW")]) == {
        token_hash("NEW"): Device("device-1", frozenset({"site-1", "site-2"}))
    }


def test_over_http_a_device_enrols_with_its_code_and_is_told_its_site(shared_centre: CentreProcess) -> None:
    with shared_centre.database() as database:
        code = issue_code(database, "site-7", utc_now(), Random().randbytes)
    line = HttpTransport(shared_centre.url, "", ManualClock(), practice=True)
    token = new_token(RANDOM)
    assert enrol(line, code, "device-7", token) == "site-7"
    with pytest.raises(CentreDeclined) as refused:
        enrol(line, code, "device-8", new_token(RANDOM))
    assert refused.value == CentreDeclined("EnrolmentCodeUnknown", "")
    line.close()


def test_the_centre_keeps_no_token_and_no_code(database: Database) -> None:
    code = issue_code(database, "site-1", NOW, RANDOM)
    devices.enrol(database, enrolment(code), NOW)
    kept = str(database.execute("select * from device, enrolment_code").fetchall())
    assert "TOKEN" not in kept
    assert code not in kept
