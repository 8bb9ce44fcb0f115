"""The doses recorded here of one person, both versions of what was corrected; one is picked to be voided."""

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
from app.ui.kit.tokens import LIGHT, TARGET
from app.ui.texts.words import dose_words, void_words

_HEAD, _FEWEST, _MOST = 36, 3, 7
"""Height of the headings in px; how many rows there is room for."""


class RecordsSheet(Sheet):
    """The newest dose first; ↑↓ and Enter pick one that counts, Esc goes back."""

    def __init__(
        self,
        over: QWidget,
        who: str,
        doses: Sequence[Json],
        marked: int,
        picked: Callable[[Json], object],
        name: Callable[[str], str],
    ) -> None:
        """``doses`` as ``immunizations.recorded_here`` returns them, the row ``marked`` stands out first.

        ``name`` tells the name of an id of staff.
        """
        self._doses, self._picked, self._name = doses, picked, name
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
        self.table.setFixedHeight(_HEAD + shown * TARGET)
        rows = [_row(dose) for dose in doses]
        self.table.show_rows(len(rows), lambda offset, limit: rows[offset : offset + limit])
        self._hint = Text("", colour=LIGHT.muted)
        self.void_button = ActionButton(over.tr("作废这一剂"), "Enter", "failed", ButtonKind.DANGER)
        body = box(column(Text(who, bold=True), self.table, self._hint, gap=12))
        super().__init__(over, over.tr("本单位的接种记录"), body, [self.void_button], width=960)
        self.table.selectionModel().currentRowChanged.connect(lambda _: self._show_hint())
        self.table.selectRow(marked)
        self._show_hint()
        self.void_button.clicked.connect(self._pick)
        self.table.opened.connect(lambda _: self._pick())
        self.closed.connect(self.deleteLater)

    def _marked(self) -> Json | None:
        row = self.table.currentIndex().row()
        return self._doses[row] if 0 <= row < len(self._doses) else None

    def _show_hint(self) -> None:
        """Say what the keys do, and who voided the dose that is marked."""
        dose = self._marked()
        if dose is None or dose["status"] == COMPLETED:
            words = self.tr("按上下键选一剂。作废不会删掉原记录，两次都看得到。")
        else:
            people = "、".join(self._name(who) for who in _who_voided(dose))
            words = self.tr("这一剂由{people}作废。").format(people=people)
        self._hint.show_text(words, LIGHT.muted)

    def _pick(self) -> None:
        dose = self._marked()
        if dose is None:
            return
        if dose["status"] != COMPLETED:
            self._hint.show_text(self.tr("这一剂已经作废，请按上下键另选一剂。"), LIGHT.danger)
            return
        self.close_sheet()
        self._picked(dose)


def _who_voided(dose: Json) -> list[str]:
    return [who for who in (dose["voided_by"], dose["void_approved_by"]) if who]


def _row(dose: Json) -> tuple[str, ...]:
    facts = (
        f"{read_instant(dose['occurred_at']).astimezone(CHINA):%Y-%m-%d %H:%M}",
        dose["vaccine_name"],
        dose_words(dose["dose_number"]),
        dose["lot_number"],
        "计入接种史",
    )
    return facts if dose["status"] == COMPLETED else struck_row(facts, void_words(dose))
