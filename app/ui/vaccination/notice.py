"""A refusal that stops nothing, in the place of the banner: what happened, what is safe, what to do."""

from PySide6.QtCore import QSize
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.domain.refusals import Refusal
from app.ui.kit.buttons import ActionButton
from app.ui.kit.card import Card
from app.ui.kit.fitted_text import FittedText
from app.ui.kit.icons import IconMark
from app.ui.kit.layouts import column, row
from app.ui.kit.text import Text
from app.ui.kit.tokens import BANNER_HEIGHT, FACT_TEXT, LIGHT, Tone
from app.ui.texts.sentence import Sentence


class Notice(Card):
    """Stands until the next act; the whole of it can be copied for support."""

    def __init__(self, parent: QWidget | None = None) -> None:
        ink = LIGHT.tone(Tone.WARNING).ink
        self._technical = ""
        self._happened = FittedText("", FACT_TEXT, colour=ink, lines=1)
        self._rest = Text("", bold=True)
        self.copy = ActionButton(self.tr("复制细节"), icon="copy").refuse_enter()
        words = column(self._happened, self._rest, gap=2)
        line = row(IconMark("warning", ink, 40), words, self.copy, gap=20, margins=(20, 6, 12, 8))
        line.setStretch(1, 1)
        super().__init__(line, Tone.WARNING, outlined=True, parent=parent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.setMaximumHeight(BANNER_HEIGHT)
        self.copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(self._technical))

    def sizeHint(self) -> QSize:
        """Return the height of the banner whose place it takes."""
        return QSize(480, BANNER_HEIGHT)

    def minimumSizeHint(self) -> QSize:
        """Return the height it may give way to on a low screen, as the banner does."""
        return QSize(240, 64)

    @property
    def words(self) -> str:
        """Return everything it says."""
        return f"{self._happened.text}{self._rest.text()}"

    def say(self, sentence: Sentence, refusal: Refusal) -> None:
        """Show the three short sentences."""
        self._technical = str(refusal)
        self._happened.show_text(sentence.happened)
        self._rest.show_text(f"{sentence.safe}{sentence.todo}")
        self.setAccessibleName(f"{sentence}")
