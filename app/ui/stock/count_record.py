"""The record of a count on its way to the printer, made from what the journal keeps of it."""

from sqlite_utils import Database

from app.devices.printer import NoPrinter, PaperKind
from app.documents.count_paper import CountPaper, CountRow, count_pdf
from app.domain.clock import CHINA, read_instant
from app.domain.journal import Json
from app.domain.refusals import Refusal
from app.domain.stock_count import Place
from app.storage.catalogue import find_lot, get_product
from app.storage.deliveries import arrivals_of
from app.storage.site import get_site
from app.storage.stock_counts import StockCount
from app.ui.bench import Bench
from app.ui.paper import NOWHERE
from app.ui.texts.stock_count import PLACES
from app.workflows.desk import staff_name


def print_count(bench: Bench, count: StockCount, said: str) -> None:
    """Print a count, for the first time or again; ``said`` is what was done, told with where the paper is."""

    def tell(where: str) -> None:
        bench.announce(f"{said}　盘点表：{where}")
        bench.delivered.emit(where)

    def not_printed(refusal: Refusal) -> None:
        if isinstance(refusal, NoPrinter):  # what was done is done, and said
            tell(NOWHERE)
        else:
            bench.refuse(refusal)

    paper = count_paper(bench.read(), count)
    serial = f"count-{count.counted_at.astimezone(CHINA):%Y%m%d-%H%M}"
    bench.run_aside(
        bench, tell, not_printed,
        lambda: bench.printing.deliver(count_pdf(paper), serial, PaperKind.REPORT),
    )  # fmt: skip


def count_paper(db: Database, count: StockCount) -> CountPaper:
    """Return a count as it is printed."""
    site = get_site(db)
    return CountPaper(
        site_name=site.name,
        begun_at=read_instant(count.facts["begun_at"]),
        counted_at=count.counted_at,
        counted_by=staff_name(db, count.counted_by),
        approved_by=staff_name(db, count.approved_by),
        rows=tuple(_row(db, line) for line in count.facts["lines"]),
        practice=site.practice,
    )


def _row(db: Database, line: Json) -> CountRow:
    lot = find_lot(db, line["lot_id"])
    assert lot is not None, "a lot that was counted stays on the books"
    product, came = get_product(db, lot.product_code), arrivals_of(db, lot.lot_id)
    return CountRow(
        vaccine=f"{product.vaccine_name}　{product.specification}",
        market_holder=product.market_holder,
        lot_number=lot.lot_number,
        expires_on=lot.expires_on.isoformat(),
        supplier=came[0].facts["supplier"] if came else "",
        place=PLACES[Place(line["place"])],
        book=line["book"],
        counted=line["counted"],
        reason=line.get("reason", ""),
    )
