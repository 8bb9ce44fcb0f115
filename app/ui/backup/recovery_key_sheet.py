"""Shows a new recovery key once; it counts after one of its groups was copied back from the paper."""

from collections.abc import Callable

from PySide6.QtWidgets import QGridLayout, QLineEdit, QWidget

from app.ui.kit.buttons import ActionButton, ButtonKind
from app.ui.kit.card import Card
from app.ui.kit.form import Field
from app.ui.kit.layouts import box, column
from app.ui.kit.sheet import Sheet
from app.ui.kit.text import Text
from app.ui.kit.tokens import FACT_TEXT, GAP, LIGHT, TARGET, Tone
from app.ui.texts.sentence import Sentence
from app.workflows.safekeeping import NewRecoveryKey


class RecoveryKeySheet(Sheet):
    """F12 prints, a group typed back and Enter lets it count, Esc leaves the old key as it is."""

    def __init__(
        self,
        over: QWidget,
        drawn: NewRecoveryKey,
        print_it: Callable[[], object] | None,
        confirm: Callable[[str], object],
    ) -> None:
        """``print_it`` is None where there is no printer: the key is copied by hand."""
        self.copied = QLineEdit()
        self.copied.setFixedHeight(TARGET)
        self.copied.setMaxLength(8)
        self.field = Field(f"从纸上抄第 {drawn.ask} 组", self.copied, hint="抄对了，新的恢复密钥才生效")
        grid = QGridLayout()
        grid.setSpacing(GAP)
        for place, group in enumerate(drawn.groups):
            words = column(
                Text(f"第 {place + 1} 组", colour=LIGHT.muted), Text(group, FACT_TEXT, bold=True),
                gap=0, margins=(14, 6, 14, 6),
            )  # fmt: skip
            grid.addWidget(Card(words), place // 4, place % 4)
        how = "按 F12 打印" if print_it else "这台电脑没有打印机，请用笔抄在纸上"
        warning = Card(
            column(
                Text(
                    f"只在这里显示一次。{how}，核对后装进信封封存；有它就能打开全部数据。生效后旧的那张作废。",
                    colour=LIGHT.tone(Tone.WARNING).ink,
                    wrap=True,
                ),
                margins=(14, 8, 14, 8),
            ),
            tone=Tone.WARNING,
        )
        button = ActionButton("生效", "Enter", "key", ButtonKind.PRIMARY)
        buttons = [button]
        if print_it:
            printing = ActionButton("打印", "F12", "printer")
            printing.clicked.connect(print_it)
            buttons.append(printing)
        super().__init__(over, "新的恢复密钥", box(column(grid, warning, self.field)), buttons, width=860)
        button.clicked.connect(lambda: confirm(self.copied.text()))
        self.closed.connect(self.deleteLater)

    def show_fault(self, sentence: Sentence) -> None:
        """Say why it does not count yet."""
        self.field.show_error(f"{sentence.happened}{sentence.todo}")
        self.fit()
