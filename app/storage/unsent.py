"""The journal entries that are not delivered, as people know them: a kind, a person, a dose."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlite_utils import Database

from app.domain.clock import instant_text, read_instant
from app.storage.receipts import DUE_FROM, stream_states
from app.storage.shape import COMPLETED
from app.storage.unfit import REFUSED, count_refused

DOSE_KIND = "immunization.recorded"


@dataclass(frozen=True)
class UnsentDose:
    """The dose an entry records."""

    immunization_id: str
    occurred_at: datetime
    due_from: datetime
    """When its 24 hours began: with the injection, or with the correction of what the centre has."""
    vaccine_name: str
    dose_number: int
    stands: bool
    """It counts: it was not voided since."""


@dataclass(frozen=True)
class UnsentRecord:
    """One journal entry; what it does not concern is empty."""

    epoch: str
    seq: int
    kind: str
    recorded_at: datetime
    patient_id: str
    patient_name: str
    encounter_id: str
    """Of the visit it belongs to, else of the person's newest visit."""
    ticket_number: str
    """Of the visit it belongs to."""
    dose: UnsentDose | None


@dataclass(frozen=True)
class UnsentCounts:
    """How much waits; a voided dose is an entry like others, the 24 hours do not run for it."""

    doses: int
    """Entries of doses, voided ones too."""
    others: int
    soon: int
    """Doses that count, older than the first limit and not than the second."""
    overdue: int
    oldest_at: datetime | None
    """When the hours of the oldest dose that counts began."""


def unsent_counts(db: Database, soon_from: datetime, overdue_from: datetime) -> UnsentCounts:
    """Return how much waits, and of how many doses the 24 hours began at or before each of two instants."""
    runs = _runs(db)
    soon = overdue = 0
    oldest: list[str] = []
    limits = [instant_text(soon_from), instant_text(overdue_from)]
    for run in runs:
        if run.doses:
            early, late, first = db.execute(
                _AGES.format(run.table), [*limits, *run.span, COMPLETED]
            ).fetchone()
            if first is not None:
                soon, overdue = soon + early - late, overdue + late
                oldest.append(first)
    return UnsentCounts(
        sum(run.doses for run in runs),
        sum(run.others for run in runs),
        soon,
        overdue,
        read_instant(min(oldest)) if oldest else None,
    )


def unsent_records(db: Database, offset: int, limit: int) -> list[UnsentRecord]:
    """Return a page of what waits: doses in the order they were written, then everything else."""
    runs = _runs(db)
    parts = [(run, _DOSES, run.doses) for run in runs] + [(run, _OTHERS, run.others) for run in runs]
    found: list[UnsentRecord] = []
    for run, query, count in parts:
        if len(found) == limit:
            break
        if offset < count:
            rows = db.execute(query.format(run.table), [*run.span, limit - len(found), offset]).fetchall()
            found += [read_record(db, run.epoch, seq, event_id) for seq, event_id in rows]
        offset = max(0, offset - count)
    return found


def find_unsent(db: Database, epoch: str, seq: int) -> UnsentRecord | None:
    """Return the entry of this device under a number of one of its streams, or None."""
    for state in stream_states(db):
        if state.stream.epoch == epoch:
            place = [state.stream.device_id, epoch, seq]
            row = db.execute(
                "select event_id from stream_entry where device_id = ? and epoch = ? and seq = ?", place
            ).fetchone()
            return read_record(db, epoch, seq, row[0]) if row else None
    return None


def waiting_behind(db: Database, epoch: str, seq: int) -> tuple[int, int]:
    """Return how many entries stand after a number of a stream, and how many of them are doses."""
    for state in stream_states(db):
        if state.stream.epoch == epoch:
            span = [state.stream.device_id, epoch, seq, state.last_seq]
            doses = sum(_count(db, _DOSE_COUNT.format(table), span) for table in _TABLES)
            return max(0, state.last_seq - seq), doses
    return 0, 0


@dataclass(frozen=True)
class _Run:
    """What waits of one stream in one table, or is refused."""

    table: str
    epoch: str
    span: list[Any]
    doses: int
    others: int


