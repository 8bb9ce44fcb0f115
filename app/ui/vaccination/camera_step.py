"""Step of the way out: the code is held up to the camera, which reads it twice before it is believed."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QElapsedTimer, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from app.devices.device_condition import DeviceCondition
from app.ui.kit.icons import draw_icon
from app.ui.kit.layouts import column
from app.ui.kit.painting import draw_box, smooth
from app.ui.kit.text import Text
from app.ui.kit.tokens import LIGHT, RADIUS

if TYPE_CHECKING:
    from PySide6.QtMultimedia import QVideoFrame

    from app.devices.webcam import Webcam

_PICTURE_MS = 100
_WORDS = {
    DeviceCondition.OFF: "摄像头没有打开。",
    DeviceCondition.ABSENT: "没有接摄像头。接上后自动打开，或按 F9 下一步。",
    DeviceCondition.READY: "把码放在框里，离镜头 10 到 15 厘米，停一停；读到就自动继续。",
    DeviceCondition.FAULTY: "摄像头打不开：可能被别的程序占用，或没有权限。请按 F9 下一步。",
}


def built_in_camera() -> "Webcam | None":
    """Return the camera as a scanner, or None where this machine has none.

    QtMultimedia takes a sixth of a second to load and is rarely wanted, so it is loaded here; it needs
    libraries of the system that a small installation may lack.
    """
    try:
        from app.devices.webcam import Webcam, default_camera
    except ImportError:
        return None
    return Webcam() if default_camera() is not None else None


class CameraStep(QWidget):
    """The picture, and below it what to do; nothing runs before ``start`` and after ``stop``."""

    scanned = Signal(str)
    """A code, behind its AIM identifier."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._camera: Webcam | None = None
        self._picture = _Picture()
        self.words = Text("", wrap=True)
        layout = column(self._picture, self.words, gap=12)
        layout.setStretch(0, 1)
        self.setLayout(layout)
        self._since = QElapsedTimer()

    def start(self, camera: "Webcam") -> None:
        """Turn the camera on and show what it sees."""
        self._camera = camera
        camera.scanned.connect(self.scanned)
        camera.condition_changed.connect(self._show_condition)
        camera.sink.videoFrameChanged.connect(self._show_frame)
        self._since.start()
        self._show_condition(camera.condition)
        camera.start()

    def stop(self) -> None:
        """Turn the camera off."""
        if self._camera is not None:
            camera, self._camera = self._camera, None
            camera.scanned.disconnect(self.scanned)
            camera.condition_changed.disconnect(self._show_condition)
            camera.sink.videoFrameChanged.disconnect(self._show_frame)
            camera.stop()
            self._picture.show_image(QImage())

    def _show_condition(self, condition: DeviceCondition) -> None:
        self.words.show_text(_WORDS[condition])

    def _show_frame(self, frame: "QVideoFrame") -> None:
        if self._since.elapsed() >= _PICTURE_MS and frame.isValid():
            self._since.restart()
            self._picture.show_image(frame.toImage())


class _Picture(QWidget):
    """The last picture, as large as fits, with a frame to hold the code in."""

    def __init__(self) -> None:
        super().__init__()
        self._image = QImage()
        self.setMinimumHeight(240)
        self.setAccessibleName(self.tr("摄像头画面"))

    def show_image(self, image: QImage) -> None:
        self._image = image
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = smooth(QPainter(self))
        rect = QRectF(self.rect())
        draw_box(painter, rect, LIGHT.nav, None, 0, RADIUS)
        if self._image.isNull():
            draw_icon(painter, rect.center(), "camera", LIGHT.on_nav_muted, 64)
        else:
            size = self._image.size().scaled(self.size(), Qt.AspectRatioMode.KeepAspectRatio)
            place = QRectF(QPointF(), size.toSizeF())
            place.moveCenter(rect.center())
            painter.drawImage(place, self._image)
            frame = QRectF(0, 0, place.width() * 0.6, place.height() * 0.6)
            frame.moveCenter(rect.center())
            draw_box(painter, frame, None, LIGHT.nav_edge, 3, RADIUS)
        painter.end()
