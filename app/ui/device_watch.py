"""The devices of the desk and their states in words (rule 18): scanner, printer, second screen, sound."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QGuiApplication

from app.devices.device_condition import DeviceCondition
from app.devices.printer import Trouble
from app.devices.serial_scanner import SerialScanner
from app.storage.local import get_setting, put_setting
from app.ui.bench import Bench
from app.ui.kit.device_strip import DeviceState
from app.ui.kit.tokens import Tone
from app.ui.texts.words import local_time

PRINTER, SCANNER_PORT = "printer.queue", "scanner.port"
"""Settings of this machine."""

_CONDITIONS = {
    DeviceCondition.OFF: ("未开启", Tone.PLAIN),
    DeviceCondition.ABSENT: ("没插好，请插上", Tone.WARNING),
    DeviceCondition.READY: ("正常", Tone.SUCCESS),
    DeviceCondition.FAULTY: ("打不开，请重插", Tone.WARNING),
}
_TROUBLES = {
    Trouble.GONE: "队列没有了，请重选",
    Trouble.SERVICE_SILENT: "打印服务没开",
    Trouble.OUT_OF_PAPER: "缺纸，请装纸",
    Trouble.PAPER_JAM: "卡纸，请取出",
    Trouble.COVER_OPEN: "盖子没关",
    Trouble.OUT_OF_INK: "没墨了",
    Trouble.OFFLINE: "没开机",
    Trouble.PAUSED: "已暂停",
    Trouble.REJECTING: "不接任务",
    Trouble.OTHER: "请看打印机",
}


class DeviceWatch(QObject):
    """Knows every device; a device is mended, chosen or unplugged without a restart."""

    changed = Signal()
    """Some state is another."""

    def __init__(
        self, bench: Bench, take_scan: Callable[[str], object], take_broken_scan: Callable[[str], object]
    ) -> None:
        super().__init__()
        self._bench, self._take_scan, self._take_broken_scan = bench, take_scan, take_broken_scan
        self._serial: SerialScanner | None = None
        self._condition = DeviceCondition.OFF
        self._last_scan = ""
        bench.printing.changed.connect(self.changed)
        application = QGuiApplication.instance()
        if isinstance(application, QGuiApplication):
            application.screenAdded.connect(self.changed)
            application.screenRemoved.connect(self.changed)
        db = bench.read()
        if queue := get_setting(db, PRINTER):
            bench.printing.use(queue)
        self._open_port(get_setting(db, SCANNER_PORT))

    def heard_scan(self) -> None:
        """Note that a scanner has worked just now."""
        self._last_scan = local_time(self._bench.now())
        self.changed.emit()

    def use_printer(self, queue: str) -> None:
        """Print on this queue from now on, also after a restart."""
        self._keep(PRINTER, queue)
        self._bench.printing.use(queue)
        self.changed.emit()

    def use_port(self, port: str) -> None:
        """Listen to a serial scanner on this port from now on; empty: none."""
        self._keep(SCANNER_PORT, port)
        self._open_port(port)
        self.changed.emit()

    def close(self) -> None:
        """Let go of the port."""
        if self._serial is not None:
            self._serial.stop()
            self._serial = None

    def states(self) -> list[DeviceState]:
        """Return what the strip shows."""
        return [self._scanner(), self._printer(), self._screen()]

    def _scanner(self) -> DeviceState:
        if self._serial is not None:
            words, tone = _CONDITIONS[self._condition]
        elif self._last_scan:
            words, tone = f"正常 {self._last_scan}", Tone.SUCCESS
        else:
            words, tone = "还没扫过", Tone.PLAIN
        return DeviceState("scanner", "scan", "扫码枪", words, tone)

    def _printer(self) -> DeviceState:
        state, queue = self._bench.printing.state, self._bench.printing.queue
        if not queue:
            return DeviceState("printer", "printer", "打印机", "还没有选", Tone.PLAIN)
        if state is not None and state.trouble is not None:
            return DeviceState("printer", "printer", "打印机", _TROUBLES[state.trouble], Tone.WARNING)
        return DeviceState("printer", "printer", "打印机", "正常", Tone.SUCCESS)

    def _screen(self) -> DeviceState:
        two = len(QGuiApplication.screens()) > 1
        return DeviceState(
            "screen",
            "screen",
            "第二屏",
            "已接" if two else "没有，转屏看",
            Tone.SUCCESS if two else Tone.PLAIN,
        )

    def _open_port(self, port: str) -> None:
        self.close()
        if not port:
            return
        self._serial = SerialScanner(port, parent=self)
        self._serial.scanned.connect(self._take_scan)
        self._serial.unfinished.connect(self._take_broken_scan)
        self._serial.condition_changed.connect(self._turned)
        self._serial.start()

    def _turned(self, condition: DeviceCondition) -> None:
        self._condition = condition
        self.changed.emit()

    def _keep(self, name: str, value: str) -> None:
        self._bench.desk.store.write(lambda transaction: put_setting(transaction.db, name, value))
