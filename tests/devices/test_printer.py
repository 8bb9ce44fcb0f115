"""Printing proved against a real CUPS daemon (CRT-1; ux.md *Printing*)."""

import struct
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pytestqt.qtbot import QtBot

from app.devices import ipp, printer
from app.devices.print_desk import PrintDesk, PrintJob
from app.devices.printer import JobState, PaperKind, PrinterInTrouble, PrinterState, Trouble
from app.ui.texts import sentence_of
from app.ui.texts.printing import TROUBLES
from tests.devices.cups import Cups, need_cups

QUEUE = "接种台-2"
PDF = b"%PDF-1.4 one page"


@pytest.fixture
def cups(monkeypatch: pytest.MonkeyPatch) -> Iterator[Cups]:
    need_cups()
    with tempfile.TemporaryDirectory(prefix="cups-") as folder:  # its printers run as another user
        cups = Cups(Path(folder))
        monkeypatch.setenv("CUPS_SERVER", str(cups.socket))
        with cups.running():
            yield cups


class Told:
    """A print desk and everything it said."""

    def __init__(self) -> None:
        self.desk = PrintDesk(watch_s=0.05)
        self.states: list[JobState] = []
        self.refused: list[tuple[PrintJob, object]] = []
        self.printers: list[Trouble | None] = []
        self.desk.job_changed.connect(lambda job: self.states.append(job.state))
        self.desk.job_refused.connect(lambda job, refusal: self.refused.append((job, refusal)))
        self.desk.printer_changed.connect(lambda state: self.printers.append(state.trouble))

    def __repr__(self) -> str:
        return f"Told({self.states}, {self.refused}, {self.printers})"


@pytest.fixture
def told() -> Iterator[Told]:
    told = Told()
    yield told
    told.desk.close()


def test_the_queues_a_person_may_choose_come_with_their_words(cups: Cups) -> None:
    assert printer.list_queues() == []
    cups.add_printer(QUEUE, "凭证 A5")
    cups.add_printer("tickets")
    assert set(printer.list_queues()) == {
        printer.PrintQueue("tickets", "tickets", "接种台 2"),
        printer.PrintQueue(QUEUE, "凭证 A5", "接种台 2"),
    }


def test_a_pdf_is_printed_and_its_job_followed_to_the_end(cups: Cups, told: Told, qtbot: QtBot) -> None:
    shelf = cups.add_printer(QUEUE)
    job = told.desk.print_pdf(PDF, queue=QUEUE, kind=PaperKind.CERTIFICATE, serial="20260314-0087")
    assert (job.state, job.number, told.states) == (JobState.PENDING, None, [])
    qtbot.waitUntil(lambda: told.states[-1:] == [JobState.COMPLETED])
    (printed,) = shelf.glob("*.pdf")
    assert printed.read_bytes() == PDF
    assert told.refused == []


def test_no_name_of_a_patient_reaches_the_print_service(cups: Cups, told: Told, qtbot: QtBot) -> None:
    """SEC-4: the title does not tell who it is about, and there is no file to have a name."""
    cups.add_printer(QUEUE)
    told.desk.print_pdf(PDF, queue=QUEUE, kind=PaperKind.CERTIFICATE, serial="20260314-0087")
    qtbot.waitUntil(lambda: told.states[-1:] == [JobState.COMPLETED])
    target = {"job-uri": "ipp://localhost/jobs/1"}
    (known,) = ipp.default_service().ask(ipp.GET_JOB_ATTRIBUTES, "/jobs/", target, ["all"])
    assert known["job-name"] == ["vaxpost-certificate-20260314-0087"]
    assert "欧阳" not in str(known)


@settings(deadline=None)
@given(st.text(max_size=60))
def test_the_title_of_a_job_takes_a_serial_number_and_nothing_else(serial: str) -> None:
    plain = serial.isascii() and serial.replace("-", "0").isalnum() and len(serial) <= 40
    if plain:
        assert printer.job_title(PaperKind.TICKET, serial) == f"vaxpost-ticket-{serial}"
    else:
        with pytest.raises(ValueError, match="serial number"):
            printer.job_title(PaperKind.TICKET, serial)


