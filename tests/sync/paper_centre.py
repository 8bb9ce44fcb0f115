"""A centre in memory: the real judgement on pushes, its books in dictionaries, faults on demand."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import lru_cache
from itertools import accumulate, groupby
from operator import itemgetter

from app.domain.feed import SHARED_KINDS, START, FeedPosition
from app.domain.journal import Entry, Event, Stream, decode, genesis, parse
from app.domain.unfit import ADMITTED, ENVELOPE
from app.sync import wire
from app.sync.pages import MAX_FINDINGS, Feedback, Feeds, Finding, Page, Pull, Tail
from app.sync.transport import CentreUnreachable
from app.sync.unfit import unfit_runs
from server.offers import OFFERED
from server.projection import read
from server.stream import UNFIT, Accepted, Cursor, SiteOutOfScope, Unfit, judge, match, read_fit
from tests.clocks import ManualClock
from tests.sync.local_journal import SITE

Fault = Callable[[bytes], bytes | None]
Place = tuple[str, str, int]


@dataclass
class PaperCentre:
    """Answers requests of one device; as a transport it loses what it is told to lose."""

    clock: ManualClock
    seconds_per_exchange: float = 0.1
    incarnation: str = "1" * 16
    journal: dict[str, list[bytes]] = field(default_factory=dict)
    """Event bytes by epoch."""
    hashes: dict[str, list[bytes]] = field(default_factory=dict)
    received: dict[str, list[datetime]] = field(default_factory=dict)
    homes: dict[str, tuple[str, int]] = field(default_factory=dict)
    """Where an event was first seen: (epoch, seq) by its id."""
    projected: list[Event] = field(default_factory=list)
    """What the tables are made of: each event once, in the order of arrival."""
    feed: list[tuple[Place, bytes]] = field(default_factory=list)
    """The one area's feed: (device, epoch, seq) and bytes of every shared event, in the order of arrival."""
    reached: list[FeedPosition] = field(default_factory=lambda: [START])
    """Where the feed stood after so many events of it."""
    findings: dict[str, list[tuple[Finding, FeedPosition]]] = field(default_factory=dict)
    """What is wrong with the events of each device, and the position after it."""
    unfit: dict[Place, Unfit] = field(default_factory=dict)
    """By place, what is kept and cannot be filed."""
    sites: set[str] = field(default_factory=lambda: {SITE})
    """Those any device may speak for."""
    offers: dict[str, int] = field(default_factory=dict)
    """By device, how many events are filed that it offered."""
    durable_to: datetime | None = None
    """What it tells to be in a second place."""
    requests: list[wire.Request] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    """Each is used once: gets the request, may return another answer, raise, or None to let it pass."""
    exchanges_left: int | None = None
    """After so many the link is gone."""
    lose_answers: int = 0
    """So many answers are lost after the request was taken."""

    def exchange(self, request: bytes) -> bytes:
        self.clock.go(self.seconds_per_exchange)
        if self.exchanges_left is not None:
            if self.exchanges_left == 0:
                raise CentreUnreachable("connect")
            self.exchanges_left -= 1
        if self.faults:
            instead = self.faults.pop(0)(request)
            if instead is not None:
                return instead
        answer = self.take(wire.decode_request(request))
        if self.lose_answers:
            self.lose_answers -= 1
            raise CentreUnreachable("cut")
        return wire.encode_answer(answer)

    def take(self, request: wire.Request) -> wire.Answer:
        self.requests.append(request)
        push = request.push
        result = self._push(request.hello.device_id, push) if push else None
        standings = {
            epoch: self._standing(Stream(request.hello.device_id, epoch), request.hello)
            for epoch in request.hello.tips
            if push is None or epoch != push.epoch
        }
        for data in request.offer:
            self._take_offered(request.hello.device_id, data)
        welcome = wire.Welcome(self.incarnation, self.clock.now(), standings, self.durable_to)
        feeds = None if request.pull is None else self._feeds(request.hello, request.pull)
        if feeds is not None and request.pull is not None:
            feeds = replace(feeds, feedback=self._feedback(request.hello.device_id, request.pull.feedback))
        return wire.Answer(welcome, result, feeds, len(request.offer))

    def project(self, entry: Entry) -> None:
        """Let the tables and the feed follow from an event never seen before."""
        place = (entry.stream.epoch, entry.event.seq)
        if entry.event.id not in self.homes:
            self.homes[entry.event.id] = place
            self.projected.append(entry.event)
            if entry.event.kind in SHARED_KINDS:
                self.feed.append(((entry.stream.device_id, *place), entry.data))
                self.reached.append(self.reached[-1].after([entry.data]))

    def _take_offered(self, device_id: str, data: bytes) -> None:
        event = decode(data)
        if event.id not in self.homes:
            seq = self.offers[device_id] = self.offers.get(device_id, 0) + 1
            self.project(Entry(Stream(device_id, OFFERED), replace(event, seq=seq), data, b""))
            self._admit([one for one in self.unfit.values() if one.event_id == event.id])

    def _feeds(self, hello: wire.Hello, pull: Pull) -> Feeds:
        if pull.tail is not None:
            epoch, after = pull.tail
            return Feeds(
                tail=Tail(epoch, after, tuple(self.journal.get(epoch, ())[after : after + pull.limit]))
            )
        head, mine = self.reached[-1], pull.at.get(SITE, START)
        heads = {SITE: head} if head != mine else {}
        probes = pull.probes.get(SITE)
        if probes is not None:
            return Feeds(heads, {SITE: tuple(self.reached[min(probe, head.pos)].digest for probe in probes)})
        if mine.pos >= head.pos:
            return Feeds(heads)
        base, rows = self.reached[mine.pos], self.feed[mine.pos : mine.pos + pull.limit]
        own = [data for place, data in rows if self._holds(hello, place)]
        others = tuple(data for place, data in rows if not self._holds(hello, place))
        owned = START.after(own)
        return Feeds(heads, {}, Page(SITE, base, base.plus(owned).after(others), owned, others))

    def _doubt(self, entry: Entry) -> None:
        """Note what is wrong with an event that its own device brings for the first time."""
        if self.homes.get(entry.event.id, (OFFERED, 0))[0] == OFFERED:
            for finding, step in wrong_with(entry.data):
                self._note(entry.stream.device_id, finding, step)

    def find(self, device_id: str, finding: Finding) -> None:
        """Let something be wrong with an event of a device."""
        self._note(device_id, finding, START.after([finding.data]))

    def _note(self, device_id: str, finding: Finding, step: FeedPosition) -> None:
        found = self.findings.setdefault(device_id, [])
        found.append((finding, (found[-1][1] if found else START).plus(step)))

    def give_site(self, site: str) -> None:
        """Let every device speak for one more site, and file what was unfit for want of it."""
        self.sites.add(site)
        for _, own in groupby(sorted(self.unfit.items(), key=itemgetter(0)), lambda item: item[0][0]):
            self._admit([one for _, one in own])

    def _admit(self, unfit: Sequence[Unfit]) -> None:
        """File what can be filed by now of one device."""
        admitted: list[Entry] = []
        for one in unfit:
            try:
                event = read_fit(one.data, one.seq, self.sites)
            except SiteOutOfScope:
                if one.event_id not in self.homes:
                    continue
                event = parse(one.data)
            except UNFIT:
                continue
            admitted.append(Entry(one.stream, event, one.data, one.hash))
        for entry in admitted:
            self._doubt(entry)
            self.project(entry)
        for entry in admitted:
            device_id = entry.stream.device_id
            del self.unfit[device_id, entry.stream.epoch, entry.event.seq]
            self._move_finding(device_id, Finding(entry.event.id, ENVELOPE, ADMITTED))

    def _move_finding(self, device_id: str, finding: Finding) -> None:
        """Tell something else of what was found before, as if it were news."""
        self.find(device_id, finding)
        found = self.findings[device_id]
        told = (finding.event_id, finding.field)
        former = [one for one in found[:-1] if (one[0].event_id, one[0].field) == told]
        self.findings[device_id] = [one for one in found if one not in former]

    def _is_ours(self, found: Sequence[tuple[Finding, FeedPosition]], heard: FeedPosition) -> bool:
        return any(position == heard for _, position in found)

    def _feedback(self, device_id: str, heard: FeedPosition) -> Feedback | None:
        found = self.findings.get(device_id, [])
        if heard == (found[-1][1] if found else START):
            return None
        anew = heard != START and not self._is_ours(found, heard)
        told = [one for one in found if anew or one[1].pos > heard.pos][:MAX_FINDINGS]
        return Feedback(told[-1][1] if told else START, tuple(finding for finding, _ in told), anew)

    def _holds(self, hello: wire.Hello, place: Place) -> bool:
        device, epoch, seq = place
        return device == hello.device_id and seq <= hello.tips.get(epoch, -1)

    def event_ids(self) -> list[str]:
        """Return the id of every event held, in any stream."""
        return [parse(data).id for events in self.journal.values() for data in events]

    def cut_back(self, epoch: str, seq: int) -> None:
        """Forget what came after ``seq``, as a centre restored from its backup does."""
        del self.journal[epoch][seq:], self.hashes[epoch][seq + 1 :], self.received[epoch][seq:]
        gone = {event_id for event_id, home in self.homes.items() if home[0] == epoch and home[1] > seq}
        self.unfit = {place: one for place, one in self.unfit.items() if place[1] != epoch or place[2] <= seq}
        self.homes = {event_id: home for event_id, home in self.homes.items() if event_id not in gone}
        self.projected = [event for event in self.projected if event.id not in gone]
        self.feed = [(place, data) for place, data in self.feed if parse(data).id not in gone]
        self.reached = list(accumulate((data for _, data in self.feed), _after, initial=START))

    def _now(self) -> datetime:
        """In whole milliseconds, as the wire carries it."""
        now = self.clock.now()
        return now.replace(microsecond=now.microsecond // 1000 * 1000)

    def _hashes(self, stream: Stream) -> list[bytes]:
        if stream.epoch not in self.hashes:
            self.journal[stream.epoch], self.received[stream.epoch] = [], []
            self.hashes[stream.epoch] = [genesis(stream)]
        return self.hashes[stream.epoch]

    def _standing(self, stream: Stream, hello: wire.Hello) -> wire.Standing:
        hashes, last = self._hashes(stream), hello.tips[stream.epoch]
        acked, haves = len(hashes) - 1, hello.haves.get(stream.epoch)
        at_last = hashes[last] if acked > last else None
        found = None if haves is None else match(haves, dict(enumerate(hashes)))
        return wire.Standing(acked, hashes[-1], at_last, found)

    def _push(self, device_id: str, push: wire.Push) -> wire.PushResult:
        stream = Stream(device_id, push.epoch)
        hashes = self._hashes(stream)
        cursor = Cursor(len(hashes) - 1, hashes[-1])
        verdict = judge(push, stream, cursor, self.sites, hashes.__getitem__)
        if not isinstance(verdict, Accepted):
            return verdict
        verdict = self.judged(verdict)
        entries = list(verdict.entries)
        rows = {entry.event.seq: (entry.data, entry.hash) for entry in entries}
        rows |= {one.seq: (one.data, one.hash) for one in verdict.unfit}
        for _, (data, digest) in sorted(rows.items()):
            self.journal[push.epoch].append(data)
            self.hashes[push.epoch].append(digest)
            self.received[push.epoch].append(self._now())
        for entry in entries:
            self._doubt(entry)
            self.project(entry)
        for one in verdict.unfit:
            self.keep_unfit(one)
        self._admit([one for one in self.unfit.values() if one.event_id in self.homes])
        last = verdict.known + len(rows)
        times = enumerate(self.received[push.epoch][push.after : last], start=push.after + 1)
        runs = tuple(_run(list(run)) for _, run in groupby(times, itemgetter(1)))
        acked = len(hashes) - 1
        at_last = push.head if acked > push.after + len(push.events) and not verdict.refused else None
        unfit = unfit_runs(
            (seq, one.name, one.reason)
            for (device, epoch, seq), one in sorted(self.unfit.items(), key=itemgetter(0))
            if (device, epoch) == (device_id, push.epoch) and push.after < seq <= last
        )
        return wire.Ack(push.epoch, acked, hashes[-1], runs, verdict.refused, at_last, unfit)

    def judged(self, verdict: Accepted) -> Accepted:
        """Return what is made of a push: what was judged."""
        return verdict

    def keep_unfit(self, one: Unfit) -> None:
        """Keep the bytes of an event at its place and no more."""
        self.unfit[one.stream.device_id, one.stream.epoch, one.seq] = one
        if one.event_id is not None:
            self.find(one.stream.device_id, Finding(one.event_id, ENVELOPE, one.name))


@lru_cache(1000)
def wrong_with(data: bytes) -> tuple[tuple[Finding, FeedPosition], ...]:
    """Return what is wrong with the event of a line, and what each adds to a position.

    Machine after machine asks it of the same lines.
    """
    event = parse(data)
    found = [Finding(event.id, error.field, error.reason) for error in read(event).errors]
    return tuple((finding, START.after([finding.data])) for finding in found)


def _after(position: FeedPosition, data: bytes) -> FeedPosition:
    return position.after([data])


def _run(times: list[tuple[int, datetime]]) -> wire.ReceiptRun:
    return wire.ReceiptRun(times[0][0], times[-1][0], times[0][1])
