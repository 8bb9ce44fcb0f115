"""How far the records have come: saved here, receipted by the centre, durable in a second place."""

from PySide6.QtWidgets import QWidget

from app.ui.kit.figure_card import FigureCard
from app.ui.kit.icons import IconMark
from app.ui.kit.layouts import box, column, row
from app.ui.kit.text import Text
from app.ui.kit.tokens import LIGHT, Tone


class Stages(QWidget):
    """Three figures, and between them how many have still to go."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.saved, self.receipted = FigureCard("local"), FigureCard("at-centre")
        self.durable = FigureCard("site")
        self._gaps = [Text("", bold=True, colour=LIGHT.muted) for _ in range(2)]
        between = [
            box(column(None, row(None, IconMark("next", LIGHT.muted, 22), None), gap, None, gap=2))
            for gap in self._gaps
        ]
        pieces = row(self.saved, between[0], self.receipted, between[1], self.durable)
        for place in (0, 2, 4):
            pieces.setStretch(place, 1)
        self.setLayout(pieces)

    def show_stages(self, saved: int, receipted: int, durable: int | None) -> None:
        """Show the figures; ``durable`` is None while the centre does not tell it."""
        waiting = saved - receipted
        self.saved.show_figure(f"{saved}", "已存本机", "加密保存，断电不丢")
        tone = Tone.PLAIN if waiting else Tone.SUCCESS
        self.receipted.show_figure(f"{receipted}", "中心已收", "逐条回执，可查", tone)
        self._gaps[0].show_text(f"差 {waiting}")
        if durable is None:
            self.durable.show_figure("—", "异地备份", "中心还没有报告，不作判断")
            self._gaps[1].show_text("未报告")
            return
        tone = Tone.PLAIN if durable < saved else Tone.SUCCESS
        self.durable.show_figure(f"{durable}", "异地备份", "中心报告", tone)
        self._gaps[1].show_text(f"差 {receipted - durable}")
