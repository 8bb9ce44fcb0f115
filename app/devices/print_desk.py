"""Printing that nobody waits for: jobs are sent, watched and reported from a thread of their own (CRT-1)."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from threading import Event, Lock

from PySide6.QtCore import QObject, Signal

from app.devices.printer import (
    JobState,
    PaperKind,
    PrinterInTrouble,
    PrinterState,
    PrintJobFailed,
    PrintJobRefused,
    job_state,
    job_title,
    printer_state,
    submit_pdf,
)

WATCH_S = 1.0


@dataclass(frozen=True)
class PrintJob:
    """One paper on its way."""

    job_id: int
    """Counts the jobs of this desk; known before the print service has heard of it."""
    pdf: bytes = field(repr=False)
    queue: str
    title: str
    copies: int = 1
    number: int | None = None
    """The number of the print service."""
    state: JobState = JobState.PENDING


class PrintDesk(QObject):
    """Takes papers at once and says later what became of them; no printer waits for another."""

    job_changed = Signal(PrintJob)
    """A job was taken, goes on or has ended well; emitted once per state."""

    job_refused = Signal(PrintJob, object)
    """The job ended without paper: PrintJobRefused or PrintJobFailed. It can be printed again."""

    printer_changed = Signal(PrinterState)
    """A printer with a waiting job is in trouble (out of paper, …) or well again."""

    _broken = Signal(object)

    def __init__(self, parent: QObject | None = None, *, watch_s: float = WATCH_S) -> None:
        super().__init__(parent)
        self._watch_s = watch_s
        self._count = 0
        self._lock = Lock()
        self._waiting: dict[int, PrintJob] = {}
        self._printers: dict[str, PrinterState] = {}
        self._closing = Event()
        self._broken.connect(_raise)
        self._workers = ThreadPoolExecutor(max_workers=4, thread_name_prefix="printing")
        self._submit(self._watch)

    def print_pdf(self, pdf: bytes, *, queue: str, kind: PaperKind, serial: str, copies: int = 1) -> PrintJob:
        """Return the job at once."""
        self._count += 1
        job = PrintJob(self._count, pdf, queue, job_title(kind, serial), copies)
        self._submit(self._send, job)
        return job

    def look_at(self, queue: str) -> None:
        """Ask how a printer is; the answer comes as ``printer_changed`` in any case."""
        self._submit(self._look_at, queue)

    def close(self) -> None:
        """Stop watching; jobs that were taken are printed by the print service all the same."""
        self._closing.set()
        self._workers.shutdown(wait=True, cancel_futures=True)

    def _submit(self, work: Callable[..., None], *what: object) -> None:
        self._workers.submit(work, *what).add_done_callback(self._report_broken)

    def _report_broken(self, future: "Future[None]") -> None:
        error = None if future.cancelled() else future.exception()
        if error is not None:
            self._broken.emit(error)

    def _send(self, job: PrintJob) -> None:
        try:
            number = submit_pdf(job.pdf, queue=job.queue, title=job.title, copies=job.copies)
        except PrintJobRefused as refusal:
            self.job_refused.emit(job, refusal)
            return
        taken = replace(job, number=number)
        self.job_changed.emit(taken)
        with self._lock:
            self._waiting[job.job_id] = taken

    def _watch(self) -> None:
        while not self._closing.wait(self._watch_s):
            with self._lock:
                jobs = list(self._waiting.values())
                troubled = {queue for queue, state in self._printers.items() if state.trouble}
            for queue in troubled | {job.queue for job in jobs}:
                self._watch_printer(queue)
            for job in jobs:
                self._watch_job(job)

    def _watch_printer(self, queue: str) -> None:
        with self._lock:
            before = self._printers.get(queue)
        seen = printer_state(queue)
        if seen != before and (seen.trouble or before is not None):
            self._know(seen)

    def _look_at(self, queue: str) -> None:
        self._know(printer_state(queue))

    def _know(self, seen: PrinterState) -> None:
        with self._lock:
            self._printers[seen.queue] = seen
        self.printer_changed.emit(seen)

    def _watch_job(self, job: PrintJob) -> None:
        assert job.number is not None
        try:
            seen = replace(job, state=job_state(job.number))
        except PrinterInTrouble:
            return
        with self._lock:
            self._waiting[job.job_id] = seen
            if seen.state.is_final:
                del self._waiting[job.job_id]
        if seen.state in (JobState.CANCELLED, JobState.ABORTED):
            self.job_refused.emit(seen, PrintJobFailed(seen.queue, seen.state))
        elif seen != job:
            self.job_changed.emit(seen)


def _raise(error: BaseException) -> None:
    """Let an error of a worker come up on the screen thread, where errors are reported."""
    raise error
