"""A new rule pack from a file or a stick: looked at, told to two people, taken (VER-9)."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QFileDialog, QWidget

from app.devices.sticks import find_sticks
from app.domain.refusals import Refusal
from app.domain.schedule.choosing import name_of
from app.domain.schedule.pack_standing import Change
from app.storage.schedules import Brought
from app.ui.bench import Bench
from app.ui.kit.layouts import Piece
from app.ui.kit.sheet import Sheet
from app.ui.kit.text import Text
from app.ui.kit.tokens import FACT_TEXT, LIGHT
from app.ui.opening.packs_sheet import PacksSheet
from app.ui.second_person import SecondPersonSheet
from app.ui.texts.packs import (
    change_words,
    days_words,
    first_day_words,
    layer_words,
    pack_words,
    signed_words,
    source_words,
)
from app.workflows.desk import SecondPerson
from app.workflows.schedules import look_at, packs_now, take_pack, use_packs_of


class Bringing(QObject):
    """Shows the packs over a page and takes a new one; ``changed`` is called once another one rules."""

    def __init__(
        self, bench: Bench, page: QWidget, show: Callable[[Sheet], object], changed: Callable[[str], object]
    ) -> None:
        """``show`` opens a sheet over the page instead of the one before; ``changed`` hears what was done."""
        super().__init__(page)
        self._bench, self._page, self._show, self._changed = bench, page, show, changed
        self.pick_file = self._pick_file

    def show_packs(self, marked: str = "") -> None:
        """List the packs, beginning at the one of a name."""
        self._show(PacksSheet(self._page, self._bench, packs_now(self._bench.desk), self._bring, marked))

    def _pick_file(self) -> str:
        """Ask for a file, beginning on the first stick that is plugged in."""
        begin = next(iter(find_sticks()), Path())
        chosen, _ = QFileDialog.getOpenFileName(
            self._page, self.tr("选免疫程序文件"), str(begin), "JSON (*.json)"
        )
        return chosen

    def _bring(self) -> None:
        if self._bench.bars("take_pack"):
            return
        if chosen := self.pick_file():
            desk = self._bench.desk
            self._bench.run_aside(self, self._ask, self._bench.refuse, lambda: look_at(desk, Path(chosen)))

    def _ask(self, looked: tuple[Brought, tuple[Change, ...]]) -> None:
        brought, changes = looked
        pack, page = brought.pack, self._page

        def confirmed(second: SecondPerson) -> None:
            folder = self._bench.desk.store.path.parent
            self._bench.submit_or(self, taken, sheet.show_refusal, take_pack, brought, folder, second)

        def taken(_: object) -> None:
            desk = self._bench.desk
            self._bench.run_aside(
                self, in_use, self._bench.refuse,
                lambda: use_packs_of(desk.read(), desk.store.path.parent),
            )  # fmt: skip

        def in_use(_: tuple[Refusal, ...]) -> None:
            self._changed(page.tr("已换上：{words}").format(words=pack_words(pack)))
            self.show_packs(name_of(pack))

        sheet = SecondPersonSheet(
            page, self._bench, "take_pack", page.tr("换上这一份免疫程序：两个人确认"),
            _told(self._page, brought, changes, first_day_words(pack, self._bench.desk.today())),
            page.tr("换上"), confirmed, width=960,
        )  # fmt: skip
        self._show(sheet)


def _told(page: QWidget, brought: Brought, changes: tuple[Change, ...], first_day: str) -> list[Piece]:
    """Say what it is, whose, who signed, and what it changes; what nobody rules any more stands in red."""
    pack = brought.pack
    lines: list[Piece] = [
        Text(pack_words(pack), FACT_TEXT, bold=True, wrap=True),
        Text(f"{layer_words(pack)}　{days_words(pack)}　{page.tr('签字：')}{signed_words(pack)}", wrap=True),
        Text(page.tr("来源：{words}").format(words=source_words(pack)), wrap=True),
        Text(first_day, bold=True, wrap=True),
    ]
    if not changes:
        lines.append(Text(page.tr("现在管的疫苗没有变化。"), wrap=True))
    for change in changes:
        colour = LIGHT.danger if change.after is None else LIGHT.ink
        lines.append(Text(change_words(change), colour=colour, wrap=True))
    return lines
