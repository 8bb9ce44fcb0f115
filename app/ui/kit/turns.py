"""What comes a turn of the loop later, so that it keeps nobody from an answer."""

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer


def after_paint(owner: QObject, work: Callable[[], object]) -> None:
    """Call ``work`` when what is asked for by now has been painted; not if ``owner`` has gone meanwhile.

    It takes a timer: what ``QTimer.singleShot(0)`` posts is delivered before the paint.
    """
    timer = QTimer(owner, singleShot=True, interval=0)
    timer.timeout.connect(timer.deleteLater)
    timer.timeout.connect(work)
    timer.start()
