"""Python collects its garbage on the screen thread, where widgets may die, in the quiet between keys."""

import gc

from PySide6.QtCore import QObject, QTimer

EVERY_MS = 5000


def collect_here(owner: QObject) -> None:
    """Collect every five seconds on the thread of ``owner``, and nowhere else from now on.

    Python alone collects on whatever thread makes the next object. On the store's writer thread that would
    destroy a ring of widgets away from the screen, which ends the program.
    """
    gc.disable()
    timer = QTimer(owner, interval=EVERY_MS)
    timer.timeout.connect(lambda: gc.collect())
    timer.start()


def keep_what_is_built() -> None:
    """Never look again through what has been built by now: it stays, and a look takes a key press's time."""
    gc.freeze()
