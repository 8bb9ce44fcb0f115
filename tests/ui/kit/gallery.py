"""Shows every widget of the kit as on the screens: run it to look, or name a folder to save pictures in.

python -m tests.ui.kit.gallery [folder]
"""

import sys
from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QComboBox,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QPlainTextEdit,
    QProgressBar,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from app.ui.kit.alarm_bar import AlarmBar
from app.ui.kit.banner import Banner
from app.ui.kit.bottom_bar import BottomBar
from app.ui.kit.buttons import ActionButton, ButtonKind
from app.ui.kit.card import Card
from app.ui.kit.checklist_panel import CheckGroup, ChecklistPanel
from app.ui.kit.checklist_row import CheckItem, CheckRow, CheckState
from app.ui.kit.chip import Chip
from app.ui.kit.comparison_table import Compared
from app.ui.kit.confirm_row import ConfirmRow
from app.ui.kit.decision_bar import Decision, DecisionBar
from app.ui.kit.device_strip import DeviceState
from app.ui.kit.empty_state import EmptyState
from app.ui.kit.fact_card import FactCard
from app.ui.kit.figure_card import FigureCard
from app.ui.kit.forecast_card import ForecastCard
from app.ui.kit.form import Form
from app.ui.kit.icons import IconMark
from app.ui.kit.key_cap import KeyCap, KeyState
from app.ui.kit.layouts import box, column, row
from app.ui.kit.nav_rail import NavItem, NavRail
from app.ui.kit.observation_card import ObservationCard, Observed
from app.ui.kit.open_vial import OpenVial
from app.ui.kit.practice_banner import PracticeBanner
from app.ui.kit.primary_key import Pip, PrimaryKey
from app.ui.kit.question_panel import QuestionPanel
from app.ui.kit.question_row import Answer, Question, QuestionRow
from app.ui.kit.record_cells import CellState, RecordCells
from app.ui.kit.refusal_panel import RefusalAction, RefusalFacts, RefusalPanel
from app.ui.kit.ring import RingFace, RingState
from app.ui.kit.scan_box import ScanBox
from app.ui.kit.search_box import SearchBox
from app.ui.kit.search_result import Found, ResultList
from app.ui.kit.sheet import Sheet
from app.ui.kit.spans import Span, SpanLine, facts
from app.ui.kit.table import Column, RecordTable
from app.ui.kit.text import Text
from app.ui.kit.theme import apply_theme, ground
from app.ui.kit.ticket_card import TicketCard
from app.ui.kit.timeline import DoseState, Timeline, TimelineDose
from app.ui.kit.toast import Toast
from app.ui.kit.tokens import DARK, GAP, LIGHT, MARGIN, RIGHT_COLUMN, Tone
from app.ui.kit.wall_mark import WallMark

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


def refusal() -> QWidget:
    """Return the stop over an expired vial."""
    panel = RefusalPanel()
    rows = (
        Compared("品名", "脊灰灭活疫苗", "脊灰灭活疫苗", "相符", ok=True),
        Compared("规格", "0.5 mL/剂", "0.5 mL/剂", "相符", ok=True),
        Compared("批号", "任何在库批号", "202405B11", "在库", ok=True),
        Compared("有效期", "2026-05-20 或之后", "2026-04-30", "过期 20 天", ok=False),
    )
    panel.show_refusal(
        RefusalFacts(
            "不能接种：这瓶疫苗已过期",
            "没有记录接种。按 Enter 不会越过这一步。",
            happened=("扫到的药瓶超过有效期", "登记在接种台 2 的冷藏包"),
            safe=("孩子没有被接种，档案未改", "此瓶已在本机锁定，扫到即拦"),
            todo=("先把此瓶放进红色「停用」盒", "再取一瓶新的，扫码继续"),
            actions=(
                RefusalAction("quarantine", "隔离此瓶，换一瓶", "打印停用标签，回到等待扫码", "F10"),
                RefusalAction("supervisor", "请负责人来看", "记录是谁、为什么", "F11"),
                RefusalAction("back", "退回等候", "不接种，号票保留", "Esc"),
            ),
            person=("欧阳予安·女·3 月龄", "A 017·脊灰灭活疫苗 第 2 剂"),
            found_caption="扫到的药瓶·尾号 0418",
            rows=rows,
            note="此瓶已自动锁定；扫一瓶新的，即可继续。",
            counted="事件 09:41:52·本月同类拦截 2 次，被越过 0 次",
            technical="LotExpired(lot_number='202405B11')",
        )
    )
    return window(panel, "needle")


