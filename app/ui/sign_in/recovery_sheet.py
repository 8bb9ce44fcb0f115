"""Asks for the recovery key, the manager and a new password; the same sheet serves a restore."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtWidgets import QLineEdit, QWidget

from app.domain import recovery_key
from app.domain.passwords import check_alike, check_new_password
from app.domain.refusals import Refusal
from app.storage.keys import SlotOwner
from app.ui.kit.buttons import ActionButton, ButtonKind
from app.ui.kit.confirm_row import ConfirmRow, let_one_stand
from app.ui.kit.form import Form
from app.ui.kit.layouts import box, column
from app.ui.kit.sheet import Sheet
from app.ui.kit.text import Text
from app.ui.kit.tokens import LIGHT, TARGET
from app.ui.texts import sentence_of

LAST_KEY = 12
"""Whoever comes after is picked by Tab and blank, or a click."""


@dataclass(frozen=True)
class Recovery:
    """What was filled in."""

    secret: bytes | None
    """The recovery key; None: by the password of this machine, which stays."""
    staff_id: str
    password: str


class RecoverySheet(Sheet):
    """Digits pick the person; Enter goes on; each fault stands below its field."""

    def __init__(
        self,
        over: QWidget,
        title: str,
        owners: Sequence[SlotOwner],
        go_on: Callable[[Recovery], object],
        *,
        by_password: bool = False,
    ) -> None:
        """``owners`` are who may be meant; ``by_password`` lets the recovery key be left out."""
        self._owners, self._go_on, self._by_password = owners, go_on, by_password
        self.key, self.password, self.again = QLineEdit(), QLineEdit(), QLineEdit()
        for line in (self.key, self.password, self.again):
            line.setFixedHeight(TARGET)
        for line in (self.password, self.again):
            line.setEchoMode(QLineEdit.EchoMode.Password)
        self.form = Form(2)
        hint = "信封里的，或县里念的：8 组，每组 5 个字符，空格和大小写不要紧"
        if by_password:
            hint += "；就在做备份的这台电脑上、还记得密码的，可以留空"
        self.form.add_field("key", "恢复密钥", self.key, required=not by_password, hint=hint, wide=True)
        words = "新密码，留空恢复密钥时填原密码" if by_password else "新密码"
        self.form.add_field("password", words, self.password, required=True)
        self.form.add_field("again", "再输一次新密码", self.again)
        self.who = [
            ConfirmRow(f"{owner.name} {owner.title}", f"F{number}" if number <= LAST_KEY else "")
            for number, owner in enumerate(owners, start=1)
        ]
        self._said = Text("", colour=LIGHT.muted, wrap=True)
        whose = Text("给谁？要有负责人的岗位", bold=True)
        self._button = ActionButton("继续", "Enter", "key", ButtonKind.PRIMARY)
        body = box(column(self.form, whose, *self.who, self._said))
        super().__init__(over, title, body, [self._button], width=860)
        for person in self.who:
            person.bind(self)
        let_one_stand(self.who, always=True)
        if self.who:
            self.who[0].setChecked(True)
        self._button.clicked.connect(self._submit)
        self.closed.connect(self.deleteLater)

    def show_busy(self, sentence: str) -> None:
        """Say what is being done; nothing can be pressed meanwhile."""
        self._say(sentence, LIGHT.muted, ready=False)

    def show_refusal(self, refusal: Refusal) -> None:
        """Say why it did not go on."""
        said = sentence_of(refusal)
        self._say(f"{said.happened}\n{said.safe}{said.todo}", LIGHT.danger, ready=True)

    @property
    def said(self) -> str:
        """Return what stands below the form."""
        return self._said.text()

    def _say(self, sentence: str, colour: str, *, ready: bool) -> None:
        self._button.setEnabled(ready)
        self.form.setEnabled(ready)
        self._said.show_text(sentence, colour)
        self.fit()
        if ready:
            self.key.setFocus()

    def _chosen(self) -> SlotOwner | None:
        """Return who is to have the password."""
        picked = zip(self._owners, self.who, strict=True)
        return next((owner for owner, line in picked if line.isChecked()), None)

    def _submit(self) -> None:
        if not self._button.isEnabled():
            return
        errors: dict[str, str] = {}
        chosen = self._chosen()
        secret: bytes | None = None
        text = self.key.text().strip()
        try:
            secret = None if self._by_password and not text else recovery_key.read(text)
        except Refusal as refusal:
            errors["key"] = _brief(refusal)
        if secret is not None:
            try:
                check_new_password(self.password.text(), (chosen.name,) if chosen else ())
                check_alike(self.password.text(), self.again.text())
            except Refusal as refusal:
                errors["password"] = _brief(refusal)
        self.form.show_errors(errors)
        self.fit()
        if not errors and chosen is not None:
            self._go_on(Recovery(secret, chosen.staff_id, self.password.text()))


def _brief(refusal: Refusal) -> str:
    said = sentence_of(refusal)
    return f"{said.happened}{said.todo}"
