"""The rule packs at this site: which rule, whose they are, who signed, which were refused; and a new one."""

from collections.abc import Callable

from PySide6.QtCore import QModelIndex
from PySide6.QtWidgets import QWidget

from app.domain.clock import CHINA, read_instant
from app.domain.refusals import Refusal
from app.domain.schedule.choosing import name_of
from app.domain.schedule.pack import PackStatus
from app.domain.schedule.pack_standing import PackPlace, PackStanding
from app.storage.packs_taken import TakenPack
from app.ui.bench import Bench
from app.ui.kit.buttons import ActionButton, ButtonKind
from app.ui.kit.layouts import box, column
from app.ui.kit.sheet import Sheet
from app.ui.kit.table import Column, Marked, RecordTable, Row
from app.ui.kit.text import Text
from app.ui.kit.tokens import CAPTION_TEXT, LIGHT, Tone
from app.ui.texts import sentence_of
from app.ui.texts.packs import (
    LAYERS,
    STANDINGS,
    days_words,
    groups_words,
    layer_words,
    pack_words,
    signed_words,
    source_words,
)
from app.workflows.desk import staff_name
from app.workflows.schedules import PacksNow

_COLUMNS = (
    Column("免疫程序", 29, bold=True),
    Column("哪一级", 13),
    Column("今天", 13),
    Column("有效期", 24),
    Column("签字", 21),
)
_MARKS = {
    PackStanding.IN_FORCE: (Tone.SUCCESS, "done"),
    PackStanding.OVERRULED: (Tone.WARNING, "warning"),
}
_ROWS_SHOWN = 4


class PacksSheet(Sheet):
    """Arrows go through the packs, the lines below say more of the marked one; F11 takes a new one."""

    def __init__(
        self, over: QWidget, bench: Bench, now: PacksNow, bring: Callable[[], object], marked: str = ""
    ) -> None:
        """``bring`` asks for the file of a new pack; ``marked``: the name of the one to begin at."""
        self._bench, self._now = bench, now
        self.table = RecordTable(over.tr("免疫程序"), _COLUMNS)
        self.table.stand_high(min(len(now.places), _ROWS_SHOWN))
        rows = [_row(one) for one in now.places]
        self.table.show_rows(len(rows), lambda offset, limit: rows[offset : offset + limit])
        self.told = [
            Text("", bold=True, wrap=True), Text("", wrap=True), Text("", wrap=True),
            Text("", CAPTION_TEXT, colour=LIGHT.muted, wrap=True),
        ]  # fmt: skip
        self.refused = [Text(_refusal_line(one), colour=LIGHT.danger, wrap=True) for one in now.refused]
        note = over.tr("近的一级代替远的：本站、省、国家；同一级里新的代替旧的。每一剂按接种那天的程序判断。")
        body = box(column(*self.refused, self.table, *self.told, Text(note, colour=LIGHT.muted, wrap=True)))
        self.bring = ActionButton(over.tr("换上一份"), "F11", "open", ButtonKind.PRIMARY)
        self.bring.clicked.connect(bring)
        may = bench.may("take_pack")
        super().__init__(over, over.tr("免疫程序"), body, [self.bring] if may else [], width=1180)
        self.bring.setVisible(may)
        self.table.selectionModel().currentRowChanged.connect(self._marked)
        names = [name_of(one.pack) for one in now.places]
        self.table.selectRow(names.index(marked) if marked in names else 0)
        self.closed.connect(self.deleteLater)

    def _marked(self, index: QModelIndex, _: QModelIndex) -> None:
        if not 0 <= index.row() < len(self._now.places):
            return
        place = self._now.places[index.row()]
        which, source, groups, how = self.told
        which.show_text(f"{pack_words(place.pack)}　{layer_words(place.pack)}")
        source.show_text(self.tr("来源：{words}").format(words=source_words(place.pack)))
        groups.show_text(self.tr("今天管：{words}").format(words=groups_words(place.groups)))
        came = _came_words(self._bench, self._now.taken.get(name_of(place.pack)))
        how.show_text(f"{came}{place.pack.about}")
        if self.isVisible():
            self.fit()


def _row(place: PackPlace) -> Row:
    pack, standing = place.pack, place.standing
    stands: str = STANDINGS[standing]
    if standing in _MARKS:
        stands = Marked(stands, *_MARKS[standing])
    signed: str = signed_words(pack)
    if pack.status is not PackStatus.IN_FORCE and standing is PackStanding.IN_FORCE:
        signed = Marked(signed, Tone.WARNING, "warning")
    return pack.title, LAYERS[pack.region.layer], stands, days_words(pack), signed


def _came_words(bench: Bench, taken: TakenPack | None) -> str:
    if taken is None:
        return "随程序附带。"
    who = [staff_name(bench.read(), one) for one in (taken.taken_by, taken.approved_by) if one]
    at = read_instant(taken.taken_at).astimezone(CHINA)
    return f"{at:%Y-%m-%d %H:%M} 由{'、'.join(who)}换上。"


def _refusal_line(refusal: Refusal) -> str:
    said = sentence_of(refusal)
    return f"{said.happened}{said.safe}"