def register() -> QWidget:
    """Return the registration page."""
    banner = Banner("ticket", "已登记，请家长取走号票", "Enter", "叫下一位   按")
    search = SearchBox(QLineEdit, "姓名、拼音、生日、尾号")
    search.edit.setText("oyy")
    results = ResultList()
    results.show_results(
        [
            Found(
                "1",
                "欧阳予安",
                "女·2026-02-14·尾号 0028",
                "今天可种：脊灰灭活 第 2 剂",
                Tone.SUCCESS,
                "",
                (0, 1, 2),
                ("ou", "yang", "yu", "an"),
                (0, 1, 2),
            ),
            Found(
                "2",
                "欧阳雨桐",
                "女·2021-09-03·尾号 3164",
                "下次 2027-09-03：百白破",
                Tone.PLAIN,
                "later",
                (0, 1, 2),
                ("ou", "yang", "yu", "tong"),
                (0, 1, 2),
            ),
            Found(
                "3",
                "欧阳亦可",
                "男·1988-11-27·尾号 771X",
                "今天可种：流感",
                Tone.SUCCESS,
                "",
                (0, 1, 2),
                ("ou", "yang", "yi", "ke"),
                (0, 1, 2),
            ),
            Found(
                "4",
                "区延越",
                "男·1953-06-18·尾号 5039",
                "推迟中，复诊 2026-05-27",
                Tone.WARNING,
                "clock",
                (0, 1, 2),
                ("ou", "yan", "yue"),
                (0, 1, 2),
                "区 读 Ōu",
            ),
        ]
    )
    results.select("1")
    hint = Card(
        column(
            row(
                IconMark("info", LIGHT.info, 18),
                Text("也可直接刷证件、扫号票或接种证", 15, bold=True, colour=LIGHT.info),
            ),
            row(
                KeyCap("F9"),
                Text("新建档案", 15, bold=True),
                Text("拼音、生日、尾号都可查", 15, colour=LIGHT.muted),
                None,
            ),
            margins=(14, 8, 14, 8),
        ),
        Tone.INFO,
    )
    left = box(column(search, results, hint))
    left.setMaximumWidth(408)
    ticket = TicketCard()
    ticket.show_ticket("A 017", "09:24 已打印", "预检前面 4 人")
    line = Timeline()
    names = ("卡介苗 02-14", "乙肝 1 02-14", "乙肝 2 03-15", "脊灰 1 04-16", "百白破 1 04-16")
    given = [TimelineDose(name[:-6], name[-5:], DoseState.GIVEN) for name in names]
    later = [
        TimelineDose("百白破 2", "06-14", DoseState.LATER),
        TimelineDose("脊灰 3", "06-14", DoseState.LATER),
    ]
    line.show_doses([*given, TimelineDose("脊灰 2", "今天", DoseState.TODAY), *later])
    due, second, third = ForecastCard(), ForecastCard(), ForecastCard()
    due.show_dose(
        "脊灰灭活疫苗 第 2 剂",
        "今天可种",
        "满 3 月龄；距第 1 剂 34 天，不少于 28 天",
        "2021 版",
        Tone.SUCCESS,
    )
    second.show_dose("百白破疫苗 第 2 剂", "06-14 起", "第 2 剂为 4 月龄；今天差 25 天", "2025 调整")
    third.show_dose("乙肝疫苗 第 3 剂", "08-14 起", "满 6 月龄；第 1、2 剂间隔已合格", "2021 版")
    person = column(
        SpanLine(facts("欧阳予安", "女·3 月龄")), Text("出生 2026-02-14·监护人 欧阳澜（母）"), gap=2
    )
    head = row(
        Text("接种史与预测", 22, bold=True),
        None,
        Chip("与接种证一致", Tone.SUCCESS),
        Chip("已种 5 剂", Tone.INFO, ""),
    )
    send = ActionButton("送预检，叫下一位", "Enter", "next", ButtonKind.PRIMARY, size=22)
    reprint, edit = ActionButton("重打号票", "F10"), ActionButton("改资料", "F11")
    for button in (reprint, edit):
        button.setFixedHeight(56)
    card = Card(
        column(
            row(person, None, ticket),
            head,
            line,
            due,
            second,
            third,
            row(send, reprint, edit),
            margins=(16, 8, 16, 12),
        )
    )
    page = QWidget()
    page.setLayout(column(banner, row(left, card), margins=(MARGIN, MARGIN, MARGIN, GAP)))
    return window(page, "registration", "何晓棠 护士", "登记台 1·09:24")


