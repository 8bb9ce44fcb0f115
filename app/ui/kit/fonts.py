"""The typefaces: the shipped Noto Sans SC first, then what a Chinese desktop has."""

from functools import lru_cache
from pathlib import Path

from PySide6.QtGui import QFont, QFontDatabase, QFontMetricsF

FAMILIES = ("Noto Sans SC", "Noto Sans CJK SC", "Microsoft YaHei UI", "WenQuanYi Micro Hei")
"""Named in full, because Qt otherwise picks a Latin font and falls back glyph by glyph."""

FOLDER = Path(__file__).parents[3] / "resources" / "fonts"


def register_fonts(folder: Path = FOLDER) -> list[str]:
    """Give the shipped Sans faces of ``folder`` to Qt and return the families they brought."""
    families: list[str] = []
    for face in sorted(folder.glob("NotoSansSC-*.ttf")):
        families += QFontDatabase.applicationFontFamilies(QFontDatabase.addApplicationFont(str(face)))
    return families


@lru_cache(maxsize=64)
def font(size: int, bold: bool = False) -> QFont:
    """Return the font of ``size`` px. There are two weights, so that both have a real face."""
    wanted = QFont()
    wanted.setFamilies(list(FAMILIES))
    wanted.setPixelSize(size)
    wanted.setBold(bold)
    return wanted


@lru_cache(maxsize=64)
def metrics(size: int, bold: bool = False) -> QFontMetricsF:
    """Return the measures of ``font(size, bold)``."""
    return QFontMetricsF(font(size, bold))


@lru_cache(maxsize=4096)
def text_width(text: str, size: int, bold: bool = False) -> float:
    """Return the width of ``text`` on one line, in px."""
    return metrics(size, bold).horizontalAdvance(text)
