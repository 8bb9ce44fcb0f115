"""What has gone up: this device's streams, the events still without a receipt, the receipts themselves."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlite_utils import Database

from app.domain.clock import instant_text, read_instant
from app.domain.journal import Stream, genesis
from app.storage.local import get_setting, put_setting
from app.storage.unfit import REFUSED, count_refused


@dataclass(frozen=True)
class StreamState:
    """One local stream and how far it is receipted."""

    stream: Stream
    last_seq: int
    """What stands after it is carried on in a later stream."""
    acked: int
    current: bool


def stream_states(db: Database) -> list[StreamState]:
    """Return every local stream, oldest first, the current one last."""
    rows = db.execute(
        """select device_id, epoch, coalesce(kept, head_seq), coalesce((select max(last_seq)
            from receipt_run as run where run.device_id = stream.device_id and run.epoch = stream.epoch), 0),
            is_current from stream order by is_current, opened_at"""
    )
    return [StreamState(Stream(row[0], row[1]), row[2], row[3], bool(row[4])) for row in rows]


def pending(db: Database, stream: Stream, after_seq: int, limit: int) -> list[tuple[int, str, bytes, bytes]]:
    """Return (seq, event id, bytes, hash) of the next ``limit`` events after ``after_seq``, in order.

    A stream has no gaps; for a ``limit ?`` SQLite would make its plan anew each time, ten times the price.
    """
    rows = db.execute(
        """select seq, event_id, data, hash from stream_entry where device_id = ? and epoch = ? and seq > ?
        and seq <= ? order by seq""",
        [stream.device_id, stream.epoch, after_seq, after_seq + limit],
    )
    return rows.fetchall()


def hash_at(db: Database, stream: Stream, seq: int) -> bytes:
    """Return the chain's hash at ``seq``; the genesis at 0."""
    if seq == 0:
        return genesis(stream)
    (head,) = db.execute(
        "select hash from stream_entry where device_id = ? and epoch = ? and seq = ?",
        [stream.device_id, stream.epoch, seq],
    ).fetchone()
    return bytes(head)


def put_receipts(db: Database, stream: Stream, runs: Iterable[tuple[int, str]]) -> None:
    """Keep the last number of each run of receipts and its instant, in order; twice is the same as once.

    What has a receipt keeps it; a run begins behind what has one, for receipts leave no gap in a stream.
    """
    for last_seq, received_at in runs:
        db.execute(
            """insert into receipt_run select ?1, ?2, ?3, ?4 where ?3 > coalesce(
            (select max(last_seq) from receipt_run where device_id = ?1 and epoch = ?2), 0)""",
            [stream.device_id, stream.epoch, last_seq, received_at],
        )


def withdraw_receipts(db: Database, stream: Stream, after_seq: int) -> None:
    """Forget the receipts after ``after_seq``: the centre no longer holds what they stand for."""
    place = [stream.device_id, stream.epoch, after_seq]
    db.execute(
        """insert or ignore into receipt_run select device_id, epoch, ?3, received_at from receipt_run
        where device_id = ?1 and epoch = ?2 and last_seq > ?3 and ?3 > 0 order by last_seq limit 1""",
        place,
    )
    db.execute("delete from receipt_run where device_id = ? and epoch = ? and last_seq > ?", place)
    db.execute("delete from unfit_entry where device_id = ? and epoch = ? and seq > ?", place)


@dataclass(frozen=True)
class UploadCounts:
    """What the status line says."""

    saved: int
    waiting: int
    """Entries that are not delivered: without a receipt, or refused."""
    oldest_waiting_at: datetime | None
    """When the oldest dose not delivered runs from: the 24-hour clock (N2023 9.2.4)."""
    last_receipt_at: datetime | None
    refused: int = 0
    """Of those that wait: the centre has them and cannot file them; somebody has to see to it."""


def upload_counts(db: Database) -> UploadCounts:
    """Return how many entries are saved and how many wait, counted by receipts alone."""
    states = stream_states(db)
    saved = sum(state.last_seq for state in states)
    refused = count_refused(db)
    waiting = sum(state.last_seq - state.acked for state in states) + refused
    (last,) = db.execute(_LAST_RECEIPT).fetchone()
    oldest = oldest_waiting_dose(db, states) if waiting else None
    return UploadCounts(saved, waiting, oldest, read_instant(last) if last else None, refused)


_LAST_RECEIPT = """select max((select received_at from receipt_run as run
    where run.device_id = stream.device_id and run.epoch = stream.epoch
    order by last_seq desc limit 1)) from stream"""
