"""The stop that replaces the whole work area: what is wrong, what is safe, what to do."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QColor, QGuiApplication, QKeyEvent, QKeySequence, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLayout, QVBoxLayout, QWidget

from app.ui.kit.buttons import ActionButton, ButtonKind
from app.ui.kit.card import Card
from app.ui.kit.comparison_table import Compared, ComparisonTable
from app.ui.kit.fitted_text import FittedText
from app.ui.kit.icons import IconMark
from app.ui.kit.layouts import box, column, empty, row
from app.ui.kit.shortcuts import key_sequences
from app.ui.kit.spans import Span, SpanLine
from app.ui.kit.stop_sign import HatchedBand, Octagon
from app.ui.kit.text import Text
from app.ui.kit.tokens import (
    BANNER_TEXT,
    BODY_TEXT,
    CAPTION_TEXT,
    FACT_TEXT,
    GAP,
    LIGHT,
    PADDING,
    SECTION_TEXT,
)


@dataclass(frozen=True)
class RefusalAction:
    """A way on from a stop: its id, words, second line and key. The first one given is the safe one."""

    action_id: str
    text: str
    subtitle: str
    key: str


@dataclass(frozen=True)
class RefusalFacts:
    """Everything a stop says, in plain words.

    ``person`` is up to two lines at the right of the title; ``note`` stands at the foot beside ``counted``
    (how often this stop came, how often it was overridden); ``technical`` is what F12 copies.
    """

    title: str
    subtitle: str
    happened: Sequence[str]
    safe: Sequence[str]
    todo: Sequence[str]
    actions: Sequence[RefusalAction]
    person: Sequence[str] = ()
    expected_caption: str = ""
    found_caption: str = ""
    rows: Sequence[Compared] = field(default_factory=tuple)
    note: str = ""
    counted: str = ""
    technical: str = ""


class RefusalPanel(QWidget):
    """Takes the keyboard itself, so that no button is pressed by Enter or by what a scanner sends."""

    chosen = Signal(str)
    """The id of the action that was taken, by its key or a click."""

    details_copied = Signal()
    """The technical text is on the clipboard."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._technical = ""
        self._table = ComparisonTable()
        self._title = FittedText("", BANNER_TEXT, colour=LIGHT.on_danger)
        self._subtitle = FittedText("", BODY_TEXT, bold=False, colour=LIGHT.on_danger)
        self._person = QVBoxLayout()
        self._columns = QHBoxLayout()
        self._actions = QHBoxLayout()
        self._buttons: dict[str, ActionButton] = {}
        self._scan_icon = IconMark("scan", LIGHT.muted, 22)
        self._note = Text("")
        self._counted = Text("", CAPTION_TEXT, colour=LIGHT.muted)
        self._copy = ActionButton(self.tr("复制技术细节"), "F12", "copy", size=BODY_TEXT).refuse_enter()
        self._copy.clicked.connect(self.copy_details)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._compose()

    def show_refusal(self, facts: RefusalFacts) -> None:
        """Show a stop and take the keyboard."""
        self._title.show_text(facts.title)
        self._subtitle.show_text(facts.subtitle)
        self.setAccessibleName(f"{facts.title} {facts.subtitle}")
        self._show_person(facts.person)
        self._table.setVisible(bool(facts.rows))
        expected = facts.expected_caption or self.tr("应种")
        self._table.show_rows(expected, facts.found_caption or self.tr("扫到的药瓶"), facts.rows)
        self._show_columns(facts)
        self._show_actions(facts.actions)
        self._note.show_text(facts.note)
        self._scan_icon.setVisible(bool(facts.note))
        self._counted.show_text(facts.counted)
        self._technical = facts.technical
        self._copy.setVisible(bool(facts.technical))
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def copy_details(self) -> None:
        """Put the technical text on the clipboard."""
        QGuiApplication.clipboard().setText(self._technical)
        self.details_copied.emit()

    def button(self, action_id: str) -> ActionButton:
        """Return the button of an action; an unknown id raises ``KeyError``."""
        return self._buttons[action_id]

    def event(self, event: QEvent) -> bool:
        """Claim Enter before any shortcut of the page can have it."""
        if (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        ):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Press the action of a key; Enter does nothing."""
        for button in (*self._buttons.values(), self._copy):
            if QKeySequence(event.keyCombination()) in key_sequences(button.key):
                button.press()
                return
        if event.key() not in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the tinted ground and the solid head."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(LIGHT.danger_tint))
        painter.fillRect(0, 0, self.width(), self._head.geometry().bottom() + 1, QColor(LIGHT.danger))
        painter.end()

    def _compose(self) -> None:
        self._person.setSpacing(4)
        self._columns.setSpacing(GAP)
        self._actions.setSpacing(GAP)
        people = column(None, self._person, None)
        words = column(self._title, self._subtitle, gap=0, margins=(0, 4, 0, 4))
        words.setStretch(0, 3)
        words.setStretch(1, 2)
        head = row(Octagon(self.tr("停")), words, people, gap=24, margins=(36, 12, 32, 12))
        self._head = box(head)
        self._head.setFixedHeight(136)
        foot = row(self._scan_icon, self._note, None, self._counted, self._copy, gap=PADDING)
        body = column(self._table, self._columns, self._actions, foot, margins=(24, 12, 24, 8))
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(HatchedBand())
        whole.addWidget(self._head)
        whole.addLayout(body, 1)
        whole.addWidget(HatchedBand())

    def _show_person(self, lines: Sequence[str]) -> None:
        empty(self._person)
        for place, line in enumerate(lines):
            size = BODY_TEXT if place else SECTION_TEXT
            words = SpanLine([Span(line, size, not place, LIGHT.on_danger)]).keep_whole().align_right()
            words.setMaximumWidth(420)
            self._person.addWidget(words)

    def _show_columns(self, facts: RefusalFacts) -> None:
        empty(self._columns)
        for title, icon, colour, lines in (
            (self.tr("发生了什么"), "info", LIGHT.danger, facts.happened),
            (self.tr("什么是安全的"), "done", LIGHT.success, facts.safe),
            (self.tr("现在请做"), "hand", LIGHT.info, facts.todo),
        ):
            head = row(
                IconMark(icon, colour, 22), Text(title, SECTION_TEXT, bold=True, colour=colour), None, gap=12
            )
            self._columns.addWidget(
                Card(column(head, *map(_line, lines), None, gap=2, margins=(20, 10, 16, 8))), 1
            )

    def _show_actions(self, actions: Sequence[RefusalAction]) -> None:
        empty(self._actions)
        self._buttons = {}
        for place, action in enumerate(actions):
            kind, size = (ButtonKind.SECONDARY, SECTION_TEXT) if place else (ButtonKind.PRIMARY, FACT_TEXT)
            button = ActionButton(action.text, action.key, "", kind, action.subtitle, size=size)
            button.setFixedHeight(80)
            button.refuse_enter().clicked.connect(self._choose)
            self._buttons[action.action_id] = button
            self._actions.addWidget(button, 3 if place else 5)

    def _choose(self) -> None:
        for action_id, button in self._buttons.items():
            if button is self.sender():
                self.chosen.emit(action_id)
                return


def _line(words: str) -> QLayout:
    return row(_dot(), Text(words, wrap=True), gap=10)


def _dot() -> QWidget:
    return IconMark("dot", LIGHT.muted, 12)