def _runs(db: Database) -> list[_Run]:
    runs = []
    for state in stream_states(db):
        if state.last_seq > state.acked:
            epoch = state.stream.epoch
            span = [state.stream.device_id, epoch, state.acked, state.last_seq]
            carried = _count(db, _CARRIED_COUNT, span)
            first, then = (_count(db, _DOSE_COUNT.format(table), span) for table in _TABLES)
            written = state.last_seq - state.acked - carried
            runs.append(_Run("carried", epoch, span, first, carried - first))
            runs.append(_Run("journal", epoch, span, then, written - then))
    return [*_refused_runs(db), *runs]


def _refused_runs(db: Database) -> list[_Run]:
    """Return what the centre refused of what it has receipted: that is looked at first."""
    runs = []
    for state in stream_states(db) if count_refused(db) else ():
        epoch = state.stream.epoch
        span = [state.stream.device_id, epoch, 0, state.acked]
        count, doses = _count(db, _ALL_COUNT, span), _count(db, _DOSE_COUNT.format(REFUSED), span)
        runs.append(_Run(REFUSED, epoch, span, doses, count - doses))
    return runs


def _count(db: Database, query: str, span: list[Any]) -> int:
    return int(db.execute(query, span).fetchone()[0])


_TABLES = ("carried", "journal")
"""A stream that goes on for another begins with what it carries."""
_SPAN = "device_id = ? and epoch = ? and seq > ? and seq <= ?"
_CARRIED_COUNT = f"select count(*) from carried where {_SPAN}"
_ALL_COUNT = f"select count(*) from {REFUSED} where {_SPAN}"
_IS_DOSE = f"kind = '{DOSE_KIND}'"
_DOSE_COUNT = f"select count(*) from {{}} where {_SPAN} and {_IS_DOSE}"
_AGES = f"""select sum(due_from <= ?), sum(due_from <= ?), min(due_from) from (select {DUE_FROM} as due_from
    from {{}} cross join immunization using (event_id) where {_SPAN} and {_IS_DOSE} and status = ?)"""
_PAGE = "order by seq limit ? offset ?"
_DOSES = f"select seq, event_id from {{}} where {_SPAN} and {_IS_DOSE} {_PAGE}"
_OTHERS = f"select seq, event_id from {{}} where {_SPAN} and not {_IS_DOSE} {_PAGE}"

_RECORD = f"""select kind, cast(data as text) ->> 'wall', coalesce(patient.patient_id, ''),
    coalesce(patient.name, ''), coalesce(visit.encounter_id, (select encounter_id from encounter
    where encounter.patient_id = patient.patient_id order by registered_at desc limit 1), ''),
    coalesce(visit.ticket_number, ''), immunization_id, occurred_at,
    json_extract(immunization.body, '$.vaccine_name'), json_extract(immunization.body, '$.dose_number'),
    immunization.status, {DUE_FROM}
    from journal
    left join patient on patient.patient_id = cast(data as text) ->> 'person'
    left join encounter as visit on visit.encounter_id = cast(data as text) ->> '$.body.encounter_id'
    left join immunization using (event_id)
    where journal.event_id = ?"""


def read_record(db: Database, epoch: str, seq: int, event_id: str) -> UnsentRecord:
    """Return the entry of an event, which stands in the journal, under its number."""
    row = db.execute(_RECORD, [event_id]).fetchone()
    kind, wall, patient_id, patient_name, encounter_id, ticket_number, *dose = row
    recorded_at = datetime.fromtimestamp(wall / 1000, UTC)
    immunization_id, occurred_at, vaccine_name, dose_number, status, due_from = dose
    given = (
        UnsentDose(
            immunization_id, read_instant(occurred_at), read_instant(due_from), vaccine_name, dose_number,
            status == COMPLETED,
        )
        if immunization_id
        else None
    )  # fmt: skip
    return UnsentRecord(
        epoch, seq, kind, recorded_at, patient_id, patient_name, encounter_id, ticket_number, given
    )
