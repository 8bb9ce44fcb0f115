"""The look of the whole program: Fusion, a palette, one style sheet and the shipped fonts."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication, QWidget

from app.ui.kit.fonts import font, register_fonts
from app.ui.kit.stylesheet import stylesheet
from app.ui.kit.tokens import BODY_TEXT, DARK, LIGHT, Tokens


def apply_theme(app: QApplication, tokens: Tokens = LIGHT) -> None:
    """Dress ``app``. Call it once, before the first widget is made."""
    register_fonts()
    app.setStyle("Fusion")
    app.setFont(font(BODY_TEXT))
    app.setPalette(palette(tokens))
    app.setStyleSheet(stylesheet(tokens))


def palette(tokens: Tokens) -> QPalette:
    """Return the colours of ``tokens`` as Qt's roles."""
    colours = QPalette()
    for role, colour in (
        (QPalette.ColorRole.Window, tokens.page),
        (QPalette.ColorRole.WindowText, tokens.ink),
        (QPalette.ColorRole.Base, tokens.surface),
        (QPalette.ColorRole.AlternateBase, tokens.page),
        (QPalette.ColorRole.Text, tokens.ink),
        (QPalette.ColorRole.PlaceholderText, tokens.muted),
        (QPalette.ColorRole.Button, tokens.surface),
        (QPalette.ColorRole.ButtonText, tokens.ink),
        (QPalette.ColorRole.Highlight, tokens.primary),
        (QPalette.ColorRole.HighlightedText, tokens.on_primary),
        (QPalette.ColorRole.ToolTipBase, tokens.toast),
        (QPalette.ColorRole.ToolTipText, tokens.on_nav),
        (QPalette.ColorRole.Link, tokens.primary),
    ):
        colours.setColor(role, QColor(colour))
    for role in (QPalette.ColorRole.WindowText, QPalette.ColorRole.Text, QPalette.ColorRole.ButtonText):
        colours.setColor(QPalette.ColorGroup.Disabled, role, QColor(tokens.muted))
    return colours


def ground(widget: QWidget, tokens: Tokens = LIGHT) -> None:
    """Paint the page colour of ``tokens`` under ``widget`` (a wall board is dark, all else light)."""
    own = widget.palette()
    own.setColor(QPalette.ColorRole.Window, QColor(tokens.page))
    own.setColor(QPalette.ColorRole.WindowText, QColor(tokens.ink))
    widget.setPalette(own)
    widget.setAutoFillBackground(True)
    widget.setAttribute(Qt.WidgetAttribute.WA_StyledBackground, False)


__all__ = ["DARK", "LIGHT", "Tokens", "apply_theme", "ground", "palette"]
