"""What the centre did not take or found wrong: which record, why, what is safe, what to do, and the keys."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QWidget

from app.domain.refusals import Refusal
from app.storage.feedback import ContentDoubted
from app.storage.unsent import UnsentRecord
from app.ui.kit.buttons import ActionButton, ButtonKind
from app.ui.kit.card import Card
from app.ui.kit.icons import IconMark
from app.ui.kit.layouts import column, row
from app.ui.kit.spans import Span, SpanLine
from app.ui.kit.text import Text
from app.ui.kit.tokens import CAPTION_TEXT, LIGHT, SECTION_TEXT, Tone
from app.ui.texts import sentence_of

_CAPTIONS = ("原因", "安全", "请做")
_LATER_DOUBTED = "原条不改也不删。更正会另记一条再上传，更正后这一条不再列在这里。"


@dataclass(frozen=True)
class NotTaken:
    """One refusal or doubt with what it is about; ``record`` is None where it is about no single one."""

    refusal: Refusal
    record: UnsentRecord | None = None
    title: str = ""
    behind: str = ""

    @property
    def doubted(self) -> bool:
        """Whether the centre holds the record and only its content is in doubt."""
        return isinstance(self.refusal, ContentDoubted)


class RefusedPanel(Card):
    """One refusal or doubt at a time; F11 goes round where there are several."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(tone=Tone.DANGER, outlined=True, parent=parent)
        self._all: tuple[NotTaken, ...] = ()
        self._place = 0
        self._icon = IconMark("alarm", LIGHT.danger, 24)
        self._title = Text("", SECTION_TEXT, bold=True, colour=LIGHT.danger)
        self._what, self._behind = SpanLine().keep_whole(), Text("", CAPTION_TEXT, colour=LIGHT.muted)
        self._what.setFixedHeight(44)
        self._record = Card(column(self._what, self._behind, gap=0, margins=(12, 3, 12, 4)))
        self._said = [Text("", wrap=True) for _ in _CAPTIONS]
        self._later = Text("", CAPTION_TEXT, colour=LIGHT.ink, wrap=True)
        self.again = ActionButton("再问一次", "Enter", "refresh", ButtonKind.PRIMARY)
        self.open = ActionButton("打开记录", "F10", "open")
        self.next = ActionButton("下一条", "F11")
        self.copy = ActionButton("复制细节", "F12")
        self.next.clicked.connect(self._go_round)
        self._compose()

    @property
    def current(self) -> NotTaken | None:
        """Return the one that is shown."""
        return self._all[self._place] if self._all else None

    def minimumSizeHint(self) -> QSize:
        """Return the room it needs at the width it has; narrower, its sentences would want more lines."""
        layout, hint = self.layout(), super().minimumSizeHint()
        return hint if layout is None else QSize(hint.width(), layout.minimumHeightForWidth(self.width()))

    def show_refused(self, refused: Sequence[NotTaken]) -> None:
        """Show these, going on with the one that was shown; a new refusal comes before any doubt."""
        shown, known = self.current, {one.refusal for one in self._all}
        self._all = tuple(refused)
        refusals = [one.refusal for one in self._all]
        urgent = any(not one.doubted and one.refusal not in known for one in self._all)
        stays = shown is not None and shown.refusal in refusals and not (shown.doubted and urgent)
        self._place = refusals.index(shown.refusal) if shown and stays else 0
        self.setVisible(bool(self._all))
        self._show()

    def technical(self) -> str:
        """Return what support wants to read of all of them; no person is in it."""
        return "\n".join(str(one.refusal) for one in self._all)

    def _show(self) -> None:
        one = self.current
        if one is None:
            return
        title = self._title_of(one)
        tone = Tone.WARNING if one.doubted else Tone.DANGER
        ink = LIGHT.tone(tone).ink
        self.set_tone(tone, outlined=True)
        self._icon.show_icon("warning" if one.doubted else "alarm", ink)
        self._title.show_text(title, ink)
        self.again.setVisible(not one.doubted)
        self._record.setVisible(one.record is not None)
        self._what.show_spans([Span(one.title, bold=True)])
        self._behind.show_text(one.behind)
        sentence = sentence_of(one.refusal)
        for text, words in zip(self._said, (sentence.happened, sentence.safe, sentence.todo), strict=True):
            text.show_text(words)
        can_open = one.record is not None and bool(one.record.encounter_id)
        self.open.setVisible(can_open)
        self._later.setVisible(one.record is not None)
        self._later.show_text(
            _LATER_DOUBTED
            if can_open and one.doubted
            else "原条不改也不删。打开后更正，会另记一条上传。"
            if can_open
            else "这一条没有可以更正的页面，请联系信息员。"
        )
        self.next.setVisible(len(self._all) > 1)
        self.setAccessibleName(" ".join((title, one.title, sentence.happened)))

    def _title_of(self, one: NotTaken) -> str:
        name = "内容存疑" if one.doubted else "没有收下"
        if len(self._all) > 1:
            return f"{name} {self._place + 1}/{len(self._all)}"
        return f"{name} 1 条" if one.record else name

    def _go_round(self) -> None:
        self._place = (self._place + 1) % len(self._all)
        self._show()

    def _compose(self) -> None:
        head = row(self._icon, self._title, None, self.next, gap=8)
        lines = []
        for caption, text in zip(_CAPTIONS, self._said, strict=True):
            name = Text(caption, bold=True, colour=LIGHT.muted)
            line = row(column(name, None), text, gap=12)
            line.setStretch(1, 1)
            lines.append(line)
        aside = row(self.copy, self.open)
        aside.setStretch(1, 1)
        parts = (head, self._record, *lines, self._later, None, aside, self.again)
        self.setLayout(column(*parts, gap=4, margins=(16, 8, 16, 8)))
