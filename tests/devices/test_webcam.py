"""The webcam proved with pictures that go through the real capture session (SITE-13; ux.md rule 14)."""

from collections.abc import Iterator

import pytest
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QSize, QTimer
from PySide6.QtGui import QImage, QPainter
from PySide6.QtMultimedia import QCamera, QVideoFrame, QVideoFrameFormat, QVideoFrameInput
from pytestqt.qtbot import QtBot

from app.devices.device_condition import DeviceCondition
from app.devices.frame_reading import FORGOTTEN_AFTER, FRAME_MS, FramePace, RepeatedReads, read_codes
from app.devices.webcam import Webcam, default_camera

pytestmark = pytest.mark.qt_log_ignore(
    "Couldn't (load|resolve) .* (library|symbols)", "No RHI backend", extend=True
)
TRACE_CODE = "83857930000879766660"
GS1_LABEL = "(01)06901234567892(17)260630(10)12ABC(21)SN0001"
GS1_TEXT = "0106901234567892172606301012ABC\x1d21SN0001"
SIZE = QSize(1280, 720)
PICTURES_A_SECOND = 30


def code_picture(content: str, format: zxingcpp.BarcodeFormat, **options: object) -> QImage:
    pixels = memoryview(zxingcpp.create_barcode(content, format, **options).to_image(scale=3))  # type: ignore[arg-type]
    assert pixels.shape
    height, width = pixels.shape
    return QImage(pixels.tobytes(), width, height, width, QImage.Format.Format_Grayscale8).copy()


def camera_picture(code: QImage | None = None, turn: float = 0) -> QImage:
    picture = QImage(SIZE, QImage.Format.Format_RGB32)
    picture.fill(0xFFE6E6E6)
    if code is not None:
        painter = QPainter(picture)
        painter.translate(SIZE.width() / 2, SIZE.height() / 2)
        painter.rotate(turn)
        painter.drawImage(-code.width() // 2, -code.height() // 2, code)
        painter.end()
    return picture


class Stage:
    """A webcam that is shown pictures."""

    def __init__(self, qtbot: QtBot) -> None:
        self._input = QVideoFrameInput(QVideoFrameFormat(SIZE, QVideoFrameFormat.PixelFormat.Format_BGRX8888))
        self._picture: QImage | None = None
        self.taken = 0
        self.scans: list[str] = []
        self.webcam = Webcam(lambda: self._input)
        self.webcam.scanned.connect(self.scans.append)
        self._pulse = QTimer(interval=1000 // PICTURES_A_SECOND)
        self._pulse.timeout.connect(self._send)
        self._pulse.start()
        self.webcam.start()
        self.qtbot = qtbot

    def show(self, picture: QImage) -> None:
        self._picture = picture
        self._send()

    def _send(self) -> None:
        if self._picture is not None:
            self.taken += self._input.sendVideoFrame(QVideoFrame(self._picture))

    def close(self) -> None:
        """Stop; who would still be asked for pictures makes every later test of windows pay for them."""
        self._pulse.stop()
        self.webcam.stop()
        self._picture = None


@pytest.fixture
def stage(qtbot: QtBot) -> Iterator[Stage]:
    stage = Stage(qtbot)
    yield stage
    stage.close()


@pytest.mark.parametrize(
    ("picture", "text"),
    [
        (code_picture(GS1_LABEL, zxingcpp.DataMatrix, gs1=True), f"]d8{GS1_TEXT}"),
        (code_picture(GS1_LABEL, zxingcpp.QRCode, gs1=True), f"]Q3{GS1_TEXT}"),
        (code_picture("VXT1:ABCDEFGH0Z", zxingcpp.QRCode), "]Q1VXT1:ABCDEFGH0Z"),
        (code_picture(TRACE_CODE, zxingcpp.Code128), f"]C0{TRACE_CODE}"),
    ],
    ids=["GS1 DataMatrix", "GS1 QR", "QR", "Code 128"],
)
def test_a_code_held_up_to_the_camera_is_scanned_once(stage: Stage, picture: QImage, text: str) -> None:
    stage.show(camera_picture(picture))
    stage.qtbot.waitUntil(lambda: stage.scans == [text])
    assert stage.webcam.condition is DeviceCondition.READY
    stage.show(camera_picture(code_picture("HC1:6BF", zxingcpp.QRCode)))
    stage.qtbot.waitUntil(lambda: stage.scans == [text, "]Q1HC1:6BF"])


@pytest.mark.parametrize("turn", range(0, 180, 15))
def test_a_slanted_bar_code_is_read_at_any_angle(turn: int) -> None:
    picture = camera_picture(code_picture(TRACE_CODE, zxingcpp.Code128), turn)
    assert read_codes(picture) == {f"]C0{TRACE_CODE}"}


def test_a_picture_without_a_code_and_no_picture_hold_nothing() -> None:
    assert read_codes(camera_picture()) == frozenset()
    assert read_codes(QImage()) == frozenset()


codes = st.frozensets(st.sampled_from("ABC"))


@settings(deadline=None)
@given(st.lists(codes, max_size=60))
def test_a_code_is_believed_only_after_two_pictures_in_a_row(pictures: list[frozenset[str]]) -> None:
    reads = RepeatedReads()
    last: frozenset[str] = frozenset()
    for picture in pictures:
        assert set(reads.take(picture)) <= picture & last
        last = picture


@settings(deadline=None)
@given(st.integers(0, FORGOTTEN_AFTER + 5))
def test_a_code_counts_again_only_after_it_was_away(away: int) -> None:
    reads = RepeatedReads()
    held_up = [frozenset("A")] * 5
    told = [reads.take(codes) for codes in [*held_up, *[frozenset[str]()] * away, *held_up]]
    assert sum(map(len, told)) == (2 if away >= FORGOTTEN_AFTER else 1)


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(0, 250), st.booleans()), max_size=60))
def test_no_more_than_ten_pictures_a_second_are_read_one_at_a_time(steps: list[tuple[int, bool]]) -> None:
    pace, now, busy = FramePace(), 0, False
    taken = [-FRAME_MS]
    for wait, finishes in steps:
        now += wait
        if pace.takes(now):
            assert not busy
            assert now - taken[-1] >= FRAME_MS
            taken.append(now)
            busy = True
        elif not busy:
            assert now - taken[-1] < FRAME_MS
        if finishes:
            pace.done()
            busy = False


