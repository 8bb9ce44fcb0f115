"""F1: one page of help for the station at the front."""

from pathlib import Path

from PySide6.QtWidgets import QWidget

from app.ui.kit.layouts import box, column
from app.ui.kit.sheet import Sheet
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
        self._sheet = Sheet(self._over, title, box(column(*paragraphs, gap=10)), width=860)
        self._sheet.open_sheet()


def _paragraph(line: str) -> Text:
    if line.endswith("："):
        return Text(line, SECTION_TEXT, bold=True, colour=LIGHT.primary, wrap=True)
    return Text(line, wrap=True)
