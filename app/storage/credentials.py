"""How each person gets in at this machine, beside the key file: since when, and by which PIN or badge."""

import json
from dataclasses import dataclass
from hashlib import sha256

from sqlite_utils import Database

from app.domain.passwords import HISTORY


@dataclass(frozen=True)
class Credential:
    """What the store knows of one person's way in."""

    staff_id: str
    changed_at: str
    """Since when the password stands."""
    must_change: bool
    former: tuple[str, ...]
    """Hashes, the password in use first."""
    pin: str | None
    pin_failures: int
    has_badge: bool


def find_credential(db: Database, staff_id: str) -> Credential | None:
    """Return what is known of a person's way in, or None before their first sign-in here."""
    row = db.execute(
        """select staff_id, changed_at, must_change, former, pin, pin_failures, badge is not null
            from credential where staff_id = ?""",
        [staff_id],
    ).fetchone()
    if row is None:
        return None
    return Credential(row[0], row[1], bool(row[2]), tuple(json.loads(row[3])), row[4], row[5], bool(row[6]))


def put_password(db: Database, staff_id: str, at: str, hashed: str, *, must_change: bool) -> None:
    """Keep that a password stands from now on; those before are kept as hashes, a few of them.

    A password somebody else gave takes PIN and badge away.
    """
    known = find_credential(db, staff_id)
    former = json.dumps([hashed, *(known.former if known else ())][:HISTORY])
    db.execute(
        """insert into credential (staff_id, changed_at, must_change, former) values (?, ?, ?, ?)
            on conflict do update set changed_at = excluded.changed_at, former = excluded.former,
            must_change = excluded.must_change""",
        [staff_id, at, int(must_change), former],
    )
    if must_change:
        db.execute("update credential set pin = null, badge = null where staff_id = ?", [staff_id])


def put_first_seen(db: Database, staff_id: str, at: str) -> None:
    """Begin to count the days of a password that was there before anybody counted."""
    db.execute(
        "insert or ignore into credential (staff_id, changed_at, must_change, former) values (?, ?, 0, '[]')",
        [staff_id, at],
    )


def put_pin(db: Database, staff_id: str, hashed: str) -> None:
    """Keep the hash of a PIN."""
    db.execute("update credential set pin = ?, pin_failures = 0 where staff_id = ?", [hashed, staff_id])


def put_pin_failures(db: Database, staff_id: str, failures: int) -> None:
    """Keep how often in a row a PIN was wrong."""
    db.execute("update credential set pin_failures = ? where staff_id = ?", [failures, staff_id])


def put_badge(db: Database, staff_id: str, text: str) -> None:
    """Keep the hash of a badge's code."""
    db.execute("update credential set badge = ? where staff_id = ?", [_badge(text), staff_id])


def find_by_badge(db: Database, text: str) -> str | None:
    """Return whose badge this is, or None."""
    row = db.execute("select staff_id from credential where badge = ?", [_badge(text)]).fetchone()
    return str(row[0]) if row else None


def forget_credential(db: Database, staff_id: str) -> None:
    """Take a person's PIN, badge and former passwords away."""
    db.execute("delete from credential where staff_id = ?", [staff_id])


def signed_in_by_password(db: Database, staff_id: str, since: str) -> bool:
    """Return whether a person has signed in here with the whole password since an instant."""
    return bool(
        db.execute(
            "select 1 from sign_in where staff_id = ? and at >= ? and means = 'password'", [staff_id, since]
        ).fetchone()
    )


def _badge(text: str) -> str:
    """Fast, for one code is looked up among all; it lies inside the encrypted store."""
    return sha256(b"vaxpost-badge/1" + text.encode("utf-8", "surrogatepass")).hexdigest()
