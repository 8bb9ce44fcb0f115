"""What is handed in on a stick: read, taken as if the device had called, or kept apart for an operator.

A bundle of a device in good standing goes the way of its requests (``server/ingest.py``), and what the centre
has for the device goes back with the receipts (``server/replying.py``). One of a device
that was withdrawn, or whose year is over, goes into quarantine: it may be its own honest records, or
what somebody made with a stolen machine, and only people can tell.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from psycopg.rows import class_row

from app.domain.journal import Event, Stream, link, parse_readable
from app.domain.refusals import Refusal
from app.sync import wire
from app.sync.bundle import Bundle, PlacedSeal, key_of, read_bundle
from app.sync.frame import CODEC_COLUMNS, MessageMalformed
from app.sync.reply import Reply, write_reply
from app.sync.seal import SealBroken, check_seal
from app.sync.unfit import unfit_within
from server.authority import Authority, fingerprint_of
from server.database import Database
from server.devices import Device, DeviceUnknown, find_devices
from server.incarnation import incarnation_of
from server.ingest import Job, ingest
from server.peer import Peer
from server.replying import ROOM, Asker, with_answers
from server.seals import read_keys

DOSE = "immunization.recorded"


@dataclass(unsafe_hash=True)
class BundleDecided(Refusal):
    """The bundle is not in quarantine, or somebody decided already."""


@dataclass(frozen=True)
class Quarantined:
    """A bundle as the operator sees it: counts and instants, never a person."""

    device_id: str
    digest: bytes
    standing: str
    handed_in_at: datetime
    handed_in_by: str
    sites: str
    revoked_at: datetime | None
    events: int
    doses: int
    sealed_before: int
    """Of the events: covered by a seal whose time is before the revocation, by the device's clock."""
    first_wall: datetime | None
    last_wall: datetime | None
    decided_at: datetime | None
    decided_by: str | None
    accepted: bool | None
    reason: str | None


@dataclass(frozen=True)
class _Sender:
    """Whose bundle it is, by a certificate this centre gave."""

    peer: Peer
    device: Device
    standing: Device | Refusal
    revoked_at: datetime | None


@dataclass(frozen=True)
class HandedIn:
    """What became of a bundle."""

    device_id: str
    sites: str
    """Those its device speaks for, with a blank between."""
    standing: str
    """Empty in good standing, else the name of the refusal that keeps the device out."""
    outcome: str
    """As in ``Reply``."""
    events: int
    """In the bundle."""
    held: int
    """Of them: filed at the centre by now."""
    reply: bytes
    """The file for the stick."""


def hand_in(
    database: Database, authority: Authority, data: bytes, by: str, now: datetime, room: int = ROOM
) -> HandedIn:
    """Take what a bundle holds, or put it into quarantine; return what became of it, with the reply.

    ``by``: who brought it. ``now`` in whole milliseconds. ``room``: bytes of answers in the reply. The same
    bundle again is the same as once, and its reply brings what has come since. Raises BundleDamaged,
    BundleOfOtherCentre, DeviceUnknown, MessageTooLarge or MessageMalformed.
    """
    bundle = read_bundle(data, authority.key)
    sender = _sender(database, fingerprint_of(bundle.certificate), now)
    pushes = [_push_of(request, sender) for request in bundle.requests]
    if isinstance(sender.standing, Device):
        reply = _take(database, bundle.requests, sender, now)
    elif not pushes:
        reply = Reply(sender.device.device_id, now, "refused", type(sender.standing).__name__)
    else:
        reply = _keep_apart(database, bundle, sender, pushes, by, now)
    held = _held(pushes, reply.answers)
    if isinstance(sender.standing, Device) and bundle.question is not None:
        asker = Asker(sender.standing, sender.peer.fingerprint, bundle.question)
        reply = with_answers(database, authority, asker, reply, room)
    return HandedIn(
        sender.device.device_id,
        " ".join(sorted(sender.device.sites)),
        type(sender.standing).__name__ if isinstance(sender.standing, Refusal) else "",
        reply.outcome,
        sum(len(push.events) for push in pushes),
        held,
        write_reply(reply, key_of(bundle.certificate), authority.key),
    )


