"""What the centre found in this device's own events, and which of it a person has not corrected yet."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlite_utils import Database

from app.domain.feed import START, FeedPosition
from app.domain.refusals import Refusal
from app.domain.unfit import ADMITTED, ENVELOPE, FOREIGN
from app.storage.feed import columns, read_position
from app.storage.shape import COMPLETED
from app.storage.unsent import UnsentRecord, read_record


@dataclass(unsafe_hash=True)
class ContentDoubted(Refusal):
    """The centre holds an event of this device, and fields of it are not what they should be."""

    kind: str
    event_id: str
    findings: tuple[tuple[str, str], ...]
    """(field, reason); the reasons are the centre's."""


@dataclass(frozen=True)
class DoubtedRecord:
    """An event with findings that still stand."""

    refusal: ContentDoubted
    record: UnsentRecord


def position(db: Database) -> FeedPosition:
    """Return how far the centre's findings are heard."""
    row = db.execute("select pos, digest from feedback").fetchone()
    return read_position(*row) if row else START


def put(
    db: Database, findings: Iterable[tuple[str, str, str]], heard: FeedPosition, *, anew: bool = False
) -> None:
    """Keep (event id, field, reason) and how far that is heard; twice is the same as once.

    ``anew``: all is told again by a centre that went back. What of it could not be filed and is not named
    again is filed; and what it had filed when it sent its receipt may be named for the first time.
    """
    if anew:
        db.execute(_ALL_FILED, [ENVELOPE, ADMITTED, ENVELOPE])
    told = list(findings)
    db.conn.executemany("insert or replace into finding values (?, ?, ?)", told)
    unfiled = [(why, event) for event, field, why in told if field == ENVELOPE and why != ADMITTED]
    db.conn.executemany(_UNFILED, unfiled)
    db.execute("insert or replace into feedback values (1, ?, ?)", columns(heard))


def is_unconfirmed(db: Database) -> bool:
    """Return whether a receipt told of something unfit and no finding did."""
    return db.execute(f"select 1 {_UNCONFIRMED} limit 1", [ENVELOPE]).fetchone() is not None


def put_confirmed(db: Database) -> None:
    """Take it that the centre has filed what no finding names although all findings are heard.

    The receipt was of a centre that went back since.
    """
    db.execute(f"insert into finding select event_id, ?, ? {_UNCONFIRMED}", [ENVELOPE, ADMITTED, ENVELOPE])


def doubted_records(db: Database, limit: int) -> list[DoubtedRecord]:
    """Return the events whose findings nobody has answered yet, the newest first.

    A person's field is answered once the record says something else, a dose once it is voided.
    """
    found = []
    for event_id, kind, epoch, seq in db.execute(_DOUBTED, [COMPLETED, COMPLETED, limit]).fetchall():
        rows = db.execute(_FINDINGS, [COMPLETED, COMPLETED, event_id]).fetchall()
        refusal = ContentDoubted(kind, event_id, tuple((field, reason) for field, reason in rows))
        found.append(DoubtedRecord(refusal, read_record(db, epoch, seq, event_id)))
    return found


_UNCONFIRMED = f"""from unfit_entry where name = '{FOREIGN}' and event_id not in
    (select event_id from finding where field = ?)"""
_ALL_FILED = f"""insert or replace into finding select event_id, ?, ? from unfit_entry
    where name = '{FOREIGN}' or event_id in (select event_id from finding where field = ?)"""
_UNFILED = """insert or ignore into unfit_entry select device_id, epoch, seq, event_id, ?, ''
    from stream_entry as entry where event_id = ? and seq <= (select max(last_seq) from receipt_run
        where receipt_run.device_id = entry.device_id and receipt_run.epoch = entry.epoch)"""
_PERSONAL = ("name", "sex", "birth_on", "document_type", "document_number")
_AMENDED = " or ".join(
    f"field = '{name}' and patient.{name} <> coalesce(cast(data as text) ->> '$.body.{name}', '')"
    for name in _PERSONAL
)
_STANDING = f"""from finding cross join journal using (event_id) left join immunization using (event_id)
    left join patient on kind in ('patient.registered', 'patient.amended')
        and patient.patient_id = cast(data as text) ->> 'person'
    where field <> '{ENVELOPE}' and coalesce(immunization.status, ?) = ? and ({_AMENDED}) is not true"""
_DOUBTED = f"select event_id, kind, epoch, seq {_STANDING} group by event_id order by position desc limit ?"
_FINDINGS = f"select field, reason {_STANDING} and event_id = ? order by field"
