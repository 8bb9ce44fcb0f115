"""The audit trail in the store: appending, searching, reading it in order (app/domain/audit.py)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlite_utils import Database

from app.domain.audit import GENESIS, Access, AuditRecord, Line, Purpose, link
from app.domain.journal import parse

_COLUMNS = "seq, at, staff_id, desk, access, patient_id, purpose, words, source, hash, second_id"


@dataclass(frozen=True)
class Wanted:
    """Which lines are looked for; what is left empty does not narrow."""

    since: str = ""
    """UTC instant, as in bodies."""
    accesses: Sequence[Access] = ()
    staff_id: str = ""
    patient_ids: Sequence[str] | None = None
    """None: whoever; an empty list finds nothing."""


def append(db: Database, line: Line) -> AuditRecord:
    """Write the next line on top of the last."""
    seq, head = last(db)
    record = AuditRecord(seq + 1, line, link(head, seq + 1, line))
    purpose = str(line.purpose) if line.purpose else None
    db.execute(
        f"insert into audit ({_COLUMNS}) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [record.seq, line.at, line.staff_id, line.desk, str(line.access), line.patient_id, purpose,
         line.words, line.source, record.hash, line.second_id],
    )  # fmt: skip
    return record


def last(db: Database) -> tuple[int, bytes]:
    """Return the number and the hash of the last line; zero and the genesis of an empty trail."""
    row = db.execute("select seq, hash from audit where seq = (select max(seq) from audit)").fetchone()
    return (int(row[0]), bytes(row[1])) if row else (0, GENESIS)


def trail(db: Database) -> Iterator[AuditRecord]:
    """Yield every line, the first one first."""
    for row in db.execute(f"select {_COLUMNS} from audit order by seq"):
        yield _record(row)


def sealed_heads(db: Database) -> dict[int, bytes]:
    """Return the heads this machine's journal holds, by the number of the line they stand for."""
    rows = db.execute("select data from journal where kind = 'audit.sealed'")
    bodies = [parse(bytes(data)).body for (data,) in rows]
    return {int(body["count"]): bytes.fromhex(body["head"]) for body in bodies}


def was_read_since(db: Database, line: Line, since: str) -> bool:
    """Return whether the same person read the same record for the same reason after an instant."""
    row = db.execute(
        """select 1 from audit where patient_id = ? and access = 'read' and staff_id = ? and purpose = ?
        and words = ? and source = ? and at >= ? order by seq desc limit 1""",
        [line.patient_id, line.staff_id, str(line.purpose), line.words, line.source, since],
    ).fetchone()
    return row is not None


def count(db: Database, wanted: Wanted) -> int:
    """Return how many lines are wanted."""
    where, values = _where(wanted)
    (found,) = db.execute(f"select count(*) from audit where {where}", values).fetchone()
    return int(found)


def page(db: Database, wanted: Wanted, offset: int, limit: int) -> list[AuditRecord]:
    """Return some of the wanted lines, the newest first."""
    where, values = _where(wanted)
    rows = db.execute(
        f"select {_COLUMNS} from audit where {where} order by seq desc limit ? offset ?",
        [*values, limit, offset],
    )
    return [_record(row) for row in rows]


def counts_by_staff(db: Database, access: Access, since: str) -> list[tuple[str, int, int]]:
    """Return who did something how often since an instant, and how often as the second person.

    The most often first, whichever it was.
    """
    rows = db.execute(
        """select who, sum(own) as times, sum(beside) as seconds from (
            select staff_id as who, 1 as own, 0 as beside from audit where access = ?1 and at >= ?2
            union all select second_id, 0, 1 from audit where access = ?1 and at >= ?2 and second_id <> '')
        group by who order by times + seconds desc, who""",
        [str(access), since],
    )
    return [(str(who), int(times), int(seconds)) for who, times, seconds in rows]


def _where(wanted: Wanted) -> tuple[str, list[str]]:
    terms, values = ["at >= ?"], [wanted.since]
    if wanted.accesses:
        terms.append(f"access in ({', '.join('?' * len(wanted.accesses))})")
        values += [str(access) for access in wanted.accesses]
    if wanted.staff_id:
        terms.append("(staff_id = ? or second_id = ?)")
        values += [wanted.staff_id, wanted.staff_id]
    if wanted.patient_ids is not None:
        terms.append(f"patient_id in ({', '.join('?' * len(wanted.patient_ids))})")
        values += wanted.patient_ids
    return " and ".join(terms), values


def _record(row: Sequence[Any]) -> AuditRecord:
    seq, at, staff_id, desk, access, patient_id, purpose, words, source, kept, second = row
    line = Line(
        str(at), str(staff_id), str(desk), Access(str(access)), str(patient_id) if patient_id else None,
        Purpose(str(purpose)) if purpose else None, str(words), str(source), str(second),
    )  # fmt: skip
    return AuditRecord(int(seq), line, bytes(kept))
