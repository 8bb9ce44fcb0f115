"""Takes a group of requests in one transaction; what it answers with an ack is then committed.

Requests that came in together share the commit (that is what makes single records cheap), but each is judged
by itself: a bad one is declined, the others go through.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from app.domain.journal import Entry, Stream, decode, genesis
from app.domain.refusals import Refusal
from app.sync import wire
from server import journal
from server.database import Database
from server.devices import Device, DeviceUnknown, find_devices
from server.peer import Peer
from server.projection import SemanticError
from server.projector import project
from server.stream import Accepted, Cursor, judge

REUSED = SemanticError("id", "reused")

Cursors = dict[Stream, Cursor]


@dataclass(frozen=True)
class Job:
    """A request as it came in."""

    peer: Peer
    frame: bytes


@dataclass(frozen=True)
class _Call:
    """A request whose sender is known."""

    device: Device
    request: wire.Request

    def stream(self, epoch: str) -> Stream:
        return Stream(self.device.device_id, epoch)

    def other_tips(self) -> dict[Stream, int]:
        """The streams the caller asks about beside the one it pushes."""
        push = self.request.push
        tips = self.request.hello.tips.items()
        return {self.stream(epoch): seq for epoch, seq in tips if push is None or epoch != push.epoch}


def ingest(
    database: Database, incarnation: str, jobs: Sequence[Job], now: datetime
) -> list[wire.Answer | Refusal]:
    """Return an answer or a refusal for each job, in order; one device may have only one job in a group.

    ``now`` is in whole milliseconds. Raises psycopg.Error, and then nothing of the group is kept.
    """
    with database.transaction():
        devices = find_devices(database, {job.peer.fingerprint for job in jobs}, now)
        calls = [_read(job, devices.get(job.peer.fingerprint, DeviceUnknown())) for job in jobs]
        known = [call for call in calls if isinstance(call, _Call)]
        results = _take(database, known, now)
        standings = _standings(database, known)
        return [
            call
            if isinstance(call, Refusal)
            else wire.Answer(
                wire.Welcome(incarnation, now, standings[call.device.device_id]),
                results.get(call.device.device_id),
            )
            for call in calls
        ]


def _read(job: Job, device: Device | Refusal) -> _Call | Refusal:
    if isinstance(device, Refusal):
        return device
    try:
        request = wire.decode_request(job.frame)
    except Refusal as refusal:
        return refusal
    return _Call(device, request) if request.hello.device_id == device.device_id else DeviceUnknown()


def _take(database: Database, calls: Sequence[_Call], now: datetime) -> dict[str, wire.PushResult]:
    """Judge every push and write what is new; return what became of each, by device."""
    pushes = [(call, call.request.push) for call in calls if call.request.push is not None]
    if not pushes:
        return {}
    cursors = journal.lock_cursors(database, [call.stream(push.epoch) for call, push in pushes], now)
    results: dict[str, wire.PushResult] = {}
    entries: list[Entry] = []
    for call, push in pushes:
        stream = call.stream(push.epoch)
        held = partial(journal.hash_at, database, stream)
        verdict = judge(push, stream, cursors[stream], call.device.sites, held)
        if isinstance(verdict, Accepted):
            entries += verdict.entries
            if verdict.entries:
                last = verdict.entries[-1]
                cursors[stream] = Cursor(last.event.seq, last.hash)
            results[stream.device_id] = _ack(database, push, stream, cursors[stream], verdict, now)
        else:
            results[stream.device_id] = verdict
    if entries:
        _write(database, entries, now)
        journal.move_cursors(database, {entry.stream: cursors[entry.stream] for entry in entries})
    return results


def _ack(
    database: Database, push: wire.Push, stream: Stream, cursor: Cursor, verdict: Accepted, now: datetime
) -> wire.Ack:
    runs = (
        journal.read_receipts(database, stream, push.after, verdict.known)
        if verdict.known > push.after
        else []
    )
    if verdict.entries:
        runs.append(wire.ReceiptRun(verdict.known + 1, cursor.acked, now))
    return wire.Ack(push.epoch, cursor.acked, cursor.head, tuple(runs), verdict.refused)


def _write(database: Database, entries: Sequence[Entry], now: datetime) -> None:
    journal.add_entries(database, entries, now)
    first_seen = journal.claim_homes(database, entries)
    fresh = [entry for entry in entries if journal.place(entry) in first_seen]
    marked = project(database, fresh)
    if len(fresh) < len(entries):
        marked += [
            (entry, REUSED)
            for entry in entries
            if journal.place(entry) not in first_seen and _differs(database, entry)
        ]
    if marked:
        journal.add_errors(database, marked)


def _differs(database: Database, entry: Entry) -> bool:
    """Whether an event seen before under this id said something else then."""
    event, first = entry.event, decode(journal.read_first(database, entry.event.id))
    return (event.kind, event.v, event.person, event.body) != (first.kind, first.v, first.person, first.body)


def _standings(database: Database, calls: Sequence[_Call]) -> dict[str, dict[str, wire.Standing]]:
    """Return by device how far the centre holds each other stream the caller listed."""
    tips = {call.device.device_id: call.other_tips() for call in calls}
    asking = [device_id for device_id, streams in tips.items() if streams]
    cursors = journal.read_cursors(database, asking) if asking else {}
    return {
        device_id: {
            stream.epoch: _standing(database, stream, last_seq, cursors.get(stream))
            for stream, last_seq in streams.items()
        }
        for device_id, streams in tips.items()
    }


def _standing(database: Database, stream: Stream, last_seq: int, cursor: Cursor | None) -> wire.Standing:
    if cursor is None:
        return wire.Standing(0, genesis(stream))
    beyond = cursor.acked > last_seq
    at_last = journal.hash_at(database, stream, last_seq) if beyond else None
    return wire.Standing(cursor.acked, cursor.head, at_last)
