"""Ctrl+D: which printer and which serial scanner this desk uses; nothing needs a restart."""

from collections.abc import Callable
from functools import partial

from PySide6.QtWidgets import QWidget

from app.devices.printer import PaperKind, PrintQueue, list_queues
from app.devices.scanner_check import CHECK_LABEL
from app.devices.serial_scanner import serial_ports
from app.devices.sounds import Sounds
from app.domain.refusals import Refusal
from app.ui.bench import Bench
from app.ui.device_watch import DeviceWatch
from app.ui.kit.buttons import ActionButton
from app.ui.kit.layouts import box, column, row
from app.ui.kit.sheet import Sheet
from app.ui.kit.text import Text
from app.ui.kit.tokens import LIGHT, SECTION_TEXT
from app.ui.scanner_check_sheet import ScannerCheckSheet
from app.ui.sound_test import SoundTest

MOST_PRINTERS, MOST_PORTS = 5, 4
"""So many fit a small screen; who has more chooses in the system which of them there are."""


class DeviceSheet:
    """Lists what the machine has; one key chooses."""

    def __init__(self, over: QWidget, bench: Bench, watch: DeviceWatch, sounds: Sounds) -> None:
        self._over, self._bench, self._watch, self._sounds = over, bench, watch, sounds
        self._sheet: Sheet | None = None
        self.check = ScannerCheckSheet(over)

    def open_sheet(self) -> None:
        """Ask the print service aside, then show what there is."""
        self._bench.run_aside(self._over, self._show, lambda refusal: self._show([]), _queues)

    def close(self) -> None:
        """Take the sheet away."""
        if self._sheet is not None:
            self._sheet.close_sheet()

    def _show(self, queues: list[PrintQueue]) -> None:
        buttons: list[ActionButton] = []

        def next_key() -> str:
            return "1234567890"[len(buttons) : len(buttons) + 1]

        def offer(words: str, note: str, act: Callable[[], object]) -> ActionButton:
            button = ActionButton(words, next_key(), subtitle=note, size=SECTION_TEXT)
            button.clicked.connect(lambda: self._choose(act))
            buttons.append(button)
            return button

        printers = [
            offer(
                queue.name,
                queue.description or "系统里的打印机",
                partial(self._watch.use_printer, queue.name),
            )
            for queue in queues[:MOST_PRINTERS]
        ]
        printers.append(
            offer(
                "不打印",
                "要文件的，到“凭证”按 F12，要说明原因",
                partial(self._watch.use_printer, ""),
            )
        )
        ports = [
            offer(port.name, port.description or "串口", partial(self._watch.use_port, port.name))
            for port in serial_ports()[:MOST_PORTS]
        ]
        ports.append(offer("键盘式扫码枪", "插上就能用，不用选端口", partial(self._watch.use_port, "")))
        check = offer("检查扫码枪", "扫屏幕上的码，看回车、分隔符、大小写、快慢对不对", self._check)
        paper = offer("打印扫码枪设置页", "试扫的码和要设的几项，放在枪旁边", self._print)
        sound = SoundTest(self._sounds, next_key())
        buttons.append(sound)
        left = column(
            Text("打印机", SECTION_TEXT, bold=True), *printers, 8,
            Text("声音", SECTION_TEXT, bold=True, colour=LIGHT.ink), sound, None,
        )  # fmt: skip
        right = column(Text("扫码枪", SECTION_TEXT, bold=True), *ports, check, paper, None)
        body = row(box(left), box(right), gap=24)
        body.setStretch(0, 1)
        body.setStretch(1, 1)
        if self._sheet is not None:
            self._sheet.deleteLater()
        self._sheet = Sheet(self._over, "设备", box(body), width=1000)
        for button in buttons:
            button.bind(self._sheet)
        self._sheet.open_sheet()

    def _check(self) -> None:
        self.close()
        self.check.open_sheet()

    def _print(self) -> None:
        from app.documents.codes import gs1_data_matrix
        from app.documents.scanner_sheet import scanner_pdf

        bench, now = self._bench, self._bench.now()

        def work() -> str:
            pdf = scanner_pdf(gs1_data_matrix(CHECK_LABEL))
            return bench.printing.deliver(pdf, f"scanner-{now:%Y%m%d%H%M%S}", PaperKind.FORM)

        bench.run_aside(
            self._over, lambda where: bench.announce(f"扫码枪设置页：{where}"), bench.refuse, work
        )

    def _choose(self, act: Callable[[], object]) -> None:
        act()
        self.close()


def _queues() -> list[PrintQueue]:
    try:
        return list_queues()
    except Refusal:
        return []