QUESTIONS = (
    "近几天有发热、腹泻等不舒服吗？",
    "是否对药物、食物等过敏？",
    "对疫苗成分过敏，或种后出现过严重反应？",
    "是否有癫痫、惊厥、脑病或其他神经系统疾病？",
    "癌症、白血病、艾滋病或其他免疫系统疾病？",
    "3 个月内用过类固醇、抗肿瘤药，或放射治疗？",
    "哮喘、肠套叠、心肺肾、代谢或血液系统疾病？",
    "过去 1 年内输过血、用过血制品或免疫球蛋白？",
    "在过去 1 个月内是否接种过减毒活疫苗？",
    "是否怀孕或有可能 3 个月内怀孕？",
    "其他",
)


def screening() -> QWidget:
    """Return the screening page."""
    banner = Banner("ask", "请问第 10 问，按 1 或 2")
    banner.set_side(SpanLine([Span("已答 ", 22), Span("9", 22, True), Span(" / 11", 22)]))
    rows = []
    for number, words in enumerate(QUESTIONS, start=1):
        answer = Answer.YES if number == 2 else Answer.NO if number < 10 else Answer.UNASKED
        question = Question(str(number), number, words, answer, "青霉素，2019 年皮疹" if number == 2 else "")
        line = QuestionRow(question)
        line.show_question(question, current=number == 10)
        rows.append(line)
    form = Card(column(*rows, gap=0, margins=(8, 4, 8, 4)))
    person = FactCard()
    person.show_facts("受种者·号票 A 019", facts("沈知夏", "女·34 岁"), "", "流感疫苗 第 1 剂·证件尾号 402X")
    person.show_chip("36.6 ℃ 自动读取", Tone.SUCCESS, "thermometer")
    panel = QuestionPanel()
    panel.show_question("第 10 问（仅问育龄妇女）", "是否怀孕或有可能 3 个月内怀孕？")
    panel.show_hints([("Enter", "下一未答"), ("3", "改回未问"), ("Tab", "写备注")])
    note = Card(
        column(
            row(
                IconMark("warning", LIGHT.warning, 18),
                Text("第 2 问 是，备注（必填）", 15, bold=True, colour=LIGHT.warning),
                None,
                KeyCap("F9"),
                Text("改", 15),
            ),
            Text("青霉素，2019 年用药后皮疹；非疫苗成分。"),
            Text("「是」不等于不能种，由医生判断。", 15, colour=LIGHT.muted),
            gap=2,
            margins=(16, 10, 12, 8),
        ),
        Tone.WARNING,
        outlined=True,
    )
    parts = column(person, panel, note)
    parts.setStretch(1, 1)
    right = box(parts)
    right.setFixedWidth(432)
    bar = DecisionBar(
        "医生结论",
        (
            Decision("advise", "建议接种", "去接种台", "Alt+1", "advise"),
            Decision("defer", "推迟接种", "写复诊日", "Alt+2", "clock"),
            Decision("refuse", "不宜接种", "写医学建议", "Alt+3", "forbidden"),
        ),
    )
    bar.show_missing("再答 2 问后可选")
    bar.signatures[0].show_signature("赵清和", "医生，未签", signed=False)
    bar.signatures[1].show_signature("受种者", "未签，平板已备好", signed=False)
    whole = column(banner, row(form, right), bar, margins=(MARGIN, MARGIN, MARGIN, GAP))
    whole.setStretch(1, 1)
    page = QWidget()
    page.setLayout(whole)
    return window(page, "screening", "赵清和 医生", "预检室·09:36")


