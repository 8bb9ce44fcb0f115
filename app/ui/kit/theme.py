"""The look of the whole program: Fusion, a palette, one style sheet and the shipped fonts."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication, QWidget

from app.ui.kit.fonts import font, register_fonts
from app.ui.kit.stylesheet import stylesheet
from app.ui.kit.tokens import BODY_TEXT, DARK, LIGHT, Tokens


def dress_application(app: QApplication, tokens: Tokens = LIGHT) -> None:
    """Give ``app``, made with the Fusion style, its fonts and colours; each window is dressed by itself.

    ``setStyle`` would make Python classes of all names of QStyle; under a style sheet of the application
    every widget would be polished again at each step from its own layout up to the window.
    """
    register_fonts()
    app.setFont(font(BODY_TEXT))
    app.setPalette(palette(tokens))


def dress_window(window: QWidget, tokens: Tokens = LIGHT) -> None:
    """Give a window of an application that was dressed by ``dress_application`` the style sheet."""
    window.setStyleSheet(stylesheet(tokens))


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


__all__ = [
    "DARK", "LIGHT", "Tokens", "dress_application", "dress_window", "ground", "palette",
]  # fmt: skip
