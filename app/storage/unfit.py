"""What the centre has the bytes of and cannot file: it is not delivered until it is filed or answered."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlite_utils import Database

from app.domain.journal import Stream
from app.storage.shape import COMPLETED

_PERSONAL = "('patient.registered', 'patient.amended')"
_PERSON = "cast({}.data as text) ->> 'person'"
_SAID_AGAIN = f"""journal.kind in {_PERSONAL} and exists (select 1 from journal as later
    where later.kind in {_PERSONAL} and {_PERSON.format("later")} = {_PERSON.format("journal")}
    and later.position > journal.position and later.event_id not in (select event_id from refused_entry))"""
REFUSED = f"""(select refused.device_id, refused.epoch, refused.seq, event_id, journal.kind, journal.position,
    refused.name, refused.reason
    from refused_entry as refused cross join journal using (event_id) left join immunization using (event_id)
    where coalesce(immunization.status, '{COMPLETED}') = '{COMPLETED}' and ({_SAID_AGAIN}) is not true)"""
"""In place of a table: the entries of streams that are refused and that nothing answers. A dose is answered
once it is voided, the word on a person once there is a newer one."""


@dataclass(frozen=True)
class RefusedEntry:
    """An entry that the centre has the bytes of and cannot file."""

    epoch: str
    seq: int
    event_id: str
    name: str
    """Of the centre's refusal."""
    reason: str


def put_unfit(
    db: Database, stream: Stream, span: tuple[int, int], runs: Iterable[tuple[int, int, str, str]]
) -> None:
    """Keep (first, last, name, reason) of what is unfit from first to last of a span: no more there is."""
    place = [stream.device_id, stream.epoch]
    db.execute(
        "delete from unfit_entry where device_id = ? and epoch = ? and seq between ? and ?", [*place, *span]
    )
    for first, last, name, reason in runs:
        db.execute(
            """insert into unfit_entry select device_id, epoch, seq, event_id, ?, ? from stream_entry
            where device_id = ? and epoch = ? and seq between ? and ?""",
            [name, reason, *place, max(first, span[0]), min(last, span[1])],
        )


def count_refused(db: Database) -> int:
    """Return how many entries are refused and not answered."""
    return int(db.execute(f"select count(*) from {REFUSED}").fetchone()[0])


def refused_entries(db: Database, limit: int) -> list[RefusedEntry]:
    """Return the entries that are refused and not answered, the newest first."""
    rows = db.execute(
        f"select epoch, seq, event_id, name, reason from {REFUSED} order by position desc limit ?", [limit]
    )
    return [RefusedEntry(*row) for row in rows]


def refused_places(db: Database) -> set[tuple[str, int]]:
    """Return (epoch, seq) of every entry that is refused and not answered."""
    return set(db.execute(f"select epoch, seq from {REFUSED}"))


def refused_doses(db: Database) -> set[str]:
    """Return the doses whose entry is refused and not answered, by their ids."""
    rows = db.execute(f"select immunization_id from {REFUSED} join immunization using (event_id)")
    return {immunization_id for (immunization_id,) in rows}
