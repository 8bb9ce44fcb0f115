"""A window under test is laid out and worked by keys; it is painted once somebody looks, and at the end.

In the long run it is dressed and painted all the time.
"""

from hypothesis import settings
from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app.ui.kit.theme import dress_window

LONG = "long"
"""The profile of the long run (tests/conftest.py)."""


def bring_up(window: QWidget, qtbot: QtBot, size: tuple[int, int] = (1366, 768)) -> None:
    """Show a window that nobody looks at yet and wait until it has the keyboard."""
    qtbot.addWidget(window)
    keep_unseen(window)
    window.resize(*size)
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)


def keep_unseen(window: QWidget) -> None:
    """Let nothing of a window be painted: a third of what a test of keys and records would pay for.

    For the same reason such a window stands without the style sheet; the fixture ``dressed`` gives it.
    """
    if settings.get_current_profile_name() == LONG:
        dress_window(window)
    else:
        window.setUpdatesEnabled(False)


def paint_unseen(window: QWidget) -> None:
    """Paint a window nobody looked at, as its test leaves it."""
    if window.isVisible() and not window.updatesEnabled():
        window.setUpdatesEnabled(True)
        window.repaint()


def look_at(widget: QWidget) -> None:
    """Paint the window of a widget from now on, if it was kept unseen; it was dressed before it was worked.

    Sheets take their room when they open: a dress put on afterwards would hide what does not fit.
    """
    window = widget.window()
    if window.updatesEnabled():
        return
    assert window.styleSheet(), "the test looks: it wants the fixture 'dressed'"
    window.setUpdatesEnabled(True)
    QCoreApplication.processEvents()
