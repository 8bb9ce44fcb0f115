"""The screen of the exchange in the gallery."""

from PySide6.QtWidgets import (
    QProgressBar,
    QWidget,
)

from app.ui.kit.banner import Banner
from app.ui.kit.buttons import ActionButton
from app.ui.kit.card import Card
from app.ui.kit.empty_state import EmptyState
from app.ui.kit.figure_card import FigureCard
from app.ui.kit.layouts import box, column, row
from app.ui.kit.practice_banner import PracticeBanner
from app.ui.kit.record_cells import CellState, RecordCells
from app.ui.kit.spans import Span, SpanLine
from app.ui.kit.table import Column, RecordTable
from app.ui.kit.text import Text
from app.ui.kit.tokens import GAP, MARGIN, Tone
from tests.ui.kit.gallery_window import window


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
