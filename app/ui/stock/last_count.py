"""The card of counts: when the last was and what came of it; printed again, or counted anew."""

from app.domain.clock import CHINA
from app.storage.stock_counts import last_count
from app.ui.bench import Bench
from app.ui.kit.buttons import ActionButton
from app.ui.kit.card import Card
from app.ui.kit.layouts import column, row
from app.ui.kit.text import Text
from app.ui.kit.tokens import CAPTION_TEXT, LIGHT
from app.ui.stock.count_record import print_count
from app.workflows.stock_count import count_is_due


class LastCountCard(Card):
    """Its keys are bound by the page it stands on; ``show_count`` reads what is newest."""

    def __init__(self, bench: Bench) -> None:
        self._bench = bench
        self._when = Text("", bold=True)
        self.words = Text("", CAPTION_TEXT, wrap=True)
        self.count = ActionButton("盘点", "Alt+7", "clipboard")
        self.again = ActionButton("重印", "Alt+8", "printer")
        self.again.clicked.connect(self._print)
        keys = row(self.count, self.again)
        super().__init__(column(self._when, self.words, keys, gap=6, margins=(16, 12, 16, 12)))

    def show_count(self) -> None:
        """Show the newest count, and the keys for whom they are."""
        last = last_count(self._bench.read())
        self.count.setVisible(self._bench.may("begin_count"))
        self.again.setVisible(last is not None and self._bench.may("confirm_count"))
        due = count_is_due(self._bench.read(), self._bench.desk.today())
        ink = LIGHT.danger if due else LIGHT.ink
        if last is None:
            self._when.show_text(self.tr("还没有盘点过"))
            self.words.show_text(self.tr("该盘点了：每月至少一次") if due else self.tr("每月至少一次"), ink)
            return
        differing = sum("reason" in line for line in last.facts["lines"])
        came = f"{differing} 批和账上不一样，已按原因记账" if differing else self.tr("和账上都一样")
        self._when.show_text(f"上次盘点　{last.counted_at.astimezone(CHINA):%Y-%m-%d %H:%M}")
        self.words.show_text(self.tr("满一个月了，该盘点了") if due else came, ink)

    def _print(self) -> None:
        if (last := last_count(self._bench.read())) is not None:
            print_count(self._bench, last, self.tr("再打一份"))
