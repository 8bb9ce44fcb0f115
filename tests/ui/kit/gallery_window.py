"""The window round every screen of the gallery, and the invented data they share."""

from PySide6.QtWidgets import (
    QHBoxLayout,
    QVBoxLayout,
    QWidget,
)

from app.ui.kit.bottom_bar import BottomBar
from app.ui.kit.device_strip import DeviceState
from app.ui.kit.nav_rail import NavItem, NavRail
from app.ui.kit.theme import ground

STATIONS = (
    NavItem("registration", "登记", "registration", "F2"),
    NavItem("screening", "预检", "screening", "F3"),
    NavItem("needle", "接种", "needle", "F4"),
    NavItem("observation", "留观", "observation", "F5"),
    NavItem("stock", "库存", "stock", "F6"),
    NavItem("sync", "同步", "sync", "F7"),
    NavItem("reports", "报表", "reports", "F8"),
)
DEVICES = (
    DeviceState("scanner", "scan", "扫码枪", "正常"),
    DeviceState("reader", "reader", "读卡器", "正常"),
    DeviceState("printer", "printer", "打印机", "正常"),
    DeviceState("fridge", "thermometer", "冰箱", "4.6 ℃"),
    DeviceState("screen", "screen", "第二屏", "已开"),
)
LONG_NAME = "阿布都热依木·买买提吐尔逊·卡德尔江·奥斯曼伊敏"


def window(page: QWidget, station: str, person: str = "周敏 护士", place: str = "接种台 2·09:42") -> QWidget:
    """Return a whole window: the rail, ``page`` and the bottom bar."""
    rail = NavRail(STATIONS)
    rail.set_current(station)
    rail.show_person(person, place)
    for item_id, count in (("screening", 6), ("needle", 5), ("observation", 8), ("sync", 12)):
        rail.show_count(item_id, count)
    bar = BottomBar()
    bar.status.show_counts(37, 12, "上次同步 08:15")
    bar.devices.show_devices(DEVICES)
    shell = QWidget()
    ground(shell)
    outer = QHBoxLayout(shell)
    outer.setContentsMargins(0, 0, 0, 0)
    outer.setSpacing(0)
    outer.addWidget(rail)
    right = QVBoxLayout()
    right.setSpacing(0)
    right.addWidget(page, 1)
    right.addWidget(bar)
    outer.addLayout(right, 1)
    return shell
