"""The LAN of the site in the running program: this machine as lead PC, or as a desk that leaves with one."""

from collections.abc import Callable

from app.domain.refusals import Refusal
from app.sync.identity import Identity
from app.sync.relay_setting import RelayRole, RelaySetting, find_relay
from app.sync.runner import SyncRunner
from app.sync.state import Offline
from app.sync.store_identity import get_identity
from app.ui.bench import Bench, CentreLine
from app.ui.centre_link import CentreLink


def start_relay(bench: Bench, link: CentreLink, identity: Identity) -> Callable[[], object] | None:
    """Begin to be what support staff made of this machine; returns what ends it, None for neither.

    Whatever is wrong with it is told and keeps nobody from working.
    """
    setting = find_relay(bench.read())
    try:
        if setting.role is RelayRole.LEAD and bench.open_line is not None:
            return _lead(bench, setting, identity, bench.open_line())
        if setting.role is RelayRole.DESK:
            return _desk(bench, setting, identity, link)
    except Refusal as refusal:
        bench.refuse(refusal)
    return None


def _lead(bench: Bench, setting: RelaySetting, identity: Identity, line: CentreLine) -> Callable[[], object]:
    from app.sync.lead import LeadDuty, LeadListener  # few machines need it: the others start without
    from app.sync.shelf import Shelf

    shelf = Shelf(bench.desk.store.path.parent / "relay")
    runner = SyncRunner(LeadDuty(shelf, line, bench.desk.clock), line, name="lead-duty")
    listener = LeadListener(shelf, identity, (setting.host, setting.port), runner.nudge)
    runner.start()
    listener.start()

    def stop() -> None:
        listener.stop()
        runner.stop()

    return stop


def _desk(bench: Bench, setting: RelaySetting, identity: Identity, link: CentreLink) -> Callable[[], object]:
    from app.sync.lead_line import LeadLine
    from app.sync.relaying import Relaying

    desk = bench.desk
    line = LeadLine(setting.url, identity, desk.clock)
    relaying = Relaying(
        desk.store, lambda: get_identity(desk.store), line, desk.clock, desk.random,
        lambda: isinstance(link.state, Offline), link.relay_told.emit, link.receipted.emit,
    )  # fmt: skip
    runner = SyncRunner(relaying, line, name="relaying")
    link.asked.connect(runner.sync_now)
    runner.start()
    return runner.stop