"""By the newest run of each stream: the whole table is long, and this is asked after every act."""


def oldest_waiting_dose(db: Database, states: list[StreamState]) -> datetime | None:
    """Return when the oldest dose that counts and is not delivered runs from, or None; reads what waits."""
    spans = [
        (table, [state.stream.device_id, state.stream.epoch, after, last])
        for state in states
        for table, after, last in (
            ("journal", state.acked, state.last_seq),
            ("carried", state.acked, state.last_seq),
            (REFUSED, 0, state.acked),
        )
    ]
    rows = [db.execute(_OLDEST.format(table), span).fetchone() for table, span in spans]
    found = [row[0] for row in rows if row]
    return read_instant(min(found)) if found else None


def received(table: str) -> str:
    """Return SQL for when the centre took in the event a table's row names, null before; it scans nothing.

    What it refused it has not taken in.
    """
    runs = """select (select received_at from receipt_run as run
        where run.device_id = entry.device_id and run.epoch = entry.epoch and run.last_seq >= entry.seq
        order by run.last_seq limit 1) as received_at"""
    taken = """not exists (select 1 from refused_entry as refused where refused.device_id = entry.device_id
        and refused.epoch = entry.epoch and refused.seq = entry.seq)"""
    return f"""(select min(received_at) from (
        {runs} from journal as entry where entry.event_id = {table}.event_id and {taken}
        union all {runs} from carried as entry where entry.event_id = {table}.event_id and {taken}))"""


DUE_FROM = f"""iif((select {received("before")} from immunization as before
    where before.immunization_id = immunization.body ->> '$.corrects') is not null,
    immunization.body ->> '$.correction.at', occurred_at)"""
"""From when the 24 hours of a dose run: from the injection; where the centre has it already and a detail was
corrected, from the correction."""
_OLDEST = f"""select {DUE_FROM} from {{}} cross join immunization using (event_id)
    where device_id = ? and epoch = ? and seq > ? and seq <= ? and kind = 'immunization.recorded'
    and status = 'completed' order by seq limit 1"""


DURABLE = "centre.durable"
"""The setting that holds by when whatever the centre had received lies in a second place."""


def put_durable(db: Database, to: datetime) -> None:
    """Keep by when whatever the centre had received lies in a second place."""
    put_setting(db, DURABLE, instant_text(to))


def count_durable(db: Database) -> int | None:
    """Return how many delivered entries lie in a second place; None while the centre does not tell.

    In a stream what was received later stands later, so that it takes few looks to find how far it goes.
    """
    to = get_setting(db, DURABLE)
    return sum(_durable(db, state, to) for state in stream_states(db)) if to else None


def _durable(db: Database, state: StreamState, to: str) -> int:
    low, high = 0, state.acked
    while low < high:
        middle = (low + high + 1) // 2
        (received_at,) = db.execute(
            """select received_at from receipt_run where device_id = ? and epoch = ? and last_seq >= ?
            order by last_seq limit 1""",
            [state.stream.device_id, state.stream.epoch, middle],
        ).fetchone()
        low, high = (middle, high) if received_at <= to else (low, middle - 1)
    (refused,) = db.execute(
        f"select count(*) from {REFUSED} where device_id = ? and epoch = ? and seq <= ?",
        [state.stream.device_id, state.stream.epoch, low],
    ).fetchone()
    return low - int(refused)


@dataclass(frozen=True)
class WaitingDose:
    """One dose on the sync page."""

    immunization_id: str
    occurred_at: datetime
    ticket_number: str
    patient_name: str
    vaccine_name: str
    dose_number: int
    received_at: datetime | None


def doses_of_session(db: Database, session_id: str) -> list[WaitingDose]:
    """Return a session's doses that count, the oldest first, with their receipts."""
    rows = db.execute(
        f"""select immunization_id, occurred_at, ticket_number, patient.name,
        json_extract(immunization.body, '$.vaccine_name'), json_extract(immunization.body, '$.dose_number'),
        {received("immunization")}
        from encounter join immunization using (encounter_id)
        join patient on patient.patient_id = encounter.patient_id
        where session_id = ? and status = 'completed' order by occurred_at""",
        [session_id],
    )
    return [
        WaitingDose(
            row[0],
            read_instant(row[1]),
            row[2],
            row[3],
            row[4],
            row[5],
            read_instant(row[6]) if row[6] else None,
        )
        for row in rows
    ]
