"""Protocols that look right and are not: the simulator has to catch every one of them."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import accumulate
from uuid import UUID, uuid5

from app.domain.clock import instant_text
from app.domain.journal import Entry, Stream, encode, link, parse
from app.storage import carrying
from app.storage.journal import current_stream, entries, open_stream
from app.storage.receipts import withdraw_receipts
from app.storage.store import Transaction
from app.sync import wire
from app.sync.outbox import OutboxStream, PendingEvent, Written
from app.sync.pushing import Packed, Sent
from app.sync.store_outbox import StoreOutbox
from app.sync.unfit import UnfitRun
from tests.simulator.centre import Centre
from tests.simulator.feed_mutants import (
    FeedApart,
    HearsFirst,
    HearsNoEnd,
    MovesOnFirst,
    NumbersAlone,
    OffersNothing,
    TakesEveryPage,
    TellsByNumber,
)
from tests.simulator.letters import Speaker
from tests.simulator.machine import Rules
from tests.simulator.world import Play


class NumbersAloneCentre(Centre):
    """The classic design: what has a known (device, number) is there already."""

    def _push(self, device_id: str, push: wire.Push) -> wire.PushResult:
        stream = Stream(device_id, push.epoch)
        hashes = self._hashes(stream)
        acked = len(hashes) - 1
        if push.after > acked:
            return wire.Gap(push.epoch, acked, hashes[-1])
        known = min(acked, push.after + len(push.events))
        heads = list(accumulate(push.events, link, initial=push.after_hash))
        ahead = replace(
            push, after=known, after_hash=heads[known - push.after], events=push.events[known - push.after :]
        )
        hashes[-1] = ahead.after_hash
        super()._push(device_id, ahead)
        run = wire.ReceiptRun(push.after + 1, push.after + len(push.events), self._now())
        return wire.Ack(push.epoch, max(acked, run.last_seq), push.head, (run,))


class NumbersAloneEngine(Speaker):
    """Looks at numbers, never at hashes."""

    def _compare(self, local: OutboxStream, standing: wire.Standing) -> None:
        if standing.acked < local.acked:
            self._outbox.withdraw_receipts(local.stream, standing.acked)

    def _proves(self, sent: object, ack: wire.Ack) -> bool:
        return True


class WaitsAtTheUnfit(Centre):
    """Takes a stream up to the first event it cannot file, as the classic design does."""

    def _push(self, device_id: str, push: wire.Push) -> wire.PushResult:
        for count, data in enumerate(push.events):
            if parse(data).site not in self.sites:
                heads = list(accumulate(push.events[:count], link, initial=push.after_hash))
                taken = super()._push(device_id, replace(push, events=push.events[:count], head=heads[-1]))
                refused = wire.EventRefused(push.after + count + 1, "SiteOutOfScope", "site")
                return replace(taken, refused=refused) if isinstance(taken, wire.Ack) else taken
        return super()._push(device_id, push)


class CommitsLater(Centre):
    """Acknowledges before it commits."""

    def answer(self, request: bytes) -> bytes | None:
        before = self.books()
        answer = self.reply(request)
        if self.random.random() < self.crash_chance:
            self.put_back(before)
        return answer


class ProjectsTwice(Centre):
    """Lets the tables follow from every entry, not from every event."""

    def project(self, entry: Entry) -> None:
        self.homes.setdefault(entry.event.id, (entry.stream.epoch, entry.event.seq))
        self.projected.append(entry.event)


class StaysInItsEpoch(StoreOutbox):
    """Goes on in the stream that forked."""

    def carry_on(self, stream: Stream, keep: int, fresh: Stream, at: datetime) -> int:
        return 0


class ForgetsOldStreams(StoreOutbox):
    """Lists only the stream in use: the first regression of the prototype."""

    def streams(self) -> Sequence[OutboxStream]:
        return [local for local in super().streams() if local.current]


class BelievesReceiptsForEver(StoreOutbox):
    """What was delivered once is not offered again."""

    def withdraw_receipts(self, stream: Stream, after_seq: int) -> None:
        pass


class ReceiptsWhenSent(StoreOutbox):
    """Notes an event as delivered when it is handed to the line."""

    def pending(self, stream: Stream, after_seq: int, limit: int) -> Sequence[PendingEvent]:
        events = super().pending(stream, after_seq, limit)
        at = datetime.fromisoformat("2026-11-23T01:00:00Z")
        self.record_receipts(stream, [wire.ReceiptRun(after_seq + 1, after_seq + len(events), at)])
        return events


class ReceiptsAreEnough(StoreOutbox):
    """Calls delivered whatever has a receipt, filed or not."""

    def record_receipts(
        self, stream: Stream, runs: Sequence[wire.ReceiptRun], unfit: Sequence[UnfitRun] = ()
    ) -> Written:
        return super().record_receipts(stream, runs)


class TwoTransactions(StoreOutbox):
    """Closes the stream in one transaction and appends what it gave up in another."""

    def carry_on(self, stream: Stream, keep: int, fresh: Stream, at: datetime) -> int:
        given_up = [
            entry
            for entry in entries(self._store.read(), stream, after=keep)
            if entry.event.seq <= _last(self, stream)
        ]

        def close(transaction: Transaction) -> None:
            if stream == current_stream(transaction.db):
                open_stream(transaction.db, fresh, instant_text(at))
            transaction.db.execute("update stream set kept = ? where epoch = ?", [keep, stream.epoch])
            withdraw_receipts(transaction.db, stream, keep)

        self._write(close)
        self._write(lambda transaction: _append(transaction, given_up, lambda event_id: event_id))
        return len(given_up)


class NewIds(StoreOutbox):
    """Appends what a stream gave up as if it were new."""

    def carry_on(self, stream: Stream, keep: int, fresh: Stream, at: datetime) -> int:
        last = _last(self, stream)

        def carry(transaction: Transaction) -> int:
            given_up = [
                entry for entry in entries(transaction.db, stream, after=keep) if entry.event.seq <= last
            ]
            carrying.carry_on(transaction.db, stream, last, fresh, instant_text(at))
            transaction.db.execute("update stream set kept = ? where epoch = ?", [keep, stream.epoch])
            withdraw_receipts(transaction.db, stream, keep)
            _append(transaction, given_up, lambda event_id: str(uuid5(UUID(event_id), "again")))
            return len(given_up)

        return self._write(carry)


def _last(outbox: StoreOutbox, stream: Stream) -> int:
    return next(local.last_seq for local in outbox.streams() if local.stream == stream)


def _append(transaction: Transaction, given_up: Sequence[Entry], name: Callable[[str], str]) -> None:
    db = transaction.db
    for entry in given_up:
        device_id, epoch, seq, head = db.execute(
            "select device_id, epoch, head_seq, head_hash from stream where is_current"
        ).fetchone()
        event = replace(entry.event, id=name(entry.event.id), seq=seq + 1)
        data = encode(event)
        head = link(head, data)
        db.execute(
            "insert into carried values (?, ?, ?, ?, ?, ?, ?)",
            [device_id, epoch, event.seq, event.id, event.kind, data, head],
        )
        db.execute("update stream set head_seq = ?, head_hash = ? where is_current", [event.seq, head])


class PartsAtItsReceipts(Speaker):
    """Believes that what it has receipts for cannot have parted; a restored centre knows better."""

    def _part(self, local: OutboxStream, standing: wire.Standing) -> None:
        if standing.match is not None:
            standing = replace(standing, match=max(standing.match, local.acked))
        super()._part(local, standing)


class IncarnationAlone(Speaker):
    """Offers again only what a centre lost that says it was restored."""

    def _compare(self, local: OutboxStream, standing: wire.Standing) -> None:
        if standing.acked >= local.acked or self._heard != self._outbox.incarnation():
            super()._compare(local, standing)

    def _call(
        self, streams: Sequence[OutboxStream], sent: Sent | None, ahead: Packed | None
    ) -> tuple[wire.Answer, float]:
        answer, took_s = super()._call(streams, sent, ahead)
        self._heard = answer.welcome.incarnation
        return answer, took_s


MUTANTS: dict[str, Play] = {
    "numbers alone": Play(Rules(engine=NumbersAloneEngine), NumbersAloneCentre),
    "ack before commit": Play(centre=CommitsLater),
    "projects every entry": Play(centre=ProjectsTwice),
    "no new epoch": Play(Rules(outbox=StaysInItsEpoch)),
    "old streams not listed": Play(Rules(outbox=ForgetsOldStreams)),
    "receipts believed for ever": Play(Rules(outbox=BelievesReceiptsForEver)),
    "receipts when sent": Play(Rules(outbox=ReceiptsWhenSent)),
    "carried on in two transactions": Play(Rules(outbox=TwoTransactions)),
    "carried on with new ids": Play(Rules(outbox=NewIds)),
    "parts at its receipts": Play(Rules(engine=PartsAtItsReceipts)),
    "incarnation alone": Play(Rules(engine=IncarnationAlone)),
    "position before page": Play(Rules(inbox=MovesOnFirst)),
    "nothing offered": Play(Rules(inbox=OffersNothing)),
    "positions alone": Play(Rules(engine=NumbersAlone)),
    "pages of a parted stream": Play(Rules(engine=TakesEveryPage)),
    "feed apart from the journal": Play(centre=FeedApart),
    "position before findings": Play(Rules(inbox=HearsFirst)),
    "findings by number": Play(centre=TellsByNumber),
    "receipts are enough": Play(Rules(outbox=ReceiptsAreEnough)),
    "waits at the unfit": Play(centre=WaitsAtTheUnfit),
    "no end of a refusal": Play(Rules(inbox=HearsNoEnd)),
}
