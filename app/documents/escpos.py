"""ESC/POS: a bitmap as the bytes a ticket printer takes."""

from app.documents.bitmap import Bitmap

_INITIALISE = b"\x1b@"
_FEED = b"\x1bd"
_CUT = b"\x1dV\x42\x00"
_RASTER = b"\x1dv0\x00"
BAND = 128
"""Rows sent in one command: heads with little memory choke on a whole slip."""


def escpos(bitmap: Bitmap, *, feed_lines: int = 4, cut: bool = True) -> bytes:
    """Return the commands that print a bitmap (``GS v 0`` in bands), feed the paper out and cut it."""
    wide = bitmap.width // 8
    parts = [_INITIALISE]
    for top in range(0, bitmap.height, BAND):
        rows = bitmap.rows[top * wide : (top + BAND) * wide]
        parts += [_RASTER, wide.to_bytes(2, "little"), (len(rows) // wide).to_bytes(2, "little"), rows]
    parts += [_FEED, bytes([feed_lines])]
    return b"".join([*parts, _CUT] if cut else parts)
