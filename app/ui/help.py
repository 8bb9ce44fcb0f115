"""F1: one page of help for the station at the front."""

from functools import partial
from pathlib import Path

from PySide6.QtWidgets import QWidget

from app.ui.kit.buttons import ActionButton
from app.ui.kit.layouts import box, column, lay_out_now
from app.ui.kit.sheet import Sheet
from app.ui.kit.shortcuts import bind_key
from app.ui.kit.text import Text
from app.ui.kit.tokens import LIGHT, SECTION_TEXT

FOLDER = Path(__file__).parents[2] / "resources" / "help"


class HelpSheet:
    """Shows ``resources/help/<topic>.txt``: a title, then paragraphs; a line ending in ： is a heading."""

    def __init__(self, over: QWidget) -> None:
        self._over = over
        self._sheet: Sheet | None = None

    @property
    def is_open(self) -> bool:
        """Return whether a page is being shown."""
        return self._sheet is not None and self._sheet.isVisible()

    def close(self) -> None:
        """Take the page away."""
        if self._sheet is not None:
            self._sheet.close_sheet()

    def show_topic(self, topic: str) -> None:
        """Open the page of a topic."""
        title, *lines = (FOLDER / f"{topic}.txt").read_text(encoding="utf-8").strip().splitlines()
        paragraphs = [_paragraph(line) for line in lines if line.strip()]
        if self._sheet is not None:
            self._sheet.close_sheet()
            self._sheet.deleteLater()
        on, back = (
            ActionButton(self._over.tr("下一页"), "PgDn"),
            ActionButton(self._over.tr("上一页"), "PgUp"),
        )
        sheet = Sheet(self._over, title, box(column(*paragraphs, gap=10)), (on, back), width=860)
        for button, arrow, way in ((on, "Down", 1), (back, "Up", -1)):
            button.clicked.connect(partial(sheet.turn_page, way))
            bind_key(sheet, arrow, partial(sheet.turn_page, way))
        self._sheet = sheet
        sheet.open_sheet()
        lay_out_now()
        on.setVisible(sheet.scrolls)
        back.setVisible(sheet.scrolls)


def _paragraph(line: str) -> Text:
    if line.endswith("："):
        return Text(line, SECTION_TEXT, bold=True, colour=LIGHT.primary, wrap=True)
    return Text(line, wrap=True)
