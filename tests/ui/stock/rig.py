"""Opening page and fridge under test: real shell, real store, real keys and scans."""

from PySide6.QtGui import QShortcut
from PySide6.QtWidgets import QWidget

from app.domain.refusals import Refusal
from app.ui.bench import Bench
from app.ui.kit.sheet import Sheet
from app.ui.kit.theme import dress_window
from app.ui.opening.page import OpeningPage
from app.ui.shell import Shell
from app.ui.station import Station
from app.ui.stock.page import StockPage
from tests.factories import MANAGER, SmallSite
from tests.journeys.hand import Hand
from tests.ui.looking import keep_unseen


class FridgeRig:
    """Presses keys as a person does and waits for the answer."""

    def __init__(self, site: SmallSite) -> None:
        self.site = site
        site.as_user(MANAGER)
        self.bench = Bench(site.desk)
        self.shell = Shell(self.bench, (OpeningPage, StockPage))
        self.hand = Hand(self.shell)
        self.said: list[str] = []
        self.refusals: list[Refusal] = []
        self.bench.announced.connect(lambda sentence, undo: self.said.append(sentence))
        self.bench.refused.connect(self.refusals.append)

    def open(self, key: str, width: int = 1366, height: int = 732) -> None:
        """Come to a page by its key."""
        dress_window(self.shell)
        keep_unseen(self.shell)
        self.shell.resize(width, height)
        self.hand.take_window()
        self.shell.start()
        self.press(key)

    @property
    def page(self) -> Station:
        """The page at the front."""
        return self.shell.current

    @property
    def stock(self) -> StockPage:
        """The fridge."""
        page = self.shell.stations["stock"]
        assert isinstance(page, StockPage)
        return page

    @property
    def opening(self) -> OpeningPage:
        """The opening page."""
        page = self.shell.stations["opening"]
        assert isinstance(page, OpeningPage)
        return page

    @property
    def sheet(self) -> Sheet | None:
        """The sheet that is open, None for none."""
        return next((one for one in self.page.findChildren(Sheet) if one.isVisible()), None)

    def press(self, *keys: str) -> None:
        """Press keys, each answered before the next."""
        for key in keys:
            self.hand.press(key)
            self.settle()

    def as_user(self, staff_id: str) -> None:
        """Let somebody else have the desk."""
        self.site.as_user(staff_id)
        self.shell.start()

    def settle(self) -> None:
        """Wait until the window has caught up."""
        self.hand.catch_up(self.bench)

    def rows(self) -> list[tuple[str, ...]]:
        """Return what the fridge lists."""
        model = self.stock.table.paged
        return [model.row_at(row) for row in range(model.rowCount())]


def keys_of(owner: QWidget) -> set[str]:
    """Return the keys bound to a page or a sheet itself, or to its parts."""
    return {one.key().toString() for one in owner.findChildren(QShortcut)}


def own_keys(page: QWidget) -> set[str]:
    """Return the keys of a page without those of the sheets over it."""
    sheets = set().union(*(set(sheet.findChildren(QShortcut)) for sheet in page.findChildren(Sheet)))
    return {one.key().toString() for one in page.findChildren(QShortcut) if one not in sheets}
