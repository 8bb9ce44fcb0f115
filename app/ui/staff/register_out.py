"""The register of qualified staff as a file: why, where to; kept in the audit trail (STF-4, SEC-4)."""

from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from app.documents.staff_register import RegisterPaper, register_workbook
from app.domain.audit import Purpose
from app.storage.site import get_site
from app.ui.audit.reason_sheet import ReasonSheet
from app.ui.bench import Bench
from app.ui.texts.audit import why_words
from app.ui.texts.staff import counts_words, register_row
from app.workflows.results import write_result
from app.workflows.staff_register import export_register, register_counts, register_of

REASONS = (Purpose.INSPECTION, Purpose.OTHER)


class RegisterOut(QObject):
    """Works over the page it is given."""

    def __init__(self, bench: Bench, page: QWidget) -> None:
        super().__init__(page)
        self._bench, self._page = bench, page

    def ask(self) -> None:
        """Ask why and where; who may not is told at once."""
        if self._bench.bars("export_register"):
            return
        sheet = ReasonSheet(
            self._page,
            self.tr("为什么导出人员资格名册？"),
            self.tr("在岗的全部人员：岗位、合格证、应急处置"),
            self.tr("谁、何时、为什么导出，写在每一页的页眉页脚，也记入审计。"),
            REASONS,
        )

        name = f"人员资格名册-{self._bench.desk.today():%Y%m%d}.xlsx"
        sheet.ask_for_file(self.tr("导出"), name, "XLSX (*.xlsx)", self.take_out)

    def take_out(self, file: Path, purpose: Purpose, words: str) -> None:
        """Keep that the register leaves, then write it."""
        why = why_words(purpose, words)

        def kept(_: object) -> None:
            self._bench.run_aside(self, written, self._bench.refuse, lambda: self._write(file, why))

        def written(count: int) -> None:
            self._bench.announce(self.tr("已导出 {n} 人的名册：{file}").format(n=count, file=file.name))

        self._bench.submit(self, kept, export_register, purpose, words)

    def _write(self, file: Path, why: str) -> int:
        """Write the file; returns how many people it names, raises ResultNotWritten."""
        desk = self._bench.desk
        db, user, site = desk.read(), desk.user, get_site(desk.read())
        register = register_of(db)
        paper = RegisterPaper(
            site_name=site.name,
            rows=tuple(register_row(one, desk.today()) for one in register),
            counts=counts_words(register_counts(db, register, desk.today())),
            taken_by=user.name if user else "",
            taken_at=desk.now(),
            why=why,
            practice=site.practice,
        )
        write_result(file, register_workbook(paper))
        return len(register)
