"""Asks where backups go and how often; disks that are plugged in are one key away."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QStorageInfo
from PySide6.QtWidgets import QLineEdit, QWidget

from app.domain.safekeeping import BackupPlan
from app.ui.kit.buttons import ActionButton, ButtonKind
from app.ui.kit.confirm_row import ConfirmRow, let_one_stand
from app.ui.kit.form import Field
from app.ui.kit.layouts import box, column, row
from app.ui.kit.sheet import Sheet
from app.ui.kit.text import Text
from app.ui.kit.tokens import TARGET
from app.ui.texts.sentence import Sentence

EVERY = ((1, "每小时"), (4, "每 4 小时"), (24, "每天"))
_MOST_DISKS = 4


class PlanSheet(Sheet):
    """1 to 3 how often, 4 to 7 the disks that are there, a line for any folder; Enter saves."""

    def __init__(
        self, over: QWidget, plan: BackupPlan | None, disks: list[str], save: Callable[[BackupPlan], object]
    ) -> None:
        self._save = save
        self.every = [ConfirmRow(words, str(key)) for key, (_, words) in enumerate(EVERY, start=1)]
        self.disks = [ConfirmRow(disk, str(key)) for key, disk in enumerate(disks[:_MOST_DISKS], start=4)]
        self.folder = QLineEdit(plan.folder if plan else "")
        self.folder.setFixedHeight(TARGET)
        self.field = Field("备份到这个文件夹", self.folder, hint="第二块硬盘或 U 盘上的文件夹，如 E:\\备份")
        button = ActionButton("保存", "Enter", "done", ButtonKind.PRIMARY)
        note = Text("旧备份按时间留存：24 小时、7 天、4 周、12 个月各一份，多出的自动删去。", wrap=True)
        disks_column = [Text("已插上的磁盘", bold=True), *self.disks] if self.disks else []
        title = Text("多久一次", bold=True)
        body = box(column(title, row(*self.every), *disks_column, self.field, note))
        super().__init__(over, "备份到哪里，多久一次？", body, [button], width=940)
        hours = plan.every_hours if plan else EVERY[0][0]
        for line, (number, _) in zip(self.every, EVERY, strict=True):
            line.setChecked(number == hours)
            line.bind(self)
        for line in self.disks:
            line.bind(self).clicked.connect(lambda _=False, path=line.text(): self.folder.setText(path))
        for lines in (self.every, self.disks):
            let_one_stand(lines, always=True)
        button.clicked.connect(self._submit)
        self.closed.connect(self.deleteLater)

    def show_fault(self, sentence: Sentence) -> None:
        """Say why this folder was not taken."""
        self.field.show_error(f"{sentence.happened}{sentence.todo}")
        self.fit()

    def _submit(self) -> None:
        hours = next(number for line, (number, _) in zip(self.every, EVERY, strict=True) if line.isChecked())
        self._save(BackupPlan(self.folder.text().strip(), hours))


def plugged_in(data: Path) -> list[str]:
    """Return the roots of writable disks but the one the data is on; asks the system, not the disks."""
    here = QStorageInfo(str(data)).rootPath()
    kinds = (b"vfat", b"exfat", b"ntfs", b"ntfs3", b"fuseblk", b"ext4", b"btrfs", b"xfs", b"FAT32", b"NTFS")
    return [
        volume.rootPath()
        for volume in QStorageInfo.mountedVolumes()
        if volume.isValid() and volume.isReady() and not volume.isReadOnly() and volume.rootPath() != here
        and bytes(volume.fileSystemType().data()) in (*kinds, b"exFAT") and not volume.isRoot()
    ]  # fmt: skip
