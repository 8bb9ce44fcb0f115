"""The sheet to sign on: who signs what is in words above the pad; the screen can be turned round."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from app.domain.refusals import Refusal
from app.domain.signature import check_ink
from app.ui.kit.buttons import ActionButton, ButtonKind
from app.ui.kit.layouts import box, column
from app.ui.kit.sheet import Sheet
from app.ui.kit.signature_pad import SignaturePad
from app.ui.kit.text import Text
from app.ui.kit.tokens import FACT_TEXT, LIGHT
from app.ui.texts import sentence_of


class SignSheet(Sheet):
    """Enter takes the signature, F9 clears the pad, Esc leaves it unsigned (then paper is signed)."""

    signed = Signal(object)
    """The strokes."""

    def __init__(self, over: QWidget, who: str, what: str) -> None:
        """``who`` signs, and ``what`` in one sentence."""
        self.pad = SignaturePad(over.tr("签名板"))
        self._fault = Text("", colour=LIGHT.danger, bold=True, wrap=True)
        self._fault.hide()
        take = ActionButton(over.tr("签好了"), "Enter", "consent", ButtonKind.PRIMARY)
        again = ActionButton(over.tr("清除重签"), "F9", "undo")
        body = column(Text(who, FACT_TEXT, bold=True), Text(what, wrap=True), self.pad, self._fault, gap=12)
        super().__init__(over, over.tr("在屏幕上签名"), box(body), [take, again], width=1000)
        take.clicked.connect(self._take)
        again.clicked.connect(self.pad.clear)
        self.pad.changed.connect(self._fault.hide)
        self.closed.connect(self.deleteLater)

    def _take(self) -> None:
        strokes = self.pad.strokes()
        try:
            check_ink(strokes)
        except Refusal as refusal:
            said = sentence_of(refusal)
            self._fault.show_text(f"{said.happened}{said.todo}")
            self._fault.show()
            return
        self.close_sheet()
        self.signed.emit(strokes)
