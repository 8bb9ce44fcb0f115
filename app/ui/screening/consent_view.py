"""What is told (告知), word for word and large enough to turn the screen round; then the answer."""

from dataclasses import replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QTextBlockFormat, QTextCharFormat
from PySide6.QtWidgets import QFrame, QLineEdit, QTextEdit, QWidget

from app.documents.form_texts import ConsentText, Section
from app.domain.catalogue import Product
from app.domain.people import Patient
from app.domain.signature import Drawn
from app.domain.visit import Encounter
from app.ui.kit.buttons import ActionButton, ButtonKind
from app.ui.kit.card import Card
from app.ui.kit.chip import Chip
from app.ui.kit.fonts import font
from app.ui.kit.layouts import column, row
from app.ui.kit.shortcuts import bind_key
from app.ui.kit.spans import Span, SpanLine
from app.ui.kit.text import Text
from app.ui.kit.tokens import CAPTION_TEXT, FACT_TEXT, LIGHT, PADDING, SECTION_TEXT, TARGET, Tone
from app.ui.screening.ink_line import InkLine
from app.ui.texts.screening import plan_words, programme_words
from app.workflows.screening import ConsentForm, FormText

LINE_HEIGHT = 140
"""Per cent: a text that is turned round to be read across a desk."""


