"""A panel over the page for one question or form; the page waits, dimmed, until it is closed."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QKeySequence, QPainter, QPaintEvent, QShortcut
from PySide6.QtWidgets import QApplication, QFrame, QLayout, QScrollArea, QWidget

from app.ui.kit.buttons import ActionButton
from app.ui.kit.card import Card
from app.ui.kit.layouts import column, lay_out_now, row
from app.ui.kit.shortcuts import LOCK_KEY, bind_key
from app.ui.kit.text import Text
from app.ui.kit.tokens import FACT_TEXT, MARGIN

_DIM = QColor(16, 32, 46, 150)


class Sheet(QWidget):
    """An overlay on ``over`` with a title, a body and buttons.

    While it is open the keyboard stays inside: Tab goes round, keys of the page below do nothing, Esc goes
    back, and afterwards the keyboard is where it was. The last of the buttons drawn is always 返回 Esc.
    """

    closed = Signal()
    """It is gone, by Esc, by 返回 or by ``close_sheet``."""

    def __init__(
        self, over: QWidget, title: str, body: QWidget, buttons: Sequence[ActionButton] = (), width: int = 640
    ) -> None:
        super().__init__(over)
        self._over, self._width = over, width
        self._before: QWidget | None = None
        self.body = body
        self.title = Text(title, FACT_TEXT, bold=True)
        self._back = ActionButton(self.tr("返回"), "Esc")
        self._back.clicked.connect(self.close_sheet)
        bind_key(self, "Esc", self.close_sheet)
        for button in buttons:
            if button.key:
                button.bind(self)
        self._panel = Card(self._compose(buttons), parent=self)
        self.setAccessibleName(title)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        over.installEventFilter(self)
        self.hide()

    def open_sheet(self, first: QWidget | None = None) -> None:
        """Show it, and give the keyboard to ``first`` or to the first control of the body."""
        self._before = QApplication.focusWidget()
        self.fit()
        self.show()
        self.raise_()
        target = first or next(iter(self._stops()), self._back)
        target.setFocus(Qt.FocusReason.PopupFocusReason)

    def close_sheet(self) -> None:
        """Take it away and give the keyboard back; also while its page is not at the front."""
        if self.isHidden():
            return
        self.hide()
        if self._before is not None:
            self._before.setFocus(Qt.FocusReason.PopupFocusReason)
        self.closed.emit()

    @property
    def scrolls(self) -> bool:
        """Return whether the body has less room than it needs."""
        return self._scroller.verticalScrollBar().maximum() > 0

    def show_part(self, part: QWidget) -> None:
        """Scroll a part of the body into sight where there is no room for all of it."""
        lay_out_now()
        self._scroller.ensureWidgetVisible(part)

    def turn_page(self, way: int) -> None:
        """Move a body that has less room than it needs by nearly its height: 1 down, -1 up."""
        bar = self._scroller.verticalScrollBar()
        bar.setValue(bar.value() + way * (bar.pageStep() - MARGIN))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the size of the page."""
        if event.type() == QEvent.Type.Resize and watched is self.parentWidget():
            self.fit()
        return super().eventFilter(watched, event)

    def event(self, event: QEvent) -> bool:
        """Hold back every key that is not one of the sheet's own; the desk can always be locked."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            pressed = QKeySequence(event.keyCombination())
            if pressed != QKeySequence(LOCK_KEY) and all(
                shortcut.key() != pressed for shortcut in self.findChildren(QShortcut)
            ):
                event.accept()
                return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Let no key fall through to the page."""
        event.accept()

    def focusNextPrevChild(self, forwards: bool) -> bool:
        """Go round inside the sheet."""
        stops = self._stops()
        if stops:
            current = QApplication.focusWidget()
            place = stops.index(current) if current in stops else -1
            step = stops[(place + (1 if forwards else -1)) % len(stops)]
            step.setFocus(Qt.FocusReason.TabFocusReason if forwards else Qt.FocusReason.BacktabFocusReason)
            if self.body.isAncestorOf(step):
                self._scroller.ensureWidgetVisible(step)
        return True

    def paintEvent(self, event: QPaintEvent) -> None:
        """Dim the page."""
        painter = QPainter(self)
        painter.fillRect(QRectF(self.rect()), _DIM)
        painter.end()

    def _compose(self, buttons: Sequence[ActionButton]) -> QLayout:
        scroller = QScrollArea()
        scroller.setWidgetResizable(True)
        scroller.setFrameShape(QFrame.Shape.NoFrame)
        scroller.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroller.setWidget(self.body)
        self._scroller = scroller
        foot = row(*buttons, None, self._back)
        return column(self.title, scroller, foot, gap=MARGIN, margins=(24, 20, 24, 20))

    def fit(self) -> None:
        """Take the room the body needs, as far as the page has it; a paragraph is as high as its lines."""
        for words in self.body.findChildren(Text):
            words.give_way()
        self.setGeometry(self._over.rect())
        width = min(self._width, self.width() - 2 * MARGIN)
        inner = width - 48
        body = (
            self.body.heightForWidth(inner)
            if self.body.hasHeightForWidth()
            else self.body.sizeHint().height()
        )
        around = self.title.sizeHint().height() + self._back.sizeHint().height() + 40 + 2 * MARGIN
        body = max(body, self.body.minimumSizeHint().height())
        height = min(body + around + 4, self.height() - 2 * MARGIN)
        self._panel.setGeometry((self.width() - width) // 2, (self.height() - height) // 2, width, height)

    def _stops(self) -> list[QWidget]:
        stops: list[QWidget] = []
        widget = self.nextInFocusChain()
        while widget is not None and widget is not self:
            inside = self.isAncestorOf(widget) and widget.isVisibleTo(self) and widget.isEnabled()
            if inside and widget.focusPolicy() & Qt.FocusPolicy.TabFocus and widget.focusProxy() is None:
                stops.append(widget)
            widget = widget.nextInFocusChain()
        return stops
