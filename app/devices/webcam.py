"""A webcam as a scanner: the way out when a code cannot be read otherwise (ux.md rule 14, SITE-13)."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QCoreApplication, QElapsedTimer, QObject, QSize, Qt, QThread, Signal, Slot
from PySide6.QtMultimedia import (
    QCamera,
    QCameraDevice,
    QMediaCaptureSession,
    QMediaDevices,
    QVideoFrame,
    QVideoFrameInput,
    QVideoSink,
)

from app.devices.device_condition import DeviceCondition
from app.devices.frame_reading import FramePace, RepeatedReads, read_codes

Source = QCamera | QVideoFrameInput
_WANTED_SIZE = QSize(1280, 720)


def default_camera() -> Source | None:
    """Return the camera of this machine in 720p if it can, or None if there is none."""
    device = QMediaDevices.defaultVideoInput()
    if device.isNull():
        return None
    camera = QCamera(device)
    _choose_size(camera, device)
    return camera


class _Reader(QObject):
    """Lives in a thread of its own, because one picture may take 100 ms."""

    read = Signal(frozenset)

    @Slot(QVideoFrame)
    def look_at(self, frame: QVideoFrame) -> None:
        """Read one picture."""
        self.read.emit(read_codes(frame.toImage()))


class Webcam(QObject):
    """Shows pictures and reads codes from them while it is started."""

    scanned = Signal(str)
    """A code that two pictures in a row showed, behind its AIM identifier."""

    condition_changed = Signal(DeviceCondition)

    _taken = Signal(QVideoFrame)

    def __init__(
        self, find_source: Callable[[], Source | None] = default_camera, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self.condition = DeviceCondition.OFF
        self.fault = ""
        """The technical words of the last fault, for the details button."""
        self.sink = QVideoSink(self)
        """Where the pictures arrive; a preview listens to it as well."""
        self._find_source = find_source
        self._source: Source | None = None
        self._session = QMediaCaptureSession(self)
        self._session.setVideoSink(self.sink)
        self._devices = QMediaDevices(self)
        self._devices.videoInputsChanged.connect(self._look_again)
        self._clock = QElapsedTimer()
        self._clock.start()
        self._reads, self._pace = RepeatedReads(), FramePace()
        self._thread = QThread(self)
        self._reader = _Reader()
        self._reader.moveToThread(self._thread)
        self._taken.connect(self._reader.look_at)
        self._reader.read.connect(self._believe, Qt.ConnectionType.QueuedConnection)
        self.sink.videoFrameChanged.connect(self._offer)
        self.destroyed.connect(partial(_end, self._thread))
        application = QCoreApplication.instance()
        if application is not None:
            application.aboutToQuit.connect(self.stop)

    def start(self) -> None:
        """Turn the camera on, or wait for one to be plugged in."""
        if self.condition is DeviceCondition.OFF:
            self._reads, self._pace = RepeatedReads(), FramePace()
            self._thread.start()
            self._open()

    def stop(self) -> None:
        """Turn the camera off; returns when nothing runs any more."""
        self._close()
        _end(self._thread)
        self._turn(DeviceCondition.OFF)

    def _open(self) -> None:
        self.fault = ""
        self._source = self._find_source()
        match self._source:
            case None:
                self._turn(DeviceCondition.ABSENT)
            case QCamera() as camera:
                camera.errorOccurred.connect(self._fail)
                camera.activeChanged.connect(self._activated)
                self._session.setCamera(camera)
                camera.start()
                if camera.error() is not QCamera.Error.NoError:  # known before anybody listened
                    self._fail(camera.error(), camera.errorString())
            case frames:
                self._session.setVideoFrameInput(frames)
                self._turn(DeviceCondition.READY)

    def _close(self) -> None:
        if isinstance(self._source, QCamera):
            self._source.errorOccurred.disconnect(self._fail)
            self._source.activeChanged.disconnect(self._activated)
            self._source.stop()
            self._session.setCamera(None)  # type: ignore[arg-type]
        elif self._source is not None:
            self._session.setVideoFrameInput(None)  # type: ignore[arg-type]
        self._source = None

    def _look_again(self) -> None:
        """A camera was plugged in or pulled out."""
        if self.condition is not DeviceCondition.OFF:
            self._close()
            self._open()

    def _activated(self, active: bool) -> None:
        if active:
            self._turn(DeviceCondition.READY)

    def _fail(self, _error: QCamera.Error, words: str) -> None:
        self.fault = words
        self._turn(DeviceCondition.FAULTY)

    def _offer(self, frame: QVideoFrame) -> None:
        ready = self.condition is DeviceCondition.READY and frame.isValid()
        if ready and self._pace.takes(self._clock.elapsed()):
            self._taken.emit(frame)

    def _believe(self, codes: frozenset[str]) -> None:
        self._pace.done()
        if self.condition is DeviceCondition.OFF:
            return
        for code in self._reads.take(codes):
            self.scanned.emit(code)

    def _turn(self, condition: DeviceCondition) -> None:
        if condition is not self.condition:
            self.condition = condition
            self.condition_changed.emit(condition)


def _end(thread: QThread) -> None:
    thread.quit()
    thread.wait()


def _choose_size(camera: QCamera, device: QCameraDevice) -> None:
    for offered in device.videoFormats():
        if offered.resolution() == _WANTED_SIZE:
            camera.setCameraFormat(offered)
            return
