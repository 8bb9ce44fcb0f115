"""Scenes of the opening page and the fridge for ``./dev shots``: empty, full, under way, refused."""

from typing import TYPE_CHECKING, TypeVar

from app.domain.catalogue import LotStatus, PackLevel
from app.domain.codes import TraceCode
from app.domain.staff import Role, StaffMember
from app.domain.stock_count import Cause, CountLine
from app.storage.catalogue import get_product
from app.storage.stock_counts import count_lines
from app.ui.form_sheet import FormSheet
from app.ui.opening.packs_sheet import PacksSheet
from app.ui.opening.page import OpeningPage
from app.ui.second_person import SecondPersonSheet
from app.ui.stock.count_sheet import CountSheet
from app.ui.stock.delivery_sheet import DeliverySheet
from app.ui.stock.difference_sheets import CauseSheet
from app.ui.stock.page import StockPage
from app.workflows import site_setup
from app.workflows.forecast import use_packs
from app.workflows.staff import amend_staff
from app.workflows.stock_count import count_lot
from tests.factories import DOCTOR, MANAGER, NURSE
from tests.workflows.brought_packs import of_province

if TYPE_CHECKING:
    from tests.shots import Studio

Page = TypeVar("Page")
LONG = "阿卜杜热西提·买买提吐尔逊·艾合麦提江"


def new_site(studio: "Studio") -> None:
    """Right after the set-up: nothing is there, and each page says what comes next."""
    page = opened(studio, "opening", OpeningPage)
    studio.shoot("opening-new")
    page.session.button.click()
    studio.shoot("opening-name")
    close_sheets(studio)
    stock = opened(studio, "stock", StockPage)
    studio.shoot("stock-empty")
    stock.adopt.click()
    studio.shoot("stock-catalogue")


def working_day(studio: "Studio") -> None:
    """A site in the middle of its morning, with a fridge of everything."""
    site = studio.site
    site.as_user(MANAGER)
    (lot, *others) = [one for one in site.stock if one.expires_on > site.desk.today()]
    site.desk.do(site_setup.change_lot_status, lot.lot_id, LotStatus.QUARANTINED, "到货温度超限")
    site.desk.do(site_setup.change_lot_status, others[0].lot_id, LotStatus.RECALLED, "省里通知召回")
    for index in range(9):
        site.registered(site.patient(index=index))
    for index in range(9, 12):
        site.ready(site.patient(index=index))
    site.as_user(NURSE)
    start(studio)
    opened(studio, "opening", OpeningPage)
    studio.shoot("opening-nurse")
    site.as_user(MANAGER)
    long = StaffMember(MANAGER, LONG, "负责人、预检医生、接种护士", frozenset(Role))
    site.desk.do(amend_staff, long)
    start(studio)
    page = opened(studio, "opening", OpeningPage)
    studio.shoot("opening")
    page.close_button.click()
    studio.shoot("opening-close")
    close_sheets(studio)
    packs(studio)
    fridge(studio)
    site.clock.go(minutes=60 * 24)
    opened(studio, "opening", OpeningPage)
    studio.shoot("opening-carried-over")
    vaccinated = site.vaccinated(site.patient(index=20))
    assert vaccinated
    site.as_user(MANAGER)
    page = opened(studio, "opening", OpeningPage)
    page.close_button.click()
    studio.shoot("opening-close-stopped")


def packs(studio: "Studio") -> None:
    """The rule packs beside a file that is not used, and a new one before a second person stands there."""
    folder, page = studio.site.folder, opened(studio, "opening", OpeningPage)
    (folder / "schedules").mkdir()
    (folder / "schedules" / "cn-hpv-2025.json").write_text("{", "utf-8")
    use_packs(folder)
    studio.show("opening")
    page.bringing.show_packs()
    studio.shoot("opening-packs")
    file = folder / "brought.json"
    file.write_text(of_province(title='"广西壮族自治区适龄女孩人乳头瘤病毒疫苗免疫程序（试行）"'), "utf-8")
    page.bringing.pick_file = lambda: str(file)
    listed = page.sheet
    assert isinstance(listed, PacksSheet)
    listed.bring.click()
    while page.sheet is listed:
        studio.settle()
    studio.shoot("opening-packs-new")
    asked = page.sheet
    assert isinstance(asked, SecondPersonSheet)
    assert studio.shell is not None
    studio.shell.take_scan(studio.site.badge(DOCTOR))
    asked.button.click()
    while page.sheet is asked or page.sheet is None:
        studio.settle()
    studio.shoot("opening-packs-taken")
    page.sheet.close_sheet()
    use_packs(None)