def test_a_printer_out_of_paper_says_so_and_goes_on_when_there_is_paper(
    cups: Cups, told: Told, qtbot: QtBot
) -> None:
    shelf = cups.add_printer(QUEUE, paper=False)
    told.desk.print_pdf(PDF, queue=QUEUE, kind=PaperKind.TICKET, serial="A017")
    qtbot.waitUntil(lambda: told.printers == [Trouble.OUT_OF_PAPER])
    assert JobState.COMPLETED not in told.states
    qtbot.waitUntil(lambda: JobState.PROCESSING in told.states)
    with qtbot.assertNotEmitted(told.desk.job_changed, wait=200):
        pass
    (shelf / "paper").touch()
    qtbot.waitUntil(lambda: told.printers == [Trouble.OUT_OF_PAPER, None])
    qtbot.waitUntil(lambda: told.states[-1:] == [JobState.COMPLETED])
    assert told.refused == []
    assert len(told.states) == len(set(told.states))


def test_a_printer_that_is_well_again_says_so_without_any_job(cups: Cups, told: Told, qtbot: QtBot) -> None:
    cups.add_printer(QUEUE)
    cups.tell("cupsdisable", QUEUE)
    told.desk.look_at(QUEUE)
    qtbot.waitUntil(lambda: told.printers == [Trouble.PAUSED])
    cups.tell("cupsenable", QUEUE)
    qtbot.waitUntil(lambda: told.printers == [Trouble.PAUSED, None])


def test_a_printer_out_of_paper_does_not_hold_up_another(cups: Cups, told: Told, qtbot: QtBot) -> None:
    cups.add_printer("empty", paper=False)
    cups.add_printer(QUEUE)
    for number in range(8):
        told.desk.print_pdf(PDF, queue="empty", kind=PaperKind.CERTIFICATE, serial=str(number))
    told.desk.print_pdf(PDF, queue=QUEUE, kind=PaperKind.TICKET, serial="A017")
    qtbot.waitUntil(lambda: JobState.COMPLETED in told.states)


def test_a_job_the_printer_gives_up_or_somebody_cancels_is_for_the_reprint_list(
    cups: Cups, told: Told, qtbot: QtBot
) -> None:
    shelf = cups.add_printer(QUEUE)
    (shelf / "broken").touch()
    told.desk.print_pdf(PDF, queue=QUEUE, kind=PaperKind.TICKET, serial="A017")
    qtbot.waitUntil(lambda: len(told.refused) == 1)
    cups.add_printer("empty", paper=False)
    told.desk.print_pdf(PDF, queue="empty", kind=PaperKind.TICKET, serial="A018")
    qtbot.waitUntil(lambda: Trouble.OUT_OF_PAPER in told.printers)
    cups.tell("cancel", "-a", "empty")
    qtbot.waitUntil(lambda: len(told.refused) == 2)
    failures = [refusal for _, refusal in told.refused]
    assert failures == [
        printer.PrintJobFailed(QUEUE, JobState.ABORTED),
        printer.PrintJobFailed("empty", JobState.CANCELLED),
    ]


def test_a_printer_that_stops_is_in_trouble_until_it_is_resumed(cups: Cups, told: Told, qtbot: QtBot) -> None:
    shelf = cups.add_printer(QUEUE)
    (shelf / "stuck").touch()
    told.desk.print_pdf(PDF, queue=QUEUE, kind=PaperKind.TICKET, serial="A017")
    qtbot.waitUntil(lambda: told.printers == [Trouble.PAUSED])
    (shelf / "stuck").unlink()
    cups.tell("cupsenable", QUEUE)
    qtbot.waitUntil(lambda: told.states[-1:] == [JobState.COMPLETED])
    qtbot.waitUntil(lambda: told.printers == [Trouble.PAUSED, None])


def test_an_unknown_queue_refuses_the_job_and_is_gone(cups: Cups, told: Told, qtbot: QtBot) -> None:
    job = told.desk.print_pdf(PDF, queue="nowhere", kind=PaperKind.TICKET, serial="A017")
    qtbot.waitUntil(lambda: len(told.refused) == 1)
    refused, refusal = told.refused[0]
    assert (refused, type(refusal)) == (job, printer.PrintJobRefused)
    told.desk.look_at("nowhere")
    qtbot.waitUntil(lambda: told.printers == [Trouble.GONE])


