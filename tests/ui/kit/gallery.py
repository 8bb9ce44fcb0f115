"""Shows every widget of the kit as on the screens: run it to look, or name a folder to save pictures in.

python -m tests.ui.kit.gallery [folder]
"""

import sys
from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QWidget

from app.ui.kit.scan_box import ScanBox
from app.ui.kit.search_box import SearchBox
from app.ui.kit.theme import dress_window
from app.ui.start import make_application
from tests.ui.kit.gallery_needle import needle
from tests.ui.kit.gallery_observation import observation, wall
from tests.ui.kit.gallery_pieces import pieces, sheet_and_form
from tests.ui.kit.gallery_refusal import refusal
from tests.ui.kit.gallery_register import register
from tests.ui.kit.gallery_screening import screening
from tests.ui.kit.gallery_sync import sync
from tests.ui.kit.gallery_window import LONG_NAME

SCREENS: dict[str, Callable[[], QWidget]] = {
    "01-needle": needle,
    "01b-needle-ready": lambda: needle(4),
    "01-long": lambda: needle(2, LONG_NAME),
    "02-refusal": refusal,
    "03-register": register,
    "04-screening": screening,
    "05-observation": observation,
    "06-sync": sync,
    "11-wall": wall,
    "20-sheet": sheet_and_form,
    "21-pieces": pieces,
}


def main(arguments: list[str]) -> int:
    """Show the screens, or save each as a picture in the folder named in ``arguments``."""
    app = make_application()
    width, height = (1280, 720) if app.primaryScreen().devicePixelRatio() > 1.2 else (1366, 768)
    shown = []
    for name, build in SCREENS.items():
        if len(arguments) > 1 and not any(wanted in name for wanted in arguments[1:]):
            continue
        screen = build()
        dress_window(screen)
        screen.setFixedSize(width, height)
        screen.setWindowTitle(name)
        screen.show()
        for focused in (*screen.findChildren(ScanBox), *screen.findChildren(SearchBox)):
            focused.setFocus()
        shown.append(screen)
        if arguments:
            app.processEvents()
            screen.grab().save(str(Path(arguments[0]) / f"{name}-{width}.png"))
    return 0 if arguments else app.exec()


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
