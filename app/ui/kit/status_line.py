"""The left half of the bottom bar: what is saved here, what still has to go up, when that last happened."""

from collections.abc import Sequence

from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from app.ui.kit.icons import IconMark
from app.ui.kit.spans import Span, SpanLine
from app.ui.kit.tokens import CAPTION_TEXT, LIGHT


class StatusLine(QWidget):
    """Grey even when offline: that is not an error. Counts are bold."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icon = IconMark("local", LIGHT.muted, 18)
        self._line = SpanLine()
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(9)
        layout.addWidget(self._icon)
        layout.addWidget(self._line, 1)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_counts(self, saved: int, waiting: int, last_sync: str, *, offline: bool = False) -> None:
        """Show the counts and the sentence on the last exchange (``上次同步 08:15``, ``正在同步``)."""
        here, to_go = self.tr("本机已保存 "), self.tr("·待上传 ")
        pieces = ((here, False), (str(saved), True), (to_go, False), (str(waiting), True))
        self._icon.show_icon("offline" if offline else "local", LIGHT.muted)
        self.show_words([*pieces, (f"·{last_sync}" if last_sync else "", False)])

    def show_words(self, pieces: Sequence[tuple[str, bool]]) -> None:
        """Show pieces of text, each bold or not."""
        self._line.show_spans([Span(words, CAPTION_TEXT, bold) for words, bold in pieces if words])
        self.setAccessibleName(self._line.accessibleName())