def test_without_a_camera_the_webcam_is_absent_until_it_is_stopped(qtbot: QtBot) -> None:
    searches: list[None] = []
    webcam = Webcam(lambda: searches.append(None))
    conditions: list[DeviceCondition] = []
    webcam.condition_changed.connect(conditions.append)
    webcam.start()
    webcam.start()
    webcam.stop()
    assert conditions == [DeviceCondition.ABSENT, DeviceCondition.OFF]
    assert len(searches) == 1


def test_a_camera_that_does_not_work_is_faulty_and_says_why(qtbot: QtBot) -> None:
    webcam = Webcam(QCamera)
    webcam.start()
    qtbot.waitUntil(lambda: webcam.condition is DeviceCondition.FAULTY)
    assert webcam.fault
    webcam.stop()


def test_the_camera_of_this_machine_is_ready_or_absent(qtbot: QtBot) -> None:
    webcam = Webcam(default_camera)
    webcam.start()
    qtbot.waitUntil(lambda: webcam.condition is not DeviceCondition.OFF)
    webcam.stop()


def test_a_stopped_webcam_reads_nothing_and_can_be_started_again(stage: Stage) -> None:
    stage.webcam.stop()
    stage.show(camera_picture(code_picture(TRACE_CODE, zxingcpp.Code128)))
    before = stage.taken
    with stage.qtbot.assertNotEmitted(stage.webcam.scanned, wait=300):
        pass
    assert stage.taken == before, "nobody takes pictures of a stopped camera"
    stage.webcam.start()
    stage.qtbot.waitUntil(lambda: stage.scans == [f"]C0{TRACE_CODE}"])