OBSERVED = (
    Observed(
        "A 008", "流感 第 1 剂", "李**，09:31 接种", "反应处置中", RingFace(RingState.ALARM, "2", "分钟")
    ),
    Observed(
        "A 005",
        "带状疱疹 第 1 剂",
        "许**，09:08 接种",
        "超时，未放行",
        RingFace(RingState.OVERDUE, "+4", "超时"),
    ),
    Observed(
        "A 006", "带状疱疹 第 2 剂", "陈**，09:12 接种", "可查看放行", RingFace(RingState.DUE, "0", "到点")
    ),
    Observed(
        "A 009", "狂犬 第 1 剂", "何**，09:18 接种", "留观中", RingFace(RingState.RUNNING, "6", "分钟", 0.2)
    ),
    Observed(
        "A 011",
        "麻腮风 第 2 剂",
        "林**，09:24 接种",
        "留观中",
        RingFace(RingState.RUNNING, "12", "分钟", 0.4),
    ),
    Observed(
        "A 012",
        "狂犬 第 2 剂",
        "郭**，09:29 接种",
        "留观中",
        RingFace(RingState.RUNNING, "17", "分钟", 17 / 30),
    ),
    Observed(
        "A 014", "乙肝 第 3 剂", "罗**，09:33 接种", "留观中", RingFace(RingState.RUNNING, "21", "分钟", 0.7)
    ),
    Observed(
        "A 016", "流感 第 1 剂", "沈**，09:39 接种", "留观中", RingFace(RingState.RUNNING, "27", "分钟", 0.9)
    ),
    Observed(
        "A 010", "流感，09:37 走", "马**，09:25 接种", "提前离开", RingFace(RingState.EARLY, "12", "已留")
    ),
)


def observation() -> QWidget:
    """Return the observation page with an alarm."""
    alarm = AlarmBar(
        (
            ActionButton("医生已到", "F9", "stethoscope", ButtonKind.ON_DANGER, size=22),
            ActionButton("急救卡", "F10", "first-aid", ButtonKind.ON_DANGER_OUTLINED, size=22),
        )
    )
    alarm.show_alarm("A 008 请找医生", "李** 男·面色苍白、出汗、头晕·09:40 报警，已过 2 分 10 秒")
    chips = [
        Chip("处置 1", Tone.DANGER),
        Chip("超时 1", Tone.WARNING),
        Chip("到点 1", Tone.SUCCESS),
        Chip("留观中 5", Tone.INFO, "running"),
        Chip("提前离开 1", Tone.PLAIN, "left-early"),
    ]
    head = row(
        SpanLine([Span("留观 8 人", 22, True), Span("按离开先后排", 15, colour=LIGHT.muted, gap=8)]),
        None,
        *chips,
    )
    grid = QGridLayout()
    grid.setSpacing(GAP)
    for place, observed in enumerate(OBSERVED):
        card = ObservationCard(observed)
        card.setChecked(place == 2)
        grid.addWidget(card, *divmod(place, 3))
    board = column(head, grid)
    board.setStretch(1, 1)
    checks = [ConfirmRow("人没有不舒服", "1"), ConfirmRow("接种处无异常", "2")]
    for check in checks:
        check.setChecked(True)
    release = ActionButton("放行", "Enter", "enter", ButtonKind.PRIMARY, size=28)
    print_card = Card(
        column(
            row(IconMark("printer", LIGHT.info, 20), Text("放行即打印接种凭证", bold=True), None),
            Text("两剂已种完，无下次预约", 15, colour=LIGHT.muted),
            margins=(12, 8, 12, 8),
        ),
        Tone.INFO,
    )
    side = Card(
        column(
            Text("放行·已选中", 15, bold=True, colour=LIGHT.muted),
            SpanLine((*facts("A 006"), Span("陈**  女 58 岁", 22, True, gap=12))),
            Text("带状疱疹疫苗 第 2 剂"),
            Text("09:12 至 09:42，满 30 分钟"),
            Text("放行前看一看", bold=True),
            *checks,
            print_card,
            None,
            release,
            row(ActionButton("有反应", "F11", kind=ButtonKind.DANGER), ActionButton("提前走", "F12")),
            margins=(16, 14, 16, 14),
        )
    )
    side.setFixedWidth(304)
    page = QWidget()
    page.setLayout(column(alarm, row(board, side), margins=(MARGIN, MARGIN, MARGIN, GAP)))
    return window(page, "observation", "许令仪 护士", "留观区·09:42")


