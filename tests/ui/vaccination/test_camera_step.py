"""The camera as a way out: pictures through the real capture session, the vial flagged (rule 14, SITE-13)."""

from collections.abc import Iterator

import pytest
import zxingcpp
from PySide6.QtCore import QSize
from PySide6.QtGui import QImage, QPainter
from PySide6.QtMultimedia import QVideoFrame, QVideoFrameFormat, QVideoFrameInput
from pytestqt.qtbot import QtBot

from app.devices.device_condition import DeviceCondition
from app.devices.webcam import Webcam
from app.ui.vaccination.way_out import CAMERA, TYPED
from tests.factories import SmallSite
from tests.ui.vaccination.rig import NeedleRig

pytestmark = pytest.mark.qt_log_ignore(
    "Couldn't (load|resolve) .* (library|symbols)", "No RHI backend", extend=True
)
SIZE = QSize(1280, 720)


class Camera:
    """What the camera of this machine sees."""

    def __init__(self) -> None:
        form = QVideoFrameFormat(SIZE, QVideoFrameFormat.PixelFormat.Format_BGRX8888)
        source = self._input = QVideoFrameInput(form)
        self._input.readyToSendVideoFrame.connect(self._send)
        self._picture: QImage | None = None
        self.webcam = Webcam(lambda: source)

    def see(self, code: str) -> None:
        """Hold a code up to it."""
        barcode = zxingcpp.create_barcode(code, zxingcpp.Code128).to_image(scale=3)
        pixels = memoryview(barcode)  # type: ignore[arg-type]
        assert pixels.shape
        height, width = pixels.shape
        label = QImage(pixels.tobytes(), width, height, width, QImage.Format.Format_Grayscale8)
        self._picture = QImage(SIZE, QImage.Format.Format_RGB32)
        self._picture.fill(0xFFE6E6E6)
        painter = QPainter(self._picture)
        painter.drawImage((SIZE.width() - width) // 2, (SIZE.height() - height) // 2, label)
        painter.end()
        self._send()

    def _send(self) -> None:
        if self._picture is not None:
            self._input.sendVideoFrame(QVideoFrame(self._picture))


@pytest.fixture
def camera() -> Camera:
    return Camera()


@pytest.fixture
def filmed(small_site: SmallSite, qtbot: QtBot, camera: Camera) -> Iterator[NeedleRig]:
    rig = NeedleRig(small_site, qtbot, lambda: camera.webcam)
    rig.come()
    rig.press("F9", "F9")
    yield rig
    rig.page.vials.way_out.close()
    rig.close()


def test_a_vial_s_code_held_up_to_the_camera_is_presented_and_flagged(
    filmed: NeedleRig, camera: Camera, qtbot: QtBot
) -> None:
    """TRC-2."""
    way_out = filmed.page.vials.way_out
    assert way_out.step == CAMERA
    code = filmed.site.vials("FLU4-1")[7]
    camera.see(code)
    qtbot.waitUntil(lambda: not way_out.is_open)
    filmed.settle()
    (event,) = filmed.events("vial.presented")
    assert (event.body["trace_code"], event.body["source"]) == (code, "webcam")
    assert camera.webcam.condition is DeviceCondition.OFF


def test_going_on_turns_the_camera_off(filmed: NeedleRig, camera: Camera) -> None:
    filmed.press("F9")
    assert filmed.page.vials.way_out.step == TYPED
    assert camera.webcam.condition is DeviceCondition.OFF


def test_what_to_do_stands_under_the_picture(filmed: NeedleRig) -> None:
    assert "10 到 15 厘米" in filmed.page.vials.way_out.camera.words.text()
