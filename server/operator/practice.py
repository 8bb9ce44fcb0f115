"""The practice centre's own operator: a new password at each start, in a file only its owner may read."""

import os
from pathlib import Path

from app.domain.ids import token
from server.database import Database
from server.operator import accounts
from server.web import utc_now

NAME = "练习"
PASSWORD_LENGTH = 16
FILE = "operator.txt"


def put_practice_operator(database: Database, folder: Path) -> Path:
    """Let the practice operator in by a new password; return the file that tells name and password."""
    password = token(PASSWORD_LENGTH, os.urandom)
    if NAME not in accounts.list_operators(database):
        accounts.add_operator(database, NAME, password, "practice", utc_now(), os.urandom)
    else:
        accounts.set_password(database, NAME, password, "practice", utc_now(), os.urandom)
    path = folder / FILE
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write(f"{NAME}\n{password}\n")
    return path
