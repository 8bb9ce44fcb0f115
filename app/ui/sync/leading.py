"""Setting up the lead PC in the window: kept and tried beside the screen thread, and what is said of it."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from app.domain.clock import CHINA
from app.domain.refusals import Refusal
from app.domain.relay import RelayRole, RelaySetting
from app.storage.relay import find_relay
from app.sync.http import check_address
from app.sync.relaying import try_lead
from app.sync.shelf import Shelf, shelf_folder
from app.sync.store_identity import get_identity
from app.ui.bench import Bench
from app.ui.centre_link import CentreLink
from app.ui.kit.tokens import Tone
from app.ui.sync.lead_sheet import LeadSheet
from app.ui.texts import sentence_of
from app.workflows.relay import choose_relay

_MOST_ADDRESSES = 3
_KEPT = {
    RelayRole.NONE: "已存下：这台电脑不经过主机。",
    RelayRole.DESK: "已存下：连不上中心时，记录加密后交给 {url}。请按 F10 试一试。",
    RelayRole.LEAD: "已存下：这台电脑是主机，正在接收。{where}",
}
_LATER = "这台电脑登记到中心以后才起作用。"


class Leading(QObject):
    """Works over what the page stands in; ``link`` tells of the link there is."""

    closed = Signal()
    """Its sheet is gone: the page takes the keyboard."""

    def __init__(self, bench: Bench, page: QWidget, link: Callable[[], CentreLink | None]) -> None:
        super().__init__(page)
        self._bench, self._page, self._link = bench, page, link
        self.addresses: Callable[[], list[str]] = own_addresses
        self.sheet: LeadSheet | None = None

    def ask(self) -> None:
        """Show what this machine is, and what it could be."""
        setting = find_relay(self._bench.read())
        sheet = LeadSheet(self._page.parentWidget() or self._page, setting, self._now(setting))
        sheet.keep.clicked.connect(self._keep)
        sheet.test.clicked.connect(self._try)
        sheet.closed.connect(self._closed)
        self.sheet = sheet
        sheet.open_sheet(next(line for line in sheet.rows if line.isChecked()))

    def _closed(self) -> None:
        self.sheet = None
        self.closed.emit()

    def _now(self, setting: RelaySetting) -> str:
        """Return how it stands."""
        link = self._link()
        if setting.role is RelayRole.LEAD:
            left = len(Shelf(shelf_folder(self._bench.desk.store.path.parent)).waiting())
            waits = f"还有 {left} 份等着交给中心。" if left else "没有等着交给中心的。"
            hears = "正在接收。" if link and link.relay and link.relay.is_on else "没有在接收。"
            return f"现在：这台电脑是主机，{hears}{waits}{self._where(setting)}"
        if setting.role is RelayRole.NONE:
            return "现在：这台电脑不经过主机。"
        relayed = link.relayed if link else None
        if relayed and relayed.trouble:
            told = sentence_of(relayed.trouble).happened
        elif relayed and relayed.left_at:
            told = f"{relayed.left_at.astimezone(CHINA):%H:%M} 交了 {relayed.left} 条。"
        else:
            told = "连得上中心时不用它。"
        return f"现在：断网时交给 {setting.url}。{told}"

    def _where(self, setting: RelaySetting) -> str:
        """Return what the other desks are told."""
        found = [setting.host] if setting.host else self.addresses()[:_MOST_ADDRESSES]
        told = "，或 ".join(f"{address}:{setting.port}" for address in found)
        return f"其他电脑填：{told}。" if told else "这台电脑现在没有连上局域网。"

    def _checked(self) -> RelaySetting | None:
        """Return what is filled in; says so where the address is none."""
        sheet = self.sheet
        assert sheet is not None, "its own buttons ask"
        setting = sheet.setting
        if setting.role is RelayRole.DESK:
            if not sheet.address.text().strip():
                sheet.show_fault("请填主机的地址。")
                return None
            try:
                check_address(setting.url)
            except Refusal as refusal:
                sentence = sentence_of(refusal)
                sheet.show_fault(f"{sentence.happened}{sentence.todo}")
                return None
            sheet.address.setText(setting.url)
        sheet.show_fault("")
        return setting

    def _keep(self) -> None:
        setting = self._checked()
        if setting is None or self.sheet is None:
            return
        self.sheet.show_busy("正在存下……")
        self._bench.submit_or(self, lambda _: self._kept(setting), self._refused, choose_relay, setting)

    def _kept(self, setting: RelaySetting) -> None:
        link = self._link()
        relay = link.relay if link else None
        if relay is None:
            later = _LATER if setting.role is not RelayRole.NONE else ""
            self._say(f"{self._words(setting).replace('，正在接收', '')}{later}", Tone.SUCCESS)
            return
        self._bench.run_aside(
            self,
            lambda _: self._say(self._words(setting), Tone.SUCCESS),
            self._refused,
            lambda: relay.renew(setting),
        )

    def _words(self, setting: RelaySetting) -> str:
        return _KEPT[setting.role].format(url=setting.url, where=self._where(setting))

    def _try(self) -> None:
        setting = self._checked()
        if setting is None or self.sheet is None:
            return
        desk = self._bench.desk
        identity = get_identity(desk.store)
        if identity is None:
            self._say("这台电脑还没有在中心登记，主机不会收。请先联系信息员登记。", Tone.WARNING)
            return
        self.sheet.show_busy(f"正在试 {setting.url} ……")
        told = f"连上了：{setting.url} 是本单位的主机，断网时可以交给它。"
        self._bench.run_aside(
            self,
            lambda _: self._say(told, Tone.SUCCESS),
            self._refused,
            lambda: try_lead(setting.url, identity, desk.clock),
        )

    def _refused(self, refusal: Refusal) -> None:
        sentence = sentence_of(refusal)
        self._say(f"{sentence.happened}{sentence.safe}{sentence.todo}", Tone.WARNING)

    def _say(self, words: str, tone: Tone) -> None:
        if self.sheet is not None:
            self.sheet.show_outcome(words, tone)
        else:
            self._bench.announce(words)


def own_addresses() -> list[str]:
    """Return the IPv4 addresses this machine has on its LAN; asks the system, not the network."""
    from PySide6.QtNetwork import QAbstractSocket, QHostAddress, QNetworkInterface  # few ever need it

    return [
        address.toString()
        for address in QNetworkInterface.allAddresses()
        if address.protocol() is QAbstractSocket.NetworkLayerProtocol.IPv4Protocol
        and not address.isLoopback() and not address.isInSubnet(QHostAddress("169.254.0.0"), 16)
    ]  # fmt: skip
