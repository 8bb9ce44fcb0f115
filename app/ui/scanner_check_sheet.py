"""The scanner check: a code on the screen is scanned, and the sheet says what to set at the gun (SITE-13)."""

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.devices.burst import LONGEST_HITCH_MS, Burst
from app.devices.keystroke import Kind, character_of, kind_of
from app.devices.scanner_check import CHECK_LABEL, Check, Outcome, check_scan
from app.documents.codes import gs1_data_matrix
from app.ui.kit.icons import IconMark
from app.ui.kit.layouts import box, column, row
from app.ui.kit.sheet import Sheet
from app.ui.kit.text import Text
from app.ui.kit.tokens import LIGHT, SECTION_TEXT
from app.ui.texts.scanner_check import ASKED, NAMES, OTHER_CODE, RIGHT, TO_SET, said_of

_MODULE, _QUIET = 9, 4
"""Px of a module, and modules of white round the code."""
SILENCE_MS = 2 * LONGEST_HITCH_MS
"""After so long nothing more comes."""
_LOOKS = {
    Outcome.RIGHT: ("done", LIGHT.success),
    Outcome.UNKNOWN: ("waiting", LIGHT.muted),
}


class CheckCode(QWidget):
    """The code, and the keyboard for as long as the sheet is open: a slow scanner's keys come here."""

    typed = Signal(str, bool, bool)
    """What came key by key and was no scan; whether a line end came, and whether it came fast."""

    def __init__(self) -> None:
        super().__init__()
        self._matrix = gs1_data_matrix(CHECK_LABEL)
        self._burst, self._flows = Burst(), True
        self._silence = QTimer(self, singleShot=True, interval=SILENCE_MS)
        self._silence.timeout.connect(lambda: self._end(ended=False))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(self.tr("试扫的码"))

    def forget(self) -> None:
        """A scan has come whole: its keys are no typing."""
        self._silence.stop()
        self._burst, self._flows = Burst(), True

    def sizeHint(self) -> QSize:
        """Return the room of the code and the white round it."""
        side = (self._matrix.size + 2 * _QUIET) * _MODULE
        return QSize(side, side)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw black on white, whatever the look: a scanner reads it."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor("white"))
        painter.translate(QPointF(_QUIET * _MODULE, _QUIET * _MODULE))
        for place, line, length in self._matrix.runs:
            dark = QRectF(place * _MODULE, line * _MODULE, length * _MODULE, _MODULE)
            painter.fillRect(dark, QColor("black"))
        painter.end()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Collect the keys; Enter or a silence ends them."""
        if kind_of(event) is Kind.LINE_END:
            self._end(ended=True)
        elif character := character_of(event):
            self._flows &= not self._burst.text or self._burst.goes_on(event.timestamp())
            self._burst.add(character, event.timestamp())
            self._silence.start()
        event.accept()

    def _end(self, *, ended: bool) -> None:
        burst, flows = self._burst, self._flows
        self.forget()
        if burst.text:
            # with its line end it would have come as a scan, had it been fast
            fast = not ended and flows and burst.is_scan(burst.instants[-1])
            self.typed.emit(burst.text, ended, fast)


class ScannerCheckSheet:
    """Takes every scan while it is open; nothing of it is recorded and nothing else hears it."""

    def __init__(self, over: QWidget) -> None:
        self._over = over
        self._sheet: Sheet | None = None
        self._code: CheckCode | None = None

    def open_sheet(self) -> None:
        """Show the code; it is built now, for most days nobody asks."""
        if self._sheet is None:
            self._build()
        assert self._sheet is not None
        self._show(None, ASKED)
        self._sheet.open_sheet(self._code)

    def take(self, text: str, *, ended: bool = True) -> bool:
        """Use what a scanner sent while the sheet is open; False otherwise."""
        if self._sheet is None or not self._sheet.isVisible():
            return False
        self._judge(text, ended, True)
        return True

    def _build(self) -> None:
        self._code, self._head = CheckCode(), Text("", SECTION_TEXT, bold=True, wrap=True)
        self._marks = {point: IconMark("waiting", LIGHT.muted, 26) for point in NAMES}
        self._words = {point: Text("", wrap=True) for point in NAMES}
        lines = [
            row(self._marks[point], box(column(Text(name, bold=True), self._words[point], gap=2)), gap=12)
            for point, name in NAMES.items()
        ]
        for line in lines:
            line.setStretch(1, 1)
        told = box(column(self._head, 4, *lines, None, gap=12))
        body = row(box(column(self._code, None)), told, gap=24)
        body.setStretch(1, 1)
        self._sheet = Sheet(self._over, "检查扫码枪", box(body), width=980)
        self._code.typed.connect(self._judge)

    def _judge(self, text: str, ended: bool, fast: bool) -> None:
        assert self._code is not None
        self._code.forget()
        check = check_scan(text, ended=ended, fast=fast)
        self._show(check, OTHER_CODE if check is None else RIGHT if check.is_right else TO_SET)

    def _show(self, check: Check | None, head: str) -> None:
        self._head.show_text(head)
        for point, words in self._words.items():
            outcome = check.outcomes[point] if check else Outcome.UNKNOWN
            self._marks[point].show_icon(*_LOOKS.get(outcome, ("failed", LIGHT.danger)))
            words.show_text(said_of(point, check) if check else "", LIGHT.ink)
        assert self._sheet is not None
        self._sheet.fit()
