"""The needle's screens of the gallery: checking, ready, and with a very long name."""

from PySide6.QtWidgets import (
    QLineEdit,
    QWidget,
)

from app.ui.kit.banner import Banner
from app.ui.kit.buttons import ActionButton
from app.ui.kit.checklist_panel import CheckGroup, ChecklistPanel
from app.ui.kit.checklist_row import CheckItem, CheckState
from app.ui.kit.fact_card import FactCard
from app.ui.kit.key_cap import KeyState
from app.ui.kit.layouts import box, column, row
from app.ui.kit.open_vial import OpenVial
from app.ui.kit.primary_key import Pip, PrimaryKey
from app.ui.kit.ring import RingFace, RingState
from app.ui.kit.scan_box import ScanBox
from app.ui.kit.spans import Span, facts
from app.ui.kit.toast import Toast
from app.ui.kit.tokens import GAP, LIGHT, MARGIN, RIGHT_COLUMN, Tone
from tests.ui.kit.gallery_window import window


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
    opened = OpenVial()
    opened.show_vial(
        "已开启药瓶", RingFace(RingState.RUNNING, "30", "分", 0.5), "09:12 开启", "10:12 前用完或弃去"
    )
    opened.show_doses(
        5, 2, [Span("剩 "), Span("3", bold=True), Span(" 剂，候 "), Span("5", bold=True), Span(" 人")]
    )
    opened.show_chip("其中 3 人用，可用完")
    live = PrimaryKey("已接种")
    if done < 4:
        states = (KeyState.DONE, KeyState.DONE, KeyState.OUTLINED, KeyState.MUTED)
        live.show_missing(
            [Pip(str(key), state) for key, state in enumerate(states, start=1)], "再确认 2 项，注射后按"
        )
    else:
        live.show_ready("注射完成后按")
    right = box(
        column(scan, vial, opened, live, row(ActionButton("换瓶", "F10"), ActionButton("暂缓", "F11")))
    )
    right.setFixedWidth(RIGHT_COLUMN)
    page = QWidget()
    page.setLayout(row(left, right, margins=(MARGIN, MARGIN, MARGIN, GAP)))
    toast.announce("已记录：A 016 沈**，流感疫苗 第 1 剂，09:39", 120)
    return window(page, "needle")