def test_paused_and_rejecting_printers_are_told_apart(cups: Cups) -> None:
    cups.add_printer(QUEUE)
    assert printer.printer_state(QUEUE) == PrinterState(QUEUE, None, ())
    cups.tell("cupsreject", QUEUE)
    assert printer.printer_state(QUEUE).trouble is Trouble.REJECTING
    cups.tell("cupsdisable", QUEUE)
    assert printer.printer_state(QUEUE).trouble is Trouble.PAUSED


def test_without_a_print_service_the_trouble_has_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CUPS_SERVER", str(tmp_path / "none.sock"))
    assert printer.printer_state(QUEUE).trouble is Trouble.SERVICE_SILENT
    for ask in (printer.list_queues, lambda: printer.job_state(1)):
        with pytest.raises(PrinterInTrouble) as caught:
            ask()
        assert caught.value.trouble is Trouble.SERVICE_SILENT
    with pytest.raises(printer.PrintJobRefused):
        printer.submit_pdf(PDF, queue=QUEUE, title="vaxpost-ticket-1")


def test_without_the_lp_command_the_job_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(printer.PrintJobRefused):
        printer.submit_pdf(PDF, queue=QUEUE, title="vaxpost-ticket-1")


def test_a_job_the_service_has_forgotten_counts_as_printed(cups: Cups) -> None:
    assert printer.job_state(4711) is JobState.COMPLETED


@pytest.mark.parametrize(
    ("server", "service"),
    [
        ("/run/x.sock", ipp.IppService("/run/x.sock")),
        ("print.example", ipp.IppService("print.example", 631)),
        ("print.example:8631/version=1.1", ipp.IppService("print.example", 8631)),
    ],
)
def test_the_service_is_the_one_lp_uses(
    monkeypatch: pytest.MonkeyPatch, server: str, service: ipp.IppService
) -> None:
    monkeypatch.setenv("CUPS_SERVER", server)
    assert ipp.default_service() == service


@settings(deadline=None)
@given(st.binary(max_size=80))
def test_any_rubbish_for_an_answer_is_an_ipp_error(data: bytes) -> None:
    try:
        groups = ipp.read_answer(data)
    except ipp.IppError:
        return
    assert isinstance(groups, list)


def test_an_attribute_of_several_values_is_read_whole() -> None:
    def attribute(tag: int, name: bytes, value: bytes) -> bytes:
        return struct.pack(f">BH{len(name)}sH", tag, len(name), name, len(value)) + value

    head = struct.pack(">HHIB", 0x0200, 0, 1, 1) + attribute(0x47, b"attributes-charset", b"utf-8")
    reasons = attribute(0x44, b"reasons", b"media-empty-error") + attribute(0x44, b"", b"paused")
    facts = attribute(0x23, b"state", b"\0\0\0\5") + attribute(0x22, b"accepting", b"\1")
    assert ipp.read_answer(head + b"\4" + reasons + facts + b"\3") == [
        {"reasons": ["media-empty-error", "paused"], "state": [5], "accepting": [True]}
    ]


def test_every_trouble_and_refusal_has_its_words() -> None:
    assert TROUBLES.keys() == set(Trouble)
    for trouble in Trouble:
        assert TROUBLES[trouble][0] in str(sentence_of(PrinterInTrouble(QUEUE, trouble)))
    for refusal in (printer.PrintJobRefused(QUEUE, "no"), printer.PrintJobFailed(QUEUE, JobState.ABORTED)):
        assert QUEUE in str(sentence_of(refusal))


def test_an_error_nobody_foresaw_comes_up_on_the_screen_thread(cups: Cups, told: Told, qtbot: QtBot) -> None:
    with qtbot.captureExceptions() as errors:
        told.desk.print_pdf(PDF, queue="nul\0", kind=PaperKind.TICKET, serial="1")
        qtbot.waitUntil(lambda: len(errors) == 1)
    assert errors[0][0] is ValueError
