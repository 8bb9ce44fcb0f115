"""One dose of the forecast: what, when, why, and by which edition of the rules."""

from PySide6.QtCore import QPointF, QRectF, QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.ui.kit.fonts import text_width
from app.ui.kit.icons import draw_icon
from app.ui.kit.painting import draw_box, draw_fitted, draw_text, fit_sentence, smooth
from app.ui.kit.strip import Strip
from app.ui.kit.tokens import CAPTION_TEXT, LIGHT, RADIUS, SECTION_TEXT, Tone

_ICONS = {
    Tone.SUCCESS: "done",
    Tone.PLAIN: "later",
    Tone.WARNING: "warning",
    Tone.DANGER: "forbidden",
    Tone.INFO: "info",
}


class ForecastCard(QWidget):
    """A due dose is tinted and outlined, one for later is plain; a long reason takes two lines."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._dose, self._when, self._why, self._edition, self._tone = "", "", "", "", Tone.PLAIN
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def show_dose(self, dose: str, when: str, why: str, edition: str = "", tone: Tone = Tone.PLAIN) -> None:
        """Show a dose (``脊灰灭活疫苗 第 2 剂``), when (``今天可种``), the reason and the edition."""
        self._dose, self._when, self._why, self._edition, self._tone = dose, when, why, edition, tone
        self.setAccessibleName(f"{dose} {when} {why} {edition}".strip())
        self.update()

    def sizeHint(self) -> QSize:
        """Return a comfortable height."""
        return QSize(480, 72)

    def minimumSizeHint(self) -> QSize:
        """Return the least height of the two lines."""
        return QSize(320, 64)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the card."""
        painter = smooth(QPainter(self))
        rect, colours = QRectF(self.rect()), LIGHT.tone(self._tone)
        plain = self._tone is Tone.PLAIN
        fill, border = (LIGHT.surface, LIGHT.line) if plain else (colours.tint, colours.ink)
        draw_box(painter, rect, fill, border, 1 if plain else 2, RADIUS)
        draw_icon(painter, QPointF(31, rect.center().y()), _ICONS[self._tone], colours.ink, 26)
        edition = Strip(painter, rect.adjusted(62, 0, -16, 0), 16)
        if self._edition:
            edition.text_right(self._edition, LIGHT.muted, CAPTION_TEXT)
        middle = rect.center().y()
        upper = Strip(painter, QRectF(62, middle - 29, edition.room, 28), 12)
        upper.text(self._dose, LIGHT.ink, SECTION_TEXT, True)
        upper.text(self._when, colours.ink, 18, True)
        label = self.tr("为什么")
        left = 62 + text_width(label, CAPTION_TEXT, True) + 9
        reason = QRectF(left, middle + 2, edition.right - left, rect.bottom() - middle - 4)
        fitted = fit_sentence(self._why, reason.width(), reason.height(), (CAPTION_TEXT,), False)
        top = middle + (18 if len(fitted.lines) == 1 else 12) - CAPTION_TEXT * 0.625
        draw_text(painter, 62, top + CAPTION_TEXT * 0.625, label, LIGHT.muted, CAPTION_TEXT, True)
        draw_fitted(painter, QRectF(left, top, reason.width(), fitted.height), fitted, LIGHT.ink, False)
        painter.end()
        self.setToolTip(self.accessibleName() if upper.cut or fitted.cut else "")
