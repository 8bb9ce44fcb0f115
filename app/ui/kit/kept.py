"""Pictures of painted widgets, kept: what says the same again is copied, not drawn anew."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import TypeVar

from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import QWidget

from app.ui.kit.painting import smooth

T = TypeVar("T")
Draw = Callable[[QPainter], T]


@dataclass(frozen=True)
class _Kept:
    """A picture, and what drawing it returned."""

    picture: QImage
    returned: object


class Pictures(OrderedDict[Hashable, _Kept]):
    """The last ``most`` pictures."""

    def __init__(self, most: int) -> None:
        super().__init__()
        self.most = most


_SHARED = Pictures(256)
"""A picture is a line of text or a block: together they take some 20 MB."""


def draw_kept(
    widget: QWidget, facts: Hashable, ground: str, draw: Draw[T], pictures: Pictures = _SHARED
) -> T:
    """Draw ``widget`` with ``draw`` on the colour ``ground``, or copy the picture of the same ``facts``.

    ``facts`` are all that ``draw`` looks at besides the size of the widget; what it returned for them is
    returned again. On a screen with a fraction of a scale nothing is kept: a copy would be blurred there.
    A widget that fills the screen brings ``pictures`` of its own, or it would fill the memory.
    """
    scale = widget.devicePixelRatio()
    if scale != round(scale):
        return _draw_on(widget, ground, draw)
    key = (type(widget), facts, ground, widget.width(), widget.height(), scale)
    kept = pictures.get(key)
    if kept is None:
        picture = QImage(widget.size() * scale, QImage.Format.Format_RGB32)
        picture.setDevicePixelRatio(scale)
        kept = pictures[key] = _Kept(picture, _draw_on(picture, ground, draw))
        if len(pictures) > pictures.most:
            pictures.popitem(last=False)
    pictures.move_to_end(key)
    painter = QPainter(widget)
    painter.drawImage(0, 0, kept.picture)
    painter.end()
    return kept.returned  # type: ignore[return-value]


def _draw_on(device: QWidget | QImage, ground: str, draw: Draw[T]) -> T:
    painter = smooth(QPainter(device))
    painter.fillRect(device.rect(), QColor(ground))
    returned = draw(painter)
    painter.end()
    return returned
