"""The Chinese sentences of printers and print jobs."""

from collections.abc import Callable
from typing import Any

from app.devices import printer
from app.domain.refusals import Refusal
from app.ui.texts.sentence import Sentence

TROUBLES = {
    printer.Trouble.GONE: ("找不到这台打印机", "请检查打印机设置，或换一台打印机"),
    printer.Trouble.SERVICE_SILENT: ("打印服务没有回应", "请检查打印服务是否启动"),
    printer.Trouble.OUT_OF_PAPER: ("打印机缺纸", "请装纸，会自动接着打"),
    printer.Trouble.PAPER_JAM: ("打印机卡纸", "请取出卡住的纸"),
    printer.Trouble.COVER_OPEN: ("打印机盖子没有关", "请关好盖子"),
    printer.Trouble.OUT_OF_INK: ("打印机没有墨粉了", "请换墨粉"),
    printer.Trouble.OFFLINE: ("打印机没有连上", "请检查电源和连接线"),
    printer.Trouble.PAUSED: ("打印机已暂停", "请恢复打印"),
    printer.Trouble.REJECTING: ("打印机不接收任务", "请检查打印机设置"),
    printer.Trouble.OTHER: ("打印机停了", "请看打印机上的提示"),
}
"""What each trouble is called, and what to do about it."""

_KEPT = "记录已保存在本机，不受影响。"


def _in_trouble(refusal: printer.PrinterInTrouble) -> Sentence:
    happened, todo = TROUBLES[refusal.trouble]
    return Sentence(f"{happened}。", _KEPT, f"{todo}。")


SENTENCES: dict[type[Refusal], Callable[[Any], Sentence]] = {
    printer.PrinterInTrouble: _in_trouble,
    printer.NoPrinter: lambda _: Sentence(
        "这台电脑还没有选打印机，没有打印。",
        f"{_KEPT}没有另存成文件。",
        "请按 Ctrl+D 选打印机，再打一次；凭证也可以按 F12 存成 PDF。",
    ),
    printer.PrintJobRefused: lambda r: Sentence(
        f"打印机“{r.queue}”没有接收这份文件。", _KEPT, "请看打印机状态，再补打。"
    ),
    printer.PrintJobFailed: lambda r: Sentence(
        f"打印机“{r.queue}”没有打完这份文件。", _KEPT, "请在补打列表里再打一次。"
    ),
}
"""How each refusal of ``app.devices.printer`` is said."""
