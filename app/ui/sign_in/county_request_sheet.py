"""Writes what is brought to the county when every password and the envelope are lost."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QLineEdit, QWidget

from app.domain.county_key import CountyRequest
from app.domain.refusals import Refusal
from app.ui.kit.buttons import ActionButton, ButtonKind
from app.ui.kit.form import Form
from app.ui.kit.layouts import box, column
from app.ui.kit.sheet import Sheet
from app.ui.kit.text import Text
from app.ui.kit.tokens import LIGHT, TARGET
from app.ui.texts import sentence_of


class CountyRequestSheet(Sheet):
    """Where to, and on a new machine from which backup; Enter writes, the rest is said."""

    def __init__(self, over: QWidget, disk: str, write: Callable[[str, str], object]) -> None:
        self._write = write
        self.target, self.source = QLineEdit(disk), QLineEdit()
        for line in (self.target, self.source):
            line.setFixedHeight(TARGET)
        self.form = Form(1)
        self.form.add_field("target", "申请写到哪里", self.target, hint="U 盘上的文件夹")
        self.form.add_field(
            "source", "备份盘或备份文件夹", self.source,
            hint="换了电脑、要从备份恢复时才填；留空就是这台电脑上的数据",
        )  # fmt: skip
        how = Text(
            "信封里的恢复密钥找得到，就不用请县里。申请只有县里打得开，里面没有任何人的记录，"
            "可以用 U 盘送，也可以用微信发。",
            wrap=True,
        )
        self._said = Text("", wrap=True)
        button = ActionButton("写申请", "Enter", "key", ButtonKind.PRIMARY)
        super().__init__(over, "请县里打开", box(column(how, self.form, self._said)), [button], width=860)
        button.clicked.connect(self._submit)
        self.closed.connect(self.deleteLater)

    @property
    def said(self) -> str:
        """Return what stands below the form."""
        return self._said.text()

    def show_written(self, path: Path, request: CountyRequest) -> None:
        """Say where it is and what comes next."""
        self._say(
            f"已写到 {path}。\n请送到{request.key.name}；县里打电话回来核实后，会念 8 组字符。"
            "回到登录页按 F9（从备份恢复按 F10），填进“恢复密钥”。",
            LIGHT.success,
        )

    def show_refusal(self, refusal: Refusal) -> None:
        """Say why there is no request."""
        said = sentence_of(refusal)
        self._say(f"{said.happened}\n{said.safe}{said.todo}", LIGHT.danger)

    def _submit(self) -> None:
        target = self.target.text().strip()
        self.form.show_errors({} if target else {"target": "请填写申请写到的文件夹，如 E:\\"})
        self.fit()
        if target:
            self._write(target, self.source.text().strip())

    def _say(self, sentence: str, colour: str) -> None:
        self._said.show_text(sentence, colour)
        self.fit()
