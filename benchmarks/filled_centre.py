"""A centre that another site has filled: people and doses of invented residents, written in bulk.

The journal, the homes of the events and the feed are what the centre itself would have written; its own
projections are left empty, for no pull reads them. The long runs are made, as the centre makes them unasked.
"""

import os
import uuid
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import islice

from app.domain.ids import uuid7
from app.domain.journal import ClockQuality, Entry, Event, Json, Stream, encode, parse
from app.practice import site as practice
from app.practice.people import residents
from app.storage.patients import patient_body
from app.workflows.name_readings import readings
from server import journal
from server.copying import copying
from server.database import Database
from server.feed import add_to_feeds, runs_of
from server.feed_block import missing_blocks, read_block

AT = datetime(2026, 11, 1, tzinfo=UTC)
HLC = int(AT.timestamp() * 1000) << 16
GROUP = 5000
_MARKS = ("0" * 8 + "-0000-7000-8000-00000000000", "8" * 20)


def fill_centre(database: Database, dose: Json, people: int, doses: int) -> None:
    """Write so many people, and so many doses shared out among them; ``dose`` is the body of a real one."""
    stream = Stream(str(uuid.uuid4()), os.urandom(8).hex())
    entries = _entries(stream, dose, people, doses)
    while group := list(islice(entries, GROUP)):
        with database.transaction():
            with copying(database) as copies:
                journal.add_entries(copies, group, AT)
            journal.claim_homes(database, group)
            with copying(database) as copies:
                add_to_feeds(copies, runs_of(group))
    for area, start in missing_blocks(database):
        read_block(database, area, start)


def _entries(stream: Stream, dose: Json, people: int, doses: int) -> Iterator[Entry]:
    seq = 0
    template = _template(dose)
    for number, patient in enumerate(residents(people, date(2026, 11, 1), 77)):
        patient_id = uuid7(AT + timedelta(milliseconds=seq), os.urandom)
        named = replace(patient, patient_id=patient_id)
        body = patient_body(named) | {
            "readings": readings(patient.name), "registered_at": "2026-11-01T00:00:00.000Z",
        }  # fmt: skip
        seq += 1
        data = encode(_event("patient.registered", uuid7(AT, os.urandom), seq, patient_id, body))
        yield Entry(stream, parse(data), data, bytes(32))
        for _ in range(doses * (number + 1) // people - doses * number // people):
            seq += 1
            at = AT + timedelta(milliseconds=seq)
            own = (uuid7(at, os.urandom), uuid7(at, os.urandom), patient_id)
            data = _filled(template, own, seq)
            event = _event("immunization.recorded", own[0], seq, patient_id, {})
            yield Entry(stream, event, data, bytes(32))


def _event(kind: str, event_id: str, seq: int, person: str, body: Json) -> Event:
    return Event(
        event_id, seq, HLC + seq, HLC >> 16, ClockQuality(1000), kind, 1, practice.SITE.site_id, "接种台 1",
        "u-zhoumin", person, body,
    )  # fmt: skip


def _template(dose: Json) -> bytes:
    """Return the bytes of a dose with marks in place of what is each dose's own."""
    event_id, immunization_id, patient_id = (f"{_MARKS[0]}{place}" for place in (1, 2, 3))
    body = dose | {"immunization_id": immunization_id, "patient_id": patient_id, "trace_code": _MARKS[1]}
    return encode(_event("immunization.recorded", event_id, 1_000_000_000, patient_id, body))


def _filled(template: bytes, own: tuple[str, str, str], seq: int) -> bytes:
    data = template
    for place, identity in enumerate(own, start=1):
        data = data.replace(f"{_MARKS[0]}{place}".encode(), identity.encode())
    data = data.replace(_MARKS[1].encode(), f"8900808{seq:013d}".encode())
    data = data.replace(str(HLC + 1_000_000_000).encode(), str(HLC + seq).encode())
    return data.replace(b'"seq":1000000000', f'"seq":{seq}'.encode())
