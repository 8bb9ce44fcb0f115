"""The right half of the bottom bar: every device with its state in words."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from app.ui.kit.chip import TONE_ICONS
from app.ui.kit.fonts import text_width
from app.ui.kit.painting import draw_box, smooth
from app.ui.kit.strip import Strip
from app.ui.kit.tokens import CAP_RADIUS, CAPTION_TEXT, LIGHT, Tone


@dataclass(frozen=True)
class DeviceState:
    """A device of the station: its id, icon, name, and its state in words (a fault says what to do)."""

    device_id: str
    icon: str
    name: str
    state: str
    tone: Tone = Tone.SUCCESS

    @property
    def faulty(self) -> bool:
        """Return whether somebody has to do something."""
        return self.tone in (Tone.WARNING, Tone.DANGER)


class DeviceMark(QWidget):
    """One device: icon, name, state shape, state. A fault gets a frame."""

    chosen = Signal(str)

    def __init__(self, device: DeviceState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._device = device
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self._tell()

    def show_device(self, device: DeviceState) -> None:
        """Change the state."""
        if device != self._device:
            self._device = device
            self._tell()
            self.updateGeometry()
            self.update()

    def sizeHint(self) -> QSize:
        """Return the room of the icon, the name, the shape and the words."""
        words = text_width(self._device.name, CAPTION_TEXT) + text_width(
            self._device.state, CAPTION_TEXT, self._device.faulty
        )
        return QSize(round(words + 18 + 14 + 3 * 5 + 21), 28)

    def minimumSizeHint(self) -> QSize:
        """Return room for the icon and the shape: the words are in the tool-tip."""
        return QSize(68 if not self._device.faulty else min(200, self.sizeHint().width()), 28)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the device; where there is no room the name goes first, the state stays."""
        device, painter = self._device, smooth(QPainter(self))
        rect = QRectF(self.rect())
        ink = LIGHT.tone(device.tone).ink
        if device.faulty:
            draw_box(painter, rect, LIGHT.tone(device.tone).tint, ink, 1.5, CAP_RADIUS + 2)
        strip = Strip(painter, rect.adjusted(10, 0, -10, 0), 5)
        strip.icon(device.icon, ink if device.faulty else LIGHT.muted, 18)
        if self.width() >= self.sizeHint().width():
            strip.text(device.name, ink if device.faulty else LIGHT.muted, CAPTION_TEXT)
        strip.icon(TONE_ICONS[device.tone], ink, 14)
        strip.text(device.state, ink if device.faulty else LIGHT.ink, CAPTION_TEXT, device.faulty)
        painter.end()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Tell that help with this device is wanted."""
        self.chosen.emit(self._device.device_id)

    def _tell(self) -> None:
        self.setAccessibleName(f"{self._device.name} {self._device.state}")
        self.setToolTip(f"{self._device.name}：{self._device.state}")


class DeviceStrip(QWidget):
    """All devices, always in view. A click is only a short cut: the keyboard has the settings page."""

    chosen = Signal(str)
    """The id of the device that was clicked."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._marks: dict[str, DeviceMark] = {}
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(4)

    def show_devices(self, devices: Sequence[DeviceState]) -> None:
        """Show these devices in this order; those already shown only change."""
        for device_id in set(self._marks) - {device.device_id for device in devices}:
            self._marks.pop(device_id).deleteLater()
        for place, device in enumerate(devices):
            mark = self._marks.get(device.device_id)
            if mark is None:
                mark = self._marks[device.device_id] = DeviceMark(device, self)
                mark.chosen.connect(self.chosen)
            mark.show_device(device)
            if self._row.indexOf(mark) != place:
                self._row.insertWidget(place, mark)
