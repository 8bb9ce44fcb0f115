"""The observation screens of the gallery: the hall with an alarm, and the marks of the wall board."""

from PySide6.QtWidgets import (
    QGridLayout,
    QWidget,
)

from app.ui.kit.alarm_bar import AlarmBar
from app.ui.kit.buttons import ActionButton, ButtonKind
from app.ui.kit.card import Card
from app.ui.kit.chip import Chip
from app.ui.kit.confirm_row import ConfirmRow
from app.ui.kit.icons import IconMark
from app.ui.kit.layouts import column, row
from app.ui.kit.observation_card import ObservationCard, Observed
from app.ui.kit.ring import RingFace, RingState
from app.ui.kit.spans import Span, SpanLine, facts
from app.ui.kit.text import Text
from app.ui.kit.theme import ground
from app.ui.kit.tokens import DARK, GAP, LIGHT, MARGIN, Tone
from app.ui.kit.wall_mark import WallMark
from tests.ui.kit.gallery_window import window

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
