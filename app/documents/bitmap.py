"""A black-and-white picture for a thermal head."""

import io
from dataclasses import dataclass

_INVERTED = bytes(range(255, -1, -1))


@dataclass(frozen=True)
class Bitmap:
    """Rows of packed pixels, eight a byte, the leftmost in the highest bit, 1 = black."""

    width: int
    """In pixels, a multiple of eight."""
    height: int
    rows: bytes

    def png(self) -> bytes:
        """Return the picture as a 1-bit PNG, for previews and for printers that take pictures."""
        from PIL import Image

        buffer = io.BytesIO()
        Image.frombytes("1", (self.width, self.height), self.rows.translate(_INVERTED)).save(
            buffer, "PNG", optimize=False
        )
        return buffer.getvalue()
