"""The catalogue as the doctor picks from it: who is too young or too old for a product sees why."""

from collections.abc import Callable, Collection, Sequence

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QPushButton, QScrollArea, QSizePolicy, QWidget

from app.domain.catalogue import Product
from app.domain.people import Age
from app.domain.refusals import Refusal
from app.domain.vial import check_age
from app.ui.kit.key_cap import KeyState
from app.ui.kit.layouts import column, empty
from app.ui.kit.painting import draw_box, draw_focus, draw_open_mark, smooth
from app.ui.kit.strip import Strip
from app.ui.kit.tokens import BODY_TEXT, CAPTION_TEXT, INNER_RADIUS, LIGHT
from app.ui.texts.forecast import proposal_words
from app.ui.texts.screening import age_limits, leaflet_words, programme_words
from app.workflows.forecast import Proposal

_KEYS = "123456789"


def suits(product: Product, age: Age) -> bool:
    """Return whether a product is for this age."""
    try:
        check_age(product, age)
    except Refusal:
        return False
    return True


def _place(proposal: Proposal) -> int:
    """For today first, then what the schedule is silent about, then what it says not to give today."""
    return 0 if proposal.is_for_today else 1 if proposal.standing is None else 2


class ProductRow(QPushButton):
    """One product: checked means picked, disabled means not for this age, or picked before."""

    def __init__(
        self,
        product: Product,
        key: str,
        proposal: Proposal,
        *,
        suitable: bool,
        taken: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.product, self._taken = product, taken
        self._due, self._said = proposal.is_for_today, proposal_words(proposal)
        self._key = key
        self.setCheckable(True)
        self.setAutoDefault(False)
        self.setEnabled(suitable and not taken)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._why = (
            self.tr("已选，今天种")
            if taken
            else self.tr("年龄不符：{limits}").format(limits=age_limits(product))
        )
        self._tags = [programme_words(product), *(() if product.verified else (self.tr("未核实"),))]
        told = (
            product.specification,
            *self._tags,
            self._said or age_limits(product) if self.isEnabled() else self._why,
        )
        self.setAccessibleName(product.vaccine_name)
        self.setAccessibleDescription("，".join(told))
        source = [leaflet_words(product)] if product.leaflet else []
        self.setToolTip("\n".join((product.full_name, product.market_holder, *source)))

    def sizeHint(self) -> QSize:
        """Return the size of a row."""
        return QSize(560, 46)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the row."""
        painter = smooth(QPainter(self))
        rect, picked, able = QRectF(self.rect()), self.isChecked(), self.isEnabled()
        fill = LIGHT.info_tint if picked or self._taken else LIGHT.surface if able else LIGHT.disabled
        edge = LIGHT.primary if picked else LIGHT.border if able else LIGHT.line
        draw_box(painter, rect, fill, edge, 2 if picked else 1, INNER_RADIUS)
        ink = LIGHT.ink if able or self._taken else LIGHT.muted
        strip = Strip(painter, rect.adjusted(12, 0, -12, 0), 10)
        if picked or self._taken:
            strip.icon("done", LIGHT.primary, 20)
        elif able:
            draw_open_mark(painter, QRectF(12, strip.centre - 10, 20, 20).center(), LIGHT.muted, 16)
            strip.left += 30
        else:
            strip.icon("forbidden", LIGHT.muted, 20)
        if self._key:
            strip.key_right(self._key, 24, KeyState.CURRENT if picked else KeyState.WAITING)
        if not able:
            strip.text_right(self._why, LIGHT.primary if self._taken else LIGHT.warning, CAPTION_TEXT, True)
        elif self._said:
            strip.text_right(self._said, LIGHT.success if self._due else LIGHT.warning, CAPTION_TEXT, True)
        else:
            strip.text_right(age_limits(self.product), ink, CAPTION_TEXT)
        strip.text_right("·".join(self._tags), LIGHT.muted, CAPTION_TEXT)
        strip.text(self.product.vaccine_name, ink, BODY_TEXT, True)
        strip.text(self.product.specification, LIGHT.muted, CAPTION_TEXT)
        if self.hasFocus():
            draw_focus(painter, rect, INNER_RADIUS)
        painter.end()


class ProductList(QScrollArea):
    """What is due first, then what suits the age; arrows and digits pick, nothing is picked beforehand."""

    picked = Signal(str)
    """The code of the product that was picked."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows: list[ProductRow] = []
        holder = QWidget()
        self._column = column(gap=4)
        holder.setLayout(self._column)
        self.setWidget(holder)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(self.tr("选疫苗"))

    @property
    def picked_product(self) -> Product | None:
        """Return what is picked, or None."""
        return next((row.product for row in self._rows if row.isChecked()), None)

    def show_products(
        self,
        products: Sequence[Product],
        age: Age,
        proposed: Callable[[Product], Proposal],
        picked_code: str,
        taken: Collection[str] = (),
    ) -> None:
        """Show the catalogue to somebody of this age: what the schedule says for today comes first.

        What was ``taken`` before stands above and is not picked again.
        """
        empty(self._column)
        proposals = {product.product_code: proposed(product) for product in products}
        suitable = sorted(
            (product for product in products if suits(product, age) and product.product_code not in taken),
            key=lambda product: _place(proposals[product.product_code]),
        )
        before = [product for product in products if product.product_code in taken]
        others = [product for product in products if product not in suitable and product not in before]
        keys = [*_KEYS[: len(suitable)], *[""] * len(products)]
        self._rows = [
            ProductRow(product, "", proposals[product.product_code], suitable=True, taken=True)
            for product in before
        ]
        self._rows += [
            ProductRow(product, key, proposals[product.product_code], suitable=product in suitable)
            for product, key in zip([*suitable, *others], keys, strict=False)
        ]
        for row in self._rows:
            row.setChecked(row.product.product_code == picked_code)
            row.clicked.connect(self._clicked)
            self._column.addWidget(row)
        self._column.addStretch(1)

    def pick_number(self, number: int) -> None:
        """Pick by the digit printed on a row; a digit that stands on none does nothing."""
        able = [row for row in self._rows if row.isEnabled()]
        if number <= len(able):
            self._pick(able[number - 1])

    def step(self, by: int) -> None:
        """Pick the next product down (negative: up)."""
        able = [row for row in self._rows if row.isEnabled()]
        if not able:
            return
        place = next((n for n, row in enumerate(able) if row.isChecked()), None)
        if place is None:
            self._pick(able[0 if by > 0 else -1])
        else:
            self._pick(able[max(0, min(len(able) - 1, place + by))])

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Pick with the arrow keys rather than scroll."""
        if event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self.step(1 if event.key() == Qt.Key.Key_Down else -1)
        else:
            super().keyPressEvent(event)

    def _clicked(self) -> None:
        row = self.sender()
        if isinstance(row, ProductRow):
            self._pick(row)

    def _pick(self, picked: ProductRow) -> None:
        for row in self._rows:
            row.setChecked(row is picked)
        self.ensureWidgetVisible(picked, 0, 8)
        self.picked.emit(picked.product.product_code)
