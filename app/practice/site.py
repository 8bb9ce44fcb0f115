"""Fills an empty store with the practice site through the ordinary acts."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from app.domain.catalogue import PackCode, PackLevel, Product
from app.domain.people import Patient
from app.domain.readiness import KitItem, Need
from app.domain.site import Site
from app.domain.staff import EmergencyTraining, Role, StaffMember, TrainingCertificate
from app.practice.people import residents
from app.storage.catalogue_files import SHIPPED, read_catalogue
from app.workflows import readiness, registration, site_setup, staff
from app.workflows.desk import Act, Desk, open_first_stream

STAFF = (
    StaffMember("u-zhoumin", "周敏", "护士", frozenset({Role.REGISTRAR, Role.VACCINATOR, Role.OBSERVER})),
    StaffMember("u-zhaoqinghe", "赵清和", "医生", frozenset({Role.DOCTOR, Role.OBSERVER})),
    StaffMember("u-hexiaotang", "何晓棠", "登记员", frozenset({Role.REGISTRAR})),
    StaffMember("u-xulingyi", "许令仪", "护士", frozenset({Role.OBSERVER})),
    StaffMember(
        "u-suwanqing",
        "苏晚晴",
        "负责人",
        frozenset({Role.REGISTRAR, Role.DOCTOR, Role.VACCINATOR, Role.OBSERVER, Role.MANAGER}),
    ),
    StaffMember("u-lushoucang", "陆守仓", "疫苗管理员", frozenset({Role.STOCK_KEEPER})),
    StaffMember("u-liangxinan", "梁信安", "信息员", frozenset({Role.INFORMATION_OFFICER})),
    StaffMember("u-fangxunzhi", "方巡之", "督导员", frozenset({Role.INSPECTOR})),
    StaffMember("u-zhongshenyan", "钟审言", "审计员", frozenset({Role.AUDITOR})),
)
DOCTOR, MANAGER = STAFF[1], STAFF[4]
TRAINED_DAYS = 700
"""How long from the making of the site the training certificates of those who inject are good."""

EMERGENCY_CARD = """示例急救卡（练习用，未经审核，不得用于临床）

1. 停止一切注射，让受种者平卧，抬高下肢；呕吐时头偏向一侧。
2. 大声呼救：请医生到留观区；取急救箱和氧气。
3. 由医生按本单位批准的急救方案用药，记录时间、药名、剂量、给药人。
4. 拨打 120，说明地点：云溪镇卫生院预防接种门诊（东门）。
5. 每 5 分钟记录一次意识、呼吸、脉搏、血压。
6. 通知对口医院：云溪县第一医院急诊，准备绿色通道。"""

SITE = Site(
    site_id="1001010001",
    name="云溪镇卫生院",
    region_code="100101",
    enquiry_phone="0350-000 0126",
    emergency_card=EMERGENCY_CARD,
    emergency_card_approval="示例，无批准人",
    paired_hospital="云溪县第一医院",
    paired_hospital_phone="0350-000 0120",
    practice=True,
)

BOXES_PER_LOT = 6
"""Of ten vials each, in one carton."""


@dataclass(frozen=True)
class StockedLot:
    """A lot in the practice fridge, with the codes of its vials, boxes and carton."""

    lot_id: str
    product_code: str
    lot_number: str
    expires_on: date
    packs: tuple[PackCode, ...]

    @property
    def vial_codes(self) -> list[str]:
        """Return the codes of the smallest packs."""
        return [pack.code for pack in self.packs if pack.level is PackLevel.UNIT]

    @property
    def carton_code(self) -> str:
        """Return the carton's code."""
        return next(pack.code for pack in self.packs if pack.level is PackLevel.CARTON)


def products() -> list[Product]:
    """Return the practice catalogue."""
    return read_catalogue(SHIPPED)


def fill(desk: Desk, people: int = 2000, boxes: int = BOXES_PER_LOT) -> list[StockedLot]:
    """Set the practice site up in an empty store; returns what is in the fridge, ``boxes`` of each lot."""
    desk.user = MANAGER
    desk.do(_set_up)
    stock = [
        desk.do(_receive, product, lot, boxes)
        for product in products()
        for lot in _lots(product, desk.today())
    ]
    everybody = residents(people, desk.today())
    for start in range(0, len(everybody), 250):
        desk.do(_register, everybody[start : start + 250])
    desk.do(site_setup.open_session, "常规门诊")
    desk.do(readiness.check_readiness, tuple(Need), kit(desk.today()))
    desk.user = None
    return stock


def kit(today: date) -> tuple[KitItem, ...]:
    """Return the emergency kit of the practice site, all of it good today."""
    good = (("急救箱", 200), ("氧气袋", 400), ("简易呼吸器", 700))
    return tuple(KitItem(name, today + timedelta(days=days)) for name, days in good)


def _set_up(act: Act) -> None:
    open_first_stream(act)
    site_setup.configure_site(act, SITE)
    for member in STAFF:
        staff.add_staff(act, member)
        if Role.VACCINATOR in member.roles:
            staff.certify_staff(act, member.staff_id, _training(act.today, member))
        if member.roles & {Role.VACCINATOR, Role.DOCTOR}:
            good_through = act.today + timedelta(days=TRAINED_DAYS)
            staff.train_for_emergencies(act, member.staff_id, EmergencyTraining(act.today, good_through))
    for product in products():
        site_setup.add_product(act, product)


def _training(today: date, member: StaffMember) -> TrainingCertificate:
    number = f"练培〔{today.year}〕{STAFF.index(member) + 1:03d} 号"
    until, known_round = today + timedelta(days=TRAINED_DAYS), f"{today.year} 年第 1 期"
    return TrainingCertificate(number, "云溪县疾病预防控制中心", until, known_round, today)


def _register(act: Act, people: list[Patient]) -> None:
    for patient in people:
        registration.register_patient(act, patient)


def _lots(product: Product, today: date) -> Iterator[tuple[str, date]]:
    """Yield lot numbers and expiry dates: one in date, and of one product an expired one."""
    yield (
        f"{today.year - 1}11A{product.code_prefix or '':.2s}{len(product.product_code)}",
        today + timedelta(days=420),
    )
    yield f"{today.year - 2}05B{len(product.product_code)}1", today - timedelta(days=20)


def _receive(act: Act, product: Product, lot: tuple[str, date], boxes: int) -> StockedLot:
    lot_number, expires_on = lot
    lot_id = site_setup.receive_lot(act, product.product_code, lot_number, expires_on.isoformat())
    packs = tuple(_packs(product, lot_id, boxes, expired=expires_on < act.today))
    site_setup.relate_codes(act, lot_id, list(packs))
    return StockedLot(lot_id, product.product_code, lot_number, expires_on, packs)


def _packs(product: Product, lot_id: str, boxes: int, *, expired: bool) -> Iterator[PackCode]:
    """Yield a carton, its boxes and their vials; each level has its own 7-digit identification."""
    base = int(product.code_prefix or 0)
    serial = 5_000_000 if expired else 1_000_000
    carton = f"{base + 2:07d}{serial:013d}"
    yield PackCode(carton, PackLevel.CARTON, None, lot_id, 10 * boxes * product.doses_per_pack)
    for box in range(boxes):
        inner = f"{base + 1:07d}{serial + box:013d}"
        yield PackCode(inner, PackLevel.INNER, carton, lot_id, 10 * product.doses_per_pack)
        for vial in range(10):
            code = f"{base:07d}{serial + box * 10 + vial:013d}"
            yield PackCode(code, PackLevel.UNIT, inner, lot_id, product.doses_per_pack)
