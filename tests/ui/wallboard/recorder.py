"""A paint device that keeps every text drawn on it: its words, its size, its place."""

from dataclasses import dataclass, field
from typing import Any

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPaintDevice, QPaintEngine, QPaintEngineState, QPainterPath, QTextItem


@dataclass(frozen=True)
class DrawnText:
    """One run of text, in px of the device."""

    words: str
    size: float
    rect: QRectF


@dataclass
class _Kept:
    texts: list[DrawnText] = field(default_factory=list)


class TextEngine(QPaintEngine):
    """Draws nothing; keeps texts."""

    def __init__(self, kept: _Kept) -> None:
        super().__init__(QPaintEngine.PaintEngineFeature.AllFeatures)
        self._kept = kept

    def begin(self, device: QPaintDevice) -> bool:
        return True

    def end(self) -> bool:
        return True

    def type(self) -> QPaintEngine.Type:
        return QPaintEngine.Type.User

    def updateState(self, state: QPaintEngineState) -> None:
        pass

    def drawPixmap(self, *picture: object) -> None:
        pass

    def drawPath(self, path: QPainterPath) -> None:
        pass

    def drawPolygon(self, *shape: object) -> None:
        pass

    def drawEllipse(self, *shape: object) -> None:
        pass

    def drawTextItem(self, at: Any, item: QTextItem) -> None:
        font = item.font()
        size = font.pixelSize()
        # From the top of a Chinese glyph to its foot, not the whole line with its air.
        rect = QRectF(at.x(), at.y() - size * 0.88, item.width(), size)
        self._kept.texts.append(DrawnText(item.text(), size, rect))


class TextRecorder(QPaintDevice):
    """Stands in for a screen of 1920×1080."""

    def __init__(self, width: int = 1920, height: int = 1080) -> None:
        super().__init__()
        self._size = {
            QPaintDevice.PaintDeviceMetric.PdmWidth: width,
            QPaintDevice.PaintDeviceMetric.PdmHeight: height,
            QPaintDevice.PaintDeviceMetric.PdmDpiX: 96,
            QPaintDevice.PaintDeviceMetric.PdmDpiY: 96,
            QPaintDevice.PaintDeviceMetric.PdmPhysicalDpiX: 96,
            QPaintDevice.PaintDeviceMetric.PdmPhysicalDpiY: 96,
            QPaintDevice.PaintDeviceMetric.PdmDepth: 32,
            QPaintDevice.PaintDeviceMetric.PdmDevicePixelRatio: 1,
            QPaintDevice.PaintDeviceMetric.PdmDevicePixelRatioScaled: 65536,
        }
        self._kept = _Kept()
        self._engine = TextEngine(self._kept)

    @property
    def texts(self) -> list[DrawnText]:
        """Return what was drawn, in order."""
        return self._kept.texts

    def paintEngine(self) -> QPaintEngine:
        return self._engine

    def metric(self, metric: QPaintDevice.PaintDeviceMetric) -> int:
        return self._size.get(metric, 0)
