"""Special conditions in the store: every statement is kept, those of other sites of the area too."""

from collections.abc import Iterable
from datetime import date

from sqlite_utils import Database

from app.domain.condensed import CONDITION_COLUMNS, ConditionRow
from app.domain.conditions import Condition, ConditionStatus
from app.domain.journal import Event, Json
from app.storage.patients import RECORDS_OF_ONE

_NAMES = ", ".join(CONDITION_COLUMNS)
_PUT = f"insert or ignore into condition ({_NAMES}) values ({', '.join('?' for _ in CONDITION_COLUMNS)})"
_READ = f"""select {_NAMES}, exists (select 1 from condition later
    where later.supersedes = condition.condition_id) from condition"""


def condition_body(stated: Condition) -> Json:
    """Return a statement as the body of ``condition.recorded``."""
    values = {name: getattr(stated, name) for name in CONDITION_COLUMNS}
    days = {name: day.isoformat() if day else None for name, day in values.items() if name in _DAYS}
    return values | days | {"status": str(stated.status)}


_DAYS = ("since", "until")


def put_recorded(db: Database, event: Event) -> None:
    """Keep a statement of this site."""
    put_rows(db, [tuple(event.body[name] for name in CONDITION_COLUMNS)])


def put_rows(db: Database, rows: Iterable[ConditionRow]) -> None:
    """Keep statements; the same one twice is the same as once."""
    db.conn.executemany(_PUT, rows)


def statements_of(db: Database, patient_id: str) -> tuple[Condition, ...]:
    """Return everything stated of a person, the oldest first, what was superseded among it."""
    rows = db.execute(
        f"{_READ} where patient_id in ({RECORDS_OF_ONE}) order by recorded_at, condition_id", [patient_id]
    )
    return tuple(_condition(row) for row in rows)


def _condition(row: ConditionRow) -> Condition:
    said = dict(zip((*CONDITION_COLUMNS, "superseded"), row, strict=True))
    days = {name: date.fromisoformat(said[name]) if said[name] else None for name in _DAYS}
    return Condition(
        **said | days | {"status": ConditionStatus(said["status"]), "superseded": bool(said["superseded"])}
    )
