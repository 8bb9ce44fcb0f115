"""The doctor's decision: three ways, all grey until every question is answered, none preselected."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QLayout, QSizePolicy, QWidget

from app.ui.kit.buttons import ActionButton, ButtonKind
from app.ui.kit.card import Card
from app.ui.kit.chip import TONE_ICONS
from app.ui.kit.layouts import box, column, row
from app.ui.kit.painting import draw_open_mark, smooth
from app.ui.kit.rule import Rule
from app.ui.kit.strip import Strip
from app.ui.kit.text import Text
from app.ui.kit.tokens import BODY_TEXT, CAPTION_TEXT, GAP, LIGHT, SECTION_TEXT, Tone


@dataclass(frozen=True)
class Decision:
    """One way to decide: id, words, what follows from it, its key and icon."""

    decision_id: str
    text: str
    subtitle: str
    key: str
    icon: str


class SignatureLine(QWidget):
    """Who has to sign, and whether they have."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name, self._words, self._signed = "", "", False
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def show_signature(self, name: str, words: str, *, signed: bool) -> None:
        """Show the name and the state in words (``医生，未签``)."""
        if (name, words, signed) != (self._name, self._words, self._signed):
            self._name, self._words, self._signed = name, words, signed
            self.setAccessibleName(f"{name} {words}")
            self.update()

    def sizeHint(self) -> QSize:
        """Return the room of a line."""
        return QSize(216, 30)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the line."""
        painter = smooth(QPainter(self))
        strip = Strip(painter, QRectF(self.rect()), 8)
        if self._signed:
            strip.icon(TONE_ICONS[Tone.SUCCESS], LIGHT.success, 18)
        else:
            draw_open_mark(painter, QRectF(0, strip.centre - 9, 18, 18).center(), LIGHT.muted, 16)
            strip.left += 26
        strip.text(self._name, LIGHT.ink, BODY_TEXT, True)
        strip.text(self._words, LIGHT.success if self._signed else LIGHT.muted, CAPTION_TEXT, True)
        painter.end()
        self.setToolTip(self.accessibleName() if strip.cut else "")


class DecisionBar(Card):
    """The title with what is missing, the decisions, and the two signatures."""

    chosen = Signal(str)
    """The id of the decision that was taken."""

    def __init__(self, title: str, decisions: Sequence[Decision], parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self._title = Text(title, SECTION_TEXT, bold=True)
        self._missing = Text("", CAPTION_TEXT, bold=True, colour=LIGHT.warning)
        self._buttons = {
            decision.decision_id: ActionButton(
                decision.text, decision.key, decision.icon, subtitle=decision.subtitle, size=SECTION_TEXT
            )
            for decision in decisions
        }
        self.signatures = (SignatureLine(), SignatureLine())
        head = box(column(None, self._title, self._missing, None, gap=2))
        head.setMinimumWidth(118)
        signing = column(None, *self.signatures, None, gap=2)
        pieces: tuple[QWidget | QLayout, ...] = (head, *self._buttons.values(), Rule(upright=True), signing)
        self.setLayout(row(*pieces, margins=(16, GAP, 12, GAP)))
        for button in self._buttons.values():
            button.setFixedHeight(64)
            button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
            button.clicked.connect(self._choose)
        self.show_missing("")

    def bind(self, page: QWidget) -> "DecisionBar":
        """Let the printed keys decide while ``page`` has the keyboard, and return the bar."""
        for button in self._buttons.values():
            button.bind(page)
        return self

    def show_missing(self, sentence: str) -> None:
        """Say what is missing (``再答 2 问后可选``) and lock all ways; an empty sentence opens them."""
        self._missing.show_text(sentence)
        for button in self._buttons.values():
            button.setEnabled(not sentence)

    def show_chosen(self, decision_id: str) -> None:
        """Show which was taken; an empty id shows none."""
        for own_id, button in self._buttons.items():
            kind = ButtonKind.PRIMARY if own_id == decision_id else ButtonKind.SECONDARY
            button.show_kind(kind)

    def _choose(self) -> None:
        for decision_id, button in self._buttons.items():
            if button is self.sender():
                self.chosen.emit(decision_id)
                return
