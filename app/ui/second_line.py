"""Who else stands here: a badge scanned, or a name and a PIN or password; the desk stays the first one's."""

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QComboBox

from app.domain.permissions import ACTS, SecondPersonNeeded, in_order, may_second, require_second
from app.domain.refusals import Refusal
from app.storage.staff import all_staff
from app.ui.bench import Bench
from app.ui.form_sheet import secret_line
from app.ui.kit.form import Form
from app.workflows.credentials import BadgeUnknown, PasswordNeeded, show_badge, show_second
from app.workflows.desk import SecondPerson


class SecondLine(Form):
    """Two fields of a sheet. While it is to be seen, a badge scanned anywhere is the second person's.

    Who showed themselves by badge is named in the line; a second person counts for one act, so the line is
    asked anew for each.
    """

    shown = Signal()
    """A badge was scanned: whoever is at the desk may go on."""
    refused = Signal(object)
    """A Refusal of the badge that was scanned."""

    def __init__(self, bench: Bench, act: str) -> None:
        """``act`` is its row in the table of permissions."""
        super().__init__(columns=2)
        self._bench, self._act = bench, act
        self._second: SecondPerson | None = None
        self.who, self.secret = QComboBox(), secret_line()
        self.add_field("who", self.tr("第二个人"), self.who, required=True)
        self.add_field("secret", self.tr("本人刷工牌，或输 PIN、密码"), self.secret, required=True)
        self.who.activated.connect(self.forget)
        self.start()

    def start(self) -> None:
        """List who may, whoever stood here last first; forget everything else."""
        self.forget()
        self.who.clear()
        first = self._bench.desk.user
        for member in all_staff(self._bench.read()):
            if first and may_second(member, self._act, first):
                self.who.addItem(f"{member.name}　{member.title}", member)
        ids = [self.who.itemData(place).staff_id for place in range(self.who.count())]
        if self._bench.last_second in ids:
            self.who.setCurrentIndex(ids.index(self._bench.last_second))

    @property
    def is_shown(self) -> bool:
        """Return whether a badge has told who it is."""
        return self._second is not None

    def forget(self) -> None:
        """Let somebody show themselves anew."""
        self._second = None
        self.secret.clear()
        self.secret.setReadOnly(False)
        self.secret.setPlaceholderText("")

    def take_badge(self, text: str) -> bool:
        """Use a scan if it is a badge; False for every other code."""
        first = self._bench.desk.user
        try:
            second = show_badge(self._bench.desk, text)
            if first is not None:
                require_second(second.member, self._act, first)
        except BadgeUnknown:
            return False
        except Refusal as refusal:
            if isinstance(refusal, PasswordNeeded):
                self._mark(refusal.name)
            self.refused.emit(refusal)
            return True
        self._mark(second.member.name)
        self._second = second
        self._bench.last_second = second.member.staff_id
        self.secret.clear()
        self.secret.setReadOnly(True)
        self.secret.setPlaceholderText(self.tr("{name}已刷工牌").format(name=second.member.name))
        self.shown.emit()
        return True

    def ask(self, confirmed: Callable[[SecondPerson], object], refused: Callable[[Refusal], object]) -> None:
        """Tell who stands here: at once after a badge, after some tenths of a second by PIN or password."""
        if self._second is not None:
            confirmed(self._second)
            return
        bench, member, secret = self._bench, self.who.currentData(), self.secret.text()
        self.secret.clear()
        if member is None or not secret:
            refused(SecondPersonNeeded(self._act, in_order(ACTS[self._act].seconds)))
            return

        def taken(second: SecondPerson) -> None:
            bench.last_second = second.member.staff_id
            confirmed(second)

        bench.run_aside(
            self, taken, refused, lambda: show_second(bench.desk, bench.door, member.staff_id, secret)
        )

    def showEvent(self, event: QShowEvent) -> None:
        """Hear the scanner before the page does."""
        self._bench.badge_line = self
        super().showEvent(event)

    def hideEvent(self, event: QHideEvent) -> None:
        """Leave the scanner to the page."""
        if self._bench.badge_line is self:
            self._bench.badge_line = None
        super().hideEvent(event)

    def _mark(self, name: str) -> None:
        for place in range(self.who.count()):
            if self.who.itemData(place).name == name:
                self.who.setCurrentIndex(place)