def fridge(studio: "Studio") -> None:
    """The list, a delivery from the first scan to its refusal, a lot blocked and released."""
    site = studio.site
    page = opened(studio, "stock", StockPage)
    studio.shoot("stock")
    product = get_product(site.desk.read(), "FLU4-1")
    prefix = {one.level: one.code_prefix for one in reversed(product.identifications)}
    codes = [f"{prefix[PackLevel.INNER]}{8_000_000:013d}"]
    codes += [f"{prefix[PackLevel.UNIT]}{8_000_000 + number:013d}" for number in range(10)]
    for code in codes:
        page.take_code(TraceCode(code))
    sheet = page.sheet
    assert isinstance(sheet, DeliverySheet)
    sheet.lot.setText("202611A07")
    sheet.until.setText("20280531")
    sheet.doses.setText("10")
    sheet.supplier.setText("云溪县疾病预防控制中心")
    sheet.temperature.setText("5.2")
    sheet.release.setText("批签中检 2026-1107")
    studio.shoot("stock-delivery")
    sheet.button.click()
    studio.shoot("stock-delivery-papers")
    for line in sheet.papers.values():
        line.setChecked(True)
    sheet.temperature.setText("11.5")
    sheet.button.click()
    studio.shoot("stock-delivery-warm")
    page.release.click()
    studio.shoot("stock-release")
    close_sheets(studio)
    page.mark(site.stock[4].lot_id)
    page.block.click()
    studio.shoot("stock-block")
    close_sheets(studio)
    counted(studio)


def counted(studio: "Studio") -> None:
    """A count from the first lot to the second person: two lots short, one over, everything else right."""
    site, page = studio.site, opened(studio, "stock", StockPage)
    page.last.count.click()
    studio.settle()
    sheet = page.sheet
    assert isinstance(sheet, CountSheet)
    lines = count_lines(site.desk.read())
    for line in lines[: len(lines) // 2]:
        type_number(studio, line, 0)
    sheet.show_lines()
    page.take_code(TraceCode(site.vials("RAB-1")[40]))
    studio.shoot("stock-count")
    wrong = {lines[-3].key: -3, lines[-2].key: 1, lines[-1].key: -1}
    for _ in range(2):  # what differs is counted twice
        for line in count_lines(site.desk.read()):
            if line.typed is None:
                type_number(studio, line, wrong.get(line.key, 0))
        sheet.done.click()
        studio.settle()
        if page.sheet is sheet:
            studio.shoot("stock-count-again")
    causes = page.sheet
    assert isinstance(causes, CauseSheet)
    causes.rows[Cause.BROKEN].click()
    causes.words.setText("停电后搬冰箱时碰落，三支都碎了")
    causes.button.click()
    studio.shoot("stock-count-causes")
    for _ in range(2):
        causes.rows[Cause.UNKNOWN].click()
        causes.words.setText("查过出入库单和接种记录，都对得上")
        causes.button.click()
    studio.shoot("stock-count-sign")
    close_sheets(studio)


def type_number(studio: "Studio", line: CountLine, more: int) -> None:
    """Count a lot by hand, so much more than the books say."""
    whole, rest = divmod(line.book + more, line.product.doses_per_pack)
    studio.site.desk.do(count_lot, line.key, whole, rest)


def start(studio: "Studio") -> None:
    """Let the window hear who is at the desk."""
    assert studio.shell is not None
    studio.shell.start()


def opened(studio: "Studio", station: str, kind: type[Page]) -> Page:
    """Bring a page to the front."""
    studio.show(station)
    assert studio.shell is not None
    page = studio.shell.stations[station]
    assert isinstance(page, kind)
    return page


def close_sheets(studio: "Studio") -> None:
    """Take away what lies over a page."""
    for sheet in studio.window.findChildren(FormSheet):
        sheet.close_sheet()
