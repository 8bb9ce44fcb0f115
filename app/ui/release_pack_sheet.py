"""Lets one pack that was put aside be used again: why it was, what was found, who else says so (SEC-6)."""

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from app.domain.catalogue import AsidePack
from app.domain.clock import CHINA, read_instant
from app.domain.refusals import Refusal
from app.storage.catalogue import find_aside, get_product
from app.ui.bench import Bench
from app.ui.kit.confirm_row import ConfirmRow
from app.ui.kit.layouts import row
from app.ui.kit.reason_lines import OwnWords, ReasonLines
from app.ui.kit.text import Text
from app.ui.kit.tokens import LIGHT
from app.ui.second_person import SecondPersonSheet
from app.ui.texts.words import tail
from app.workflows.desk import SecondPerson, staff_name
from app.workflows.stock import ReleaseReasonMissing, release_pack

REASONS = ("复核外观、冷链合格", "隔离错了，是另一支", "县疾控评估可用")


class ReleasePackSheet(SecondPersonSheet):
    """Does the act itself and closes; ``released`` is called when it is written.

    Open it with ``open_sheet`` for a pack that is put aside, where somebody is signed in whom
    ``release_pack`` lets (``app/domain/permissions.py``); everybody else the act refuses.
    """

    def __init__(self, over: QWidget, bench: Bench, code: str, released: Callable[[], object]) -> None:
        """``code``: the identification of the pack, as its scan gives it."""
        self._bench, self._code, self._released = bench, code, released
        self.rows = [ConfirmRow(reason, str(number)) for number, reason in enumerate(REASONS, 1)]
        self.other = OwnWords(over.tr("放行的原因"), over.tr("查到了什么，凭什么放行"))
        self._lines = ReasonLines(self.rows, self.other)
        told = [Text(line, wrap=True) for line in _told(bench, find_aside(bench.read(), code))]
        note = over.tr("放行以后扫得出；过期、停用批号、超剂次照样拦下。")
        super().__init__(
            over, bench, "release_pack", over.tr("放行隔离的一支：两个人确认"),
            [*told, row(*self.rows), self.other, Text(note, colour=LIGHT.muted, wrap=True)],
            over.tr("放行这一支"), self._release, width=960,
        )  # fmt: skip
        for line in self.rows:
            line.bind(self)

    def reason(self) -> str:
        """Return the reason picked or typed, empty where there is none."""
        return self._lines.reason()

    def wanting(self) -> Refusal | None:
        """Return that nothing was said of what was found."""
        return None if self.reason() else ReleaseReasonMissing()

    def _release(self, second: SecondPerson) -> None:
        self._bench.submit_or(
            self, self._done, self.show_refusal, release_pack, self._code, self.reason(), second
        )

    def _done(self, _: None) -> None:
        self.close_sheet()
        self._released()


def _told(bench: Bench, pack: AsidePack | None) -> list[str]:
    """Say which pack it is, why it was put aside, by whom and when."""
    if pack is None:
        return []
    which = f"码尾号 {tail(pack.code)}"
    if pack.lot is not None:
        product = get_product(bench.read(), pack.lot.product_code)
        until = f"有效期至 {pack.lot.expires_on}"
        which = f"{product.vaccine_name}　批号 {pack.lot.lot_number}　{until}　{which}"
    at = f"{read_instant(pack.put_at).astimezone(CHINA):%m-%d %H:%M} " if pack.put_at else ""
    return [which, f"{at}{staff_name(bench.read(), pack.put_by)}隔离：{pack.reason}"]
