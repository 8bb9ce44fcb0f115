"""Takes the county's public key from a file, once its groups are what the county says over the telephone."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QLineEdit, QWidget

from app.domain.county_key import CountyKey, FingerprintDiffers
from app.domain.refusals import Refusal
from app.ui.kit.buttons import ActionButton, ButtonKind
from app.ui.kit.confirm_row import ConfirmRow
from app.ui.kit.form import Form
from app.ui.kit.layouts import box, column
from app.ui.kit.sheet import Sheet
from app.ui.kit.text import Text
from app.ui.kit.tokens import TARGET
from app.ui.texts import sentence_of

FILE = "vaxpost-county-key.json"


class CountyKeySheet(Sheet):
    """File, groups, Enter; where a county's key is in use, F9 ticks that none shall be, and Enter does it."""

    def __init__(
        self,
        over: QWidget,
        current: CountyKey | None,
        disks: list[str],
        take: Callable[[Path, str], object],
        remove: Callable[[], object],
    ) -> None:
        self._take, self._remove = take, remove
        self.file, self.heard = QLineEdit(_first_file(disks)), QLineEdit()
        for line in (self.file, self.heard):
            line.setFixedHeight(TARGET)
        self.form = Form(1)
        self.form.add_field(
            "file", "县里给的公钥文件", self.file, hint=f"如 E:\\{FILE}；插上的盘里有，就已填好"
        )
        self.form.add_field(
            "heard", "县里在电话里念的 4 组核对码", self.heard,
            hint="用县里公布的电话打过去，听对方念，照着输；不要照文件里、短信里的抄",
        )  # fmt: skip
        self.removal = ConfirmRow("停用现在这一把，不换新的：县里以后打不开这里的数据", "F9")
        now = Text(_current_words(current), wrap=True)
        why = Text(
            "所有人忘了密码、信封也没了的时候，县里能用自己的密钥替这里打开一次。县里打开要这里的申请文件，平时看不到数据。",
            wrap=True,
        )
        button = ActionButton("采用", "Enter", "key", ButtonKind.PRIMARY)
        body = box(column(why, now, self.form, *([self.removal] if current else [])))
        super().__init__(over, "县级密钥", body, [button], width=860)
        if current:
            self.removal.bind(self)
        self.removal.toggled.connect(lambda off: button.show_action("停用" if off else "采用"))
        button.clicked.connect(self._submit)
        self.closed.connect(self.deleteLater)

    def show_refusal(self, refusal: Refusal) -> None:
        """Say below its field why the key is not used."""
        said = sentence_of(refusal)
        field = "heard" if isinstance(refusal, FingerprintDiffers) else "file"
        self.form.show_errors({field: f"{said.happened}{said.todo}"})
        self.fit()

    def _submit(self) -> None:
        if self.removal.isChecked():
            self._remove()
        else:
            self._take(Path(self.file.text().strip()), self.heard.text())


def _first_file(disks: list[str]) -> str:
    """Return the county's file on a disk that is plugged in."""
    return next((str(file) for disk in disks if (file := Path(disk) / FILE).is_file()), "")


def _current_words(current: CountyKey | None) -> str:
    if current is None:
        return "现在没有县级密钥。"
    return f"现在用的：{current.name}，核对码 {current.fingerprint}。换一把，原来那把就打不开以后的数据。"
