"""The doses a person has had, on a line and in a table, as far as this machine knows."""

from collections.abc import Sequence
from datetime import datetime

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QStackedWidget, QWidget

from app.domain.clock import CHINA, read_instant
from app.domain.journal import Json
from app.ui.kit.buttons import ActionButton
from app.ui.kit.chip import Chip
from app.ui.kit.icons import IconMark
from app.ui.kit.layouts import box, column, row
from app.ui.kit.table import Column, RecordTable, struck_row
from app.ui.kit.text import Text
from app.ui.kit.timeline import DoseState, Timeline, TimelineDose
from app.ui.kit.tokens import LIGHT, SECTION_TEXT, TARGET, Tone
from app.ui.texts.words import dose_words, void_words

_COVERED = 2


class History(QWidget):
    """Heading with what is known of the booklet; then the doses, or that there are none."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._count, self._booklet = Chip(), Chip()
        self._line = Timeline()
        self._table = RecordTable(
            self.tr("接种记录"),
            [
                Column(self.tr("日期"), 28),
                Column(self.tr("疫苗"), 32, bold=True),
                Column(self.tr("剂次"), 17),
                Column(self.tr("批号"), 28),
                Column(self.tr("接种单位"), 40),
            ],
        )
        self._table.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._table.setMinimumHeight(TARGET)  # the line above tells the same where there is no room
        self._none = self._nothing()
        self._pages = QStackedWidget()
        self._pages.addWidget(self._none)
        self._pages.addWidget(box(column(self._line, self._table)))
        self.why = ActionButton(self.tr("说明原因，查看"), "Ctrl+H", "locked")
        self._pages.addWidget(self._covered())
        head = row(Text(self.tr("接种史"), SECTION_TEXT, bold=True), None, self._booklet, self._count)
        self.setLayout(column(head, self._pages))

    def _nothing(self) -> QWidget:
        """Return what stands where no doses are: lower than an empty page, it shares its room."""
        words = Text(self.tr("没有查到接种记录"), SECTION_TEXT, bold=True)
        todo = Text(self.tr("在外地种过的，请查对预防接种证。"), colour=LIGHT.muted)
        mark = IconMark("booklet", LIGHT.border, 40)
        return box(column(None, *(row(None, each, None) for each in (mark, words, todo)), None, gap=4))

    def _covered(self) -> QWidget:
        """Return what stands over a minor's doses outside a visit (SEC-5)."""
        words = Text(self.tr("未成年人的接种史，取号后显示"), SECTION_TEXT, bold=True)
        todo = Text(self.tr("不取号也要查看的，请说明原因，会记入审计。"), colour=LIGHT.muted)
        return box(column(None, *(row(None, each, None) for each in (words, todo, self.why)), None, gap=10))

    def show_covered(self) -> None:
        """Show that there is a reason to be given first; how many doses there are is not told either."""
        self._booklet.show_state("", Tone.PLAIN, "")
        self._count.show_state("", Tone.PLAIN, "")
        self._pages.setCurrentIndex(_COVERED)

    def show_doses(
        self, doses: Sequence[Json], voided: Sequence[Json] = (), *, booklet: bool, now: datetime
    ) -> None:
        """Show the doses that count, the oldest first, as ``immunizations.history_of`` returns them.

        Those entered in error stand in the table alone, struck through, with the reason (REG-8).
        """
        self._booklet.show_state(
            self.tr("有预防接种证") if booklet else self.tr("无接种证"),
            Tone.SUCCESS if booklet else Tone.PLAIN,
            "booklet",
        )
        self._count.show_state(self.tr("已种 {n} 剂").format(n=len(doses)), Tone.INFO, "")
        self._line.setVisible(bool(doses))
        self._line.show_doses([_mark(dose, now) for dose in doses])
        kept = [(dose["occurred_at"], _row(dose)) for dose in doses]
        struck = [(dose["occurred_at"], struck_row(_row(dose), void_words(dose))) for dose in voided]
        rows = [words for _, words in sorted(kept + struck, key=lambda row: row[0], reverse=True)]
        self._table.show_rows(len(rows), lambda offset, limit: rows[offset : offset + limit])
        self._pages.setCurrentIndex(1 if rows else 0)


def _given_at(dose: Json) -> datetime:
    return read_instant(dose["occurred_at"]).astimezone(CHINA)


def _mark(dose: Json, now: datetime) -> TimelineDose:
    given_at, today = _given_at(dose), now.astimezone(CHINA)
    day = f"{given_at:%m-%d}" if given_at.year == today.year else f"{given_at:%Y-%m}"
    short = dose["vaccine_name"].removesuffix("疫苗")
    return TimelineDose(f"{short} {dose['dose_number']}", day, DoseState.GIVEN)


def _row(dose: Json) -> tuple[str, ...]:
    return (
        f"{_given_at(dose):%Y-%m-%d}",
        dose["vaccine_name"],
        dose_words(dose["dose_number"]),
        dose["lot_number"],
        dose["site_name"],
    )
