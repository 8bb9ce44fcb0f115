"""Which devices the centre knows, for which sites they speak, how one becomes known and stops being so.

What the operator does is ``issue_code``, ``list_codes``, ``list_devices`` and ``revoke``.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from psycopg.rows import class_row

from app.domain.ids import Randomness, token
from app.domain.refusals import Refusal
from app.sync.enrolment import Enrolled, Enrolment, code_id, code_key
from server.authority import Authority, Request, fingerprint_of, read_request
from server.database import Database

CODE_LENGTH = 20
"""100 bits: whoever sees an enrolment pass by cannot try them all."""
CODE_LIFE = timedelta(days=1)


@dataclass(unsafe_hash=True)
class DeviceUnknown(Refusal):
    """No certificate was shown, or one this centre never gave, or another device's than speaks."""


@dataclass(unsafe_hash=True)
class DeviceRevoked(Refusal):
    """The operator has withdrawn the device, or its certificate was replaced."""


@dataclass(unsafe_hash=True)
class CertificateExpired(Refusal):
    """The device's year is over and it was not renewed in time."""


@dataclass(unsafe_hash=True)
class EnrolmentCodeUnknown(Refusal):
    """The code was never issued, is too old, let another device in, or is not for this device."""


@dataclass(frozen=True)
class Device:
    """A known device and the sites it may speak for."""

    device_id: str
    sites: frozenset[str]


@dataclass(frozen=True)
class ListedDevice:
    """A device as the operator sees it."""

    device_id: str
    sites: list[str]
    enrolled_at: datetime
    expires_at: datetime | None
    """When its newest certificate ends; None for a device that has none."""
    heard_at: datetime | None
    """When it last brought events."""
    revoked_at: datetime | None


@dataclass(frozen=True)
class ListedCode:
    """An enrolment code as the operator sees it: the code itself is kept nowhere."""

    site: str
    issued_at: datetime
    expires_at: datetime
    used_by: str | None
    """The one device it has let in."""


def issue_code(database: Database, site: str, now: datetime, random: Randomness) -> str:
    """Return a new one-time code that lets one device in for a site, within ``CODE_LIFE``."""
    code = token(CODE_LENGTH, random)
    database.execute(
        "insert into enrolment_code (code_id, code_key, site, issued_at, expires_at) "
        "values (%s, %s, %s, %s, %s)",
        (code_id(code), code_key(code), site, now, now + CODE_LIFE),
    )
    return code


def grouped(code: str) -> str:
    """Return a code as it is read aloud, five characters at a time."""
    return "-".join(code[start : start + 5] for start in range(0, len(code), 5))


def list_codes(database: Database) -> list[ListedCode]:
    """Return every code issued, the newest first."""
    with database.cursor(row_factory=class_row(ListedCode)) as cursor:
        return cursor.execute(
            """
            select site, c.issued_at, c.expires_at, device_id as used_by
            from enrolment_code c left join device_certificate using (fingerprint)
            order by c.issued_at desc, code_id
            """
        ).fetchall()


def withdraw_code(database: Database, identity: bytes) -> str | None:
    """Make a code good for nobody that has let nobody in; return the site it was for, if there was one."""
    row = database.execute(
        "delete from enrolment_code where code_id = %s and fingerprint is null returning site", (identity,)
    ).fetchone()
    return None if row is None else str(row[0])


def list_devices(database: Database) -> list[ListedDevice]:
    """Return every device ever enrolled, the newest first."""
    with database.cursor(row_factory=class_row(ListedDevice)) as cursor:
        return cursor.execute(
            """
            select device_id, coalesce(newest.sites, '{}') as sites, enrolled_at, newest.expires_at,
                (select max(heard_at) from device_cursor where device_id = d.device_id) as heard_at,
                d.revoked_at
            from device d left join lateral (
                select sites, expires_at from device_certificate
                where device_id = d.device_id order by issued_at desc limit 1
            ) newest on true
            order by enrolled_at desc, device_id
            """
        ).fetchall()


def revoke(database: Database, device_id: str, now: datetime) -> None:
    """Withdraw a device: its next request is refused, on a connection it has open as well.

    Once more changes nothing. Raises DeviceUnknown.
    """
    with database.transaction():
        found = database.execute(
            "update device set revoked_at = coalesce(revoked_at, %s) where device_id = %s", (now, device_id)
        )
        if found.rowcount == 0:
            raise DeviceUnknown
        _revoke_certificates(database, device_id, now)


def find_devices(
    database: Database, fingerprints: Collection[bytes], now: datetime
) -> dict[bytes, Device | Refusal]:
    """Return by fingerprint whose certificate it is, or why it does not count; a foreign one is left out."""
    rows = database.execute(
        """
        select c.fingerprint, device_id, c.sites, c.expires_at, coalesce(c.revoked_at, d.revoked_at)
        from device_certificate c join device d using (device_id) where c.fingerprint = any(%s)
        """,
        (list(fingerprints),),
    )
    return {fingerprint: _standing(now, *facts) for fingerprint, *facts in rows}


