"""Takes a group of requests in one transaction; what it answers with an ack is then committed.

Requests that came in together share the commit (that is what makes single records cheap), but each is judged
by itself: a bad one is declined, the others go through.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial

from app.domain.journal import Stream, genesis
from app.domain.refusals import Refusal
from app.sync import wire
from app.sync.seal import SealBroken, check_seal
from app.sync.unfit import unfit_runs
from server import journal
from server.contact import Contact, note_contacts
from server.database import Database
from server.devices import Device, DeviceUnknown, find_devices
from server.feed import read_feeds
from server.feedback import read_feedback
from server.filing import file_entries, file_sheaves
from server.offers import file_offers
from server.peer import Peer
from server.seals import keep_seals, read_keys
from server.second_place import durable_to
from server.stream import Accepted, Cursor, judge, match
from server.unfit import admit_beyond, admit_known, admit_twice_brought, keep_unfit, read_unfit


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

    def other_streams(self) -> list[Stream]:
        """The streams the caller asks about beside the one it pushes."""
        push, tips = self.request.push, self.request.hello.tips
        return [self.stream(epoch) for epoch in tips if push is None or epoch != push.epoch]


def ingest(
    database: Database,
    incarnation: str,
    jobs: Sequence[Job],
    now: datetime,
    vouched: Mapping[bytes, Device | Refusal] | None = None,
    once_judged: Callable[[], object] = lambda: None,
) -> list[wire.Answer | Refusal]:
    """Return an answer or a refusal for each job, in order; one device may have only one job in a group.

    ``now`` is in whole milliseconds; ``vouched``: by fingerprint, devices an operator answers for whatever
    their standing; ``once_judged`` is called when all are judged, and what is left to do is
    mostly the database's. Raises psycopg.Error, and then nothing of the group is kept.
    """
    with database.transaction():
        devices = find_devices(database, {job.peer.fingerprint for job in jobs}, now) | dict(vouched or {})
        calls = [_read(job, devices.get(job.peer.fingerprint, DeviceUnknown())) for job in jobs]
        known = [call for call in calls if isinstance(call, _Call)]
        results = _take(database, known, now, once_judged)
        offered = _take_offers(database, known, now)
        standings, durable = _standings(database, known), durable_to(database)
        replies = [
            call
            if isinstance(call, Refusal)
            else wire.Answer(
                wire.Welcome(incarnation, now, standings[call.device.device_id], durable),
                results.get(call.device.device_id),
                offered=len(call.request.offer),
            )
            for call in calls
        ]
        note_contacts(database, _contacts(calls, replies), now)
    _judge_again(database, known, results, offered, now)
    return [_with_feeds(database, call, reply) for call, reply in zip(calls, replies, strict=True)]


def _with_feeds(
    database: Database, call: _Call | Refusal, reply: wire.Answer | Refusal
) -> wire.Answer | Refusal:
    """Return a reply with what the caller asked of the feeds, as they stand after the commit."""
    if isinstance(call, Refusal) or isinstance(reply, Refusal) or call.request.pull is None:
        return reply
    pull, device = call.request.pull, call.device
    feeds = read_feeds(database, device, call.request.hello.tips, pull)
    return replace(
        reply, feeds=replace(feeds, feedback=read_feedback(database, device.device_id, pull.feedback))
    )


def _judge_again(
    database: Database,
    calls: Sequence[_Call],
    results: Mapping[str, wire.PushResult],
    offered: Sequence[str],
    now: datetime,
) -> None:
    """File what was unfit only by the certificate it came with: there may be another, or the event is filed.

    ``offered``: the ids of events filed just now because other devices knew them.
    """
    if offered:
        admit_known(database, offered, now)
    if results:
        admit_twice_brought(database, results.keys(), now)
    for call in calls:
        told = results.get(call.device.device_id)
        if isinstance(told, wire.Ack) and told.unfit:
            admit_beyond(database, call.device, now)


def _read(job: Job, device: Device | Refusal) -> _Call | Refusal:
    if isinstance(device, Refusal):
        return device
    try:
        request = wire.decode_request(job.frame)
    except Refusal as refusal:
        return refusal
    return _Call(device, request) if request.hello.device_id == device.device_id else DeviceUnknown()


def _contacts(calls: Sequence[_Call | Refusal], replies: Sequence[wire.Answer | Refusal]) -> list[Contact]:
    return [
        Contact(call.request.hello, reply)
        for call, reply in zip(calls, replies, strict=True)
        if isinstance(call, _Call) and isinstance(reply, wire.Answer)
    ]


def _take(
    database: Database, calls: Sequence[_Call], now: datetime, once_judged: Callable[[], object]
) -> dict[str, wire.PushResult]:
    """Judge every push and write what is new; return what became of each, by device."""
    pushes = {
        call.stream(call.request.push.epoch): (call, call.request.push)
        for call in calls
        if call.request.push is not None
    }
    if not pushes:
        once_judged()
        return {}
    cursors = journal.lock_cursors(database, pushes, now)
    keys = read_keys(database, [stream.device_id for stream in pushes])
    verdicts: dict[Stream, Accepted] = {}
    results: dict[str, wire.PushResult] = {}
    for stream, (call, push) in pushes.items():
        held = partial(journal.hash_at, database, stream)
        verdict = judge(push, stream, cursors[stream], call.device.sites, held)
        if not isinstance(verdict, Accepted):
            results[stream.device_id] = verdict
            continue
        if verdict.refused is None:
            verdict = _unseal(push, stream, keys.get(stream.device_id), verdict)
        verdicts[stream] = verdict
        results[stream.device_id] = _ack(database, push, stream, verdict.end or cursors[stream], verdict, now)
    once_judged()
    _file(database, list(verdicts.values()), now)
    moved = {stream: verdict.end for stream, verdict in verdicts.items() if verdict.end is not None}
    if moved:
        journal.move_cursors(database, moved)
    sealed = {
        stream: (push, push.seal)
        for stream, (_, push) in pushes.items()
        if push.seal is not None and stream in verdicts and verdicts[stream].refused is None
    }
    if sealed:
        keep_seals(database, sealed, now)
    return results


def _file(database: Database, verdicts: Sequence[Accepted], now: datetime) -> None:
    """Write down what is new: as sheaves, unless some of it came with an event that is unfit."""
    unfit = [one for verdict in verdicts for one in verdict.unfit]
    if unfit or any(verdict.fit for verdict in verdicts):
        file_entries(database, [entry for verdict in verdicts for entry in verdict.entries], now)
        if unfit:
            keep_unfit(database, unfit, now)
        return
    sheaves = [verdict.sheaf for verdict in verdicts if verdict.sheaf is not None]
    if sheaves:
        file_sheaves(database, sheaves, now)


def _take_offers(database: Database, calls: Sequence[_Call], now: datetime) -> list[str]:
    """File what is offered and was not known; return the ids."""
    offers = [(call.device, call.request.offer) for call in calls if call.request.offer]
    entries = file_offers(database, offers, now) if offers else []
    if entries:
        file_entries(database, entries, now)
    return [entry.event.id for entry in entries]


def _unseal(push: wire.Push, stream: Stream, known_key: bytes | None, verdict: Accepted) -> Accepted:
    """Return the verdict if the seal holds, otherwise that nothing of the push is taken."""
    try:
        check_seal(push.seal, known_key, stream, push.after + len(push.events), push.head)
    except SealBroken as broken:
        refused = wire.EventRefused(push.after + 1, SealBroken.__name__, broken.reason)
        return Accepted(push.after, refused=refused)
    return verdict


def _ack(
    database: Database, push: wire.Push, stream: Stream, cursor: Cursor, verdict: Accepted, now: datetime
) -> wire.Ack:
    runs = (
        journal.read_receipts(database, stream, push.after, verdict.known)
        if verdict.known > push.after
        else []
    )
    if verdict.end is not None:
        runs.append(wire.ReceiptRun(verdict.known + 1, cursor.acked, now))
    beyond = cursor.acked > push.after + len(push.events)
    at_last = push.head if beyond and verdict.refused is None else None
    unfit = read_unfit(database, stream, push.after, verdict.known) if verdict.known > push.after else ()
    unfit += unfit_runs((one.seq, one.name, one.reason) for one in verdict.unfit)
    return wire.Ack(push.epoch, cursor.acked, cursor.head, tuple(runs), verdict.refused, at_last, unfit)


def _standings(database: Database, calls: Sequence[_Call]) -> dict[str, dict[str, wire.Standing]]:
    """Return by device how far the centre holds each other stream the caller listed."""
    asking = [call.device.device_id for call in calls if call.other_streams()]
    cursors = journal.read_cursors(database, asking) if asking else {}
    return {
        call.device.device_id: {
            stream.epoch: _standing(database, stream, call.request.hello, cursors.get(stream))
            for stream in call.other_streams()
        }
        for call in calls
    }


def _standing(database: Database, stream: Stream, hello: wire.Hello, cursor: Cursor | None) -> wire.Standing:
    haves = hello.haves.get(stream.epoch)
    if cursor is None:
        return wire.Standing(0, genesis(stream), match=None if haves is None else 0)
    last_seq = hello.tips[stream.epoch]
    beyond = cursor.acked > last_seq
    at_last = journal.hash_at(database, stream, last_seq) if beyond else None
    held = journal.hashes_at(database, stream, [seq for seq, _ in haves]) if haves else {}
    return wire.Standing(cursor.acked, cursor.head, at_last, None if haves is None else match(haves, held))
