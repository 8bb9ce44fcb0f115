"""The audit trail as a file for an auditor: why, where to; signed, and kept in the trail (SEC-4)."""

from datetime import datetime
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from app.documents.audit_file import AuditMark, audit_csv
from app.domain.audit import Purpose
from app.domain.clock import instant_text
from app.storage import audit
from app.storage.site import get_site
from app.sync.store_outbox import StoreOutbox
from app.ui.audit.reason_sheet import ReasonSheet
from app.ui.bench import Bench
from app.ui.texts.audit import ACCESSES, why_words
from app.workflows.audit import export_trail
from app.workflows.desk import staff_name
from app.workflows.results import write_result

REASONS = (Purpose.INSPECTION, Purpose.CORRECTION, Purpose.OTHER)


class TakingOut(QObject):
    """Works over the page it is given; the file holds the whole chain of a time."""

    def __init__(self, bench: Bench, page: QWidget) -> None:
        super().__init__(page)
        self._bench, self._page = bench, page

    def ask(self, since: datetime, period: str) -> None:
        """Ask why and where; who may not is told at once."""
        if self._bench.bars("export_trail"):
            return
        sheet = ReasonSheet(
            self._page,
            self.tr("为什么导出审计记录？"),
            self.tr("{period}的全部审计记录").format(period=period),
            self.tr("谁、何时、为什么导出，写在文件里，也记入审计；文件有本机签名，改动看得出来。"),
            REASONS,
        )

        name = f"审计记录-{self._bench.desk.today():%Y%m%d}.csv"
        sheet.ask_for_file(self.tr("导出"), name, "CSV (*.csv)", partial(self.take_out, since))

    def take_out(self, since: datetime, file: Path, purpose: Purpose, words: str) -> None:
        """Keep that the trail leaves, then write it, this line its last."""
        why = why_words(purpose, words)

        def kept(lines: tuple[int, int]) -> None:
            self._bench.run_aside(self, written, self._bench.refuse, lambda: self._write(file, why, *lines))

        def written(count: int) -> None:
            self._bench.announce(self.tr("已导出 {n} 条审计记录：{file}").format(n=count, file=file.name))

        self._bench.submit(self, kept, export_trail, instant_text(since), purpose, words)

    def _write(self, file: Path, why: str, first: int, last: int) -> int:
        """Write the file; returns how many lines it holds, raises ResultNotWritten."""
        desk = self._bench.desk
        db, user = desk.read(), desk.user
        before, records = audit.run_of(db, first, last)
        people = {who for record in records for who in (record.line.staff_id, record.line.second_id) if who}
        names = {who: staff_name(db, who) for who in people}
        by = f"{user.name}（{user.staff_id}）" if user else ""
        mark = AuditMark(get_site(db).name, by, instant_text(desk.now()), why)
        key = StoreOutbox(desk.store).seal_key(desk.random)
        write_result(file, audit_csv(mark, before, records, key, names, ACCESSES))
        return len(records)
