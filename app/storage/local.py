"""What stays on this machine and is not in the journal: settings and secrets."""

from sqlite_utils import Database


def data_version(db: Database) -> tuple[int, int]:
    """Return what changes whenever another connection has committed: what was read is still true.

    The number is the connection's own, so the connection is part of it.
    """
    (version,) = db.execute("pragma data_version").fetchone()
    return id(db), int(version)


def get_setting(db: Database, name: str, default: str = "") -> str:
    """Return a setting of this machine."""
    row = db.execute("select value from setting where name = ?", [name]).fetchone()
    return str(row[0]) if row else default


def put_setting(db: Database, name: str, value: str) -> None:
    """Keep a setting of this machine."""
    db.execute("insert or replace into setting values (?, ?)", [name, value])


def get_secret(db: Database, name: str) -> bytes | None:
    """Return a secret of this workstation (a private key, a token), or None."""
    row = db.execute("select value from secret where name = ?", [name]).fetchone()
    return bytes(row[0]) if row else None


def put_secret(db: Database, name: str, value: bytes) -> None:
    """Keep a secret inside the encrypted store."""
    db.execute("insert or replace into secret values (?, ?)", [name, value])
