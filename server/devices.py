"""Which devices the centre knows, for which sites they speak, and how a new one becomes known."""

import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from psycopg.errors import UniqueViolation

from app.domain.ids import Randomness, token
from app.domain.refusals import Refusal
from app.sync.enrolment import Enrolment
from server.database import Database

CODE_LENGTH = 20
CODE_LIFE = timedelta(days=1)


@dataclass(unsafe_hash=True)
class DeviceUnknown(Refusal):
    """The token belongs to no device, to a revoked one, or to another one than speaks."""


@dataclass(unsafe_hash=True)
class EnrolmentCodeUnknown(Refusal):
    """The code was never issued, is too old, or let another device in."""


@dataclass(frozen=True)
class Device:
    """A known device and the sites it may speak for."""

    device_id: str
    sites: frozenset[str]


def find_devices(database: Database, token_hashes: Collection[bytes]) -> dict[bytes, Device]:
    """Return the devices in good standing, by the hash of their token."""
    rows = database.execute(
        """
        select d.token_hash, d.device_id, array_agg(s.site)
        from device d join device_site s using (device_id)
        where d.token_hash = any(%s) and d.revoked_at is null
        group by d.device_id
        """,
        (list(token_hashes),),
    )
    return {key: Device(device_id, frozenset(sites)) for key, device_id, sites in rows}


def issue_code(database: Database, site: str, now: datetime, random: Randomness) -> str:
    """Return a new one-time code that lets one device in for a site."""
    code = token(CODE_LENGTH, random)
    database.execute(
        "insert into enrolment_code (code_hash, site, expires_at) values (%s, %s, %s)",
        (_code_hash(code), site, now + CODE_LIFE),
    )
    return code


def enrol(database: Database, enrolment: Enrolment, now: datetime) -> str:
    """Make a device known and return its site; the same enrolment again is the same as once.

    Raises EnrolmentCodeUnknown.
    """
    with database.transaction():
        row = database.execute(
            """
            update enrolment_code set used_by = %(device)s
            where code_hash = %(code)s and expires_at > %(now)s and coalesce(used_by, %(device)s) = %(device)s
            returning site
            """,
            {"device": enrolment.device_id, "code": _code_hash(enrolment.code), "now": now},
        ).fetchone()
        if row is None:
            raise EnrolmentCodeUnknown
        try:
            _put_device(database, enrolment, now)
        except UniqueViolation as clash:
            raise EnrolmentCodeUnknown from clash
        database.execute(
            "insert into device_site values (%s, %s) on conflict do nothing", (enrolment.device_id, row[0])
        )
    return str(row[0])


def _put_device(database: Database, enrolment: Enrolment, now: datetime) -> None:
    database.execute(
        """
        insert into device (device_id, token_hash, enrolled_at) values (%s, %s, %s)
        on conflict (device_id) do update
        set token_hash = excluded.token_hash, enrolled_at = excluded.enrolled_at, revoked_at = null
        """,
        (enrolment.device_id, enrolment.token_hash, now),
    )


def _code_hash(code: str) -> bytes:
    return hashlib.sha256(code.strip().upper().encode()).digest()


def revoke(database: Database, device_id: str, now: datetime) -> bool:
    """Let a device speak no more, at once, nor come back by its code; return whether it might until now."""
    with database.transaction():
        changed = database.execute(
            "update device set revoked_at = %s where device_id = %s and revoked_at is null", (now, device_id)
        )
        database.execute("update enrolment_code set expires_at = %s where used_by = %s", (now, device_id))
    return changed.rowcount == 1


def withdraw_code(database: Database, code_hash: bytes) -> str | None:
    """Make a code good for nobody that has let nobody in; return the site it was for, if there was one."""
    row = database.execute(
        "delete from enrolment_code where code_hash = %s and used_by is null returning site", (code_hash,)
    ).fetchone()
    return None if row is None else str(row[0])
