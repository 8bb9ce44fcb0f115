"""The shipped faces and the icons are the ones that are drawn."""

import subprocess
import sys

import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import QRawFont

from app.ui.kit.fonts import FAMILIES, font, text_width
from app.ui.kit.icons import GLYPHS, icon


@pytest.mark.parametrize(("bold", "style"), [(False, "Regular"), (True, "Bold")])
def test_both_weights_come_from_their_own_shipped_face(bold: bool, style: str) -> None:
    face = QRawFont.fromFont(font(18, bold))
    assert (face.familyName(), face.styleName()) == (FAMILIES[0], style)


def test_digits_are_equally_wide_so_that_times_stand_in_columns() -> None:
    assert {text_width(digit, 28, True) for digit in "0123456789"} == {text_width("0", 28, True)}


@pytest.mark.parametrize("name", sorted(GLYPHS))
def test_every_icon_draws_something(name: str) -> None:
    image = icon(name).pixmap(QSize(32, 32)).toImage()
    inked = sum(image.pixelColor(x, y).alpha() > 0 for x in range(32) for y in range(32))
    assert inked > 10


def test_an_icon_nobody_knows_is_an_error_at_once() -> None:
    with pytest.raises(KeyError):
        icon("no-such-meaning")


def test_the_kit_starts_without_the_heavy_libraries() -> None:
    """Start-up: QtAwesome's own loader alone costs more than the bare window."""
    script = (
        "import pkgutil, sys, importlib, app.ui.kit as kit\n"
        "for piece in pkgutil.iter_modules(kit.__path__):\n"
        "    importlib.import_module('app.ui.kit.' + piece.name)\n"
        "heavy = {'qtawesome', 'qtpy', 'pypinyin', 'reportlab', 'httpcore', 'sqlite_utils', 'asyncio'}\n"
        "print(sorted(heavy & set(sys.modules)))\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
