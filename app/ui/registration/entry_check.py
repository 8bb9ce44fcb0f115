"""From registration to the entry check and its papers, off the screen thread, on record (APP-8, SEC-4)."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QFileDialog, QWidget

from app.devices.printer import PaperKind
from app.documents.entry_check_paper import (
    EntryPaper,
    EntryRow,
    entry_check_pdf,
    entry_check_workbook,
)
from app.domain.people import Patient
from app.domain.refusals import Refusal
from app.storage.site import get_site
from app.ui.bench import Bench
from app.ui.kit.buttons import ActionButton
from app.ui.kit.tokens import Tone
from app.ui.registration.entry_check_sheet import EntryCheckSheet
from app.ui.texts import sentence_of
from app.ui.texts.entry_check import PERSON_TITLE, TITLE, counts_words, row_of_child, row_of_person
from app.ui.texts.reasons import names_in
from app.workflows.class_list import read_class_list
from app.workflows.entry_check import (
    CheckedChild,
    MatchedChild,
    check_children,
    check_class,
    check_person,
    match_children,
    print_entry_check,
)
from app.workflows.finding import Hit
from app.workflows.forecast import packs_in_use
from app.workflows.results import write_result

T = TypeVar("T")
SLICE = 20
"""Children judged at a time: a ticket waits no longer than that for its printer."""
WORKBOOKS = "Excel (*.xlsx)"

Judged = list[tuple[CheckedChild, EntryRow]]


class EntryChecking(QObject):
    """Opens the sheet, asks for files, and brings each slice of a list home."""

    def __init__(
        self, bench: Bench, page: QWidget, button: ActionButton, whom: Callable[[], Hit | None]
    ) -> None:
        """``whom`` tells who is shown at registration."""
        super().__init__(page)
        self._bench, self._page, self._whom = bench, page, whom
        self.sheet: EntryCheckSheet | None = None
        self._file = Path()
        self._on, self._why = date.min, ""
        self._judged: Judged = []
        button.clicked.connect(self.open)

    def open(self) -> None:
        """Open the sheet over the page."""
        hit = self._whom()
        sheet = EntryCheckSheet(self._page, hit.patient.name if hit else "")
        if hit is not None:
            sheet.person_asked.connect(lambda: self._check_person(hit.patient))
        sheet.list_asked.connect(self._choose_list)
        sheet.save_asked.connect(self._choose_result)
        sheet.print_asked.connect(self.print_list)
        sheet.closed.connect(self._closed)
        self.sheet, self._judged = sheet, []
        sheet.open_sheet(sheet.why)

    def _closed(self) -> None:
        self.sheet, self._judged = None, []

    # --- one person ---

    def _check_person(self, patient: Patient) -> None:
        if self.sheet is not None and not self._bench.cannot_print():
            self._act(lambda _: self._print_person(patient), print_entry_check, patient.patient_id)

    def _print_person(self, patient: Patient) -> None:
        today, packs = self._bench.desk.today(), packs_in_use()
        why, now = self._words(), self._bench.now()
        rules, names = packs.on(today), names_in(packs)

        def work() -> tuple[EntryRow, str]:
            found = check_person(self._bench.read(), patient, today)
            row = row_of_person(patient, found, rules, names)
            paper = self._paper(PERSON_TITLE, (row,), "", unverified=found.unverified, on=today, why=why)
            serial = f"entry-check-{now:%Y%m%d-%H%M%S}"
            return row, self._bench.printing.deliver(entry_check_pdf(paper), serial, PaperKind.REPORT)

        def printed(result: tuple[EntryRow, str]) -> None:
            row, where = result
            if self.sheet is not None:
                self.sheet.begin()
                self.sheet.add_rows([row])
                self.sheet.show_done(has_list=False)
                self.sheet.say(f"{row.name}：{row.verdict}。结果已送到{where}。", Tone.SUCCESS)

        self._judged = []
        self._aside(printed, work)

    # --- a list ---

    def _choose_list(self) -> None:
        chosen, _ = QFileDialog.getOpenFileName(self._page, "选班级名单", "", WORKBOOKS)
        if chosen:
            self.take_list(Path(chosen))

    def take_list(self, file: Path) -> None:
        """Read a list and find its children; judge them once it is on record."""
        assert self.sheet is not None, "its button was pressed"
        self._file, self._on, self._judged = file, self._bench.desk.today(), []
        self._why = self._words()
        self.sheet.begin()
        self.sheet.say(f"正在读 {file.name}……")
        today = self._on
        self._aside(self._matched, lambda: match_children(self._bench.read(), read_class_list(file, today)))

    def _matched(self, matched: tuple[MatchedChild, ...]) -> None:
        self._act(lambda _: self._judge(matched), check_class, matched, self._file.name, self._why)

    def _judge(self, matched: tuple[MatchedChild, ...]) -> None:
        """Judge the next slice; what is done is shown meanwhile."""
        if self.sheet is None:
            return
        done = len(self._judged)
        if done >= len(matched):
            counts = counts_words([one for one, _ in self._judged])
            self.sheet.show_done(has_list=bool(matched))
            self.sheet.say(f"{counts}。Alt+3 存成表格，Alt+4 打印。", Tone.SUCCESS)
            return
        self.sheet.say(f"正在查：{done} / {len(matched)}。按 Esc 停止。")
        on, packs = self._on, packs_in_use()
        rules, names = packs.on(on), names_in(packs)

        def work() -> Judged:
            found = check_children(self._bench.read(), matched[done : done + SLICE], on)
            return [(one, row_of_child(one, rules, names)) for one in found]

        def judged(found: Judged) -> None:
            if self.sheet is not None:
                self._judged += found
                self.sheet.add_rows([row for _, row in found])
                self._judge(matched)

        self._aside(judged, work)

    def _choose_result(self) -> None:
        name = f"{self._file.stem}-查验结果.xlsx"
        chosen, _ = QFileDialog.getSaveFileName(self._page, "存成表格", name, WORKBOOKS)
        if chosen:
            self.save_list(Path(chosen))

    def save_list(self, file: Path) -> None:
        """Write the result as a workbook."""
        paper = self._list_paper()
        self._aside(
            lambda _: self._told(f"已存成 {file.name}。含个人信息，用后请删除。"),
            lambda: write_result(file, entry_check_workbook(paper)),
        )

    def print_list(self) -> None:
        """Print the result."""
        paper, serial = self._list_paper(), f"entry-check-{self._bench.now():%Y%m%d-%H%M%S}"
        self._aside(
            lambda where: self._told(f"名单已送到{where}。"),
            lambda: self._bench.printing.deliver(entry_check_pdf(paper), serial, PaperKind.REPORT),
        )

    def _list_paper(self) -> EntryPaper:
        checked = [one for one, _ in self._judged]
        unverified = any(one.check.unverified for one in checked if one.check)
        rows = tuple(row for _, row in self._judged)
        return self._paper(
            TITLE, rows, counts_words(checked), unverified=unverified, on=self._on, why=self._why
        )

    # --- both ---

    def _words(self) -> str:
        return self.sheet.why.text().strip() if self.sheet is not None else ""

    def _paper(
        self, title: str, rows: tuple[EntryRow, ...], counts: str, *, unverified: bool, on: date, why: str
    ) -> EntryPaper:
        site, user = get_site(self._bench.read()), self._bench.desk.user
        return EntryPaper(
            title, site.name, on, rows, counts, unverified, self._bench.now(),
            user.name if user else "", f"入托入学查验 {why}".strip(), site.practice,
        )  # fmt: skip

    def _told(self, words: str) -> None:
        if self.sheet is not None:
            self.sheet.say(words, Tone.SUCCESS)

    def _act(self, done: Callable[[None], object], act: Callable[..., None], *args: object) -> None:
        assert self.sheet is not None, "acts are asked for on the sheet"
        self._bench.submit_or(self.sheet, done, self._refused, act, *args)

    def _aside(self, done: Callable[[T], object], work: Callable[[], T]) -> None:
        assert self.sheet is not None, "work is asked for on the sheet"
        self._bench.run_aside(self.sheet, done, self._refused, work)

    def _refused(self, refusal: Refusal) -> None:
        if self.sheet is not None:
            said = sentence_of(refusal)
            self.sheet.show_done(has_list=bool(self._judged))
            self.sheet.say(f"{said.happened}{said.safe}{said.todo}", Tone.WARNING)
