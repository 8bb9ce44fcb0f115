"""A desk without a line: leaves what it has with the lead PC of the site, and asks there for the answer.

What it leaves and takes are the bundle and the reply of the stick, so the same rules hold: nothing counts as
delivered before the centre's receipt, and whatever the lead PC loses, delays or doubles does no harm.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Protocol

from app.domain.clock import Clock
from app.domain.ids import Randomness
from app.domain.journal import canonical
from app.domain.refusals import Refusal
from app.storage.store import Store
from app.sync import frame, reply
from app.sync.fields import Fields
from app.sync.identity import Identity
from app.sync.lead import REPLY_PATH
from app.sync.lead_line import LeadLine, LeadUnreachable
from app.sync.outbox import OutboxUnavailable
from app.sync.shelf import answer_digest
from app.sync.state import Relayed
from app.sync.stick import pack_bundle
from app.sync.stick_files import PATH
from app.sync.stick_reply import take_reply
from app.sync.store_outbox import StoreOutbox
from app.sync.transport import CentreDeclined
from app.sync.wire import read_declined

LOOK_S = 30.0
AGAIN_S = 3600.0
"""What was left is left anew, with what the feeds are asked for, though nothing was recorded."""
KEPT, ANSWER, NOTHING_NEW, NOTHING_HELD = 200, 200, 204, 404


@dataclass(unsafe_hash=True)
class LeadDeclined(Refusal):
    """The lead PC does not take what this desk brings; the desk keeps it."""

    name: str
    """``ShelfFull``, ``DeskForeign``, ``MessageTooLarge`` …"""


OF_ONE_TRY = (LeadUnreachable, LeadDeclined, OutboxUnavailable)
"""Over with the next try that comes through; what the centre said stays until something is left anew."""


class LeadPost(Protocol):
    """The part of a line to the lead PC that is used."""

    def post(self, path: str, body: bytes) -> tuple[int, bytes]:
        """Return status and body of the answer; raises LeadUnreachable."""
        ...


class Relaying:
    """One desk's dealings with the lead PC; ``step`` says when to look again."""

    def __init__(
        self,
        store: Store,
        identity: Callable[[], Identity | None],
        line: LeadPost,
        clock: Clock,
        random: Randomness,
        is_cut_off: Callable[[], bool],
        on_change: Callable[[Relayed], object] = lambda state: None,
        received: Callable[[], object] = lambda: None,
    ) -> None:
        """``is_cut_off``: the centre itself is not reached. ``on_change``, ``received``: on this thread."""
        self._store, self._identity, self._line = store, identity, line
        self._clock, self._random = clock, random
        self._is_cut_off, self._on_change, self._received = is_cut_off, on_change, received
        self._reach: dict[str, int] | None = None
        """Last seq by epoch, of what was left; None where nothing is known to lie there."""
        self._again_at_s = float("-inf")
        self._known = ""
        self._due_at_s = float("-inf")
        self.state = Relayed()

    def wake(self, *, forced: bool = False) -> None:
        """Look at once if a person asked; a new record waits for the next look."""
        if forced:
            self._due_at_s = float("-inf")

    def step(self) -> float:
        """Fetch what the centre said and leave what is new, if there is no line; return seconds to wait."""
        wait = self._due_at_s - self._clock.monotonic()
        if wait > 0:
            return wait
        self._due_at_s = self._clock.monotonic() + LOOK_S
        identity = self._identity()
        if identity is None or not self._is_cut_off():
            self._reach = None
            self._show(Relayed())
            return LOOK_S
        try:
            self._fetch(identity)
            self._leave(identity)
        except Refusal as refusal:
            self._show(replace(self.state, trouble=refusal))
        else:
            if isinstance(self.state.trouble, OF_ONE_TRY):
                self._show(replace(self.state, trouble=None))
        return LOOK_S

    def _fetch(self, identity: Identity) -> None:
        status, data = self._line.post(REPLY_PATH, _question(self._known))
        if status == NOTHING_HELD:
            self._reach = None
        elif status == ANSWER:
            self._known = answer_digest(data)
            if not data.startswith(reply.MAGIC):
                raise CentreDeclined(_name(data), "")
            try:
                take_reply(self._store, identity, self._clock, data)
            except OutboxUnavailable:
                self._known = ""
                raise
            self._received()
        elif status != NOTHING_NEW:
            raise LeadDeclined(_name(data))

    def _leave(self, identity: Identity) -> None:
        streams = StoreOutbox(self._store).streams()
        reach = {local.stream.epoch: local.last_seq for local in streams}
        if reach == self._reach and self._clock.monotonic() < self._again_at_s:
            return
        packed = pack_bundle(self._store, identity, self._clock, self._random)
        status, data = self._line.post(PATH, packed.data)
        if status != KEPT:
            raise LeadDeclined(_name(data))
        self._reach, self._again_at_s = reach, self._clock.monotonic() + AGAIN_S
        self._show(Relayed(packed.count, self._clock.now()))

    def _show(self, state: Relayed) -> None:
        if state != self.state:
            self.state = state
            self._on_change(state)


def try_lead(url: str, identity: Identity, clock: Clock) -> None:
    """Ask whether a lead PC of this centre and site hears at an address; nothing is left there.

    Raises LeadUnreachable, LeadDeclined, BundleKeyMissing or as ``check_address``.
    """
    status, data = LeadLine(url, identity, clock).post(REPLY_PATH, _question(""))
    if status not in (ANSWER, NOTHING_NEW, NOTHING_HELD):
        raise LeadDeclined(_name(data))


def _question(known: str) -> bytes:
    return frame.pack(canonical({"known": known}))


def _name(data: bytes) -> str:
    declined = read_declined(Fields.of(frame.unpack(data)[0]))
    return declined.name if declined else ""
