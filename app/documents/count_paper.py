"""The record of a count of the fridge on paper (盘点表): who, when, each lot, and why what differs does."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class CountRow:
    """One lot in one place, in words and doses."""

    vaccine: str
    """脊灰灭活疫苗　0.5 mL/支."""
    market_holder: str
    lot_number: str
    expires_on: str
    supplier: str
    """Of the last delivery; empty where none was recorded."""
    place: str
    """架上, 隔离."""
    book: int
    counted: int
    reason: str = ""

    @property
    def difference(self) -> int:
        """Return how much more was found than the books said."""
        return self.counted - self.book


@dataclass(frozen=True)
class CountPaper:
    """The whole record."""

    site_name: str
    begun_at: datetime
    counted_at: datetime
    """When two people signed for it: the books are those of that moment."""
    counted_by: str
    approved_by: str
    rows: tuple[CountRow, ...]
    practice: bool = False


def count_pdf(paper: CountPaper) -> bytes:
    """Return A4 sheets, landscape, as many as the rows need; raises GlyphMissing."""
    # reportlab is loaded by the first sheet, not by the start of the program.
    from app.documents.count_drawing import draw_count

    return draw_count(paper)
