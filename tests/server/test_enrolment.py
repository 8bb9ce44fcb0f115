"""How a device becomes known: a one-time code, a key of its own making, and no other way in (SEC-1)."""

from collections.abc import Callable
from datetime import datetime, timedelta
from random import Random

import pytest

from app.domain.refusals import Refusal
from app.sync.enrolment import Enrolled, Enrolment
from app.sync.identity import Identity, make_identity, make_request, new_key
from server import devices
from server.authority import fingerprint_of, make_authority, read_request
from server.database import Database
from server.devices import (
    CertificateExpired,
    Device,
    DeviceRevoked,
    DeviceUnknown,
    EnrolmentCodeUnknown,
    find_devices,
    issue_code,
    list_codes,
    list_devices,
    renew,
    revoke,
)
from tests.clocks import ManualClock
from tests.server.desk import AUTHORITY

NOW = ManualClock().now()
LATER = NOW + timedelta(minutes=1)
RANDOM = Random(8).randbytes
KEY, OTHER_KEY = new_key(), new_key()


def enrol(
    database: Database, code: str, device_id: str = "device-1", key: bytes = KEY, at: datetime = NOW
) -> Enrolled:
    enrolment = Enrolment.made(code, make_request(key, device_id))
    return devices.enrol(database, AUTHORITY, enrolment, at)


def standing(database: Database, enrolled: Enrolled, at: datetime = NOW) -> Device | Refusal | None:
    fingerprint = fingerprint_of(enrolled.certificate)
    return find_devices(database, [fingerprint], at).get(fingerprint)


def identity(enrolled: Enrolled, key: bytes = KEY) -> Identity:
    return make_identity(key, enrolled)


def device(*sites: str) -> Device:
    return Device("device-1", frozenset(sites))


def test_a_code_lets_one_device_in_for_its_site(database: Database) -> None:
    enrolled = enrol(database, issue_code(database, "site-1", NOW, RANDOM))
    assert standing(database, enrolled) == device("site-1")


def test_the_certificate_names_device_and_site_and_is_good_for_a_year(database: Database) -> None:
    given = identity(enrol(database, issue_code(database, "site-1", NOW, RANDOM)))
    assert (given.device_id, given.sites) == ("device-1", frozenset({"site-1"}))
    assert given.expires_at == (NOW + timedelta(days=365)).replace(microsecond=0)
    assert timedelta(days=181) < given.renew_at - NOW < timedelta(days=184)


def test_the_same_enrolment_again_is_the_same_as_once(database: Database) -> None:
    """Its answer was lost on the way."""
    code = issue_code(database, "site-1", NOW, RANDOM)
    first = enrol(database, code)
    assert enrol(database, code, at=LATER).certificate == first.certificate
    assert len(list_devices(database)) == 1


@pytest.mark.parametrize("typed", [str.lower, lambda code: f" {code[:5]}-{code[5:10]} {code[10:]}\n"])
def test_a_code_may_be_typed_in_small_letters_and_in_groups(
    database: Database, typed: Callable[[str], str]
) -> None:
    enrol(database, typed(issue_code(database, "site-1", NOW, RANDOM)))


def test_letters_a_code_never_has_count_as_what_they_were_misread_from(database: Database) -> None:
    code = issue_code(database, "site-1", NOW, lambda length: bytes(length - 1) + b"\x01")
    assert code == "0" * 19 + "1"
    enrol(database, "O" * 19 + "l")


def test_a_code_never_issued_lets_nobody_in(database: Database) -> None:
    issue_code(database, "site-1", NOW, RANDOM)
    with pytest.raises(EnrolmentCodeUnknown):
        enrol(database, "NEVER-ISSUED")
    assert list_devices(database) == []


def test_who_knows_only_the_codes_name_is_not_let_in(database: Database) -> None:
    """The name of a code is all that travels."""
    code = issue_code(database, "site-1", NOW, RANDOM)
    overheard = Enrolment.made(code, make_request(KEY, "device-1"))
    forged = Enrolment(overheard.code_id, make_request(OTHER_KEY, "device-2"), overheard.mac)
    with pytest.raises(EnrolmentCodeUnknown):
        devices.enrol(database, AUTHORITY, forged, NOW)


def test_a_code_lets_no_second_device_and_no_second_key_in(database: Database) -> None:
    code = issue_code(database, "site-1", NOW, RANDOM)
    enrol(database, code)
    for device_id, key in (("device-2", OTHER_KEY), ("device-1", OTHER_KEY), ("device-2", KEY)):
        with pytest.raises(EnrolmentCodeUnknown):
            enrol(database, code, device_id, key)
    assert len(list_devices(database)) == 1


def test_a_code_too_old_lets_nobody_in(database: Database) -> None:
    code = issue_code(database, "site-1", NOW, RANDOM)
    with pytest.raises(EnrolmentCodeUnknown):
        enrol(database, code, at=NOW + devices.CODE_LIFE)


def test_a_device_that_moves_keeps_its_old_site_so_that_its_old_events_go_up(database: Database) -> None:
    """A temporary site closes and its PC goes to the next (SITE-5)."""
    enrol(database, issue_code(database, "site-1", NOW, RANDOM))
    enrolled = enrol(database, issue_code(database, "site-2", NOW, RANDOM), at=LATER)
    assert standing(database, enrolled, LATER) == device("site-1", "site-2")
    assert identity(enrolled).sites == {"site-1", "site-2"}


