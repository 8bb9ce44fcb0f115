"""The common way to show a refusal: what happened, what is safe, what to do now (ux.md rule 17)."""

from PySide6.QtWidgets import QApplication, QWidget

from app.domain.refusals import Refusal
from app.ui.kit.buttons import ActionButton, ButtonKind
from app.ui.kit.icons import IconMark
from app.ui.kit.layouts import box, column, row
from app.ui.kit.sheet import Sheet
from app.ui.kit.text import Text
from app.ui.kit.tokens import LIGHT, SECTION_TEXT
from app.ui.texts import sentence_of


class RefusalSheet:
    """One sheet over the pages; a new refusal takes the place of the last, a scan or Enter closes it."""

    def __init__(self, over: QWidget) -> None:
        self._technical = ""
        self._lines = [Text("", SECTION_TEXT, wrap=True) for _ in range(3)]
        marks = (("warning", LIGHT.danger), ("done", LIGHT.success), ("hand", LIGHT.info))
        rows = []
        for (icon, colour), line, caption in zip(
            marks,
            self._lines,
            (over.tr("发生了什么"), over.tr("什么是安全的"), over.tr("现在请做")),
            strict=True,
        ):
            words = column(Text(caption, bold=True, colour=colour), line, gap=2)
            pieces = row(IconMark(icon, colour, 28), words, gap=14)
            pieces.setStretch(1, 1)
            rows.append(pieces)
        self._ok = ActionButton(over.tr("知道了"), "Enter", "check", ButtonKind.PRIMARY)
        self._copy = ActionButton(over.tr("复制技术细节"), "F12", "copy")
        self._sheet = Sheet(
            over, over.tr("没有办成"), box(column(*rows, gap=18)), [self._ok, self._copy], width=760
        )
        self._ok.clicked.connect(self._sheet.close_sheet)
        self._copy.clicked.connect(lambda: QApplication.clipboard().setText(self._technical))

    @property
    def is_open(self) -> bool:
        """Return whether a refusal is being shown."""
        return self._sheet.isVisible()

    def show_refusal(self, refusal: Refusal) -> None:
        """Show why something was not done."""
        said = sentence_of(refusal)
        for line, words in zip(self._lines, (said.happened, said.safe, said.todo), strict=True):
            line.show_text(words)
        self._technical = str(refusal)
        self._sheet.open_sheet(self._ok)

    def dismiss(self) -> None:
        """Take the sheet away."""
        self._sheet.close_sheet()
