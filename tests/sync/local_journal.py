"""A device in memory: real events in a real chain, behind the port the sync engine uses."""

import copy
import uuid
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from random import Random
from typing import Self

from app.domain.ids import uuid7
from app.domain.journal import ClockQuality, Event, Json, Stream, encode, genesis, link, parse
from app.sync.outbox import OutboxStream, PendingEvent, Written
from app.sync.unfit import UnfitRun
from app.sync.wire import ReceiptRun
from tests.clocks import ManualClock

SITE = "1001010001"


class LocalJournal:
    """Records events and receipts; can be copied, as a disk can."""

    def __init__(self, seed: int = 0, clock: ManualClock | None = None, site: str = SITE) -> None:
        self.random = Random(seed)
        self.clock = clock or ManualClock()
        self.site = site
        self.device_id = str(uuid.UUID(int=self.random.getrandbits(128), version=4))
        self.entries: dict[Stream, list[PendingEvent]] = {}
        self.receipts: dict[Stream, dict[int, datetime]] = {}
        self.unfit: list[UnfitRun] = []
        self.kept: dict[Stream, int] = {}
        self.known_incarnation = ""
        self.durable_to: datetime | None = None
        self.stream = self.open_stream()

    def open_stream(self) -> Stream:
        """Begin a new epoch."""
        self.stream = Stream(self.device_id, self.random.randbytes(8).hex())
        self.entries[self.stream], self.receipts[self.stream] = [], {}
        return self.stream

    def record(
        self, kind: str = "note.made", body: Json | None = None, *, person: str | None = None
    ) -> PendingEvent:
        """Write the next event of the stream in use."""
        return self.append(self.event(kind, body or {}, person))

    def event(self, kind: str, body: Json, person: str | None = None, site: str | None = None) -> Event:
        """Return what would be the next event."""
        now = self.clock.now()
        seq = len(self.entries[self.stream]) + 1
        wall = int(now.timestamp() * 1000)
        return Event(
            uuid7(now, self.random.randbytes), seq, (wall << 16) + seq, wall, ClockQuality(1000), kind, 1,
            self.site if site is None else site, "desk-1", "u-1", person, body,
        )  # fmt: skip

    def append(self, event: Event) -> PendingEvent:
        """Write an event as it is."""
        return self.append_bytes(event.id, encode(event))

    def append_bytes(self, event_id: str, data: bytes) -> PendingEvent:
        """Write bytes, whatever they are."""
        entries = self.entries[self.stream]
        previous = self.hash_at(self.stream, len(entries))
        entry = PendingEvent(len(entries) + 1, event_id, data, link(previous, data))
        entries.append(entry)
        return entry

    def record_many(self, count: int) -> None:
        """Write so many events."""
        for number in range(count):
            self.record(body={"number": number})

    def copy(self, seed: int | None = None) -> Self:
        """Return what a copy of the disk holds now; the machine it goes on in has randomness of its own."""
        disk = copy.deepcopy(self)
        if seed is not None:
            disk.random = Random(seed)
        return disk

    def receipted(self, stream: Stream | None = None) -> list[tuple[str, datetime]]:
        """Return ids and instants of the receipted events in order."""
        receipts = self.receipts[stream or self.stream]
        return list(zip(self.ids(stream), [receipts[seq] for seq in sorted(receipts)], strict=False))

    def ids(self, stream: Stream | None = None) -> list[str]:
        """Return the event ids of a stream in order."""
        return [entry.event_id for entry in self.entries[stream or self.stream]]

    # The port, as app.sync.outbox.Outbox says.

    def streams(self) -> Sequence[OutboxStream]:
        return [
            OutboxStream(
                stream,
                self.kept.get(stream, len(entries)),
                len(self.receipts[stream]),
                stream == self.stream,
            )
            for stream, entries in self.entries.items()
        ]

    def pending(self, stream: Stream, after_seq: int, limit: int) -> Sequence[PendingEvent]:
        return self.entries[stream][after_seq : after_seq + limit]

    def hash_at(self, stream: Stream, seq: int) -> bytes:
        return self.entries[stream][seq - 1].hash if seq else genesis(stream)

    def withdraw_receipts(self, stream: Stream, after_seq: int) -> None:
        held = self.receipts[stream]
        self.receipts[stream] = {seq: held[seq] for seq in held if seq <= after_seq}

    def carry_on(self, stream: Stream, keep: int, fresh: Stream, at: datetime) -> int:
        given_up = self.entries[stream][keep : self.kept.get(stream)]
        if stream == self.stream:
            self.stream = fresh
            self.entries[fresh], self.receipts[fresh] = [], {}
        for entry in given_up:
            self.append(replace(parse(entry.data), seq=len(self.entries[self.stream]) + 1))
        self.kept[stream] = keep
        self.withdraw_receipts(stream, keep)
        return len(given_up)

    def incarnation(self) -> str:
        return self.known_incarnation

    def remember_durable(self, to: datetime) -> None:
        self.durable_to = to

    def remember_incarnation(self, incarnation: str) -> None:
        self.known_incarnation = incarnation

    def record_receipts(
        self, stream: Stream, runs: Sequence[ReceiptRun], unfit: Sequence[UnfitRun] = ()
    ) -> Written:
        self.unfit += unfit
        held = self.receipts[stream]
        for run in runs:
            for seq in range(run.first_seq, run.last_seq + 1):
                held.setdefault(seq, run.received_at)
        assert list(held) == list(range(1, len(held) + 1)), "receipts leave no gap"
        return lambda: None
