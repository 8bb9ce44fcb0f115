"""From a person to a dose that counts no more: the list, the reason, the act (REG-8)."""

from functools import partial

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from app.domain.clock import CHINA, read_instant
from app.domain.journal import Json
from app.domain.people import Patient
from app.domain.refusals import Refusal
from app.domain.visit import VisitState
from app.storage import certificates, encounters, immunizations
from app.ui.bench import Bench
from app.ui.certificate.records_sheet import RecordsSheet
from app.ui.certificate.void_sheet import VoidSheet, VoidWords
from app.ui.kit.sheet import Sheet
from app.ui.texts.registration import document_words
from app.ui.texts.words import SEXES, dose_words
from app.workflows.desk import SecondPerson, staff_name
from app.workflows.immunization import void_immunization

WARNING = "针真的打了、只是记错的：先联系医生，按差错报告；人还在的，看着留观满 30 分钟。"
_OVER = "这次就诊同时结束，号票不能再用；要重新记录，请重新取号，从预检做起。"


class Voiding(QObject):
    """Works over the page it is given; the page hears of the outcome as of any other act."""

    def __init__(self, bench: Bench, page: QWidget) -> None:
        super().__init__(page)
        self._bench, self._page = bench, page
        self._sheet: Sheet | None = None
        self._acting = False

    @property
    def is_open(self) -> bool:
        """Return whether one of its sheets is open."""
        return self._sheet is not None

    def ask(self, patient: Patient, encounter_id: str) -> None:
        """Show a person's doses; that of the visit named, if it has one, stands out first."""
        doses = immunizations.recorded_here(self._bench.read(), patient.patient_id)[::-1]
        if not doses:
            self._bench.announce(f"{patient.name} 在本单位还没有接种记录")
            return
        marked = next(
            (row for row, dose in enumerate(doses) if dose["encounter_id"] == encounter_id), 0
        )  # fmt: skip
        who = who_words(patient)

        def name(staff_id: str) -> str:
            return staff_name(self._bench.read(), staff_id)

        self._open(RecordsSheet(self._page, who, doses, marked, partial(self._ask_why, patient), name))

    def _ask_why(self, patient: Patient, dose: Json) -> None:
        words = self._words(patient, dose)

        def void(reason: str, second: SecondPerson) -> None:
            self._void(sheet, patient, dose, reason, second)

        sheet = VoidSheet(self._page, self._bench, words, void)
        self._open(sheet)

    def _open(self, sheet: Sheet) -> None:
        self._sheet = sheet
        sheet.closed.connect(self._closed)
        sheet.open_sheet()

    def _closed(self) -> None:
        self._sheet = None

    def _void(
        self, sheet: VoidSheet, patient: Patient, dose: Json, reason: str, second: SecondPerson
    ) -> None:
        """Void it; Enter pressed twice is one act."""
        if self._acting:
            return
        self._acting = True
        self._bench.submit_or(
            self,
            lambda _: self._done(sheet, patient, dose, reason),
            lambda refusal: self._refused(sheet, refusal),
            void_immunization,
            dose["immunization_id"],
            reason,
            second,
        )

    def _done(self, sheet: VoidSheet, patient: Patient, dose: Json, reason: str) -> None:
        self._acting = False
        sheet.close_sheet()
        words = f"{patient.name}·{dose['vaccine_name']} {dose_words(dose['dose_number'])}"
        self._bench.announce(f"已作废：{words}（{reason}），原记录保留")

    def _refused(self, sheet: VoidSheet, refusal: Refusal) -> None:
        self._acting = False
        sheet.show_refusal(refusal)

    def _words(self, patient: Patient, dose: Json) -> VoidWords:
        db = self._bench.read()
        at = read_instant(dose["occurred_at"]).astimezone(CHINA)
        prints = certificates.prints_stating(db, patient.patient_id, dose["immunization_id"])
        state = encounters.get_encounter(db, dose["encounter_id"]).state
        follows = ["原记录保留，标为作废，照样上传；不再计入剂次，追溯码不算用掉。"]
        if prints:
            follows.append(f"写着这一剂的凭证（已印 {prints} 张）随之失效，请收回，重新打印。")
        others = [
            other["vaccine_name"]
            for other in immunizations.all_of_encounter(db, dose["encounter_id"])
            if other["immunization_id"] != dose["immunization_id"]
        ]
        if others:
            follows.append(f"同一次种的{'、'.join(others)}照旧，留观按最后一针算；没种的不再种。")
        else:
            observing = "留观计时和" if state is VisitState.OBSERVING else ""
            follows.append(_OVER.replace("这次就诊", f"{observing}这次就诊", 1))
        return VoidWords(
            who=who_words(patient),
            dose=f"{dose['vaccine_name']} {dose_words(dose['dose_number'])}·批号 {dose['lot_number']}",
            given=f"{at:%Y-%m-%d %H:%M} 接种·接种人 {dose['performer_name']}",
            follows=follows,
            warning=WARNING,
        )


def who_words(patient: Patient) -> str:
    """Return who it is, with no more of the document than people know it by."""
    return f"{patient.name}·{SEXES[patient.sex]}·{patient.birth_on} 出生·{document_words(patient)}"
