"""The bar that says the clock has jumped and asks a person which time is right (ux.md rule 20)."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from app.domain.observation import ClockInDoubt
from app.ui.kit.buttons import ActionButton
from app.ui.kit.card import Card
from app.ui.kit.icons import IconMark
from app.ui.kit.layouts import column, row
from app.ui.kit.text import Text
from app.ui.kit.tokens import BODY_TEXT, CAPTION_TEXT, LIGHT, Tone
from app.ui.texts.observation import clock_words


class ClockBar(Card):
    """Stays until a person has confirmed the time or set the computer's clock right."""

    confirmed = Signal()
    """A person says that the time shown now is right."""

    def __init__(self, page: QWidget) -> None:
        self._words = Text("", BODY_TEXT, bold=True, colour=LIGHT.warning, wrap=True)
        self._note = Text("", CAPTION_TEXT, wrap=True)
        self.right = ActionButton(self.tr("现在的时间是对的"), "Alt+1").bind(page)
        self.wrong = ActionButton(self.tr("时间不对，去改"), "Alt+2").bind(page)
        words = column(self._words, self._note, gap=2)
        keys = column(self.right, self.wrong, gap=6)
        line = row(IconMark("clock", LIGHT.warning, 36), words, keys, gap=12, margins=(14, 8, 8, 8))
        line.setStretch(1, 1)
        super().__init__(line, Tone.WARNING, outlined=True)
        self.right.clicked.connect(self.confirmed)
        self.wrong.clicked.connect(self._explain)
        self._ask()
        self.hide()

    def show_doubt(self, doubt: ClockInDoubt | None) -> None:
        """Show what happened to the clock; None takes the bar away."""
        if doubt is None:
            self.hide()
            self._ask()
            return
        self._words.show_text(clock_words(doubt))
        self.setAccessibleName(self._words.text())
        self.show()

    def _ask(self) -> None:
        self._note.show_text(self.tr("留观计时照旧，没有受影响；确认之前不能放行。"))

    def _explain(self) -> None:
        self._note.show_text(
            self.tr("请在电脑的“日期和时间”里改成手机上的时间；改好后这条提示自己消失，计时不变。")
        )
