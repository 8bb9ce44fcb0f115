"""Pieces of the gallery that no screen shows at once: a form in a sheet, and every state."""

from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
    QRadioButton,
    QWidget,
)

from app.ui.kit.banner import Banner
from app.ui.kit.buttons import ActionButton, ButtonKind
from app.ui.kit.checklist_row import CheckItem, CheckRow, CheckState
from app.ui.kit.chip import Chip
from app.ui.kit.form import Form
from app.ui.kit.key_cap import KeyCap, KeyState
from app.ui.kit.layouts import column, row
from app.ui.kit.scan_box import ScanBox
from app.ui.kit.sheet import Sheet
from app.ui.kit.tokens import GAP, MARGIN, Tone
from tests.ui.kit.gallery_needle import needle
from tests.ui.kit.gallery_window import LONG_NAME, window


def sheet_and_form() -> QWidget:
    """Return a form with errors in a sheet over the needle's page."""
    shell = needle()
    form = Form(2)
    form.add_field("name", "姓名", QLineEdit(LONG_NAME), required=True)
    form.add_field("born", "出生日期", QLineEdit("2026-02-31"), required=True, hint="8 位数字，如 20260214")
    form.add_field("phone", "手机", QLineEdit(), hint="一个号码可登记多人")
    kind = QComboBox()
    kind.addItems(["常住", "流动", "在外务工"])
    form.add_field("residence", "居住", kind)
    form.add_field("note", "备注", QPlainTextEdit(), wide=True)
    sheet = Sheet(
        shell, "新建档案", form, [ActionButton("建档并登记", "Enter", kind=ButtonKind.PRIMARY)], width=760
    )
    sheet.open_sheet()
    form.show_errors({"born": "2 月没有 31 日，请看证件再输一次。"})
    return shell


def pieces() -> QWidget:
    """Return the states no screen shows at once: kinds of buttons, key caps, faults, Qt's own controls."""
    kinds = [ActionButton(kind.value, "F10", "copy", kind) for kind in list(ButtonKind)[:4]]
    off = ActionButton("disabled", "F11")
    off.setEnabled(False)
    caps = [
        KeyCap("Enter" if size == 40 else "3", size, state)
        for size in (24, 32, 40, 56)
        for state in list(KeyState)[:4]
    ]
    chips = [Chip(tone.value, tone) for tone in Tone]
    boxes = [ScanBox(QLineEdit) for _ in range(3)]
    boxes[0].show_fault("分隔符丢失，请再扫一次，或按 F9 用别的办法录入")
    boxes[1].show_result("这瓶不是应种的疫苗", "09:41", Tone.DANGER)
    boxes[2].show_result("请再扫一次", "09:41", Tone.WARNING)
    states = [
        CheckRow(CheckItem(state.value, "姓名", LONG_NAME[:9], how="说出后按", key="3", state=state))
        for state in CheckState
    ]
    kind = QComboBox()
    kind.addItems(["常住", "流动"])
    ticked, open_one, one, other = (
        QCheckBox("老年人优先"),
        QCheckBox("要纸质凭证"),
        QRadioButton("左上臂"),
        QRadioButton("右上臂"),
    )
    ticked.setChecked(True)
    one.setChecked(True)
    off_line = QLineEdit("只读")
    off_line.setEnabled(False)
    lines = [QLineEdit("沈知夏"), kind, off_line]
    for line, name in zip(lines, ("姓名", "居住", "编号"), strict=True):
        line.setAccessibleName(name)
    page = QWidget()
    page.setLayout(
        column(
            Banner(
                "warning",
                "时钟往回跳了 3 小时，请负责人确认现在的时间，再继续接种和留观计时",
                "F9",
                "去核对",
                Tone.WARNING,
            ),
            row(*kinds, off, None),
            row(*caps, None),
            row(*chips, None),
            row(*boxes),
            row(column(*states, gap=4), column(row(*lines), row(ticked, open_one, one, other, None), None)),
            None,
            margins=(MARGIN, MARGIN, MARGIN, GAP),
        )
    )
    return window(page, "needle")
