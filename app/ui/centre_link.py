"""The link to the centre as the screens see it: its state, its receipts, its time."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject, Signal

from app.storage.journal import current_stream
from app.sync.engine import SyncEngine
from app.sync.http import HttpTransport
from app.sync.identity import Identity
from app.sync.renewal import RenewingTransport
from app.sync.runner import SyncRunner
from app.sync.seal import sealer
from app.sync.state import Idle, SyncState
from app.sync.store_identity import put_identity
from app.sync.store_outbox import StoreOutbox
from app.ui.bench import Bench
from app.workflows.desk import CentreTime


class CentreLink(QObject):
    """Runs sync beside the screens; recording never waits for it."""

    changed = Signal(object)
    """The ``SyncState`` is another; on the screen thread."""
    receipted = Signal()
    """Receipts were written; on the screen thread."""
    _told = Signal(object)

    def __init__(self, bench: Bench, url: str, identity: Identity, *, proxy: str | None = None) -> None:
        """Raises PlaintextForbidden for an address that is not https."""
        super().__init__()
        desk = bench.desk
        self._bench = bench
        self.url = url
        self.state: SyncState = Idle(None)
        line = HttpTransport(url, identity, desk.clock, proxy=proxy)
        transport = RenewingTransport(line, identity, desk.clock, partial(put_identity, desk.store))
        outbox = StoreOutbox(desk.store, self.receipted.emit)
        device_id = current_stream(bench.read()).device_id
        seal = sealer(outbox.seal_key(desk.random))
        self._engine = SyncEngine(
            device_id, outbox, transport, desk.clock, desk.random, self._told.emit, seal
        )
        self._runner = SyncRunner(self._engine, transport)
        self._told.connect(self._changed)
        desk.store.on_committed(lambda kinds: self._runner.nudge())

    def start(self) -> Callable[[], object]:
        """Begin; returns what stops it."""
        self._runner.start()
        return self._runner.stop

    def sync_now(self) -> None:
        """Try now, whatever the back-off."""
        self._runner.sync_now()

    def _changed(self, state: SyncState) -> None:
        self.state = state
        heard = self._engine.clock_offset
        if heard is not None:
            self._bench.desk.centre_time = CentreTime(heard.offset_ms, heard.measured_at_s)
        self.changed.emit(state)
