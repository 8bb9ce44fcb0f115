"""The fridge is counted by two while doses are given: real window, keys, scanner, paper (STK-2, SEC-6)."""

from PySide6.QtWidgets import QLabel, QTableView

from app.domain.catalogue import PackLevel
from app.domain.stock_count import Place
from app.storage import journal, stock_counts
from app.storage.deliveries import stock_of
from app.ui.kit.sheet import Sheet
from app.ui.stock.count_sheet import CountSheet
from app.ui.stock.difference_sheets import CauseSheet, SignCountSheet
from app.ui.stock.page import StockPage
from tests.factories import DOCTOR, MANAGER
from tests.journeys.conftest import Workroom


def test_the_fridge_is_counted_by_two_while_somebody_is_vaccinated(workroom: Workroom) -> None:
    site, papers = workroom.site, list[str]()
    workroom.bench.delivered.connect(papers.append)
    site.as_user(MANAGER)
    badge = site.badge()
    workroom.shell.start()
    workroom.press("Ctrl+G")
    page = workroom.station
    assert isinstance(page, StockPage)
    flu = next(one for one in site.stock if one.vial_codes == site.vials("FLU4-1"))
    before = stock_of(workroom.bench.read(), flu.lot_id)
    workroom.press("Alt+7")
    sheet = sheet_on(page)
    assert isinstance(sheet, CountSheet)
    assert str(before.left) not in (words := everything_said(page)), "the books are hidden"
    assert "正在盘点" in words
    first, *boxes = (pack.code for pack in flu.packs if pack.level is PackLevel.INNER)
    for code in [*boxes, *(pack.code for pack in flu.packs if pack.parent_code == first)][:-2]:
        workroom.scan(code)
    gone = [pack.code for pack in flu.packs if pack.parent_code == first][-2:]
    assert "已数" in row_of(sheet, "四价流感疫苗", flu.lot_number)
    site.vaccinated(vial=flu.vial_codes.index(gone[0]) - 1)
    site.as_user(MANAGER)
    workroom.press("Enter")
    while (line := sheet.marked) and not line.is_counted:
        whole, rest = divmod(line.book, line.product.doses_per_pack)
        sheet.packs.setText(str(whole))
        sheet.rest.setText(str(rest))
        workroom.press("Enter")
    workroom.press("Alt+1")
    assert "再数一遍" in row_of(sheet, "四价流感疫苗", flu.lot_number), "two vials are not there"
    workroom.press("Alt+1")
    causes = sheet_on(page)
    assert isinstance(causes, CauseSheet)
    workroom.press("Enter")
    assert causes.fault.isVisible(), "why is asked for"
    workroom.press("Ctrl+1", "Enter")
    sign = sheet_on(page)
    assert isinstance(sign, SignCountSheet)
    workroom.press("Enter")
    assert sign.fault.isVisible(), "one alone signs for nothing"
    workroom.scan(badge)
    workroom.press("Enter")
    assert sheet_on(page) is None
    after = stock_of(workroom.bench.read(), flu.lot_id)
    assert (after.left, after.adjusted) == (before.left - 3, -2), "one was given, two are gone"
    (moved,) = journal.events_of(workroom.bench.read(), ["stock.adjusted"])
    assert (moved.user, moved.body["approved_by"], moved.body["cause"]) == (MANAGER, DOCTOR, "broken")
    assert moved.body["place"] == Place.SHELF
    assert moved.body["codes"] == sorted(gone)
    workroom.hand.wait_until(lambda: bool(papers), "the record is on paper")
    workroom.press("Alt+8")
    workroom.hand.wait_until(lambda: len(papers) == 2, "it is printed again")
    assert stock_counts.count_lines(workroom.bench.read())[0].typed is None, "nothing is left of it"


def sheet_on(page: StockPage) -> Sheet | None:
    return page.sheet


def row_of(sheet: CountSheet, name: str, lot_number: str) -> tuple[str, ...]:
    rows = [sheet.table.paged.row_at(place) for place in range(sheet.table.paged.rowCount())]
    return next(row for row in rows if row[:2] == (name, lot_number))


def everything_said(page: StockPage) -> str:
    """Return all words that stand on the page, but those of its lots' numbers."""
    said = [label.text() for label in page.findChildren(QLabel) if label.isVisible()]
    for table in page.findChildren(QTableView):
        if table.isVisible():
            model = table.model()
            said += [
                str(model.index(place, column).data())
                for place in range(model.rowCount())
                for column in (0, 3, 4, 5)
            ]
    said.append(page.banner.sentence)
    return "\n".join(said)