class ConsentView(QWidget):
    """Scrolls with the arrow keys; Alt+1 agrees, Alt+2 declines with a reason."""

    answered = Signal(object)
    """A ``ConsentForm`` to be recorded."""
    decline_asked = Signal()
    """Somebody does not agree: ask for the reason, then call ``decline``."""
    sign_asked = Signal()
    """The recipient wants to sign on the screen that they agree."""
    print_asked = Signal()
    """Print what was signed on the screen."""
    rescreen_asked = Signal()
    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.encounter: Encounter | None = None
        self.consent: ConsentText | None = None
        self._headline, self._programme, self._status = SpanLine(), Chip(), Chip()
        self._title, self._mark = (
            Text("", SECTION_TEXT, bold=True),
            Text("", CAPTION_TEXT, colour=LIGHT.muted),
        )
        self.body = QTextEdit()
        self.signer, self.relation = QLineEdit(), QLineEdit()
        self.agree = ActionButton(
            self.tr("同意接种"), "Alt+1", "consent", ButtonKind.PRIMARY, self.tr("已在知情同意书上签字")
        )
        self.refuse = ActionButton(
            self.tr("不同意"), "Alt+2", "forbidden", subtitle=self.tr("写原因，本次结束")
        )
        self.sign, self.ink = ActionButton(self.tr("屏幕签名"), "F9"), InkLine()
        self.print = ActionButton(self.tr("打印"), "F10", "printer")
        self.told = Text("", bold=True, colour=LIGHT.warning)
        self._drawn: Drawn | None = None
        self.plan = ""
        """Product and dose number in words."""
        self._product_code, self.is_one_of_several = "", False
        self._again = ActionButton(self.tr("重新预检"), "F11", "undo")
        self._back = ActionButton(self.tr("返回"), "Esc")
        self._compose()
        self._connect()

    def show_consent(
        self,
        encounter: Encounter,
        patient: Patient,
        product: Product,
        dose_number: int,
        consent: ConsentText,
        signer: tuple[str, str],
        place: str = "",
    ) -> None:
        """Show what is told to this person, and who signs as far as the screening says.

        ``place`` says which one it is where several vaccines are told of one after the other.
        """
        if self.encounter is None or encounter.encounter_id != self.encounter.encounter_id:
            self.signer.setText(signer[0])
            self.relation.setText(signer[1])
        self.encounter, self.consent = encounter, consent
        self.plan, self._product_code = plan_words(product, dose_number), product.product_code
        self._show_signature(None)
        self._headline.show_spans(
            [
                Span(encounter.ticket_number, SECTION_TEXT, bold=True, colour=LIGHT.muted),
                Span(patient.name, FACT_TEXT, bold=True, gap=14),
                Span(self.plan, FACT_TEXT, bold=True, colour=LIGHT.primary, gap=18),
            ]
        )
        self._programme.show_state("·".join(filter(None, (place, programme_words(product)))), Tone.INFO, "")
        self.is_one_of_several = bool(place)
        ends = self.tr("写原因，这一种不种") if place else self.tr("写原因，本次结束")
        self.refuse.show_action(self.tr("不同意"), ends)
        self._title.show_text(consent.title)
        self._status.show_state(consent.status, Tone.WARNING)
        self._mark.show_text(consent.version.imprint)
        self._mark.setToolTip(consent.version.sha256)
        self._write(consent)
        self.body.setFocus(Qt.FocusReason.OtherFocusReason)

    def _write(self, consent: ConsentText) -> None:
        """Put the notice on the screen word for word; headings differ by weight alone."""
        self.body.clear()
        cursor = self.body.textCursor()
        heading, plain, block = QTextCharFormat(), QTextCharFormat(), QTextBlockFormat()
        heading.setFont(font(SECTION_TEXT, bold=True))
        plain.setFont(font(SECTION_TEXT))
        block.setLineHeight(LINE_HEIGHT, QTextBlockFormat.LineHeightTypes.ProportionalHeight.value)
        cursor.setBlockFormat(block)
        lines = [(line, look) for part in consent.sections for line, look in _lines(part, heading, plain)]
        for place, (line, look) in enumerate([*lines, (consent.declaration, heading)]):
            if place:
                cursor.insertBlock()
            cursor.insertText(line, look)
        self.body.verticalScrollBar().setValue(0)

    def _agreed(self) -> None:
        self._answer(True, "")

    def decline(self, reason: str) -> None:
        """Answer that the person does not agree, and why."""
        self._answer(False, reason)

    def form(self, *, agreed: bool, reason: str = "") -> ConsentForm:
        """Return what is to be recorded; a signature on the screen was given for agreeing alone."""
        assert self.consent is not None, "shown before it is answered"
        version = self.consent.version
        text = FormText(version.text_id, version.version, version.sha256)
        signer, relation = self.signer.text().strip(), self.relation.text().strip()
        drawn = self._drawn if agreed else None
        return ConsentForm(text, agreed, signer, relation, reason, drawn, self._product_code)

    def take_signature(self, form: ConsentForm, drawn: Drawn) -> None:
        """Keep what was drawn, unless somebody else is named by now."""
        if replace(self.form(agreed=True), drawn=None) == replace(form, drawn=None):
            self._show_signature(drawn)

    def _show_signature(self, drawn: Drawn | None, told: str = "") -> None:
        self._drawn = drawn
        self.ink.show_signature(drawn, self.signer.text())
        self.print.setVisible(drawn is not None)
        self.told.show_text(told)
        self.told.setVisible(bool(told))
        words = self.tr("已在知情同意书上签字") if drawn is None else self.tr("已在屏幕上签名")
        self.agree.show_action(self.tr("同意接种"), words)

    def _signer_changed(self) -> None:
        if self._drawn is not None:
            self._show_signature(None, self.tr("改了签字人，签名已撤下，请按 F9 重签"))

    def _answer(self, agreed: bool, reason: str) -> None:
        self.answered.emit(self.form(agreed=agreed, reason=reason))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Scroll the text wherever the keyboard is."""
        if event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown):
            bar = self.body.verticalScrollBar()
            page = event.key() in (Qt.Key.Key_PageUp, Qt.Key.Key_PageDown)
            down = event.key() in (Qt.Key.Key_Down, Qt.Key.Key_PageDown)
            step = bar.pageStep() if page else bar.singleStep()
            bar.setValue(bar.value() + (step if down else -step))
        else:
            super().keyPressEvent(event)

    def _compose(self) -> None:
        self.body.setReadOnly(True)
        self.body.setFont(font(SECTION_TEXT))
        self.body.setFrameShape(QFrame.Shape.NoFrame)
        self.body.setAccessibleName(self.tr("告知和知情同意全文"))
        self.body.setTabChangesFocus(True)
        self.signer.setAccessibleName(self.tr("知情同意书签字人姓名"))
        self.signer.setPlaceholderText(self.tr("签字人姓名"))
        self.relation.setAccessibleName(self.tr("签字人与受种者的关系"))
        self.relation.setPlaceholderText(self.tr("关系"))
        self.relation.setFixedWidth(84)
        self.ink.setFixedWidth(300)
        self.print.setFixedHeight(TARGET)
        head = row(self._headline, self._programme, 8, self._again, self._back)
        head.setStretch(0, 1)
        names = row(self._title, self._status, None, self._mark)
        foot = row(
            Text(self.tr("签字人"), bold=True),
            self.signer,
            self.relation,
            self.sign,
            8,
            self.agree,
            self.refuse,
        )
        for place, share in ((1, 2), (5, 4), (6, 3)):
            foot.setStretch(place, share)
        for button in (self.agree, self.refuse):
            button.setFixedHeight(64)
        signed = row(self.told, None, self.ink, self.print)
        lines = column(head, names, self.body, signed, foot, gap=10, margins=(PADDING, 12, PADDING, 14))
        lines.setStretch(2, 1)
        self.setLayout(column(Card(lines)))

    def _connect(self) -> None:
        self.agree.clicked.connect(self._agreed)
        self.refuse.clicked.connect(self.decline_asked)
        self._again.clicked.connect(self.rescreen_asked)
        self._back.clicked.connect(self.left)
        self.sign.clicked.connect(self.sign_asked)
        self.print.clicked.connect(self.print_asked)
        for line in (self.signer, self.relation):
            line.textChanged.connect(self._signer_changed)
        for button in (self.agree, self.refuse, self.sign, self.print, self._again, self._back):
            button.bind(self)
        bind_key(self, "Enter", self.body.setFocus)


def _lines(
    section: Section, heading: QTextCharFormat, plain: QTextCharFormat
) -> list[tuple[str, QTextCharFormat]]:
    return [(section.heading, heading), *((paragraph, plain) for paragraph in section.paragraphs)]