def get_device(database: Database, fingerprint: bytes, now: datetime) -> Device:
    """Return whose certificate it is; raises DeviceUnknown, DeviceRevoked or CertificateExpired."""
    device = find_devices(database, [fingerprint], now).get(fingerprint, DeviceUnknown())
    if isinstance(device, Refusal):
        raise device
    return device


def enrol(database: Database, authority: Authority, enrolment: Enrolment, now: datetime) -> Enrolled:
    """Make a device known; the same enrolment again is the same as once.

    What it brought before it had its sites is filed then. Raises EnrolmentCodeUnknown, DeviceRevoked or
    MessageMalformed.
    """
    from server.unfit import admit  # who files has to know devices

    request = read_request(enrolment.csr)
    with database.transaction():
        code = database.execute(
            "select code_key, site, issued_at, fingerprint from enrolment_code "
            "where code_id = %s and expires_at > %s for update",
            (enrolment.code_id, now),
        ).fetchone()
        if code is None or not enrolment.is_from(code[0]):
            raise EnrolmentCodeUnknown
        key, site, issued_at, used_for = code
        if used_for is not None:
            certificate = _brought(database, used_for, request)
        else:
            _let_in(database, request.device_id, issued_at, now)
            sites = _former_sites(database, request, site) | {site}
            _revoke_certificates(database, request.device_id, now, save=request.public_key)
            certificate = _issue(database, authority, request, sites, now)
            database.execute(
                "update enrolment_code set fingerprint = %s where code_id = %s",
                (fingerprint_of(certificate), enrolment.code_id),
            )
    admit(database, request.device_id, now)
    return Enrolled(certificate, authority.trust).proven(key, enrolment)


def renew(database: Database, authority: Authority, shown: bytes, csr: bytes, now: datetime) -> Enrolled:
    """Give a device in good standing its next certificate; the one it shows stays good to its end.

    ``shown`` is the fingerprint of the certificate the request came with. Raises DeviceRevoked,
    CertificateExpired, MessageMalformed, or DeviceUnknown if it is not for this very device and key.
    """
    request = read_request(csr)
    with database.transaction():
        device = get_device(database, shown, now)
        same = database.execute(
            "select from device_certificate where fingerprint = %s and device_id = %s and public_key = %s",
            (shown, request.device_id, request.public_key),
        ).fetchone()
        if same is None:
            raise DeviceUnknown
        return Enrolled(_issue(database, authority, request, device.sites, now), authority.trust)


def _standing(
    now: datetime, device_id: str, sites: list[str], expires_at: datetime, revoked_at: datetime | None
) -> Device | Refusal:
    if revoked_at is not None:
        return DeviceRevoked()
    return Device(device_id, frozenset(sites)) if now < expires_at else CertificateExpired()


def _brought(database: Database, fingerprint: bytes, request: Request) -> bytes:
    """Return the certificate a used code has brought, if it was to this very device and key."""
    row = database.execute(
        "select certificate from device_certificate "
        "where fingerprint = %s and device_id = %s and public_key = %s and revoked_at is null",
        (fingerprint, request.device_id, request.public_key),
    ).fetchone()
    if row is None:
        raise EnrolmentCodeUnknown
    return bytes(row[0])


def _let_in(database: Database, device_id: str, code_issued_at: datetime, now: datetime) -> None:
    """Write a device down; one that was revoked comes back only by a code issued since."""
    row = database.execute(
        """
        insert into device (device_id, enrolled_at) values (%(device)s, %(now)s)
        on conflict (device_id) do update set enrolled_at = %(now)s, revoked_at = null
        where coalesce(device.revoked_at < %(issued)s, true)
        returning device_id
        """,
        {"device": device_id, "now": now, "issued": code_issued_at},
    ).fetchone()
    if row is None:
        raise DeviceRevoked


def _former_sites(database: Database, request: Request, site: str) -> frozenset[str]:
    """Return the sites a device brings along: with its own key all it had, so that old events still go up.

    Who comes under its name with another key (the key was lost) needs a code for a site of this device.
    """
    row = database.execute(
        "select sites, public_key from device_certificate "
        "where device_id = %s order by issued_at desc limit 1",
        (request.device_id,),
    ).fetchone()
    if row is None:
        return frozenset()
    sites, public_key = row
    if public_key == request.public_key:
        return frozenset(sites)
    if site not in sites:
        raise EnrolmentCodeUnknown
    return frozenset()


def _issue(
    database: Database, authority: Authority, request: Request, sites: Collection[str], now: datetime
) -> bytes:
    issued = authority.issue_device(request, sorted(sites), now)
    database.execute(
        "insert into device_certificate values (%s, %s, %s, %s, %s, %s, %s)",
        (
            fingerprint_of(issued.certificate),
            request.device_id,
            sorted(sites),
            request.public_key,
            issued.certificate,
            now,
            issued.expires_at,
        ),
    )
    return issued.certificate


def _revoke_certificates(database: Database, device_id: str, now: datetime, *, save: bytes = b"") -> None:
    """Revoke the certificates of a device, but for those of one key."""
    database.execute(
        "update device_certificate set revoked_at = %s "
        "where device_id = %s and public_key <> %s and revoked_at is null",
        (now, device_id, save),
    )
