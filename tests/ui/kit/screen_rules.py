"""What must hold on every screen: all controls named, large targets, no text cut, nothing overlapping."""

from collections.abc import Iterator, Sequence

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QAbstractButton, QLabel, QLineEdit, QScrollBar, QWidget

from app.ui.kit.sheet import Sheet
from app.ui.kit.spans import SpanLine
from app.ui.kit.text import Text
from app.ui.kit.tokens import TARGET
from tests.ui.looking import look_at


def controls(root: QWidget) -> Iterator[QWidget]:
    """Yield every visible control below ``root`` (or its open sheet) that can be reached."""
    for widget in _front(root).findChildren(QWidget):
        reachable = widget.focusPolicy() != Qt.FocusPolicy.NoFocus or isinstance(widget, QAbstractButton)
        transparent = widget.testAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        inner = widget.objectName().startswith("qt_") or isinstance(widget, QScrollBar)
        if reachable and widget.isVisible() and not inner and not transparent and widget.focusProxy() is None:
            yield widget


def _front(root: QWidget) -> QWidget:
    sheets = [sheet for sheet in root.findChildren(Sheet) if sheet.isVisible()]
    return sheets[-1] if sheets else root


def faults(root: QWidget, *, scrolls: bool = False) -> dict[str, list[str]]:
    """Return what breaks ux.md rules 21 to 25 below ``root``, by the rule's name; a list that ``scrolls`` may
    go on below its edge."""
    rules = [nameless, small_targets, cut_texts, outside, *([] if scrolls else [overlapping])]
    return {rule.__name__: found for rule in rules if (found := rule(root))}


def nameless(root: QWidget) -> list[str]:
    """Return the controls that a reader of the screen could not name."""
    found = []
    for widget in controls(root):
        interface = QAccessible.queryAccessibleInterface(widget)
        if not interface or not interface.text(QAccessible.Text.Name).strip():
            found.append(type(widget).__name__)
    return found


def small_targets(root: QWidget) -> list[str]:
    """Return the buttons and fields that are lower than a gloved finger needs."""
    return [
        f"{type(widget).__name__} {widget.accessibleName()} {widget.height()}"
        for widget in controls(root)
        if isinstance(widget, QAbstractButton | QLineEdit)
        and not widget.property("bare")
        and widget.height() < TARGET
    ]


def cut_texts(root: QWidget) -> list[str]:
    """Return the texts that are shortened, or that stand outside the room they were given."""
    look_at(root)
    found = [
        widget.toolTip() for widget in root.findChildren(Text) if widget.isVisible() and widget.shortened
    ]
    found += [line.accessibleName() for line in root.findChildren(SpanLine) if line.isVisible() and line.cut]
    for label in root.findChildren(QLabel):
        if (
            label.isVisible()
            and label.wordWrap()
            and label.heightForWidth(label.width()) > label.height() + 1
        ):
            found.append(label.text())
    return found


def outside(root: QWidget) -> list[str]:
    """Return the widgets that stick out of their parent."""
    found = []
    for widget in root.findChildren(QWidget):
        parent = widget.parentWidget()
        scrolled = parent is not None and parent.objectName() == "qt_scrollarea_viewport"
        if parent is None or not widget.isVisible() or scrolled or widget.objectName().startswith("qt_"):
            continue
        if not parent.rect().contains(widget.geometry()):
            found.append(
                f"{type(widget).__name__} {widget.geometry()} in {type(parent).__name__} {parent.rect()}"
            )
    return found


def overlapping(root: QWidget) -> list[str]:
    """Return the pairs of buttons, and of words, that lie on each other."""
    buttons = [widget for widget in controls(root) if isinstance(widget, QAbstractButton)]
    words = [
        widget
        for widget in _front(root).findChildren(QWidget)
        if isinstance(widget, Text | SpanLine) and widget.isVisible() and _words_of(widget)
    ]
    return [*_on_each_other(root, buttons), *_on_each_other(root, words)]


def _words_of(widget: QWidget) -> str:
    return widget.text() if isinstance(widget, QLabel) else widget.accessibleName()


def _on_each_other(root: QWidget, widgets: Sequence[QWidget]) -> list[str]:
    places = [(widget, QRect(widget.mapTo(root, QPoint(0, 0)), widget.size())) for widget in widgets]
    return [
        f"{first.accessibleName() or _words_of(first)} on {second.accessibleName() or _words_of(second)}"
        for number, (first, place) in enumerate(places)
        for second, other in places[number + 1 :]
        if place.intersects(other) and not first.isAncestorOf(second) and not second.isAncestorOf(first)
    ]
