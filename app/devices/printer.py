"""Printers as CUPS knows them: which there are, how they are, sending a PDF, what became of it (CRT-1).

Nothing here knows a patient: the title of a job is a kind of paper and a serial number.
"""

import os
import re
import subprocess
from dataclasses import dataclass
from enum import IntEnum, StrEnum

from app.devices import ipp
from app.domain.refusals import Refusal

_SEVERITIES = ("-error", "-warning", "-report")
_STOPPED = 5
_SUBMIT_PATIENCE_S = 20.0
_SERIAL = re.compile(r"[A-Za-z0-9-]{1,40}", re.ASCII)
_REQUEST_ID = re.compile(r"request id is .*-(\d+) ")


class PaperKind(StrEnum):
    """What is printed, as it stands in the title of the job."""

    CERTIFICATE = "certificate"
    BOOKLET = "booklet"
    TICKET = "ticket"
    OBSERVATION_SLIP = "observation-slip"
    FORECAST_SLIP = "forecast-slip"
    RECONCILIATION = "reconciliation"
    REPORT = "report"
    FORM = "form"
    TEST_PAGE = "test-page"


class Trouble(StrEnum):
    """Why a printer does not print, most urgent first."""

    GONE = "gone"
    SERVICE_SILENT = "service_silent"
    OUT_OF_PAPER = "out_of_paper"
    PAPER_JAM = "paper_jam"
    COVER_OPEN = "cover_open"
    OUT_OF_INK = "out_of_ink"
    OFFLINE = "offline"
    PAUSED = "paused"
    REJECTING = "rejecting"
    OTHER = "other"


_TROUBLES = {
    "media-empty": Trouble.OUT_OF_PAPER,
    "media-needed": Trouble.OUT_OF_PAPER,
    "media-jam": Trouble.PAPER_JAM,
    "door-open": Trouble.COVER_OPEN,
    "cover-open": Trouble.COVER_OPEN,
    "interlock-open": Trouble.COVER_OPEN,
    "toner-empty": Trouble.OUT_OF_INK,
    "marker-supply-empty": Trouble.OUT_OF_INK,
    "offline": Trouble.OFFLINE,
    "shutdown": Trouble.OFFLINE,
    "timed-out": Trouble.OFFLINE,
    "paused": Trouble.PAUSED,
}


class JobState(IntEnum):
    """RFC 8011 §5.3.7."""

    PENDING = 3
    HELD = 4
    PROCESSING = 5
    STOPPED = 6
    CANCELLED = 7
    ABORTED = 8
    COMPLETED = 9

    @property
    def is_final(self) -> bool:
        """Return whether nothing more will happen."""
        return self >= JobState.CANCELLED


@dataclass(unsafe_hash=True)
class PrinterInTrouble(Refusal):
    """The printer does not print now; ``reasons`` are the words of the print service."""

    queue: str
    trouble: Trouble
    reasons: tuple[str, ...] = ()


@dataclass(unsafe_hash=True)
class NoPrinter(Refusal):
    """No printer is chosen on this machine: nothing was printed, and no file was made instead."""


@dataclass(unsafe_hash=True)
class PrintJobRefused(Refusal):
    """The print service did not take the job."""

    queue: str
    said: str


@dataclass(unsafe_hash=True)
class PrintJobFailed(Refusal):
    """The job was taken and then cancelled or given up: the paper must be printed again."""

    queue: str
    state: JobState


@dataclass(frozen=True)
class PrintQueue:
    """A printer a person may choose."""

    name: str
    description: str
    location: str


@dataclass(frozen=True)
class PrinterState:
    """How a printer is at this moment."""

    queue: str
    trouble: Trouble | None
    reasons: tuple[str, ...]


def list_queues(service: ipp.IppService | None = None) -> list[PrintQueue]:
    """Return the queues of this machine, in their order; raises PrinterInTrouble if no service answers."""
    wanted = ["printer-name", "printer-info", "printer-location"]
    try:
        groups = (service or ipp.default_service()).ask(ipp.CUPS_GET_PRINTERS, "/", {}, wanted)
    except ipp.IppError as error:
        if error.status == ipp.NOT_FOUND:  # the service runs and has no printer
            return []
        raise _trouble("", error) from error
    found = ([_first(group, name) for name in wanted] for group in groups)
    return [PrintQueue(*texts) for texts in found if texts[0]]


