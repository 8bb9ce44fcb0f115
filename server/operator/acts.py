"""The book of what operators did: who, what, when. Written in the transaction of the act itself."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from psycopg.rows import class_row

from app.domain.ids import Randomness, uuid7
from server.database import Database


@dataclass(frozen=True)
class OperatorAct:
    """One line of the book."""

    done_at: datetime
    name: str
    """The operator, ``cli:`` and the system user of the command line, or ``server.admin``."""
    act: str
    subject: str
    """Which device, site or operator it was done to."""


def note_act(
    database: Database, name: str, act: str, subject: str, now: datetime, random: Randomness
) -> None:
    """Write a line."""
    database.execute(
        "insert into operator_act (act_id, done_at, name, act, subject) values (%s, %s, %s, %s, %s)",
        (uuid7(now, random), now, name, act, subject),
    )


def list_acts(database: Database, limit: int) -> Sequence[OperatorAct]:
    """Return the newest lines, newest first."""
    with database.cursor(row_factory=class_row(OperatorAct)) as cursor:
        return cursor.execute(
            """
            select done_at, name, act, subject from operator_act
            order by done_at desc, act_id desc limit %s
            """,
            (limit,),
        ).fetchall()
