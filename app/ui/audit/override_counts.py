"""Who let things pass, or changed them, how often: what a supervisor looks at first."""

from collections.abc import Sequence

from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.ui.kit.card import Card
from app.ui.kit.layouts import box, column, empty, row
from app.ui.kit.text import Text
from app.ui.kit.tokens import CAPTION_TEXT, LIGHT, SECTION_TEXT

MOST = 12


class OverrideCounts(Card):
    """Names and numbers, the most often first."""

    def __init__(self, parent: QWidget | None = None) -> None:
        self._rows = QVBoxLayout()
        title = Text(self.tr("人工放行"), SECTION_TEXT, bold=True)
        note = Text(
            self.tr("手工录瓶、提前离开、改批次状态、改时钟等"), CAPTION_TEXT, colour=LIGHT.muted, wrap=True
        )
        holder = QWidget()
        holder.setLayout(self._rows)
        super().__init__(column(title, note, holder, None, margins=(16, 14, 16, 14), gap=10), parent=parent)

    def words(self) -> str:
        """Return what it says, in one line."""
        return self.accessibleDescription()

    def show_counts(self, counts: Sequence[tuple[str, int]]) -> None:
        """Show who and how often."""
        empty(self._rows)
        for name, times in counts[:MOST]:
            number = Text(self.tr("{n} 次").format(n=times), bold=True)
            self._rows.addWidget(box(row(Text(name), None, number)))
        said = "、".join(self.tr("{name} {n} 次").format(name=name, n=times) for name, times in counts)
        self.setAccessibleDescription(said)
        if not counts:
            self._rows.addWidget(Text(self.tr("这段时间没有"), colour=LIGHT.muted))
