"""Two people say of which product, at which level of packing, codes of an unknown kind are (domain.md 2)."""

from collections.abc import Callable, Sequence

from PySide6.QtWidgets import QComboBox, QWidget

from app.devices.code_line_edit import CodeLineEdit
from app.domain.catalogue import CodeMapping, PackLevel, Product
from app.domain.codes import Gs1Code, TraceCode
from app.storage.catalogue import all_products, find_mapping, get_product
from app.ui.bench import Bench
from app.ui.kit.confirm_row import ConfirmRow, let_one_stand
from app.ui.kit.form import Form
from app.ui.kit.layouts import row
from app.ui.kit.text import Text
from app.ui.kit.tokens import LIGHT, SECTION_TEXT
from app.ui.second_person import SecondPersonSheet
from app.ui.texts.words import PACK_LEVELS
from app.workflows.desk import SecondPerson, staff_name
from app.workflows.stock import kind_code, map_code


class MapCodeSheet(SecondPersonSheet):
    """The code, the level, the products there are, and the second person's badge, PIN or password.

    Does the act itself and closes; ``mapped`` hears the CodeMapping when it is written, after which
    ``catalogue.find_product_of`` finds every code of the kind: whoever opened the sheet takes the scanned
    code again. Open it with ``open_sheet`` where somebody is signed in whom ``map_code`` lets (stock keeper
    or manager, ``app/domain/permissions.py``); everybody else the act refuses. The needle never opens it.
    """

    def __init__(
        self,
        over: QWidget,
        bench: Bench,
        code: TraceCode | Gs1Code,
        mapped: Callable[[CodeMapping], object],
        expected: Product | None = None,
    ) -> None:
        """``code``: as scanned; ``expected``: the product of the delivery so far, offered first."""
        self._bench, self._code, self._mapped = bench, code, mapped
        self.levels = {
            level: ConfirmRow(words, str(number))
            for number, (level, words) in enumerate(PACK_LEVELS.items(), 1)
        }
        self.product, self.doses = QComboBox(), CodeLineEdit()
        for one in _likely_first(all_products(bench.read()), kind_code(code), expected):
            words = f"{one.vaccine_name}　{one.specification}　{one.market_holder}"
            self.product.addItem(words, one)
        facts = Form(columns=2)
        facts.add_field("product", over.tr("哪个产品"), self.product, required=True)
        facts.add_field("doses", over.tr("这样一包有几剂"), self.doses, required=True)
        super().__init__(
            over, bench, "map_code", over.tr("认下新码：两个人确认"),
            [*_told(bench, code), row(*self.levels.values()), facts], over.tr("认下这种码"), self._map,
            width=960,
        )  # fmt: skip
        let_one_stand(list(self.levels.values()), always=True)
        for line in self.levels.values():
            line.bind(self).clicked.connect(self._show_doses)
        self.product.currentIndexChanged.connect(self._show_doses)
        self.levels[PackLevel.UNIT].setChecked(True)
        self._show_doses()

    @property
    def level(self) -> PackLevel:
        """Return the level of packing that is marked."""
        return next(level for level, line in self.levels.items() if line.isChecked())

    def _show_doses(self) -> None:
        """The smallest pack holds what the product says; how much a larger one holds is counted."""
        product, unit = self.product.currentData(), self.level is PackLevel.UNIT
        self.doses.setText(str(product.doses_per_pack) if product and unit else "")
        self.doses.setEnabled(not unit)

    def _map(self, second: SecondPerson) -> None:
        product, doses = self.product.currentData(), self.doses.text().strip()
        self._bench.submit_or(
            self, self._done, self.show_refusal, map_code, self._code,
            product.product_code if product else "", self.level,
            int(doses) if doses.isdecimal() and doses.isascii() else 0, second,
        )  # fmt: skip

    def _done(self, mapping: CodeMapping) -> None:
        self.close_sheet()
        self._mapped(mapping)


def _likely_first(products: Sequence[Product], kind: str, expected: Product | None) -> list[Product]:
    """Return the products, the expected one first, then those whose own codes begin most like this one.

    One holder's codes, and those of one product's packs, mostly stand close together.
    """

    def likeness(product: Product) -> tuple[bool, int]:
        own = [product.gtin, product.code_prefix]
        own += [code for one in product.identifications for code in (one.gtin, one.code_prefix)]
        alike = [_alike(kind, code) for code in own if code and len(code) == len(kind)]
        return product != expected, -max(alike, default=0)

    return sorted(products, key=likeness)


def _alike(one: str, other: str) -> int:
    """Return how many characters two codes begin with in common."""
    return next(
        (place for place, pair in enumerate(zip(one, other, strict=True)) if len({*pair}) > 1), len(one)
    )


def _told(bench: Bench, code: TraceCode | Gs1Code) -> list[Text]:
    """Say which code it is, and what was said of it before."""
    kind, db = kind_code(code), bench.read()
    whole = code.code if isinstance(code, TraceCode) else code.gtin
    name = "药品标识码（20 位码的前 7 位）" if isinstance(code, TraceCode) else "GTIN"
    told = [
        Text(f"{kind}　{name}", SECTION_TEXT, bold=True),
        Text(f"扫到的码：{whole}。认下以后，这样开头的每一包都算这个产品，请对着包装看。", wrap=True),
    ]
    if before := find_mapping(db, kind):
        product = get_product(db, before.product_code)
        people = "、".join(staff_name(db, who) for who in (before.mapped_by, before.approved_by))
        words = f"现在认作{product.vaccine_name} {product.specification}（{people}）；再认一次就以新的为准。"
        told.append(Text(words, colour=LIGHT.danger, wrap=True))
    return told
