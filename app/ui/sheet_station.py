"""A station that works through sheets: one stands over the page at a time and shows what is refused."""

from app.domain.refusals import Refusal
from app.ui.bench import Bench
from app.ui.form_sheet import FormSheet
from app.ui.kit.sheet import Sheet
from app.ui.station import Station


class SheetStation(Station):
    """The base of the pages on which staff, stock and the day are kept."""

    def __init__(self, bench: Bench) -> None:
        super().__init__(bench)
        self._sheet: Sheet | None = None

    @property
    def sheet(self) -> Sheet | None:
        """Return the sheet over the page."""
        return self._sheet

    def _open(self, sheet: Sheet) -> None:
        self._sheet = sheet
        sheet.closed.connect(self._forget)
        sheet.open_sheet()

    def _close(self) -> None:
        if self._sheet is not None:
            self._sheet.close_sheet()

    def _forget(self) -> None:
        self._sheet = None

    def _refused(self, refusal: Refusal) -> None:
        """Show a refusal on the sheet, which stays open, or the common way."""
        if isinstance(self._sheet, FormSheet):
            self._sheet.show_refusal(refusal)
        else:
            self.bench.refuse(refusal)

    def _done(self, sentence: str) -> None:
        """Take the sheet away and name what was done."""
        self._close()
        self.refresh(frozenset())
        self.bench.announce(sentence)
