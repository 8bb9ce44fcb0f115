"""A certificate that leaves the program as a file: the reason, the place, the mark on every sheet (SEC-4)."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from app.documents.certificate_sheet import Paper
from app.domain.audit import Purpose
from app.domain.clock import CHINA
from app.domain.refusals import Refusal
from app.ui.audit.reason_sheet import ReasonSheet
from app.ui.bench import Bench
from app.ui.certificate.making import Made, mark_certificate
from app.ui.texts.audit import why_words
from app.workflows.certificates import issue_and_save
from app.workflows.results import write_result

REASONS = (Purpose.CERTIFICATE, Purpose.ENTRY_CHECK, Purpose.ENQUIRY, Purpose.INSPECTION, Purpose.OTHER)


class Saving(QObject):
    """Works over the page it is given; ``done`` is called when the file is written, or nothing came of it."""

    def __init__(self, bench: Bench, page: QWidget) -> None:
        super().__init__(page)
        self._bench, self._page = bench, page
        self.sheet: ReasonSheet | None = None

    def ask(self, made: Made, patient_id: str, paper: Paper, done: Callable[[], object]) -> None:
        """Ask why and where; who may not is told at once."""
        if self._bench.bars("issue_and_save"):
            return
        sheet = ReasonSheet(
            self._page,
            self.tr("为什么把凭证存成文件？"),
            self.tr("{name}·凭证 {serial}").format(name=made.facts.holder.name, serial=made.facts.serial),
            self.tr("谁、何时、为什么导出，印在每一页上，并记入审计。文件含个人信息，用后请删除。"),
            REASONS,
        )

        def take(file: Path, purpose: Purpose, words: str) -> None:
            self.save(made, patient_id, paper, file, (purpose, words), done)

        sheet.closed.connect(self._closed)
        self.sheet = sheet
        sheet.ask_for_file(self.tr("存成 PDF"), f"凭证-{made.facts.serial}.pdf", "PDF (*.pdf)", take)

    def save(
        self,
        made: Made,
        patient_id: str,
        paper: Paper,
        file: Path,
        why: tuple[Purpose, str],
        done: Callable[[], object],
    ) -> None:
        """Mark every sheet, keep that it leaves, and write it."""
        purpose, words = why
        mark = self.mark(purpose, words)

        def refused(refusal: Refusal) -> None:
            self._bench.refuse(refusal)
            done()

        def write(pdf: bytes) -> None:
            self._bench.run_aside(self, written, refused, lambda: write_result(file, pdf))

        def written(_: None) -> None:
            self._bench.announce(
                self.tr("凭证 {serial} 已存成文件，用后请删除").format(serial=made.facts.serial)
            )
            done()

        def marked(pdf: bytes) -> None:
            args = (patient_id, made.facts, made.signed, made.key_id, purpose, words)
            self._bench.submit_or(self, lambda _: write(pdf), refused, issue_and_save, *args)

        self._bench.run_aside(self, marked, refused, lambda: mark_certificate(made, paper, mark))

    def mark(self, purpose: Purpose, words: str) -> str:
        """Return who takes it out, when and why, as it stands on the sheets."""
        user, at = self._bench.desk.user, self._bench.now().astimezone(CHINA)
        return f"{user.name if user else ''}　{at:%Y-%m-%d %H:%M}　{why_words(purpose, words)}"

    def _closed(self) -> None:
        self.sheet = None
