"""Rows and columns of widgets without the ceremony."""

from collections.abc import Iterable

from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QLayout, QVBoxLayout, QWidget

from app.ui.kit.tokens import GAP

Piece = QWidget | QLayout | int | None
"""A widget, a layout, a gap in px, or ``None`` for room that stretches."""

Margins = tuple[int, int, int, int]


def row(*pieces: Piece, gap: int = GAP, margins: Margins = (0, 0, 0, 0)) -> QHBoxLayout:
    """Return a row of ``pieces`` from left to right."""
    layout = QHBoxLayout()
    _fill(layout, pieces, gap, margins)
    return layout


def column(*pieces: Piece, gap: int = GAP, margins: Margins = (0, 0, 0, 0)) -> QVBoxLayout:
    """Return a column of ``pieces`` from top to bottom."""
    layout = QVBoxLayout()
    _fill(layout, pieces, gap, margins)
    return layout


def box(layout: QLayout, parent: QWidget | None = None) -> QWidget:
    """Return a bare widget that holds ``layout``."""
    holder = QWidget(parent)
    holder.setLayout(layout)
    return holder


def empty(layout: QLayout) -> None:
    """Take everything out of ``layout`` and let it go."""
    while (item := layout.takeAt(0)) is not None:
        if (widget := item.widget()) is not None:
            widget.hide()
            widget.deleteLater()
        elif (inner := item.layout()) is not None:
            empty(inner)


def lay_out_now() -> None:
    """Work off every layout and every showing that is under way, so that one paint shows all of it.

    A paint asked for before, such as of the line that gave its code back, stands ahead of them in Qt's queue:
    it would draw the page as it was laid out before, and the page would be drawn again.
    """
    for kind in (QEvent.Type.LayoutRequest, QEvent.Type.UpdateLater):
        QCoreApplication.sendPostedEvents(None, kind)


def _fill(layout: QBoxLayout, pieces: Iterable[Piece], gap: int, margins: Margins) -> None:
    layout.setSpacing(gap)
    layout.setContentsMargins(*margins)
    for piece in pieces:
        if piece is None:
            layout.addStretch(1)
        elif isinstance(piece, int):
            layout.addSpacing(piece)
        elif isinstance(piece, QWidget):
            layout.addWidget(piece)
        else:
            layout.addLayout(piece)