def _keep_apart(
    database: Database, bundle: Bundle, sender: _Sender, pushes: Sequence[wire.Push], by: str, now: datetime
) -> Reply:
    """Put a bundle into quarantine; return what was decided about it. Nothing of the feeds goes out."""
    device_id = sender.device.device_id
    with database.transaction():
        decided = _find(database, device_id, bundle.digest)
        if decided is None:
            _keep(database, bundle, sender, pushes, by, now)
        if decided is None or decided.accepted is None:
            return Reply(device_id, now, "quarantined")
        if decided.accepted:
            return _take(database, bundle.requests, sender, now)
        return Reply(device_id, now, "rejected", decided.reason or "")


def whole_ms(at: datetime) -> datetime:
    """Return an instant as the wire carries it."""
    return at.replace(microsecond=at.microsecond // 1000 * 1000)


def see_quarantine(database: Database, limit: int) -> Sequence[Quarantined]:
    """Return the bundles in quarantine, those without a decision first, then the newest."""
    with database.cursor(row_factory=class_row(Quarantined)) as cursor:
        return cursor.execute(
            f"{_SIGHT} order by decided_at is not null, handed_in_at desc, digest limit %s".encode(), (limit,)
        ).fetchall()


def decide(
    database: Database, place: tuple[str, bytes], verdict: tuple[bool, str], by: str, now: datetime
) -> None:
    """Accept a bundle of (device, digest), or reject it, with a reason; accepted, it is taken at once.

    Raises BundleDecided.
    """
    device_id, digest = place
    accepted, reason = verdict
    with database.transaction():
        row = database.execute(
            """
            update quarantine set decided_at = %s, decided_by = %s, accepted = %s, reason = %s
            where device_id = %s and digest = %s and decided_at is null returning fingerprint, requests
            """,
            (now, by, accepted, reason, device_id, digest),
        ).fetchone()
        if row is None:
            raise BundleDecided
        if accepted:
            fingerprint, requests = row
            _take(database, requests, _sender(database, bytes(fingerprint), now), now)


_SIGHT = """
select device_id, digest, standing, handed_in_at, handed_in_by, sites, revoked_at, events, doses,
    sealed_before, first_wall, last_wall, decided_at, decided_by, accepted, reason from quarantine
"""


def _find(database: Database, device_id: str, digest: bytes) -> Quarantined | None:
    with database.cursor(row_factory=class_row(Quarantined)) as cursor:
        return cursor.execute(
            f"{_SIGHT} where device_id = %s and digest = %s".encode(), (device_id, digest)
        ).fetchone()


def _sender(database: Database, fingerprint: bytes, now: datetime) -> _Sender:
    row = database.execute(
        """
        select device_id, c.sites, coalesce(d.revoked_at, c.revoked_at)
        from device_certificate c join device d using (device_id) where c.fingerprint = %s
        """,
        (fingerprint,),
    ).fetchone()
    if row is None:
        raise DeviceUnknown
    device = Device(row[0], frozenset(row[1]))
    standing = find_devices(database, [fingerprint], now)[fingerprint]
    return _Sender(Peer(device.device_id, fingerprint), device, standing, row[2])


def _push_of(request: bytes, sender: _Sender) -> wire.Push:
    """Return what a request of a bundle pushes; raises a refusal on anything but its own device's push."""
    read = wire.decode_request(request)
    if read.push is None or read.hello.device_id != sender.device.device_id:
        raise MessageMalformed("bundle")
    return read.push


def _take(database: Database, requests: Sequence[bytes], sender: _Sender, now: datetime) -> Reply:
    """Take request by request, as if the device had called; an answer is kept for each."""
    answers, incarnation = [], incarnation_of(database)
    for request in map(bytes, requests):
        job = Job(sender.peer, request)
        vouched = {sender.peer.fingerprint: sender.device}
        (reply,) = ingest(database, incarnation, [job], now, vouched)
        if isinstance(reply, Refusal):
            raise reply
        answers.append(wire.encode_answer(reply, CODEC_COLUMNS))
    return Reply(sender.device.device_id, now, "taken", answers=tuple(answers))


def _held(pushes: Sequence[wire.Push], answers: Sequence[bytes]) -> int:
    """Return how many of the events pushed the centre has filed, by its answers; none where it took none."""
    held = 0
    for push, answer in zip(pushes, map(wire.decode_answer, answers), strict=False):
        if isinstance(answer, wire.Answer) and isinstance(answer.push, wire.Ack | wire.Gap):
            taken = max(0, min(answer.push.acked - push.after, len(push.events)))
            unfit = answer.push.unfit if isinstance(answer.push, wire.Ack) else ()
            held += taken - len(unfit_within(unfit, push.after + 1, push.after + taken))
    return held


def _keep(
    database: Database,
    bundle: Bundle,
    sender: _Sender,
    pushes: Sequence[wire.Push],
    by: str,
    now: datetime,
) -> None:
    events = parse_readable(event for push in pushes for event in push.events)
    walls = [_instant(event) for event in events]
    database.execute(
        """
        insert into quarantine (device_id, digest, standing, handed_in_at, handed_in_by, made_at, sites,
            revoked_at, events, doses, sealed_before, first_wall, last_wall,
            fingerprint, requests)
        values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
        """,
        (
            sender.device.device_id,
            bundle.digest,
            type(sender.standing).__name__,
            now,
            by,
            bundle.made_at,
            " ".join(sorted(sender.device.sites)),
            sender.revoked_at,
            sum(len(push.events) for push in pushes),
            sum(event.kind == DOSE for event in events),
            _sealed_before(database, bundle, sender, pushes),
            min(walls, default=None),
            max(walls, default=None),
            sender.peer.fingerprint,
            list(bundle.requests),
        ),
    )


def _instant(event: Event) -> datetime:
    """Return when an event was written; whatever stands there, an instant PostgreSQL knows."""
    wall = event.wall if type(event.wall) is int else 0
    return datetime.fromtimestamp(min(max(wall, 0), 253_402_300_799_000) / 1000, UTC)


def _sealed_before(database: Database, bundle: Bundle, sender: _Sender, pushes: Sequence[wire.Push]) -> int:
    """Return how many events stand under a seal that holds and says it was made before the revocation."""
    if sender.revoked_at is None:
        return 0
    device_id = sender.device.device_id
    known_key = read_keys(database, [device_id]).get(device_id)
    reached: dict[str, int] = {}
    hashes = _hashes(device_id, pushes)
    made = [
        PlacedSeal(Stream(device_id, push.epoch), push.after + len(push.events), push.head, push.seal)
        for push in pushes
        if push.seal is not None
    ]
    for placed in (*bundle.seals, *made):
        if placed.seal.sealed_at >= sender.revoked_at:
            continue
        if hashes.get((placed.stream, placed.seq)) != placed.head:
            continue
        try:
            check_seal(placed.seal, known_key, placed.stream, placed.seq, placed.head)
        except SealBroken:
            continue
        epoch = placed.stream.epoch
        reached[epoch] = max(reached.get(epoch, 0), placed.seq)
    return sum(
        max(0, min(push.after + len(push.events), reached.get(push.epoch, 0)) - push.after) for push in pushes
    )


def _hashes(device_id: str, pushes: Sequence[wire.Push]) -> dict[tuple[Stream, int], bytes]:
    found: dict[tuple[Stream, int], bytes] = {}
    for push in pushes:
        head = push.after_hash
        for seq, data in enumerate(push.events, start=push.after + 1):
            head = link(head, data)
            found[Stream(device_id, push.epoch), seq] = head
    return found
