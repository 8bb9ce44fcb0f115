"""The doses recorded here of one person, both versions of what was corrected; one is picked to put right."""

from collections.abc import Callable, Sequence

from PySide6.QtWidgets import QWidget

from app.domain.clock import CHINA, read_instant
from app.domain.journal import Json
from app.storage.immunizations import COMPLETED
from app.ui.kit.buttons import ActionButton, ButtonKind
from app.ui.kit.layouts import box, column
from app.ui.kit.sheet import Sheet
from app.ui.kit.table import Column, RecordTable, struck_row
from app.ui.kit.text import Text
from app.ui.kit.tokens import LIGHT
from app.ui.texts.words import dose_words, void_words

_FEWEST, _MOST = 3, 7
"""Height of the headings in px; how many rows there is room for."""


class RecordsSheet(Sheet):
    """The newest dose first; ↑↓ and Enter pick one that counts, Esc goes back."""

    def __init__(
        self,
        over: QWidget,
        who: str,
        doses: Sequence[Json],
        marked: int,
        *,
        void: Callable[[Json], object],
        correct: Callable[[Json], object],
        name: Callable[[str], str],
    ) -> None:
        """``doses`` as ``immunizations.recorded_here`` returns them, the row ``marked`` stands out first.

        ``name`` tells the name of an id of staff.
        """
        self._doses, self._name = doses, name
        self.table = RecordTable(
            over.tr("本单位的接种记录"),
            [
                Column(over.tr("接种时间"), 9),
                Column(over.tr("疫苗"), 10, bold=True),
                Column(over.tr("剂次"), 5),
                Column(over.tr("批号"), 8),
                Column(over.tr("状态"), 14),
            ],
        )
        shown = min(max(len(doses), _FEWEST), _MOST)
        self.table.stand_high(shown)
        rows = [_row(dose) for dose in doses]
        self.table.show_rows(len(rows), lambda offset, limit: rows[offset : offset + limit])
        self._hint = Text("", colour=LIGHT.muted)
        self.void_button = ActionButton(over.tr("作废这一剂"), "Enter", "failed", ButtonKind.DANGER)
        self.correct_button = ActionButton(over.tr("更正细节"), "F10", "edit")
        body = box(column(Text(who, bold=True), self.table, self._hint, gap=12))
        super().__init__(
            over, over.tr("本单位的接种记录"), body, [self.void_button, self.correct_button], width=960
        )
        self.table.selectionModel().currentRowChanged.connect(lambda _: self._show_hint())
        self.table.selectRow(marked)
        self._show_hint()
        self.void_button.clicked.connect(lambda: self._pick(void))
        self.correct_button.clicked.connect(lambda: self._pick(correct))
        self.table.opened.connect(lambda _: self._pick(void))
        self.closed.connect(self.deleteLater)

    def _marked(self) -> Json | None:
        row = self.table.currentIndex().row()
        return self._doses[row] if 0 <= row < len(self._doses) else None

    def _show_hint(self) -> None:
        """Say what the keys do, and who voided the dose that is marked."""
        dose = self._marked()
        if dose is None or dose["status"] == COMPLETED:
            words = self.tr("按上下键选一剂。作废、更正都不会删掉原记录，两次都看得到。")
        else:
            people = "、".join(self._name(who) for who in _who_voided(dose))
            ended = self.tr("更正") if dose["corrected"] else self.tr("作废")
            words = self.tr("这一条由{people}{ended}。").format(people=people, ended=ended)
        self._hint.show_text(words, LIGHT.muted)

    def _pick(self, picked: Callable[[Json], object]) -> None:
        dose = self._marked()
        if dose is None:
            return
        if dose["status"] != COMPLETED:
            ended = self.tr("已经更正") if dose["corrected"] else self.tr("已经作废")
            self._hint.show_text(
                self.tr("这一条{ended}，请按上下键另选一剂。").format(ended=ended), LIGHT.danger
            )
            return
        self.close_sheet()
        picked(dose)


def _who_voided(dose: Json) -> list[str]:
    return [who for who in (dose["voided_by"], dose["void_approved_by"]) if who]


def _row(dose: Json) -> tuple[str, ...]:
    facts = (
        f"{read_instant(dose['occurred_at']).astimezone(CHINA):%Y-%m-%d %H:%M}",
        dose["vaccine_name"],
        dose_words(dose["dose_number"]),
        dose["lot_number"],
        "计入接种史（更正后）" if "corrects" in dose else "计入接种史",
    )
    return facts if dose["status"] == COMPLETED else struck_row(facts, void_words(dose))
