"""QR codes, GS1 DataMatrix and Code 128 as figures to be drawn: modules, never pictures."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any, cast

import zxingcpp
from barcode.codex import Code128

QUIET_MODULES = 4
"""White around a QR code (ISO/IEC 18004)."""
STRONG_UP_TO_VERSION = 18
"""Up to this size error correction Q (25 %), above it M (15 %): the modules would become too small."""


_DARK, _LIGHT = 0, 255


@dataclass(frozen=True)
class Matrix:
    """A square code: the runs of dark modules as (column, row, length); ``level`` is that of a QR code."""

    size: int
    level: str
    runs: tuple[tuple[int, int, int], ...]

    @property
    def version(self) -> int:
        """Return the QR version, 1 to 40."""
        return (self.size - 17) // 4

    def operators(self) -> list[str]:
        """Return the dark modules as path operators in units of one module."""
        return [f"{column} {row} {length} 1 re" for column, row, length in self.runs]


@lru_cache(maxsize=8)
def qr(text: str) -> Matrix:
    """Return the QR code of a text, as strong as its size allows; raises ValueError when none can hold it."""
    strong = _matrix(text, "Q")
    return strong if strong.version <= STRONG_UP_TO_VERSION else _matrix(text, "M")


def _matrix(text: str, level: str) -> Matrix:
    return _runs_of(zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode, ec_level=level), level)


def gs1_data_matrix(label: str) -> Matrix:
    """Return the GS1 DataMatrix of a label with its identifiers in brackets (``(01)…(10)…``)."""
    return _runs_of(zxingcpp.create_barcode(label, zxingcpp.BarcodeFormat.DataMatrix, gs1=True), "")


def _runs_of(code: zxingcpp.Barcode, level: str) -> Matrix:
    image: Any = memoryview(cast("Any", code.to_image(add_quiet_zones=False)))
    size, pixels = image.shape[0], image.tobytes()
    rows = [pixels[at : at + size] for at in range(0, size * size, size)]
    dark = tuple(run for number, row in enumerate(rows) for run in _dark_runs(row, number))
    return Matrix(size, level, dark)


def _dark_runs(row: bytes, number: int) -> list[tuple[int, int, int]]:
    found, column = [], row.find(_DARK)
    while column >= 0:
        end = row.find(_LIGHT, column)
        end = len(row) if end < 0 else end
        found.append((column, number, end - column))
        column = row.find(_DARK, end)
    return found


@dataclass(frozen=True)
class Bars:
    """A linear code: its width in modules and its bars as (place, width)."""

    modules: int
    bars: tuple[tuple[int, int], ...]

    def operators(self) -> list[str]:
        """Return the bars as path operators, one module wide and one unit high."""
        return [f"{place} 0 {wide} 1 re" for place, wide in self.bars]


class _Code128(Code128):  # type: ignore[misc]
    """The library's, which takes a first pair of 99 for a change of its set and leaves it out."""

    def _try_to_optimize(self, encoded: list[int]) -> list[int]:
        shortened: list[int] = encoded if self.code[:2].isdigit() else super()._try_to_optimize(encoded)
        return shortened


def code128(text: str) -> Bars:
    """Return the Code 128 of an ASCII text, without its quiet zones (10 modules on either side)."""
    pattern = _Code128(text).build()[0]
    row = bytes(_DARK if module == "1" else _LIGHT for module in pattern)
    return Bars(len(pattern), tuple((place, wide) for place, _row, wide in _dark_runs(row, 0)))
