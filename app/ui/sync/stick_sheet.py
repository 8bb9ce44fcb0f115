"""The way without a network: which stick, what is written to it, what came back on it."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtWidgets import QWidget

from app.ui.kit.buttons import ActionButton, ButtonKind
from app.ui.kit.card import Card
from app.ui.kit.confirm_row import ConfirmRow, let_one_stand
from app.ui.kit.layouts import box, column
from app.ui.kit.sheet import Sheet
from app.ui.kit.text import Text
from app.ui.kit.tokens import LIGHT, Tone

MOST_STICKS = 3
_TEXT, _SAID = 58, 126
"""Heights in px: the sheet is as large before it says anything as after."""
_WHAT = (
    "写入：还没有上传的记录，和要中心补发的内容，加密后写到 U 盘，只有本中心能打开。"
    "把 U 盘交给有网的接种电脑（同一页按 F10），或交给中心。"
)
_BACK = (
    "读取：带回的回执、本地区的记录、存疑和新证书收进本机；别的电脑写的，有网时替它交给中心，回复写回 U 盘。"
)


class StickSheet(Sheet):
    """A digit for each stick, F9 writes, F10 reads, F11 looks again; Esc goes back."""

    def __init__(self, over: QWidget, sticks: Sequence[Path]) -> None:
        self.rows = [
            ConfirmRow(str(stick), str(key)) for key, stick in enumerate(sticks[:MOST_STICKS], start=1)
        ]
        self._sticks = tuple(sticks)
        self.said = Text("", wrap=True)
        self.write = ActionButton("写到 U 盘", "F9", "usb", ButtonKind.PRIMARY)
        self.read = ActionButton("读 U 盘", "F10", "open")
        self.again = ActionButton("再找一次", "F11", "refresh")
        super().__init__(
            over, "没有网络：用 U 盘传送", self._body(), [self.write, self.read, self.again], 860
        )
        for line in self.rows:
            line.bind(self)
        let_one_stand(self.rows, always=True)
        if len(self.rows) == 1:
            self.rows[0].setChecked(True)
        for button in (self.write, self.read):
            button.setEnabled(bool(self.rows))
        self.closed.connect(self.deleteLater)

    @property
    def stick(self) -> Path | None:
        """Return the stick that is picked."""
        picked = [stick for stick, line in zip(self._sticks, self.rows, strict=False) if line.isChecked()]
        return picked[0] if picked else None

    def show_busy(self, words: str) -> None:
        """Say what is under way; nothing else can be begun."""
        self._say(words, Tone.PLAIN)
        for button in (self.write, self.read, self.again):
            button.setEnabled(False)

    def show_outcome(self, words: str, tone: Tone) -> None:
        """Say what became of it."""
        for button in (self.write, self.read, self.again):
            button.setEnabled(True)
        self._say(words, tone)

    def _say(self, words: str, tone: Tone) -> None:
        self.said.show_text(words, LIGHT.tone(tone).ink)
        self.fit()

    def _body(self) -> QWidget:
        none = [] if self.rows else [Text("没有看到 U 盘。请插上，等几秒，再按 F11。", bold=True)]
        said = Card(column(self.said, margins=(14, 8, 14, 8)))
        said.setFixedHeight(_SAID)
        what, back = Text(_WHAT, wrap=True), Text(_BACK, wrap=True)
        for text in (what, back):
            text.setFixedHeight(_TEXT)
        return box(column(what, back, *self.rows, *none, said, gap=10))
