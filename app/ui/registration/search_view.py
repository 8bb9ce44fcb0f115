"""The left side of registration: the one search box, who was found, and the way to a new record."""

from collections.abc import Sequence
from datetime import date

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QWidget

from app.ui.kit.buttons import ActionButton, ButtonKind
from app.ui.kit.layouts import column, row
from app.ui.kit.search_box import SearchBox
from app.ui.kit.search_result import ResultList
from app.ui.kit.shortcuts import bind_key
from app.ui.kit.text import Text
from app.ui.kit.tokens import CAPTION_TEXT, LIGHT, Tone
from app.ui.registration.notice import Notice
from app.ui.registration.results import entry
from app.ui.registration.search_line import SearchLine
from app.ui.texts.sentence import Sentence
from app.workflows.finding import MOST_SHOWN, Hit

WIDTH = 416


class SearchView(QWidget):
    """Keeps the keyboard in its line; arrows move in the list."""

    typed = Signal(str)
    """The text of the line has changed, by a person."""
    selected = Signal(str)
    """The id of the person now marked."""
    new_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.line = SearchLine()
        self.box = SearchBox(lambda: self.line, self.tr("拼音、尾号"))
        self.results = ResultList(ready_for=MOST_SHOWN)
        self._more = Text(self.tr("还有更多，请再输一个字"), bold=True, colour=LIGHT.warning)
        self._recent = Text(self.tr("最近取号"), CAPTION_TEXT, bold=True, colour=LIGHT.muted)
        self.notice = Notice()
        self.new = ActionButton(self.tr("新建档案"), "F9", "add")
        self.characters = ActionButton(self.tr("汉字查找"), "Alt+1", "keyboard")
        self.check = ActionButton(self.tr("入托入学查验"), "Ctrl+T", "certificate")
        self.past = ActionButton(self.tr("补录"), "Alt+5", "booklet")
        self.ask = ActionButton(self.tr("问中心有没有"), "Alt+2", "search")
        self._compose()
        self.box.searched.connect(self._searched)
        self.box.stepped.connect(self.results.step)
        self.results.selected.connect(self.selected)
        self.new.clicked.connect(self.new_asked)
        self.characters.clicked.connect(self._switch_characters)
        self.line.characters_switched.connect(self._show_characters)
        self.setFocusProxy(self.box)
        self._quiet = False

    def bind(self, page: QWidget) -> None:
        """Let F9, Alt+1, Alt+5 and Ctrl+T work on the page."""
        self.new.bind(page)
        self.characters.bind(page)
        self.check.bind(page)
        self.past.bind(page)
        bind_key(page, "Esc", self.clear)

    @property
    def text(self) -> str:
        """Return what is typed."""
        return self.line.text()

    def show_text(self, text: str) -> None:
        """Put a text into the line without searching for it."""
        self._quiet = True
        self.line.setText(text)
        self._quiet = False

    def clear(self) -> None:
        """Begin a new search."""
        self.line.let_characters_in(False)
        if self.text:
            self.line.clear()
        else:
            self.typed.emit("")
        self.line.setFocus()

    def show_hits(self, hits: Sequence[Hit], today: date, *, more: bool = False) -> None:
        """Show who was found; one alone is marked at once."""
        self.notice.clear()
        self.ask.hide()
        self._recent.hide()
        self._more.setVisible(more)
        self.results.show_results([entry(hit, today) for hit in hits])

    def show_recent(self, hits: Sequence[Hit], today: date) -> None:
        """Show who got the last numbers, nobody marked."""
        self.notice.clear()
        self.ask.hide()
        self._more.hide()
        self._recent.setVisible(bool(hits))
        self.results.blockSignals(True)
        self.results.show_results([entry(hit, today) for hit in hits])
        self.results.select("")
        self.results.blockSignals(False)

    def show_notice(self, sentence: Sentence, tone: Tone, *, may_ask: bool = False) -> None:
        """Show, in place of people, why there are none; ``may_ask``: the centre may know somebody."""
        self.ask.setVisible(may_ask)
        self.results.show_results([])
        self._recent.hide()
        self._more.hide()
        self.notice.say(sentence, tone)

    def select_all(self) -> None:
        """Mark the text, so that the next search replaces it."""
        QTimer.singleShot(0, self.line, self.line.selectAll)

    def _searched(self, text: str) -> None:
        if not self._quiet:
            self.typed.emit(text)

    def _switch_characters(self) -> None:
        self.line.let_characters_in(not self.line.takes_characters)
        self.line.setFocus()

    def _show_characters(self, on: bool) -> None:
        self.characters.show_action(self.tr("关闭汉字") if on else self.tr("汉字查找"))
        self.characters.show_kind(ButtonKind.PRIMARY if on else ButtonKind.SECONDARY)

    def _compose(self) -> None:
        self.setFixedWidth(WIDTH)
        foot = row(self.new, self.characters)
        foot.setStretch(0, 1)
        foot.setStretch(1, 1)
        papers = row(self.check, self.past)
        papers.setStretch(0, 1)
        lines = column(self.box, self.notice, self.ask, self._recent, self.results, self._more, foot, papers)
        lines.setStretch(4, 1)
        self.setLayout(lines)
        self.ask.hide()
        self._more.hide()
        self._recent.hide()
