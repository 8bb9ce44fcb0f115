"""What a device takes from a reply on a stick: receipts, pages of the feeds, findings, its next certificate.

Each answer is believed as in an exchange: a receipt only with this device's own hash, a page only where it
goes on from what is held. So a reply may be taken twice, late or in any order.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from app.domain.clock import Clock
from app.domain.feed import START, FeedPosition
from app.domain.refusals import Refusal
from app.storage.store import Store
from app.sync import wire
from app.sync.enrolment import decode_enrolled
from app.sync.envelope import BundleDamaged
from app.sync.frame import MAX_EVENTS
from app.sync.identity import Identity, make_identity
from app.sync.inbox import Inbox
from app.sync.outbox import Outbox, OutboxStream
from app.sync.pages import Feedback, Page
from app.sync.puller import FeedRepaired
from app.sync.reply import Reply, read_reply
from app.sync.store_identity import get_identity, put_identity
from app.sync.store_inbox import StoreInbox
from app.sync.store_outbox import StoreOutbox
from app.sync.transport import CentreDeclined


@dataclass(unsafe_hash=True)
class BundleRejected(Refusal):
    """An operator of the centre decided not to take what this device had; it stays on the device."""

    reason: str


@dataclass(unsafe_hash=True)
class BundleQuarantined(Refusal):
    """The centre holds the bundle apart until an operator decides about this device."""


@dataclass(unsafe_hash=True)
class ReplyDoesNotFollow(Refusal):
    """A reply begins where this device does not stand: another comes before it, or its question is too old.

    Its receipts were taken; of the area nothing.
    """

    area: str
    pos: int
    """Where this device stands."""


@dataclass(frozen=True)
class Taken:
    """What a device has now that it had not before."""

    receipts: int = 0
    """Events of its own."""
    told: int = 0
    """Positions of the feeds of its areas."""
    findings: int = 0
    """What the centre found in its events."""
    renewed: bool = False
    """It has its next certificate."""
    more: bool = False
    """The centre has more than had room."""
    notes: tuple[Refusal, ...] = ()
    """What was put in order, and what could not be taken."""

    def __add__(self, other: "Taken") -> "Taken":
        """Return what two replies brought."""
        return Taken(
            self.receipts + other.receipts,
            self.told + other.told,
            self.findings + other.findings,
            self.renewed or other.renewed,
            self.more or other.more,
            tuple(dict.fromkeys((*self.notes, *other.notes))),
        )


def take_reply(store: Store, identity: Identity, clock: Clock, data: bytes) -> Taken:
    """Write down what a reply brings; return what was new. Twice is the same as once.

    Raises BundleDamaged, BundleOfOtherCentre, ReplyForAnother, BundleKeyMissing, BundleRejected,
    BundleQuarantined, CentreDeclined, MessageTooLarge or OutboxUnavailable.
    """
    reply = read_reply(data, identity)
    if reply.outcome == "rejected":
        raise BundleRejected(reply.reason)
    if reply.outcome == "refused":
        raise CentreDeclined(reply.reason, "")
    if reply.outcome != "taken":
        raise BundleQuarantined
    answers = [_answer_in(frame) for frame in reply.answers]
    outbox, inbox = StoreOutbox(store), StoreInbox(store, clock)
    receipts = sum(_receipt(outbox, answer.push) for answer in answers if answer.push is not None)
    durable = [at for answer in answers if (at := answer.welcome.durable_to) is not None]
    if durable:
        outbox.remember_durable(max(durable))
    feeds = [answer.feeds for answer in answers if answer.feeds is not None]
    findings = _hear(inbox, reply.heard, [told.feedback for told in feeds if told.feedback is not None])
    repaired = _go_back(inbox, reply)
    told, behind = _keep(inbox, [told.page for told in feeds if told.page is not None])
    renewed = _renew(store, identity, reply.enrolled)
    return Taken(receipts, told, findings, renewed, reply.more and told > 0, (*repaired, *behind))


def _answer_in(frame: bytes) -> wire.Answer:
    try:
        answer = wire.decode_answer(frame)
    except Refusal as refusal:
        raise BundleDamaged("changed") from refusal
    if not isinstance(answer, wire.Answer):
        raise BundleDamaged("changed")
    return answer


def _receipt(outbox: Outbox, told: wire.PushResult) -> int:
    """Write the receipts of an answer down; return for how many events there was none before."""
    local = next((one for one in outbox.streams() if one.stream.epoch == told.epoch), None)
    if local is None or isinstance(told, wire.Fork):
        return 0
    proven = _proven(outbox, local, told)
    if isinstance(told, wire.Gap):
        if proven < local.acked:
            outbox.withdraw_receipts(local.stream, proven)
        return 0
    taken, runs = local.acked, list[wire.ReceiptRun]()
    for run in told.receipts:
        last = min(run.last_seq, proven)
        if run.first_seq <= taken + 1 <= last:
            runs.append(wire.ReceiptRun(taken + 1, last, run.received_at))
            taken = last
    if runs:
        outbox.record_receipts(local.stream, runs, told.unfit)()
    return taken - local.acked


def _proven(outbox: Outbox, local: OutboxStream, told: wire.Ack | wire.Gap) -> int:
    """Return up to which event the centre's hash is this device's own; what is receipted if nowhere new.

    A centre that holds more than this device (which was restored from a backup) proves the end of the push.
    """
    if told.acked <= local.last_seq:
        own = outbox.hash_at(local.stream, told.acked)
        return told.acked if own == told.head else local.acked
    at_last = told.at_last if isinstance(told, wire.Ack) else None
    events = outbox.pending(local.stream, local.acked, MAX_EVENTS)
    return next((event.seq for event in events if event.hash == at_last), local.acked)


def _hear(inbox: Inbox, since: FeedPosition, feedback: Iterable[Feedback]) -> int:
    """Keep findings that go on from what this device has heard; return how many."""
    count = 0
    for told in feedback:
        if inbox.feedback() != since:
            break
        inbox.keep_feedback(told)
        count, since = count + len(told.findings), told.next
    return count


def _go_back(inbox: Inbox, reply: Reply) -> list[Refusal]:
    """Give up what is not the centre's of copies that stand where they stood when the device asked."""
    repaired: list[Refusal] = []
    for area, parting in reply.partings.items():
        known = (START, *inbox.ends(area))
        if inbox.positions().get(area) == parting.held and parting.agreed in known:
            inbox.withdraw(area, parting.agreed)
            repaired.append(FeedRepaired(area, parting.agreed.pos))
    return repaired


