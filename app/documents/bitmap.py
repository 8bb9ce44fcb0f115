"""A black-and-white picture for a thermal head."""

import io
from dataclasses import dataclass


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

        inverted = bytes(255 - byte for byte in self.rows)
        buffer = io.BytesIO()
        Image.frombytes("1", (self.width, self.height), inverted).save(buffer, "PNG", optimize=False)
        return buffer.getvalue()