def sync() -> QWidget:
    """Return the page of the exchange."""
    banner = Banner("upload", "正在上传，可继续接种")
    progress = QProgressBar()
    progress.setRange(0, 12)
    progress.setValue(5)
    progress.setTextVisible(False)
    progress.setFixedWidth(320)
    progress.setAccessibleName("已发 5 条，共 12 条")
    told = SpanLine([Span("已发 "), Span("5", bold=True), Span(" / 12 条，约剩 20 秒")]).align_right()
    banner.set_side(box(row(column(None, told, progress, None, gap=4), 8, ActionButton("暂停", "F9"))))
    saved, sent, kept = FigureCard("local"), FigureCard("to-centre"), FigureCard("at-centre")
    saved.show_figure("37", "已存本机", "加密保存，断电不丢")
    sent.show_figure("30", "已送达中心", "中心收到，逐条等回执", Tone.INFO)
    kept.show_figure("24", "中心已落盘", "逐条回执，可查", Tone.SUCCESS)
    cells = RecordCells()
    states = (
        [CellState.RECEIPTED] * 24 + [CellState.REFUSED] + [CellState.DELIVERED] * 5 + [CellState.UNSENT] * 7
    )
    cells.show_cells(states, "已落盘 24，被拒 1，等回执 5，未发 7")
    day = Card(column(Text("今天 37 条，一格一条", bold=True), cells, gap=4, margins=(16, 8, 16, 10)))
    table = RecordTable(
        "未发 7 条",
        (
            Column("接种时刻", 14),
            Column("号票", 16, bold=True),
            Column("受种者", 16),
            Column("疫苗", 27),
            Column("24 小时上报剩余", 27),
        ),
    )
    rows = [("09:24", "A 011", "林**", "麻腮风 第 2 剂", "23 小时 42 分")] * 7
    table.show_rows(len(rows), lambda offset, limit: rows[offset : offset + limit])
    empty_place = Card(
        row(
            EmptyState(
                "offline",
                "现在没有网络",
                "可继续接种，记录存在本机；有网后会自己上传。",
                ActionButton("再试一次", "F11", "refresh"),
            )
        )
    )
    page = QWidget()
    unsent = Card(
        column(row(Text("未发 7 条", 22, bold=True), None, margins=(8, 0, 8, 0)), table, margins=(8, 8, 8, 8))
    )
    page.setLayout(
        column(
            PracticeBanner(),
            banner,
            row(saved, sent, kept),
            day,
            row(unsent, empty_place),
            margins=(MARGIN, MARGIN, MARGIN, GAP),
        )
    )
    return window(page, "sync")


def wall() -> QWidget:
    """Return the marks of the wall board on their dark ground."""
    board = QWidget()
    ground(board, DARK)
    marks = []
    for state, number in (
        (RingState.RUNNING, "11"),
        (RingState.DUE, ""),
        (RingState.OVERDUE, "+6"),
        (RingState.ALARM, ""),
        (RingState.EARLY, "9"),
    ):
        mark = WallMark()
        mark.show_face(RingFace(state, number, "", 11 / 30))
        marks.append(mark)
    board.setLayout(column(None, row(None, *marks, None, gap=40), None))
    return board


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


SCREENS: dict[str, Callable[[], QWidget]] = {
    "01-needle": needle,
    "01b-needle-ready": lambda: needle(4),
    "01-long": lambda: needle(2, LONG_NAME),
    "02-refusal": refusal,
    "03-register": register,
    "04-screening": screening,
    "05-observation": observation,
    "06-sync": sync,
    "11-wall": wall,
    "20-sheet": sheet_and_form,
    "21-pieces": pieces,
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
        for focused in (*screen.findChildren(ScanBox), *screen.findChildren(SearchBox)):
            focused.setFocus()
        shown.append(screen)
        if arguments:
            app.processEvents()
            screen.grab().save(str(Path(arguments[0]) / f"{name}-{width}.png"))
    return 0 if arguments else app.exec()


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
