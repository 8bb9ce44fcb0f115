"""The screen that is turned to the recipient or guardian: what goes in, how long it is good, who for."""

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent, QScreen
from PySide6.QtWidgets import QWidget

from app.ui.kit.buttons import ActionButton, ButtonKind
from app.ui.kit.fonts import text_width
from app.ui.kit.icons import draw_icon
from app.ui.kit.kept import Pictures, draw_kept
from app.ui.kit.painting import draw_box, draw_fitted, draw_text, elided, fit_sentence
from app.ui.kit.tokens import FACT_TEXT, LIGHT, RADIUS, SECTION_TEXT
from app.ui.vaccination.recipient_words import RecipientWords

KEY = "4"


class RecipientView(QWidget):
    """Fills its room; the button leaves Enter alone: the key printed on it or a click accepts."""

    accepted = Signal()
    """The button was pressed; the key of the page is the page's affair."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._words: RecipientWords | None = None
        self._pictures = Pictures(1)
        self.button = ActionButton("", KEY, "check", ButtonKind.PRIMARY, size=FACT_TEXT, parent=self)
        self.button.refuse_enter().clicked.connect(self.accepted)
        self.button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)  # nothing under it needs to be drawn

    @property
    def words(self) -> RecipientWords | None:
        """Return what is shown."""
        return self._words

    def show_words(self, words: RecipientWords) -> None:
        """Change what is shown."""
        if words == self._words:
            return
        self._words = words
        self.button.show_action(words.accept)
        said = "，".join(f"{caption} {value}" for caption, value in words.facts)
        self.setAccessibleName(f"{words.title}：{words.name}，{words.vaccine}，{words.dose}，{said}")
        self.update()

    def prepare(self, words: RecipientWords) -> None:
        """Draw unseen what is to be shown next, for large letters take their time; what is seen stays."""
        if not self.isVisible() and words != self._words:
            self.show_words(words)
            self.grab()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the button at the lower right."""
        width, height = round(min(488.0, self.width() * 0.4)), round(self.height() * 0.132)
        self.button.setGeometry(
            self.width() - self._side - width,
            self.height() - height - round(self.height() * 0.03),
            width,
            height,
        )

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw everything but the button."""
        draw_kept(self, self._words, LIGHT.page, self._draw, self._pictures)

    def _draw(self, painter: QPainter) -> None:
        if self._words is not None:
            self._draw_head(painter, self._words)
            self._draw_person(painter, self._words)
            self._draw_vaccine(painter, self._words)
            self._draw_request(painter)

    @property
    def _side(self) -> int:
        return round(self.width() * 0.03)

    def _band(self, top: float, bottom: float) -> QRectF:
        """Return a band of the height between two parts of it, inside the margins."""
        height = self.height()
        return QRectF(self._side, height * top, self.width() - 2 * self._side, height * (bottom - top))

    def _draw_head(self, painter: QPainter, words: RecipientWords) -> None:
        whole = QRectF(0, 0, self.width(), self.height() * 0.1)
        draw_box(painter, whole, LIGHT.surface, None, 0, 0)
        draw_box(painter, QRectF(0, whole.bottom() - 1, self.width(), 1), LIGHT.line, None, 0, 0)
        middle = whole.center().y()
        draw_icon(painter, QPointF(self._side + 22, middle), "look", LIGHT.primary, 44)
        draw_text(painter, self._side + 62, middle, words.title, LIGHT.ink, 40, True)
        width = text_width(words.desk, SECTION_TEXT)
        draw_text(painter, self.width() - self._side - width, middle, words.desk, LIGHT.muted, SECTION_TEXT)

    def _draw_person(self, painter: QPainter, words: RecipientWords) -> None:
        card = self._band(0.122, 0.272)
        draw_box(painter, card, LIGHT.surface, LIGHT.line, 2, RADIUS)
        room = card.adjusted(28, 6, -28, -6)
        guardian = text_width(words.guardian, 32) + 28 if words.guardian else 0.0
        beside = room.width() - guardian - text_width(words.person, 36) - 40
        size = next((size for size in (64, 56, 48) if text_width(words.name, size, True) <= beside), 0)
        if not size:
            self._draw_long_name(painter, room, words)
            return
        draw_text(painter, room.left(), room.center().y(), words.name, LIGHT.ink, size, True)
        left = room.left() + text_width(words.name, size, True) + 40
        draw_text(painter, left, room.center().y(), words.person, LIGHT.ink, 36)
        draw_text(painter, room.right() - guardian + 28, room.center().y(), words.guardian, LIGHT.muted, 32)

    def _draw_long_name(self, painter: QPainter, room: QRectF, words: RecipientWords) -> None:
        """Give a long name a line of its own."""
        upper = QRectF(room.left(), room.top(), room.width(), room.height() * 0.56)
        name = fit_sentence(words.name, upper.width(), upper.height(), (44, 40, 36, 32, 28, 22), True)
        draw_fitted(painter, upper, name, LIGHT.ink, True)
        middle = room.top() + room.height() * 0.8
        draw_text(painter, room.left(), middle, words.person, LIGHT.ink, 28)
        guardian = room.right() - text_width(words.guardian, 28)
        draw_text(painter, guardian, middle, words.guardian, LIGHT.muted, 28)

    def _draw_vaccine(self, painter: QPainter, words: RecipientWords) -> None:
        card = self._band(0.292, 0.812)
        draw_box(painter, card, LIGHT.surface, LIGHT.primary, 4, RADIUS)
        room = card.adjusted(30, 0, -30, 0)
        height = card.height()
        captions = room.top() + height * 0.115
        draw_text(painter, room.left(), captions, words.vaccine_caption, LIGHT.muted, 28)
        which = self.tr("这是第几剂")
        draw_text(painter, room.right() - text_width(which, 28), captions, which, LIGHT.muted, 28)
        dose_width = text_width(words.dose, 88, True)
        line = QRectF(room.left(), room.top() + height * 0.17, room.width() - dose_width - 40, height * 0.31)
        vaccine = fit_sentence(words.vaccine, line.width(), line.height(), (112, 96, 80, 64, 52, 40), True)
        draw_fitted(painter, line, vaccine, LIGHT.primary, True)
        draw_text(painter, room.right() - dose_width, line.center().y(), words.dose, LIGHT.ink, 88, True)
        full = QRectF(room.left(), line.bottom(), room.width(), height * 0.12)
        draw_fitted(
            painter,
            full,
            fit_sentence(words.full_name, full.width(), full.height(), (28, 22), False),
            LIGHT.ink,
            False,
        )
        rule = QRectF(room.left(), room.top() + height * 0.62, room.width(), 2)
        draw_box(painter, rule, LIGHT.line, None, 0, 0)
        self._draw_facts(
            painter, QRectF(room.left(), rule.bottom(), room.width(), card.bottom() - rule.bottom()), words
        )

    def _draw_facts(self, painter: QPainter, room: QRectF, words: RecipientWords) -> None:
        captions, values = room.top() + room.height() * 0.26, room.top() + room.height() * 0.66
        good = self.tr("没有过期")
        mark_room = text_width(good, 28, True) + 44
        least = [text_width(caption, 28) for caption, _ in words.facts]
        least[0] += mark_room
        size, widths = _fact_size([value for _, value in words.facts], least, room.width())
        gap = (room.width() - sum(widths)) / (len(widths) - 1)
        left = room.left()
        for (caption, value), width in zip(words.facts, widths, strict=True):
            draw_text(painter, left, captions, caption, LIGHT.muted, 28)
            draw_text(painter, left, values, elided(value, size, True, width), LIGHT.ink, size, True)
            left += width + gap
        mark = room.left() + text_width(words.facts[0][0], 28) + 28
        draw_icon(painter, QPointF(mark, captions), "done", LIGHT.success, 26)
        draw_text(painter, mark + 18, captions, good, LIGHT.success, 28, True)

    def _draw_request(self, painter: QPainter) -> None:
        room = QRectF(self._side, self.button.y(), self.button.x() - self._side - 24, self.button.height())
        upper = QRectF(room.left(), room.top(), room.width(), room.height() / 2)
        lower = upper.translated(0, room.height() / 2)
        look = fit_sentence(
            self.tr("请对照护士手里的药盒：名称、有效期、批号都要一样。"),
            upper.width(),
            upper.height(),
            (28, 24, 22, 18),
            False,
        )
        draw_fitted(painter, upper, look, LIGHT.ink, False)
        ask = fit_sentence(
            self.tr("有一处不一样，或者有疑问，请现在说。"),
            lower.width(),
            lower.height(),
            (28, 24, 22, 18),
            True,
        )
        draw_fitted(painter, lower, ask, LIGHT.ink, True)


def _fact_size(values: Sequence[str], least: Sequence[float], room: float) -> tuple[int, list[float]]:
    """Return the largest common size at which all values stand side by side, and their widths."""
    for size in (58, 52, 46, 40, 34, 28, 22):
        pairs = zip(values, least, strict=True)
        widths = [max(text_width(value, size, True), width) for value, width in pairs]
        if sum(widths) + 36 * (len(widths) - 1) <= room:
            return size, widths
    scale = (room - 24 * (len(widths) - 1)) / sum(widths)
    return 22, [width * scale for width in widths]


def show_on_screen(view: RecipientView, screen: QScreen) -> None:
    """Fill a second screen with ``view`` without taking the keyboard from the nurse."""
    view.setWindowFlags(
        Qt.WindowType.Window | Qt.WindowType.FramelessWindowHint | Qt.WindowType.WindowDoesNotAcceptFocus
    )
    view.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
    view.setAttribute(Qt.WidgetAttribute.WA_QuitOnClose, False)
    view.setGeometry(screen.geometry())
    view.show()
