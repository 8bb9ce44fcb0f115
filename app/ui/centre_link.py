"""The link to the centre as the screens see it: its state, its receipts, its time."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from enum import StrEnum
from typing import Protocol

from PySide6.QtCore import QObject, Signal

from app.domain.relay import RelaySetting
from app.storage.journal import current_stream
from app.sync.engine import SyncEngine
from app.sync.runner import Line, SyncRunner
from app.sync.seal import sealer
from app.sync.sealing import HourlySealing
from app.sync.state import ClockApart, Idle, Relayed, SyncState, clock_apart
from app.sync.store_inbox import StoreInbox
from app.sync.store_outbox import StoreOutbox
from app.sync.transport import Transport
from app.ui.bench import Bench
from app.ui.sync.remaining import Remaining
from app.ui.texts.sync import apart_words
from app.workflows.desk import CentreTime


class Wire(Transport, Line, Protocol):
    """A transport that can break off and let go."""


class LanPart(Protocol):
    """What this machine is on the LAN of its site, in the running program."""

    @property
    def is_on(self) -> bool:
        """Whether it is lead PC, or a desk of one, just now."""
        ...

    def renew(self, setting: RelaySetting) -> None:
        """Be this from now on; from any thread, and slow; raises a refusal, and is neither then."""
        ...


class Pause(StrEnum):
    """Whether a person has stopped the uploading; a restart of the program goes on by itself."""

    RUNNING = "running"
    STOPPING = "stopping"
    """The exchange under way still comes to its end."""
    PAUSED = "paused"


class CentreLink(QObject):
    """Runs sync beside the screens; recording never waits for it."""

    changed = Signal(object)
    """The ``SyncState`` or the pause is another; carries the state, on the screen thread."""
    receipted = Signal()
    """Receipts were written; on the screen thread."""
    asked = Signal()
    """A person wants it tried now."""
    relay_told = Signal(object)
    """How it stands with the lead PC of the site (``Relayed``) is another; from any thread."""
    _told = Signal(object)
    _rested = Signal()

    def __init__(self, bench: Bench, url: str, transport: Wire) -> None:
        super().__init__()
        desk = bench.desk
        self._bench = bench
        self.url = url
        self.state: SyncState = Idle(None)
        self.relayed = Relayed()
        self.relay: LanPart | None = None
        """None before it was looked up."""
        self.clock_apart: ClockApart | None = None
        """This device's clock is wrong."""
        self.pause = Pause.RUNNING
        self.remaining = Remaining(desk.clock.monotonic)
        self._aside = ThreadPoolExecutor(1, "sync-aside")
        outbox = StoreOutbox(desk.store, self.receipted.emit)
        device_id = current_stream(bench.read()).device_id
        seal = sealer(outbox.seal_key(desk.random))
        self.sealing = HourlySealing(desk.store, desk.clock, seal)
        """To be let look now and then: seals hour by hour what is not at the centre yet."""
        self._engine = SyncEngine(
            device_id, outbox, transport, desk.clock, desk.random, self._told.emit, seal,
            StoreInbox(desk.store, desk.clock), self._aside.submit,
        )  # fmt: skip
        self._runner = SyncRunner(self._engine, transport, self._rested.emit)
        self._rested.connect(self._stands_still)
        self._told.connect(self._changed)
        self.relay_told.connect(self._hear_relay)
        desk.store.on_committed(lambda kinds: self._runner.nudge())

    def start(self) -> Callable[[], object]:
        """Begin; returns what stops it."""
        self._runner.start()
        return self._stop

    def _stop(self) -> None:
        self._runner.stop()
        self._aside.shutdown(cancel_futures=True)

    def sync_now(self) -> None:
        """Try now, whatever the back-off."""
        self._runner.sync_now()
        self.asked.emit()

    def pause_upload(self) -> None:
        """Stop after the exchange under way; recording goes on and nothing is lost."""
        if self.pause is Pause.RUNNING:
            self._show_pause(Pause.STOPPING)
            self._runner.pause()

    def resume_upload(self) -> None:
        """Go on at once."""
        if self.pause is not Pause.RUNNING:
            self._show_pause(Pause.RUNNING)
            self._runner.resume()

    def _stands_still(self) -> None:
        if self.pause is Pause.STOPPING:
            self._show_pause(Pause.PAUSED)

    def _show_pause(self, pause: Pause) -> None:
        self.pause = pause
        self.remaining.forget()
        self.changed.emit(self.state)

    def _hear_relay(self, relayed: Relayed) -> None:
        self.relayed = relayed
        self.changed.emit(self.state)

    def _changed(self, state: SyncState) -> None:
        self.state = state
        self.remaining.hear(state)
        heard = self._engine.clock_offset
        if heard is not None:
            self._bench.desk.centre_time = CentreTime(heard.offset_ms, heard.measured_at_s)
        before, self.clock_apart = self.clock_apart, clock_apart(heard)
        if self.clock_apart is not None and before is None:
            self._bench.warn(apart_words(self.clock_apart))  # no sheet: nobody has asked for anything
        self.changed.emit(state)
