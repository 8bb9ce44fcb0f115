"""What a decision needs: the plan, or the reason with a review date, or the reason with medical advice."""

from collections.abc import Callable, Sequence
from datetime import date, timedelta

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLineEdit, QStackedWidget, QWidget

from app.domain.catalogue import Product
from app.domain.people import Age
from app.domain.raised import ScreeningRule, needs_consideration, raised_by
from app.domain.screening import Decision
from app.storage.screening_rules import screening_rules
from app.ui.kit.buttons import ActionButton
from app.ui.kit.card import Card
from app.ui.kit.form import Field
from app.ui.kit.layouts import box, column, row
from app.ui.kit.spans import Span, SpanLine
from app.ui.kit.text import Text
from app.ui.kit.tokens import CAPTION_TEXT, LIGHT, PADDING, SECTION_TEXT, Tone
from app.ui.registration.day_edit import DayEdit
from app.ui.screening.draft import Draft
from app.ui.screening.product_list import ProductList
from app.ui.screening.raised_view import RaisedView
from app.ui.texts.forecast import departure_words, proposal_words
from app.ui.texts.screening import raised_words
from app.ui.texts.words import dose_words
from app.workflows.forecast import Proposal
from app.workflows.screening import LAST_DOSE_NUMBER

REVIEW_KEYS = {"Alt+7": 7, "Alt+8": 14, "Alt+9": 28}
"""Days from today that a review date can be set to with one key."""

Proposed = Callable[[Product], Proposal]
Together = Callable[[Sequence[Product]], str]
"""In words, what may go together today when these products do."""
Plans = list[tuple[Product, int]]
"""What is picked, each with its dose number."""


