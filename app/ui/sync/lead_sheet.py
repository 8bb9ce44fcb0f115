"""The lead PC of the site: what this machine is on the LAN, and the way to change and to try it."""

from PySide6.QtWidgets import QLineEdit, QWidget

from app.domain.relay import DEFAULT_PORT, RelayRole, RelaySetting, lead_url
from app.ui.kit.buttons import ActionButton, ButtonKind
from app.ui.kit.card import Card
from app.ui.kit.confirm_row import ConfirmRow, let_one_stand
from app.ui.kit.form import Field
from app.ui.kit.layouts import box, column
from app.ui.kit.sheet import Sheet
from app.ui.kit.text import Text
from app.ui.kit.tokens import LIGHT, TARGET, Tone

_WHAT, _SAID = 58, 100
"""Heights in px: the sheet is as large before it says anything as after."""
_ABOUT = (
    "断网几小时、几天时，本单位可以让一台上网条件好的电脑当主机，替其他电脑转交。"
    "记录加密，主机打不开；收到中心回执以前，照样存在各自的电脑。"
)
CHOICES = (
    (RelayRole.NONE, "不经过主机"),
    (RelayRole.DESK, "断网时交给主机"),
    (RelayRole.LEAD, "这台电脑是主机"),
)


class LeadSheet(Sheet):
    """1 to 3 what this machine is, a line for the lead PC's address; F9 keeps, F10 tries, Esc goes back."""

    def __init__(self, over: QWidget, setting: RelaySetting, now: str) -> None:
        """``now``: how it stands at the moment, in words."""
        self._former = setting
        self.rows = [ConfirmRow(words, str(key)) for key, (_, words) in enumerate(CHOICES, start=1)]
        self.address = QLineEdit(setting.url)
        self.address.setFixedHeight(TARGET)
        hint = f"主机上看得到，如 192.168.1.20；端口不写就是 {DEFAULT_PORT}"
        self.field = Field("主机的地址", self.address, hint=hint)
        self.said = Text(now, wrap=True)
        self.keep = ActionButton("存下", "F9", "done", ButtonKind.PRIMARY)
        self.test = ActionButton("试连主机", "F10", "refresh")
        super().__init__(over, "局域网主机：没有网络时替大家转交", self._body(), [self.keep, self.test], 860)
        for line, (role, _) in zip(self.rows, CHOICES, strict=True):
            line.bind(self).setChecked(role is setting.role)
        let_one_stand(self.rows, always=True)
        for line in self.rows:
            line.clicked.connect(self._picked)
        self.closed.connect(self.deleteLater)
        self._show_role()

    @property
    def role(self) -> RelayRole:
        """Return what is picked."""
        return next(role for line, (role, _) in zip(self.rows, CHOICES, strict=True) if line.isChecked())

    @property
    def setting(self) -> RelaySetting:
        """Return what would be kept; where a lead PC hears stays as it was set up."""
        if self.role is RelayRole.DESK:
            return RelaySetting(RelayRole.DESK, url=lead_url(self.address.text()))
        if self.role is RelayRole.LEAD:
            return RelaySetting(RelayRole.LEAD, self._former.host, self._former.port)
        return RelaySetting()

    def show_fault(self, words: str) -> None:
        """Say what is wrong with the address, or nothing."""
        self.field.show_error(words)
        if words:
            self.address.setFocus()
        self.fit()

    def show_busy(self, words: str) -> None:
        """Say what is under way; nothing else can be begun."""
        self._say(words, Tone.PLAIN)
        for button in (self.keep, self.test):
            button.setEnabled(False)

    def show_outcome(self, words: str, tone: Tone) -> None:
        """Say what became of it."""
        self._say(words, tone)
        self.keep.setEnabled(True)
        self._show_role()

    def _picked(self) -> None:
        self.show_fault("")
        self._show_role()
        if self.role is RelayRole.DESK:
            self.address.setFocus()

    def _show_role(self) -> None:
        to_another = self.role is RelayRole.DESK
        self.address.setEnabled(to_another)
        self.test.setEnabled(to_another)

    def _say(self, words: str, tone: Tone) -> None:
        self.said.show_text(words, LIGHT.tone(tone).ink)
        self.fit()

    def _body(self) -> QWidget:
        about = Text(_ABOUT, wrap=True)
        about.setFixedHeight(_WHAT)
        said = Card(column(self.said, margins=(14, 8, 14, 8)))
        said.setFixedHeight(_SAID)
        return box(column(about, *self.rows, self.field, said, gap=10))
