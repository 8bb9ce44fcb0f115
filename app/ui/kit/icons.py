"""Icons by meaning, drawn from the Material Design Icons that QtAwesome ships.

Only the one font is read, and only at the first icon: importing QtAwesome itself pulls in half of Qt
(150 ms at the start) and its own loader reads twelve fonts.
"""

from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontDatabase, QIcon, QIconEngine, QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QWidget

from app.ui.kit.tokens import LIGHT

GLYPHS = {
    # stations
    "registration": "card-account-details-outline",
    "screening": "clipboard-text-outline",
    "needle": "needle",
    "syringe": "needle",
    "observation": "timer-outline",
    "stock": "package-variant-closed",
    "sync": "sync",
    "reports": "chart-bar",
    "settings": "cog-outline",
    "help": "help-circle-outline",
    "supervisor": "account-star-outline",
    # states
    "done": "check-circle",
    "check": "check-bold",
    "waiting": "circle-outline",
    "dot": "circle-medium",
    "current": "arrow-right-bold",
    "advise": "check-circle-outline",
    "failed": "close-circle",
    "cross": "close-thick",
    "warning": "alert",
    "alarm": "alert-octagon",
    "info": "information",
    "stop": "alert-octagon",
    "forbidden": "cancel",
    "running": "clock-outline",
    "clock": "clock-outline",
    "later": "timer-sand",
    "receipted": "check-circle",
    "delivered": "radiobox-marked",
    "locked": "lock-outline",
    "shield": "shield-check-outline",
    "backup": "backup-restore",
    "key": "key-variant",
    "disk": "harddisk",
    # people
    "person": "account-outline",
    "family": "account-group-outline",
    "say-name": "account-voice",
    "look": "account-eye",
    "ask": "chat-question",
    "doctor": "doctor",
    "stethoscope": "stethoscope",
    "first-aid": "medical-bag",
    "emergency": "alarm-light",
    "left-early": "exit-run",
    "walk": "walk",
    # things
    "scan": "barcode-scan",
    "barcode": "barcode",
    "vial": "bottle-tonic-plus-outline",
    "flask": "flask-outline",
    "box": "package-variant-closed",
    "clipboard": "clipboard-text-outline",
    "booklet": "book-open-outline",
    "ticket": "ticket-outline",
    "certificate": "certificate-outline",
    "consent": "file-sign",
    "document": "file-document-outline",
    "id-card": "card-account-details-outline",
    "reader": "card-account-details-outline",
    "printer": "printer-outline",
    "thermometer": "thermometer",
    "fridge": "fridge-outline",
    "screen": "monitor",
    "camera": "camera-outline",
    "keyboard": "keyboard-outline",
    "usb": "usb",
    "sound": "volume-high",
    "mute": "volume-off",
    "phone": "phone-outline",
    "calendar": "calendar",
    "practice": "school",
    "site": "hospital-building",
    # stores and the wire
    "local": "dns-outline",
    "upload": "cloud-upload",
    "to-centre": "cloud-upload-outline",
    "at-centre": "cloud-check-variant-outline",
    "offline": "cloud-off-outline",
    # acts
    "search": "magnify",
    "next": "arrow-right",
    "back": "arrow-left",
    "enter": "exit-to-app",
    "up": "chevron-up",
    "down": "chevron-down",
    "open": "chevron-right",
    "copy": "content-copy",
    "undo": "undo",
    "pause": "pause",
    "play": "play",
    "edit": "pencil-outline",
    "add": "plus",
    "remove": "trash-can-outline",
    "close": "close",
    "refresh": "refresh",
    "hand": "hand-back-right-outline",
    "filter": "filter-outline",
    "download": "download",
    "sign-in": "login",
    "sign-out": "logout",
    "bell": "bell-outline",
}
"""Meaning to the name of the glyph; screens ask by meaning, so that one thing looks the same everywhere."""

_FONT = "materialdesignicons6-webfont-6.9.96.ttf"
_CHARMAP = "materialdesignicons6-webfont-charmap-6.9.96.json"


def _folder() -> Path:
    spec = find_spec("qtawesome")
    if spec is None or not spec.submodule_search_locations:
        raise FileNotFoundError("QtAwesome's fonts are not installed")
    return Path(spec.submodule_search_locations[0]) / "fonts"


@lru_cache(maxsize=1)
def _family() -> str:
    families = QFontDatabase.applicationFontFamilies(QFontDatabase.addApplicationFont(str(_folder() / _FONT)))
    return families[0]


@lru_cache(maxsize=1)
def _charmap() -> str:
    return (_folder() / _CHARMAP).read_text("utf-8")


@lru_cache(maxsize=len(GLYPHS))
def _character(name: str) -> str:
    """Return the glyph's character; looked up in the text, for few of its seven thousand names are wanted."""
    code = _charmap().partition(f'"{GLYPHS[name]}": "')[2].partition('"')[0]
    return chr(int(code, 16))


@lru_cache(maxsize=32)
def _font(size: int) -> QFont:
    wanted = QFont(_family())
    wanted.setPixelSize(size)
    wanted.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    return wanted


def draw_icon(painter: QPainter, centre: QPointF, name: str, colour: str, size: int) -> None:
    """Draw the icon ``name``, ``size`` px square, round ``centre``. An unknown name raises ``KeyError``."""
    character = _character(name)
    painter.setFont(_font(size))
    painter.setPen(QColor(colour))
    # The glyphs fill their em square, whose top is the font's ascent (0.875 em) above the base line.
    painter.drawText(QPointF(centre.x() - size / 2, centre.y() + size * 0.375), character)


class _GlyphEngine(QIconEngine):
    """Draws one glyph at whatever size and scale Qt asks for."""

    def __init__(self, name: str, colour: str) -> None:
        super().__init__()
        self._name, self._colour = name, colour

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        colour = LIGHT.muted if mode == QIcon.Mode.Disabled else self._colour
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        draw_icon(painter, QRectF(rect).center(), self._name, colour, min(rect.width(), rect.height()))

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        drawn = QPixmap(size)
        drawn.fill(Qt.GlobalColor.transparent)
        painter = QPainter(drawn)
        self.paint(painter, QRect(0, 0, size.width(), size.height()), mode, state)
        painter.end()
        return drawn

    def clone(self) -> QIconEngine:
        return _GlyphEngine(self._name, self._colour)


def icon(name: str, colour: str = LIGHT.ink) -> QIcon:
    """Return the icon ``name`` as a ``QIcon`` for the controls of Qt; our own widgets use ``draw_icon``."""
    if name not in GLYPHS:
        raise KeyError(name)
    return QIcon(_GlyphEngine(name, colour))


class IconMark(QWidget):
    """A still icon of a fixed size."""

    def __init__(
        self, name: str, colour: str = LIGHT.ink, size: int = 20, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._name, self._colour, self._size = name, colour, size
        self.setFixedSize(size, size)

    def show_icon(self, name: str, colour: str) -> None:
        """Change what is drawn."""
        if (name, colour) != (self._name, self._colour):
            self._name, self._colour = name, colour
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the icon."""
        painter = QPainter(self)
        draw_icon(painter, QRectF(self.rect()).center(), self._name, self._colour, self._size)
        painter.end()
