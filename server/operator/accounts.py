"""Operators: their passwords, the pause after wrong ones, and their sessions."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from app.domain.ids import Randomness, token
from app.domain.refusals import Refusal
from server.database import Database
from server.operator.acts import note_act

SHORTEST_PASSWORD, LONGEST_PASSWORD = 12, 256
LONGEST_NAME = 40
FREE_FAILURES = 3
"""Wrong passwords without a pause; then 1, 2, 4 … seconds."""
LONGEST_PAUSE_S = 900
IDLE = timedelta(minutes=30)
SHIFT = timedelta(hours=12)
"""A session ends after so long without a request, and after so long in any case."""
TOKEN_LENGTH = 26
HASHER = PasswordHasher(time_cost=3, memory_cost=65536, parallelism=2)
"""RFC 9106's second recommended setting, with half its lanes, as in the program's key file."""


@dataclass(unsafe_hash=True)
class OperatorNameUnfit(Refusal):
    """The name is empty, too long, not printable, or taken."""


@dataclass(unsafe_hash=True)
class OperatorUnknown(Refusal):
    """There is no operator of this name."""


@dataclass(unsafe_hash=True)
class PasswordUnfit(Refusal):
    """The password is too short or too long, or holds the operator's name."""

    shortest: int = SHORTEST_PASSWORD


@dataclass(unsafe_hash=True)
class SignInWrong(Refusal):
    """No operator has this name and this password; which of the two is wrong is not told."""


@dataclass(unsafe_hash=True)
class SignInTooSoon(Refusal):
    """After wrong passwords this name has to wait; the password was not looked at."""

    wait_s: int


def add_operator(
    database: Database, name: str, password: str, by: str, now: datetime, random: Randomness
) -> None:
    """Make an operator; raises OperatorNameUnfit or PasswordUnfit. A withdrawn one's name is not reused."""
    if not 0 < len(name) <= LONGEST_NAME or not name.isprintable() or name != name.strip():
        raise OperatorNameUnfit
    hashed = _hash(name, password)
    with database.transaction():
        made = database.execute(
            "insert into operator values (%s, %s, %s) on conflict do nothing returning name",
            (name, hashed, now),
        ).fetchone()
        if made is None:
            raise OperatorNameUnfit
        note_act(database, by, "operator_added", name, now, random)


def set_password(
    database: Database, name: str, password: str, by: str, now: datetime, random: Randomness
) -> None:
    """Give an operator another password and end their sessions; raises OperatorUnknown or PasswordUnfit."""
    hashed = _hash(name, password)
    with database.transaction():
        _change(
            database,
            "update operator set password_hash = %s where name = %s and withdrawn_at is null",
            (hashed, name),
        )
        _end_sessions(database, name)
        database.execute("delete from sign_in_failure where name_hash = %s", (_sha(name),))
        note_act(database, by, "password_set", name, now, random)


def withdraw_operator(database: Database, name: str, by: str, now: datetime, random: Randomness) -> None:
    """Let an operator in no more, at once; raises OperatorUnknown."""
    with database.transaction():
        _change(
            database,
            "update operator set withdrawn_at = %s where name = %s and withdrawn_at is null",
            (now, name),
        )
        _end_sessions(database, name)
        note_act(database, by, "operator_withdrawn", name, now, random)


def list_operators(database: Database) -> list[str]:
    """Return the names of those who may sign in."""
    return [
        row[0]
        for row in database.execute("select name from operator where withdrawn_at is null order by name")
    ]


def check_password(database: Database, name: str, password: str, now: datetime) -> None:
    """Pass when the password is the operator's; raises SignInWrong or SignInTooSoon.

    The attempt counts as failed before the password is looked at, so that many at a time gain nothing.
    """
    _count_attempt(database, name, now)
    row = database.execute(
        "select password_hash from operator where name = %s and withdrawn_at is null", (name,)
    ).fetchone()
    try:
        HASHER.verify(row[0] if row else _nobodys_hash(), password[: LONGEST_PASSWORD + 1])
    except (VerificationError, InvalidHashError) as wrong:
        raise SignInWrong from wrong
    if row is None:
        raise SignInWrong
    database.execute("delete from sign_in_failure where name_hash = %s", (_sha(name),))


def sign_in(database: Database, name: str, password: str, now: datetime, random: Randomness) -> str:
    """Return the secret of a new session; raises SignInWrong or SignInTooSoon."""
    try:
        check_password(database, name, password, now)
    except SignInWrong:
        if name in list_operators(database):
            note_act(database, name, "sign_in_failed", "", now, random)
        raise
    secret = token(TOKEN_LENGTH, random)
    with database.transaction():
        database.execute("delete from operator_session where began_at < %s", (now - SHIFT,))
        database.execute(
            "insert into operator_session values (%s, %s, %s, %s)", (_sha(secret), name, now, now)
        )
        note_act(database, name, "signed_in", "", now, random)
    return secret


def find_operator(database: Database, secret: str, now: datetime) -> str | None:
    """Return whose session a secret belongs to, and let the session live on."""
    row = database.execute(
        """
        update operator_session set seen_at = %(now)s
        where token_hash = %(hash)s and seen_at > %(idle)s and began_at > %(shift)s
            and name in (select name from operator where withdrawn_at is null)
        returning name
        """,
        {"now": now, "hash": _sha(secret), "idle": now - IDLE, "shift": now - SHIFT},
    ).fetchone()
    return None if row is None else str(row[0])


def sign_out(database: Database, secret: str, name: str, now: datetime, random: Randomness) -> None:
    """End a session."""
    with database.transaction():
        database.execute("delete from operator_session where token_hash = %s", (_sha(secret),))
        note_act(database, name, "signed_out", "", now, random)


def pause_s(failures: int) -> int:
    """Return seconds to wait after so many wrong passwords in a row."""
    beyond = failures - FREE_FAILURES
    return 0 if beyond < 0 else min(LONGEST_PAUSE_S, 2 ** min(beyond, 30))


def _count_attempt(database: Database, name: str, now: datetime) -> None:
    with database.transaction():
        database.execute(
            "delete from sign_in_failure where failed_at < %s",
            (now - timedelta(seconds=2 * LONGEST_PAUSE_S),),
        )
        row = database.execute(
            """
            insert into sign_in_failure as held (name_hash, failures, failed_at) values (%s, 0, %s)
            on conflict (name_hash) do update set failures = held.failures
            returning failures, failed_at
            """,
            (_sha(name), now),
        ).fetchone()
        assert row is not None, "the row is there and locked"
        left = pause_s(row[0]) - (now - row[1]).total_seconds()
        if left > 0:
            raise SignInTooSoon(int(left) + 1)
        database.execute(
            "update sign_in_failure set failures = failures + 1, failed_at = %s where name_hash = %s",
            (now, _sha(name)),
        )


def _change(database: Database, query: str, values: tuple[object, ...]) -> None:
    if database.execute(query.encode(), values).rowcount != 1:
        raise OperatorUnknown


def _end_sessions(database: Database, name: str) -> None:
    database.execute("delete from operator_session where name = %s", (name,))


def _hash(name: str, password: str) -> str:
    short = not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD
    if short or name.casefold() in password.casefold():
        raise PasswordUnfit
    return HASHER.hash(password)


@cache
def _nobodys_hash() -> str:
    """So that an unknown name takes as long as a wrong password."""
    return HASHER.hash("nobody's")


def _sha(text: str) -> bytes:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()