def printer_state(queue: str, service: ipp.IppService | None = None) -> PrinterState:
    """Return how the printer is, within milliseconds; never raises."""
    wanted = ["printer-state", "printer-state-reasons", "printer-is-accepting-jobs"]
    path = ipp.printer_path(queue)
    try:
        groups = (service or ipp.default_service()).ask(
            ipp.GET_PRINTER_ATTRIBUTES, path, {"printer-uri": f"ipp://localhost{path}"}, wanted
        )
    except ipp.IppError as error:
        refusal = _trouble(queue, error)
        return PrinterState(queue, refusal.trouble, refusal.reasons)
    facts = groups[0] if groups else {}
    reasons = tuple(str(reason) for reason in facts.get("printer-state-reasons", []) if reason != "none")
    return PrinterState(queue, _trouble_of(facts, reasons), reasons)


def job_state(job_number: int, service: ipp.IppService | None = None) -> JobState:
    """Return what became of a job; a job the service has forgotten is completed. Raises PrinterInTrouble."""
    target = {"job-uri": f"ipp://localhost/jobs/{job_number}"}
    try:
        groups = (service or ipp.default_service()).ask(
            ipp.GET_JOB_ATTRIBUTES, "/jobs/", target, ["job-state"]
        )
    except ipp.IppError as error:
        if error.status == ipp.NOT_FOUND:
            return JobState.COMPLETED
        raise _trouble("", error) from error
    return JobState(int(groups[0]["job-state"][0]))


def job_title(kind: PaperKind, serial: str) -> str:
    """Return the title of a job, all that it tells; ``serial`` is letters, digits and hyphens."""
    if not _SERIAL.fullmatch(serial):
        raise ValueError("the title of a job holds a serial number and nothing else")
    return f"vaxpost-{kind}-{serial}"


def submit_pdf(pdf: bytes, *, queue: str, title: str, copies: int = 1) -> int:
    """Send a PDF by ``lp`` and return the number of the job; raises PrintJobRefused.

    It goes through standard input: paper that names people lies in no file of ours.
    """
    words = ["lp", "-d", queue, "-n", str(copies), "-t", title, "-"]
    plain = {**os.environ, "LC_ALL": "C"}
    try:
        done = subprocess.run(
            words, input=pdf, capture_output=True, check=False, env=plain, timeout=_SUBMIT_PATIENCE_S
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise PrintJobRefused(queue, str(error)) from error
    taken = _REQUEST_ID.search(done.stdout.decode("utf-8", "replace"))
    if done.returncode != 0 or taken is None:
        raise PrintJobRefused(queue, done.stderr.decode("utf-8", "replace").strip())
    return int(taken.group(1))


def _trouble(queue: str, error: ipp.IppError) -> PrinterInTrouble:
    trouble = Trouble.GONE if error.status == ipp.NOT_FOUND else Trouble.SERVICE_SILENT
    return PrinterInTrouble(queue, trouble, (str(error),))


def _trouble_of(facts: ipp.Attributes, reasons: tuple[str, ...]) -> Trouble | None:
    """Return the most urgent trouble; toner that is only low is none."""
    bare = {_bare(reason) for reason in reasons}
    found = {_TROUBLES[reason] for reason in bare if reason in _TROUBLES}
    for trouble in Trouble:
        if trouble in found:
            return trouble
    if _first(facts, "printer-is-accepting-jobs") == "False":
        return Trouble.REJECTING
    return Trouble.OTHER if facts.get("printer-state") == [_STOPPED] else None


def _bare(reason: str) -> str:
    for severity in _SEVERITIES:
        reason = reason.removesuffix(severity)
    return reason


def _first(facts: ipp.Attributes, name: str) -> str:
    return str(facts.get(name, [""])[0])
