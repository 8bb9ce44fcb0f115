"""Codes in camera pictures: which are read, and when a reading is believed (ux.md *Scanning*)."""

from PySide6.QtGui import QImage, QTransform

FRAME_MS = 100
"""At most ten pictures a second are looked at."""
FORGOTTEN_AFTER = 10
"""So many pictures without a code until the same one counts as held up again."""
TURNS = (0, 30, 60)
"""Degrees; together with the right angles the reader tries itself, they cover any slant of a 1-D code."""


def read_codes(picture: QImage) -> frozenset[str]:
    """Return the texts of all codes in the picture, each behind its AIM identifier, GS kept."""
    import zxingcpp  # 20 ms that only a camera needs

    if picture.isNull():
        return frozenset()
    formats = zxingcpp.BarcodeFormats([zxingcpp.DataMatrix, zxingcpp.QRCode, zxingcpp.Code128])
    grey = picture.convertToFormat(QImage.Format.Format_Grayscale8)
    for turn in TURNS:
        turned = grey.transformed(QTransform().rotate(turn)) if turn else grey
        view = turned.convertToFormat(QImage.Format.Format_Grayscale8)
        found = zxingcpp.read_barcodes(view, formats=formats, text_mode=zxingcpp.TextMode.Plain)
        if found:
            return frozenset(code.symbology_identifier + code.text for code in found)
    return frozenset()


class RepeatedReads:
    """Believes a code only when two pictures in a row show the same; tells each once while it is in view.

    One degraded picture in some four hundred reads as another code that looks valid.
    """

    def __init__(self) -> None:
        self._last: frozenset[str] = frozenset()
        self._told: dict[str, int] = {}

    def take(self, codes: frozenset[str]) -> list[str]:
        """Return the codes that this picture confirms for the first time."""
        unseen = {code: 0 if code in codes else age + 1 for code, age in self._told.items()}
        self._told = {code: age for code, age in unseen.items() if age < FORGOTTEN_AFTER}
        confirmed = sorted((codes & self._last) - self._told.keys())
        self._told |= dict.fromkeys(confirmed, 0)
        self._last = codes
        return confirmed


class FramePace:
    """Lets a picture through only some time after the one before, and only when that one is done."""

    def __init__(self) -> None:
        self._next_at = 0
        self._busy = False

    def takes(self, at: int) -> bool:
        """Return whether the picture of this instant (ms) is to be read; if so, reading begins."""
        if self._busy or at < self._next_at:
            return False
        self._busy, self._next_at = True, at + FRAME_MS
        return True

    def done(self) -> None:
        """Say that the picture has been read."""
        self._busy = False
