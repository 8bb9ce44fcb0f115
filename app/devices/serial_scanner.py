"""A scanner on a serial port (USB-CDC): the recommended kind, no keyboard and no focus involved (SITE-13)."""

import re
from dataclasses import dataclass

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtSerialPort import QSerialPort, QSerialPortInfo

from app.devices.device_condition import DeviceCondition

BAUD_RATE = 115200
RETRY_MS = 1000
SILENCE_MS = 100
"""A scanner sends a code in one go: what has no line end by then will get none."""
LONGEST_BYTES = 16_384

_LINE_END = re.compile(rb"[\r\n\t]+")
_Error = QSerialPort.SerialPortError
_GONE = (_Error.DeviceNotFoundError, _Error.ResourceError)
_HARMLESS = (_Error.NoError, _Error.UnsupportedOperationError, _Error.TimeoutError)


@dataclass(frozen=True)
class SerialPortChoice:
    """A port a person may choose as the scanner's."""

    name: str
    description: str


def serial_ports() -> list[SerialPortChoice]:
    """Return the ports of this machine, those of USB devices first."""
    ports = sorted(QSerialPortInfo.availablePorts(), key=lambda port: not port.hasVendorIdentifier())
    return [SerialPortChoice(port.systemLocation(), port.description()) for port in ports]


class SerialScanner(QObject):
    """Reads codes that end in CR, LF or Tab; finds its port again after it was unplugged."""

    scanned = Signal(str)
    """A whole code without its line end; GS and AIM identifier are kept."""

    unfinished = Signal(str)
    """Text without a line end: the scanner is set up wrongly, or was pulled out. It is not a code."""

    condition_changed = Signal(DeviceCondition)

    def __init__(self, port_name: str, *, retry_ms: int = RETRY_MS, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.condition = DeviceCondition.OFF
        self.fault = ""
        """The technical words of the last fault, for the details button."""
        self._buffer = b""
        self._port = QSerialPort(port_name, self)
        self._port.setBaudRate(BAUD_RATE)
        self._port.readyRead.connect(self._read)
        self._port.errorOccurred.connect(self._fail)
        self._retry = QTimer(self, interval=retry_ms)
        self._retry.timeout.connect(self._open)
        self._silence = QTimer(self, singleShot=True, interval=SILENCE_MS)
        self._silence.timeout.connect(self._give_up)

    def start(self) -> None:
        """Open the port, and keep trying while it is absent or in use elsewhere."""
        self._retry.start()
        self._open()

    def stop(self) -> None:
        """Let the port go."""
        self._retry.stop()
        self._port.close()
        self._buffer = b""
        self._turn(DeviceCondition.OFF)

    def _open(self) -> None:
        if not self._port.isOpen() and self._port.open(QSerialPort.OpenModeFlag.ReadWrite):
            self._port.setDataTerminalReady(True)  # on Windows some scanners stay silent without it
            self.fault = ""
            self._turn(DeviceCondition.READY)

    def _fail(self, error: QSerialPort.SerialPortError) -> None:
        if error in _HARMLESS:
            return
        self.fault = self._port.errorString()
        if self._port.isOpen():
            self._port.close()
        self._give_up()
        self._turn(DeviceCondition.ABSENT if error in _GONE else DeviceCondition.FAULTY)

    def _read(self) -> None:
        self._buffer += bytes(self._port.readAll().data())
        *codes, self._buffer = _LINE_END.split(self._buffer)
        for code in filter(None, codes):
            self.scanned.emit(_text(code))
        if len(self._buffer) > LONGEST_BYTES:
            self._give_up()
        elif self._buffer:
            self._silence.start()
        else:
            self._silence.stop()

    def _give_up(self) -> None:
        rest, self._buffer = self._buffer, b""
        self._silence.stop()
        if rest:
            self.unfinished.emit(_text(rest[:LONGEST_BYTES]))

    def _turn(self, condition: DeviceCondition) -> None:
        if condition is not self.condition:
            self.condition = condition
            self.condition_changed.emit(condition)


def _text(code: bytes) -> str:
    try:
        return code.decode("utf-8")
    except UnicodeDecodeError:
        return code.decode("gb18030", "replace")