def _keep(inbox: Inbox, pages: Iterable[Page]) -> tuple[int, list[Refusal]]:
    """Keep page after page; return how many positions were new, and the areas that did not follow on."""
    count, behind = 0, dict[str, Refusal]()
    for page in pages:
        mine = inbox.positions().get(page.area, START)
        if page.next.pos <= mine.pos or page.area in behind:
            continue
        rest = _rest(page, mine)
        if rest is None:
            behind[page.area] = ReplyDoesNotFollow(page.area, mine.pos)
            continue
        inbox.keep(rest)()
        count += rest.next.pos - mine.pos
    inbox.make_findable()
    return count, list(behind.values())


def _rest(page: Page, mine: FeedPosition) -> Page | None:
    """Return what of a page lies beyond where a device stands, None if it does not go on from there."""
    if page.base == mine:
        return page
    held = mine.pos - page.base.pos
    if held <= 0 or page.condensed or page.own != START or page.base.after(page.lines[:held]) != mine:
        return None
    return replace(page, base=mine, lines=page.lines[held:])


def _renew(store: Store, identity: Identity, enrolled: bytes) -> bool:
    """Keep the next certificate, and with it whom to trust, if it ends later than the one there is."""
    if not enrolled:
        return False
    try:
        renewed = make_identity(identity.key, decode_enrolled(enrolled))
    except Refusal as refusal:
        raise BundleDamaged("changed") from refusal
    now = get_identity(store)
    if now is None or renewed.device_id != now.device_id or renewed.expires_at <= now.expires_at:
        return False
    put_identity(store, renewed)
    return True
