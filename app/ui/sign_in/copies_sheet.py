"""Asks which backup is to be restored: a folder or a disk, then one of the copies found there."""

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from app.domain.clock import CHINA
from app.storage.backups import Backup
from app.ui.kit.buttons import ActionButton, ButtonKind
from app.ui.kit.form import Field
from app.ui.kit.layouts import box, column, empty, lay_out_now
from app.ui.kit.sheet import Sheet
from app.ui.kit.shortcuts import bind_key
from app.ui.kit.text import Text
from app.ui.kit.tokens import LIGHT, SECTION_TEXT, TARGET

_SHOWN = 5


class CopiesSheet(Sheet):
    """Enter looks into the folder; 1 to 5 take one of the newest copies."""

    def __init__(
        self,
        over: QWidget,
        folder: str,
        find: Callable[[str], object],
        choose: Callable[[Backup], object],
    ) -> None:
        self._choose = choose
        self.folder = QLineEdit(folder)
        self.folder.setFixedHeight(TARGET)
        self.field = Field("备份盘或备份文件夹", self.folder, hint="插好备份盘；按 Enter 查找")
        self.found: list[ActionButton] = []
        self._list = QVBoxLayout()
        self._list.setSpacing(8)
        button = ActionButton("查找备份", "Enter", "search", ButtonKind.PRIMARY)
        note = Text(
            "恢复前先检查备份，坏的不会放回。这台电脑上原来的数据文件会原样留在旁边，不删除。",
            colour=LIGHT.muted, wrap=True,
        )  # fmt: skip
        super().__init__(
            over, "从备份恢复：用哪一份？", box(column(self.field, self._list, note)), [button], 860
        )
        button.clicked.connect(lambda: find(self.folder.text().strip()))
        for place in range(_SHOWN):
            bind_key(self, str(place + 1), partial(self._take, place))
        self.closed.connect(self.deleteLater)

    def show_copies(self, copies: Sequence[Backup]) -> None:
        """List what was found, the newest first."""
        empty(self._list)
        self.found = []
        for key, copy in enumerate(copies[:_SHOWN], start=1):
            words = f"{copy.made_at.astimezone(CHINA):%Y-%m-%d %H:%M}"
            button = ActionButton(words, str(key), "backup", subtitle=str(copy.folder), size=SECTION_TEXT)
            button.clicked.connect(lambda _=False, chosen=copy: self._choose(chosen))
            self._list.addWidget(button)
            button.show()
            self.found.append(button)
        self.field.show_error("" if copies else "这里没有找到备份，请看备份盘是否插好，或换一个文件夹。")
        lay_out_now()
        self.fit()
        if self.found:
            self.found[0].setFocus()

    def _take(self, place: int) -> None:
        """Bound once: the list is another after each search."""
        if place < len(self.found):
            self.found[place].click()
