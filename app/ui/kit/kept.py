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

MOST = 256
"""A picture is a line of text or a block: together they take some 20 MB."""


@dataclass(frozen=True)
class _Kept:
    """A picture, and what drawing it returned."""

    picture: QImage
    returned: object


_kept: OrderedDict[Hashable, _Kept] = OrderedDict()


def draw_kept(widget: QWidget, facts: Hashable, ground: str, draw: Draw[T]) -> T:
    """Draw ``widget`` with ``draw`` on the colour ``ground``, or copy the picture of the same ``facts``.

    ``facts`` are all that ``draw`` looks at besides the size of the widget; what it returned for them is
    returned again. On a screen with a fraction of a scale nothing is kept: a copy would be blurred there.
    """
    scale = widget.devicePixelRatio()
    if scale != round(scale):
        return _draw_on(widget, ground, draw)
    key = (type(widget), facts, ground, widget.width(), widget.height(), scale)
    kept = _kept.get(key)
    if kept is None:
        picture = QImage(widget.size() * scale, QImage.Format.Format_RGB32)
        picture.setDevicePixelRatio(scale)
        kept = _kept[key] = _Kept(picture, _draw_on(picture, ground, draw))
        if len(_kept) > MOST:
            _kept.popitem(last=False)
    _kept.move_to_end(key)
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