def test_nobody_takes_over_a_device_of_another_site(database: Database) -> None:
    enrolled = enrol(database, issue_code(database, "site-1", NOW, RANDOM))
    code = issue_code(database, "site-2", NOW, RANDOM)
    with pytest.raises(EnrolmentCodeUnknown):
        enrol(database, code, key=OTHER_KEY)
    assert standing(database, enrolled) == device("site-1")


def test_a_device_that_lost_its_key_comes_back_by_a_code_of_its_site_and_the_old_key_is_out(
    database: Database,
) -> None:
    lost = enrol(database, issue_code(database, "site-1", NOW, RANDOM))
    anew = enrol(database, issue_code(database, "site-1", NOW, RANDOM), key=OTHER_KEY, at=LATER)
    assert standing(database, anew, LATER) == device("site-1")
    assert standing(database, lost, LATER) == DeviceRevoked()


def test_revoked_a_device_is_out_with_all_its_certificates_and_stays_so(database: Database) -> None:
    enrolled = enrol(database, issue_code(database, "site-1", NOW, RANDOM))
    shown = fingerprint_of(enrolled.certificate)
    renewed = renew(database, AUTHORITY, shown, make_request(KEY, "device-1"), NOW)
    revoke(database, "device-1", NOW)
    revoke(database, "device-1", LATER)
    assert standing(database, enrolled) == standing(database, renewed) == DeviceRevoked()
    assert [listed.revoked_at for listed in list_devices(database)] == [NOW]
    with pytest.raises(DeviceRevoked):
        renew(database, AUTHORITY, shown, make_request(KEY, "device-1"), NOW)


def test_a_revoked_device_comes_back_by_a_code_issued_since_and_by_none_from_before(
    database: Database,
) -> None:
    """A stolen laptop with a code in its bag stays out; a laptop found again works again."""
    first = enrol(database, issue_code(database, "site-1", NOW, RANDOM))
    old_code = issue_code(database, "site-1", NOW, RANDOM)
    revoke(database, "device-1", NOW)
    with pytest.raises(DeviceRevoked):
        enrol(database, old_code, at=LATER)
    again = enrol(database, issue_code(database, "site-1", LATER, RANDOM), at=LATER)
    assert standing(database, again, LATER) == device("site-1")
    assert standing(database, first, LATER) == DeviceRevoked()


def test_a_device_never_enrolled_cannot_be_revoked(database: Database) -> None:
    with pytest.raises(DeviceUnknown):
        revoke(database, "device-1", NOW)


def test_a_certificate_counts_until_its_year_is_over(database: Database) -> None:
    """Read from the database at each request: a connection open for a year helps nobody."""
    enrolled = enrol(database, issue_code(database, "site-1", NOW, RANDOM))
    year = timedelta(days=365)
    assert standing(database, enrolled, NOW + year - timedelta(seconds=1)) == device("site-1")
    assert standing(database, enrolled, NOW + year) == CertificateExpired()


def test_renewed_both_certificates_count_because_the_answer_may_be_lost(database: Database) -> None:
    first = enrol(database, issue_code(database, "site-1", NOW, RANDOM))
    csr = make_request(KEY, "device-1")
    half = NOW + timedelta(days=183)
    second = renew(database, AUTHORITY, fingerprint_of(first.certificate), csr, half)
    assert standing(database, first, half) == standing(database, second, half) == device("site-1")
    assert identity(second).expires_at == (half + timedelta(days=365)).replace(microsecond=0)


@pytest.mark.parametrize(("device_id", "key"), [("device-2", KEY), ("device-1", OTHER_KEY)])
def test_nobody_renews_for_another_device_or_key(database: Database, device_id: str, key: bytes) -> None:
    enrolled = enrol(database, issue_code(database, "site-1", NOW, RANDOM))
    with pytest.raises(DeviceUnknown):
        renew(database, AUTHORITY, fingerprint_of(enrolled.certificate), make_request(key, device_id), NOW)


def test_a_certificate_of_another_authority_is_nobodys(database: Database) -> None:
    enrolled = enrol(database, issue_code(database, "site-1", NOW, RANDOM))
    forged = make_authority(NOW).issue_device(read_request(make_request(KEY, "device-1")), ["site-1"], NOW)
    assert standing(database, Enrolled(forged.certificate, enrolled.trust)) is None


def test_the_operator_sees_devices_and_codes_and_never_a_code_itself(database: Database) -> None:
    used, open_code = (issue_code(database, site, NOW, RANDOM) for site in ("site-1", "site-2"))
    enrol(database, used)
    assert {(code.site, code.used_by) for code in list_codes(database)} == {
        ("site-1", "device-1"), ("site-2", None),
    }  # fmt: skip
    (listed,) = list_devices(database)
    assert (listed.device_id, listed.sites, listed.enrolled_at) == ("device-1", ["site-1"], NOW)
    assert (listed.heard_at, listed.revoked_at) == (None, None)
    kept = str(database.execute("select * from device, enrolment_code, device_certificate").fetchall())
    assert used not in kept
    assert open_code not in kept
