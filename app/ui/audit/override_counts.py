"""Who let things pass, or changed them, how often, and who stood by: what a supervisor looks at first."""

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
            self.tr(
                "医生按自己的判断照种、手工录瓶、提前离开、批次和单支放行、认码、改时钟等；"
                "“第二人”是替别人确认的次数"
            ),
            CAPTION_TEXT,
            colour=LIGHT.muted,
            wrap=True,
        )
        holder = QWidget()
        holder.setLayout(self._rows)
        super().__init__(column(title, note, holder, None, margins=(16, 14, 16, 14), gap=10), parent=parent)

    def words(self) -> str:
        """Return what it says, in one line."""
        return self.accessibleDescription()

    def show_counts(self, counts: Sequence[tuple[str, int, int]]) -> None:
        """Show who and how often: by themselves, and as the second person of somebody else's."""
        empty(self._rows)
        for name, own, beside in counts[:MOST]:
            self._rows.addWidget(box(row(Text(name), None, Text(self._times(own, beside), bold=True))))
        said = "、".join(f"{name} {self._times(own, beside)}" for name, own, beside in counts)
        self.setAccessibleDescription(said)
        if not counts:
            self._rows.addWidget(Text(self.tr("这段时间没有"), colour=LIGHT.muted))

    def _times(self, own: int, beside: int) -> str:
        told = [self.tr("{n} 次").format(n=own)] if own else []
        told += [self.tr("第二人 {n} 次").format(n=beside)] if beside else []
        return "·".join(told)
