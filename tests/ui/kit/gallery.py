"""Shows every widget of the kit as on the screens: run it to look, or name a folder to save pictures in.

python -m tests.ui.kit.gallery [folder]
"""

import sys
from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QApplication, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from app.ui.kit.banner import Banner
from app.ui.kit.bottom_bar import BottomBar
from app.ui.kit.buttons import ActionButton
from app.ui.kit.checklist_panel import CheckGroup, ChecklistPanel
from app.ui.kit.checklist_row import CheckItem, CheckState
from app.ui.kit.device_strip import DeviceState
from app.ui.kit.fact_card import FactCard
from app.ui.kit.layouts import box, column, row
from app.ui.kit.nav_rail import NavItem, NavRail
from app.ui.kit.scan_box import ScanBox
from app.ui.kit.spans import Span, facts
from app.ui.kit.theme import apply_theme, ground
from app.ui.kit.toast import Toast
from app.ui.kit.tokens import GAP, LIGHT, MARGIN, RIGHT_COLUMN, Tone

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


def checklist(done: int) -> list[list[CheckGroup]]:
    """Return the needle's checklist with the first ``done`` of the four keys pressed."""

    def state(number: int) -> CheckState:
        if number <= done:
            return CheckState.DONE
        return CheckState.CURRENT if number == done + 1 else CheckState.WAITING

    machine = CheckState.MACHINE
    three = (
        CheckItem("health", "健康状况与禁忌", note="预检 11/11·建议接种·赵医生", state=machine),
        CheckItem("booklet", "预防接种证", note="与档案一致·已见原件", key="1", state=state(1)),
        CheckItem("look", "外观、批号、有效期", note="批号效期扫码相符·瓶与针已看", key="2", state=state(2)),
    )
    said = "已说出 09:42" if done >= 3 else "说出后按"
    seven = (
        CheckItem("name", "姓名", "欧阳予安", how=said, key="3", state=state(3)),
        CheckItem("age", "年龄", "3 月龄", how="满 2 月龄可种", how_icon="clock", state=machine),
        CheckItem("vaccine", "品名", "脊灰灭活疫苗", how="扫码 = 应种", how_icon="barcode", state=machine),
        CheckItem("spec", "规格", "0.5 mL/剂", how="扫码 = 应种", how_icon="barcode", state=machine),
        CheckItem("dose", "剂量", "0.5 mL", how="产品默认", how_icon="box", state=machine),
        CheckItem("site", "部位", "左大腿前外侧", how="方案默认", how_icon="clipboard", state=machine),
        CheckItem("route", "途径", "肌内注射", how="产品默认", how_icon="box", state=machine),
    )
    one = (
        CheckItem(
            "shown", "家长验看品种、有效期", note="第二屏已显示·家长认可后按 4", key="4", state=state(4)
        ),
    )
    return [[CheckGroup("三查", three), CheckGroup("一验证", one)], [CheckGroup("七对", seven)]]


def needle(done: int = 2, name: str = "欧阳予安") -> QWidget:
    """Return the needle's page."""
    if done < 4:
        banner = Banner("say-name", "请家长说出孩子姓名", "3", "按")
    else:
        banner = Banner("syringe", "四项已确认，请注射", "Enter", "打完按", Tone.SUCCESS)
    scan = ScanBox(QLineEdit)
    scan.show_result("药瓶已匹配", "09:41")
    person, vaccine, vial = FactCard(), FactCard(), FactCard()
    person.show_facts(
        "受种者·号票 A 017", facts(name, "女·3 月龄"), "出生 2026-02-14", "证件尾号 0028·监护人 欧阳澜（母）"
    )
    person.show_chip("身份一致")
    dose = Span("第 2 剂", 28, bold=True, colour=LIGHT.primary, gap=18)
    vaccine.show_facts(
        "应种疫苗·今天该打", (*facts("脊灰灭活疫苗"), dose), "左大腿前外侧·肌内", "规格 0.5 mL/剂·Sabin 株"
    )
    vaccine.show_chip("规则 2021 版")
    vial.show_facts("药瓶·扫码所得", "批号 202511A07", "有效期至 2027-10-31", "追溯码尾号 0731·还有 17 个月")
    vial.show_chip("与应种相符")
    panel = ChecklistPanel()
    panel.show_groups(checklist(done))
    toast = Toast()
    left = column(banner, row(person, vaccine), panel, toast)
    left.setStretch(2, 1)
    right = box(column(scan, vial, None, row(ActionButton("换瓶", "F10"), ActionButton("暂缓", "F11"))))
    right.setFixedWidth(RIGHT_COLUMN)
    page = QWidget()
    page.setLayout(row(left, right, margins=(MARGIN, MARGIN, MARGIN, GAP)))
    toast.announce("已记录：A 016 沈**，流感疫苗 第 1 剂，09:39", 120)
    return window(page, "needle")


SCREENS: dict[str, Callable[[], QWidget]] = {
    "01-needle": needle,
    "01b-needle-ready": lambda: needle(4),
    "01-long": lambda: needle(2, LONG_NAME),
}


def main(arguments: list[str]) -> int:
    """Show the screens, or save each as a picture in the folder named in ``arguments``."""
    app = QApplication([])
    apply_theme(app)
    width, height = (1280, 720) if app.primaryScreen().devicePixelRatio() > 1.2 else (1366, 768)
    shown = []
    for name, build in SCREENS.items():
        if len(arguments) > 1 and not any(wanted in name for wanted in arguments[1:]):
            continue
        screen = build()
        screen.setFixedSize(width, height)
        screen.setWindowTitle(name)
        screen.show()
        shown.append(screen)
        if arguments:
            app.processEvents()
            screen.grab().save(str(Path(arguments[0]) / f"{name}-{width}.png"))
    return 0 if arguments else app.exec()


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
