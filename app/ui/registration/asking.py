"""From somebody not found here to the centre's answer: off the screen thread, to be cancelled, on record."""

import threading
from collections.abc import Callable

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from app.domain.clock import CHINA, read_instant
from app.domain.identity import DocumentType
from app.domain.refusals import Refusal
from app.storage.catalogue import all_products
from app.storage.site import get_site
from app.sync.frame import MessageMalformed
from app.sync.lookup import FoundDose, FoundPerson, LookUp, look_up
from app.sync.transport import AnswerForeign, CentreBusy, CentreDeclined, CentreUnreachable
from app.ui.bench import Bench, CentreLine
from app.ui.registration.ask_sheets import Asked, AskSheet, FoundSheet, FoundWords
from app.ui.registration.form_view import FormView
from app.ui.texts import sentence_of
from app.ui.texts.words import SEXES
from app.workflows.audit import ask_centre

Outcome = tuple[FoundPerson, ...] | BaseException
_GO_ON = "没有查到资料。可以照常新建档案，联网后再查。"


class CentreAsking(QObject):
    """Works over what the page stands in."""

    closed = Signal()
    """Its sheets are gone: the page takes the keyboard."""
    _answered = Signal(object, object)

    def __init__(
        self, bench: Bench, page: QWidget, form: Callable[[], FormView], begin_new: Callable[[None], object]
    ) -> None:
        """``begin_new`` brings the empty form to the front."""
        super().__init__(page)
        self._bench, self._page, self._form, self._begin_new = bench, page, form, begin_new
        self._anew = False
        self._line: CentreLine | None = None
        """Of the question under way."""
        self.sheet: AskSheet | FoundSheet | None = None
        self._answered.connect(self._take_answer)

    def ask_anew(self) -> None:
        """Ask for somebody of whom only the document is at hand; a new record begins with the answer."""
        self._anew = True
        self._ask(DocumentType.CITIZEN_CARD, "")

    def ask_in_form(self) -> None:
        """Ask for whom the new record in the form is made."""
        self._anew = False
        self._ask(*self._form().document)

    def _ask(self, document_type: str, number: str) -> None:
        if self._bench.open_line is None:
            self._bench.announce("这台电脑没有连接中心，不能查；可以照常新建档案")
            return
        if self._bench.bars("ask_centre"):
            return
        sheet = AskSheet(self._over(), document_type, number, self._send)
        self._open(sheet)
        first = sheet.number if not number else sheet.rows[0]
        sheet.open_sheet(first)

    def _over(self) -> QWidget:
        return self._page.parentWidget() or self._page

    def _open(self, sheet: AskSheet | FoundSheet) -> None:
        self.sheet = sheet
        sheet.closed.connect(lambda: self._closed(sheet))

    def _closed(self, sheet: AskSheet | FoundSheet) -> None:
        """Esc: a question under way is broken off, and what comes of it is nobody's."""
        if self.sheet is not sheet:
            return
        self.sheet = None
        if self._line is not None:
            self._line.cancel()
            self._line = None
        self.closed.emit()

    def _send(self, asked: Asked) -> None:
        open_line, user = self._bench.open_line, self._bench.desk.user
        if open_line is None or user is None or self._line is not None:
            return
        sheet = self.sheet
        assert isinstance(sheet, AskSheet), "its button was pressed"
        sheet.show_waiting()
        site = get_site(self._bench.read()).site_id
        question = LookUp(site, user.staff_id, asked.document_type, asked.number, asked.reason)

        def kept(_: None) -> None:
            if self.sheet is sheet:
                self._begin(open_line(), question, asked)

        def refused(refusal: Refusal) -> None:
            if self.sheet is sheet:
                sheet.show_said(str(sentence_of(refusal)))

        self._bench.submit_or(self, kept, refused, ask_centre, asked.number, asked.reason)

    def _begin(self, line: CentreLine, question: LookUp, asked: Asked) -> None:
        """Ask, now that the trail has it."""
        self._line = line
        work = _work(line, question, lambda outcome: self._answered.emit((line, asked), outcome))
        threading.Thread(target=work, name="look-up", daemon=True).start()

    def _take_answer(self, of: tuple[CentreLine, Asked], outcome: Outcome) -> None:
        line, asked = of
        if line is not self._line or not isinstance(self.sheet, AskSheet):
            return
        self._line = None
        if isinstance(outcome, Refusal):
            self.sheet.show_said(_words_of(outcome))
        elif isinstance(outcome, BaseException):
            self.sheet.show_said(_GO_ON)
            raise outcome
        elif not outcome:
            self.sheet.show_said("中心也没有这个证件的档案。请核对号码；没有错，就照常新建档案。")
        else:
            self._show_found(asked, outcome)

    def _show_found(self, asked: Asked, people: tuple[FoundPerson, ...]) -> None:
        names = {one.vaccine_code: one.vaccine_name for one in all_products(self._bench.read())}
        words = [FoundWords(_who(one), [_dose(dose, names) for dose in one.doses]) for one in people]
        sheet = FoundSheet(self._over(), words, lambda place: self._take_over(asked, people[place]))
        old, self.sheet = self.sheet, None
        if old is not None:
            old.close_sheet()
        self._open(sheet)
        sheet.open_sheet(sheet.rows[0])

    def _take_over(self, asked: Asked, person: FoundPerson) -> None:
        if self._anew:
            self._begin_new(None)
        self._form().take_found(asked.number, person.name or "", person.sex or "", person.birth_on or "")


def _work(line: CentreLine, question: LookUp, told: Callable[[Outcome], object]) -> Callable[[], None]:
    """Return what asks on a thread of its own; the line is let go whatever comes."""

    def work() -> None:
        try:
            outcome: Outcome = look_up(line, question)
        except Exception as error:  # noqa: BLE001 - an outer edge: told on the screen thread
            outcome = error
        finally:
            line.close()
        told(outcome)

    return work


def _words_of(refusal: Refusal) -> str:
    if isinstance(refusal, CentreBusy):
        return (
            f"中心现在很忙，或查得太多，没有查询。请过 {max(1, round(refusal.retry_after_s))} 秒再按 Enter。"
        )
    sentence = sentence_of(refusal)
    if isinstance(refusal, CentreUnreachable | AnswerForeign | MessageMalformed):
        return f"{sentence.happened}{_GO_ON}"
    assert isinstance(refusal, CentreDeclined), "what a look-up raises"
    return f"{sentence.happened}{sentence.todo}"


def _who(person: FoundPerson) -> str:
    sex = {str(sex): words for sex, words in SEXES.items()}.get(person.sex or "", "性别不明")
    return f"{person.name or '没有姓名'}·{sex}·{person.birth_on or '没有生日'} 出生·{len(person.doses)} 剂"


def _dose(dose: FoundDose, names: dict[str, str]) -> str:
    vaccine = names.get(dose.vaccine_code or "", f"疫苗 {dose.vaccine_code or '不明'}")
    try:
        at = f"{read_instant(dose.occurred_at or '').astimezone(CHINA):%Y-%m-%d}"
    except ValueError:
        at = "时间不明"
    number = f" 第 {dose.dose_number} 剂" if dose.dose_number else ""
    return f"{at} {vaccine}{number}·批号 {dose.lot_number or '不明'}"
