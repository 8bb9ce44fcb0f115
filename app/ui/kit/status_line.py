"""The left half of the bottom bar: what is saved here, what still has to go up, when that last happened."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from app.ui.kit.icons import IconMark
from app.ui.kit.spans import Span, SpanLine
from app.ui.kit.tokens import CAPTION_TEXT, LIGHT, Tone


@dataclass(frozen=True)
class Alarm:
    """What the line begins with when something is late: words, tone and shape."""

    words: str
    tone: Tone
    icon: str


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

    def show_counts(
        self, saved: int, waiting: int, last_sync: str, *, icon: str = "local", alarm: Alarm | None = None
    ) -> None:
        """Show the counts and the sentence on the last exchange (``上次同步 08:15``, ``已暂停``).

        An alarm stands before them, its shape in place of the icon.
        """
        here, to_go = self.tr("本机已保存 "), self.tr("·待上传 ")
        pieces = ((here, False), (str(saved), True), (to_go, False), (str(waiting), True))
        spans = [Span(words, CAPTION_TEXT, bold) for words, bold in pieces]
        if alarm is None:
            self._icon.show_icon(icon, LIGHT.muted)
            if last_sync:
                spans.append(Span(f"·{last_sync}", CAPTION_TEXT))
        else:
            ink = LIGHT.tone(alarm.tone).ink
            self._icon.show_icon(alarm.icon, ink)
            words = "·".join(part for part in (alarm.words, last_sync) if part)
            spans = [Span(f"{words}·", CAPTION_TEXT, True, ink), *spans]
        self._show(spans)

    def _show(self, spans: Sequence[Span]) -> None:
        self._line.show_spans(spans)
        self.setAccessibleName(self._line.accessibleName())
