"""The LAN of the site in the running program: this machine as lead PC, or as a desk that leaves with one."""

from collections.abc import Callable
from threading import Lock

from app.domain.refusals import Refusal
from app.domain.relay import RelayRole, RelaySetting
from app.storage.relay import find_relay
from app.sync.identity import Identity
from app.sync.runner import SyncRunner
from app.sync.state import Offline, Relayed
from app.sync.store_identity import get_identity
from app.ui.bench import Bench, CentreLine
from app.ui.centre_link import CentreLink

Ending = Callable[[], object]


class Relay:
    """What was made of this machine, as long as it is that; what is wrong with it keeps nobody from work."""

    def __init__(self, bench: Bench, link: CentreLink, identity: Identity) -> None:
        self._bench, self._link, self._identity = bench, link, identity
        self._lock = Lock()
        self._end: Ending | None = None
        self._over = False

    def start(self) -> None:
        """Begin as it was set up; a refusal is told."""
        try:
            self.renew(find_relay(self._bench.read()))
        except Refusal as refusal:
            self._bench.refuse(refusal)

    def renew(self, setting: RelaySetting) -> None:
        """Be this from now on, and no longer what it was; from any thread, and slow.

        Raises RelayPortTaken, BundleKeyMissing, SyncStillBusy or as ``check_address``: it is neither then.
        """
        with self._lock:
            self._stop()
            if not self._over:
                self._end = self._begin(setting)

    def stop(self) -> None:
        """End it, for good; raises SyncStillBusy."""
        with self._lock:
            self._over = True
            self._stop()

    @property
    def is_on(self) -> bool:
        """Whether this machine is one or the other just now."""
        return self._end is not None

    def _stop(self) -> None:
        end, self._end = self._end, None
        if end is not None:
            end()
            self._link.relay_told.emit(Relayed())

    def _begin(self, setting: RelaySetting) -> Ending | None:
        if setting.role is RelayRole.LEAD and self._bench.open_line is not None:
            return _lead(self._bench, setting, self._identity, self._bench.open_line())
        if setting.role is RelayRole.DESK:
            return _desk(self._bench, setting, self._identity, self._link)
        return None


def _lead(bench: Bench, setting: RelaySetting, identity: Identity, line: CentreLine) -> Ending:
    from app.sync.lead import LeadDuty, LeadListener  # few machines need it: the others start without
    from app.sync.shelf import Shelf, shelf_folder

    shelf = Shelf(shelf_folder(bench.desk.store.path.parent))
    runner = SyncRunner(LeadDuty(shelf, line, bench.desk.clock), line, name="lead-duty")
    listener = LeadListener(shelf, identity, (setting.host, setting.port), runner.nudge)
    runner.start()
    listener.start()

    def end() -> None:
        listener.stop()
        runner.stop()

    return end


def _desk(bench: Bench, setting: RelaySetting, identity: Identity, link: CentreLink) -> Ending:
    from app.sync.lead_line import LeadLine
    from app.sync.relaying import Relaying

    desk = bench.desk
    line = LeadLine(setting.url, identity, desk.clock)
    relaying = Relaying(
        desk.store, lambda: get_identity(desk.store), line, desk.clock, desk.random,
        lambda: isinstance(link.state, Offline), link.relay_told.emit, link.receipted.emit,
    )  # fmt: skip
    runner = SyncRunner(relaying, line, name="relaying")
    asked = link.asked.connect(runner.sync_now)
    runner.start()

    def end() -> None:
        link.asked.disconnect(asked)
        runner.stop()

    return end
