"""Where paper goes: to a printer; at a practice site without one into a file that is gone at the end."""

import io
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from app.devices.printer import (
    NoPrinter,
    PaperKind,
    PrinterInTrouble,
    PrinterState,
    PrintJobFailed,
    PrintJobRefused,
)
from app.documents.bitmap import Bitmap

if TYPE_CHECKING:
    from app.devices.print_desk import PrintDesk, PrintJob

FILE = "file"
"""The print log's word for a sheet that went to no printer."""


class Printing(QObject):
    """Delivers finished paper; recording never waits for it, and no name stands in a title or file name."""

    changed = Signal()
    """The printer is another, in trouble or well again."""
    job_failed = Signal(object)
    """A refusal: the sheet did not come out and can be printed again."""

    def __init__(self, folder: Path, invented: Callable[[], bool]) -> None:
        """``invented``: nobody here is real, so that a sheet may lie in ``folder`` where there is no printer.

        A sheet of a real site is in no file of ours, printed or not (SEC-4).
        """
        super().__init__()
        self._folder, self._invented = folder, invented
        self._sweep()
        self._desk: PrintDesk | None = None
        self._queue = ""
        self.state: PrinterState | None = None

    @property
    def target(self) -> str:
        """Return what the print log says: the queue's name, or ``file``."""
        return self._queue or FILE

    @property
    def queue(self) -> str:
        """Return the queue in use, empty if there is none."""
        return self._queue

    def use(self, queue: str) -> None:
        """Send paper to this queue of the print service from now on."""
        from app.devices.print_desk import PrintDesk

        if self._desk is None:
            self._desk = PrintDesk(self)
            self._desk.printer_changed.connect(self._seen)
            self._desk.job_refused.connect(self._failed)
        self._queue = queue
        self._desk.look_at(queue)

    def require_way(self) -> None:
        """Pass where paper can go somewhere; raises NoPrinter."""
        if not (self._queue or self._invented()):
            raise NoPrinter()

    def deliver(self, pdf: bytes, serial: str, kind: PaperKind) -> str:
        """Send a sheet on its way and return where to, in words; raises NoPrinter."""
        self.require_way()
        if self._desk is not None and self._queue:
            self._desk.print_pdf(pdf, queue=self._queue, kind=kind, serial=serial)
            return f"打印机 {self._queue}"
        path = self._folder / f"{serial}.pdf"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(pdf)
        return f"文件 {path.name}"

    def deliver_slip(self, bitmap: Bitmap, serial: str, kind: PaperKind) -> str:
        """Send a ticket or a slip on its way: the same picture as PDF of its own width."""
        from PIL import Image

        page = io.BytesIO()
        Image.open(io.BytesIO(bitmap.png())).convert("L").save(page, "PDF", resolution=203)
        return self.deliver(page.getvalue(), serial, kind)

    def close(self) -> None:
        """Stop watching the printer; what it has taken it prints."""
        if self._desk is not None:
            self._desk.close()
        self._sweep()

    def _sweep(self) -> None:
        """Leave no paper behind: it names people, if invented ones, and is not encrypted."""
        for sheet in self._folder.glob("*.pdf"):
            with suppress(OSError):
                sheet.unlink()

    def _seen(self, state: PrinterState) -> None:
        self.state = state
        self.changed.emit()

    def _failed(self, job: "PrintJob", refusal: PrintJobRefused | PrintJobFailed | PrinterInTrouble) -> None:
        self.job_failed.emit(refusal)