class DecisionPanel(Card):
    """Fills the draft with what is chosen and typed; nothing is preselected."""

    changed = Signal()
    """The draft has changed."""

    def __init__(self, parent: QWidget | None = None) -> None:
        self._draft = Draft()
        self._today = date(1900, 1, 1)
        self._proposed: Proposed = lambda _product: Proposal(1)
        self._together: Together = lambda _picked: ""
        self._choices: tuple[Sequence[Product], Age] | None = None
        self.together = Text("", CAPTION_TEXT, colour=LIGHT.muted, wrap=True)
        self.products, self._dose, self.raised_view = ProductList(), SpanLine(), RaisedView()
        self.less = ActionButton(self.tr("少一剂"), "-")
        self.more = ActionButton(self.tr("多一剂"), "+")
        self.another = ActionButton(self.tr("再加一种"), "Alt+6", "add")
        self.drop = ActionButton(self.tr("去掉上一种"), "Alt+5")
        self.reason, self.advice, self.review = QLineEdit(), QLineEdit(), DayEdit()
        self.defer_reason = QLineEdit()
        self._fields = {
            "defer_reason": Field(self.tr("推迟的原因"), self.defer_reason, required=True),
            "review_on": Field(self.tr("复诊日期"), self.review, required=True),
            "reason": Field(self.tr("不宜接种的原因"), self.reason, required=True),
            "advice": Field(self.tr("给受种者的医学建议"), self.advice, required=True),
        }
        self._told = [Text("", bold=True, colour=LIGHT.warning, wrap=wrap) for wrap in (False, True, True)]
        self._days = [ActionButton(f"+{days} 天", key) for key, days in REVIEW_KEYS.items()]
        self._pages = QStackedWidget()
        for page in (self._plan_page(), self._defer_page(), self._do_not_page()):
            self._pages.addWidget(page)
        super().__init__(column(self._pages, margins=(PADDING, 12, PADDING, 12)), parent=parent)
        self._connect()

    def bind(self, page: QWidget) -> None:
        """Let the keys of the dose number and the review date work on the page."""
        for button in (self.less, self.more, self.another, self.drop, *self._days):
            button.bind(page)

    def show_plan_choices(
        self, products: Sequence[Product], age: Age, draft: Draft, proposed: Proposed, together: Together
    ) -> None:
        """Show the catalogue to the doctor of this person."""
        self._proposed, self._together = proposed, together
        self._choices, self._draft = (products, age), draft
        self._show_products()

    def _show_products(self) -> None:
        if self._choices is not None:
            taken = [plan.product_code for plan in self._draft.also]
            self.products.show_products(*self._choices, self._proposed, self._draft.product_code, taken)

    def show_decision(self, draft: Draft, today: date) -> None:
        """Show what the decision of the draft needs."""
        self._draft, self._today = draft, today
        if draft.decision is not Decision.PROCEED and not draft.reason:
            draft.reason = draft.notes_to_yes()
        for edit, text in (
            (self.reason, draft.reason),
            (self.defer_reason, draft.reason),
            (self.advice, draft.advice),
        ):
            edit.blockSignals(True)
            edit.setText(text)
            edit.blockSignals(False)
        for words in self._told:
            words.show_text(self.tr("回答“是”：{notes}").format(notes=draft.notes_to_yes()))
            words.setVisible(bool(draft.notes_to_yes()))
        self._show_raised()
        self.review.show_day(draft.review_on)
        self._pages.setCurrentIndex(list(Decision).index(draft.decision or Decision.PROCEED))
        self._show_dose()
        self.show_errors({})
        self.focus_first()

    def focus_first(self) -> None:
        """Give the keyboard to what is to be filled first."""
        first = {Decision.DEFER: self.defer_reason, Decision.DO_NOT: self.reason}.get(
            self._draft.decision or Decision.PROCEED
        )
        (first or self.products).setFocus(Qt.FocusReason.OtherFocusReason)

    def plans(self) -> Plans:
        """Return all that is picked."""
        by_code = {product.product_code: product for product in self._choices[0]} if self._choices else {}
        return [(by_code[plan.product_code], plan.dose_number) for plan in self._draft.plans()]

    def raised(self) -> tuple[ScreeningRule, ...]:
        """Return what the answers raise for what is picked, each question once."""
        rules, answered = screening_rules(), self._draft.answered()
        found = [rule for product, _ in self.plans() for rule in raised_by(rules, answered, product)]
        return tuple(dict.fromkeys(found))

    def departing(self) -> Plans:
        """Return what is picked and is not what the schedule says."""
        return [(product, dose) for product, dose in self.plans() if self._proposed(product).departs(dose)]

    def must_consider(self) -> bool:
        """Return whether the doctor has to note something on what is picked."""
        return bool(self.departing() or needs_consideration(self.raised()))

    def wants_consideration(self) -> bool:
        """Return whether the note is missing."""
        return self.must_consider() and not self._draft.considered.strip()

    def show_errors(self, errors: dict[str, str]) -> None:
        """Show what is missing below its field, and go to the first."""
        for field_id, field in self._fields.items():
            field.show_error(errors.get(field_id, ""))
        first = next((field for field in self._fields.values() if field.error and field.isVisible()), None)
        if first is not None:
            first.control.setFocus(Qt.FocusReason.OtherFocusReason)

    def _plan_page(self) -> QWidget:
        title = row(
            Text(self.tr("请医生选疫苗"), SECTION_TEXT, bold=True),
            None,
            self.drop,
            self.another,
        )
        foot = row(self._dose, self.less, self.more)
        foot.setStretch(0, 1)
        lines = column(title, self._told[0], self.together, self.products, self.raised_view, foot, gap=10)
        lines.setStretch(3, 1)
        return box(lines)

    def _defer_page(self) -> QWidget:
        title = Text(self.tr("推迟接种：原因和复诊日期"), SECTION_TEXT, bold=True)
        self.review.setFixedWidth(190)
        quick = row(self._fields["review_on"], *self._days, None)
        for button in self._days:
            quick.setAlignment(button, Qt.AlignmentFlag.AlignBottom)
        return box(column(title, self._told[1], self._fields["defer_reason"], quick, None, gap=16))

    def _do_not_page(self) -> QWidget:
        title = Text(self.tr("不宜接种：原因和医学建议"), SECTION_TEXT, bold=True)
        law = Text(
            self.tr("有接种禁忌不能接种的，应当提出医学建议并如实记录（疫苗管理法第四十五条）。"),
            colour=LIGHT.muted,
            wrap=True,
        )
        fields = (self._fields["reason"], self._fields["advice"])
        return box(column(title, self._told[2], *fields, law, None, gap=16))

    def _connect(self) -> None:
        self.products.picked.connect(self._picked)
        self.raised_view.considered_changed.connect(lambda text: self._keep("considered", text))
        self.less.clicked.connect(lambda: self._change_dose(-1))
        self.more.clicked.connect(lambda: self._change_dose(1))
        self.another.clicked.connect(lambda: self._change_plans(self._draft.pick_another))
        self.drop.clicked.connect(lambda: self._change_plans(self._draft.drop_last))
        self.reason.textChanged.connect(lambda text: self._keep("reason", text))
        self.defer_reason.textChanged.connect(lambda text: self._keep("reason", text))
        self.advice.textChanged.connect(lambda text: self._keep("advice", text))
        self.review.textChanged.connect(lambda _: self._keep("review_on", self.review.day))
        for button, days in zip(self._days, REVIEW_KEYS.values(), strict=True):
            button.clicked.connect(lambda _=False, days=days: self._review_in(days))

    def _keep(self, name: str, value: object) -> None:
        setattr(self._draft, name, value)
        self.changed.emit()

    def _review_in(self, days: int) -> None:
        self.review.show_day(self._today + timedelta(days=days))

    def _picked(self, product_code: str) -> None:
        product = self.products.picked_product
        assert product is not None, "something was picked"
        self._draft.product_code = product_code
        self._draft.dose_number = self._proposed(product).dose_number
        self._show_dose()
        self._show_raised()
        self.changed.emit()

    def _change_plans(self, change: Callable[[], None]) -> None:
        change()
        self._show_products()
        self._show_dose()
        self._show_raised()
        self.changed.emit()
        self.products.setFocus(Qt.FocusReason.OtherFocusReason)

    def _show_raised(self) -> None:
        questions = [
            departure_words(product, dose, self._proposed(product)) for product, dose in self.departing()
        ]
        questions += [raised_words(rule) for rule in self.raised()]
        self.raised_view.show_questions(questions, self._draft.considered, asks=self.must_consider())

    def _change_dose(self, by: int) -> None:
        if self.products.picked_product is not None:
            self._draft.dose_number = max(1, min(LAST_DOSE_NUMBER, self._draft.dose_number + by))
            self._show_dose()
            self._show_raised()
            self.changed.emit()

    def _show_dose(self) -> None:
        product = self.products.picked_product
        words = self._together([product for product, _ in self.plans()])
        self.together.show_text(words)
        self.together.setVisible(bool(words))
        self.another.setEnabled(product is not None)
        self.drop.setVisible(bool(self._draft.also))
        self.less.setEnabled(product is not None)
        self.more.setEnabled(product is not None)
        if product is None:
            words = self.tr("选定疫苗后，这里给出剂次")
            if also := self._draft.also:
                words = self.tr("已选 {n} 种；再选一种，或直接记录").format(n=len(also))
            self._dose.show_spans([Span(words, colour=LIGHT.muted)])
            return
        number = self._draft.dose_number
        proposal = self._proposed(product)
        on_record = proposal.dose_number - 1
        beyond = number > product.series_doses
        note = self.tr("已有 {had} 剂，全程 {all} 剂").format(had=on_record, all=product.series_doses)
        if words := proposal_words(proposal):
            note = self.tr("{note}·{words}").format(note=note, words=words)
        self._dose.show_spans(
            [
                Span(dose_words(number), SECTION_TEXT, bold=True, colour=LIGHT.primary),
                Span(note, colour=LIGHT.tone(Tone.WARNING).ink if beyond else LIGHT.muted, gap=16),
            ]
        )
