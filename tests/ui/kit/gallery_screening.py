"""The screening screen of the gallery."""

from PySide6.QtWidgets import (
    QWidget,
)

from app.ui.kit.banner import Banner
from app.ui.kit.card import Card
from app.ui.kit.decision_bar import Decision, DecisionBar
from app.ui.kit.fact_card import FactCard
from app.ui.kit.icons import IconMark
from app.ui.kit.key_cap import KeyCap
from app.ui.kit.layouts import box, column, row
from app.ui.kit.question_panel import QuestionPanel
from app.ui.kit.question_row import Answer, Question, QuestionRow
from app.ui.kit.spans import Span, SpanLine, facts
from app.ui.kit.text import Text
from app.ui.kit.tokens import GAP, LIGHT, MARGIN, Tone
from tests.ui.kit.gallery_window import window

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
