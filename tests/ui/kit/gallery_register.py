"""The registration screen of the gallery."""

from PySide6.QtWidgets import QLineEdit, QWidget

from app.ui.kit.banner import Banner
from app.ui.kit.buttons import ActionButton, ButtonKind
from app.ui.kit.card import Card
from app.ui.kit.chip import Chip
from app.ui.kit.forecast_card import ForecastCard
from app.ui.kit.icons import IconMark
from app.ui.kit.key_cap import KeyCap
from app.ui.kit.layouts import box, column, row
from app.ui.kit.search_box import SearchBox
from app.ui.kit.search_result import Found, ResultList
from app.ui.kit.spans import SpanLine, facts
from app.ui.kit.text import Text
from app.ui.kit.ticket_card import TicketCard
from app.ui.kit.timeline import DoseState, Timeline, TimelineDose
from app.ui.kit.tokens import GAP, LIGHT, MARGIN, Tone
from tests.ui.kit.gallery_window import window

GIVEN = ("卡介苗 02-14", "乙肝 1 02-14", "乙肝 2 03-15", "脊灰 1 04-16", "百白破 1 04-16")
LATER = ("百白破 2 06-14", "脊灰 3 06-14")


def _found(
    number: str, name: str, line: str, state: str, pinyin: str, tone: Tone, reading: str = ""
) -> Found:
    icon = "later" if tone is Tone.PLAIN else ""
    return Found(number, name, line, state, tone, icon, (0, 1, 2), tuple(pinyin.split()), (0, 1, 2), reading)


PEOPLE = (
    _found(
        "1",
        "欧阳予安",
        "女·2026-02-14·尾号 0028",
        "今天可种：脊灰灭活 第 2 剂",
        "ou yang yu an",
        Tone.SUCCESS,
    ),
    _found(
        "2", "欧阳雨桐", "女·2021-09-03·尾号 3164", "下次 2027-09-03：百白破", "ou yang yu tong", Tone.PLAIN
    ),
    _found("3", "欧阳亦可", "男·1988-11-27·尾号 771X", "今天可种：流感", "ou yang yi ke", Tone.SUCCESS),
    _found(
        "4",
        "区延越",
        "男·1953-06-18·尾号 5039",
        "推迟中，复诊 2026-05-27",
        "ou yan yue",
        Tone.WARNING,
        "区 读 Ōu",
    ),
)


def _search() -> QWidget:
    search = SearchBox(QLineEdit, "姓名、拼音、生日、尾号")
    search.edit.setText("oyy")
    results = ResultList()
    results.show_results(PEOPLE)
    results.select("1")
    head = row(
        IconMark("info", LIGHT.info, 18),
        Text("也可直接刷证件、扫号票或接种证", 15, bold=True, colour=LIGHT.info),
    )
    keys = row(
        KeyCap("F9"),
        Text("新建档案", 15, bold=True),
        Text("拼音、生日、尾号都可查", 15, colour=LIGHT.muted),
        None,
    )
    hint = Card(column(head, keys, margins=(14, 8, 14, 8)), Tone.INFO)
    left = box(column(search, results, hint))
    left.setMaximumWidth(408)
    return left


def _history() -> Timeline:
    line = Timeline()
    given = [TimelineDose(name[:-6], name[-5:], DoseState.GIVEN) for name in GIVEN]
    later = [TimelineDose(name[:-6], name[-5:], DoseState.LATER) for name in LATER]
    line.show_doses(
        [
            *given,
            TimelineDose("乙肝 3", "逾期", DoseState.LATE),
            TimelineDose("脊灰 2", "今天", DoseState.TODAY),
            *later,
        ]
    )
    return line


def _forecast() -> list[ForecastCard]:
    due, second, third = ForecastCard(), ForecastCard(), ForecastCard()
    why = "满 3 月龄；距第 1 剂 34 天，不少于 28 天"
    due.show_dose("脊灰灭活疫苗 第 2 剂", "今天可种", why, "2021 版", Tone.SUCCESS)
    second.show_dose("百白破疫苗 第 2 剂", "06-14 起", "第 2 剂为 4 月龄；今天差 25 天", "2025 调整")
    third.show_dose("乙肝疫苗 第 3 剂", "08-14 起", "满 6 月龄；第 1、2 剂间隔已合格", "2021 版")
    return [due, second, third]


def register() -> QWidget:
    """Return the registration page."""
    ticket = TicketCard()
    ticket.show_ticket("A 017", "09:24 已打印", "预检前面 4 人")
    person = column(
        SpanLine(facts("欧阳予安", "女·3 月龄")), Text("出生 2026-02-14·监护人 欧阳澜（母）"), gap=2
    )
    chips = Chip("与接种证一致", Tone.SUCCESS), Chip("已种 5 剂", Tone.INFO, "")
    head = row(Text("接种史与预测", 22, bold=True), None, *chips)
    send = ActionButton("送预检，叫下一位", "Enter", "next", ButtonKind.PRIMARY, size=22)
    reprint, edit = ActionButton("重打号票", "F10"), ActionButton("改资料", "F11")
    for button in (reprint, edit):
        button.setFixedHeight(56)
    card = Card(
        column(
            row(person, None, ticket),
            head,
            _history(),
            *_forecast(),
            row(send, reprint, edit),
            margins=(16, 8, 16, 12),
        )
    )
    banner = Banner("ticket", "已登记，请家长取走号票", "Enter", "叫下一位   按")
    page = QWidget()
    page.setLayout(column(banner, row(_search(), card), margins=(MARGIN, MARGIN, MARGIN, GAP)))
    return window(page, "registration", "何晓棠 护士", "登记台 1·09:24")
