"""A count of the fridge of a small site, by its keeper."""

from app.domain.codes import TraceCode
from app.domain.stock_count import Cause, CountLine, Explained, Key, Place
from app.practice.site import StockedLot
from app.storage import stock_counts
from app.storage.catalogue import get_product
from app.storage.deliveries import StockLine, stock_of
from app.workflows import stock_count
from tests.workflows.copied_site import CopiedSite

KEEPER = "u-lushoucang"
BROKEN = Explained(Cause.BROKEN, "开冰箱时碰落")


class Count:
    """A count of a small site, by the keeper; what is not counted otherwise agrees with the books."""

    def __init__(self, site: CopiedSite) -> None:
        self.site = site
        site.as_user(KEEPER)
        site.desk.do(stock_count.begin_count)

    def lot(self, product_code: str = "FLU4-1") -> StockedLot:
        """The lot of a product that is in date."""
        today = self.site.desk.today()
        return next(
            lot for lot in self.site.stock if lot.product_code == product_code and lot.expires_on >= today
        )

    def lines(self) -> dict[Key, CountLine]:
        return {line.key: line for line in stock_counts.count_lines(self.site.desk.read())}

    def line(self, product_code: str = "FLU4-1", place: Place = Place.SHELF) -> CountLine:
        return stock_counts.count_line(self.site.desk.read(), self.lot(product_code).lot_id, place)

    def books(self, product_code: str = "FLU4-1") -> StockLine:
        return stock_of(self.site.desk.read(), self.lot(product_code).lot_id)

    def scan(self, *codes: str) -> None:
        self.site.as_user(KEEPER)
        for code in codes:
            self.site.desk.do(stock_count.count_pack, TraceCode(code))

    def type(self, doses: int, product_code: str = "FLU4-1", place: Place = Place.SHELF) -> None:
        self.site.as_user(KEEPER)
        product = get_product(self.site.desk.read(), product_code)
        whole, rest = divmod(doses, product.doses_per_pack)
        key = self.lot(product_code).lot_id, place
        self.site.desk.do(stock_count.count_lot, key, whole, rest)

    def count_the_rest(self) -> None:
        """Type what the books say for every line that has no number."""
        self.site.as_user(KEEPER)
        for line in self.lines().values():
            if not line.is_counted:
                whole, rest = divmod(max(line.book, 0), line.product.doses_per_pack)
                self.site.desk.do(stock_count.count_lot, line.key, whole, rest)

    def compare(self) -> list[Key]:
        self.site.as_user(KEEPER)
        return [line.key for line in self.site.desk.do(stock_count.compare_count)]

    def confirm(self, why: Explained = BROKEN) -> str:
        self.site.as_user(KEEPER)
        causes = {key: why for key, line in self.lines().items() if line.difference}
        return self.site.desk.do(stock_count.confirm_count, causes, self.site.beside())
