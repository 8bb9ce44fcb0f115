"""The sheet of a two-person act: what is to be done, who else stands there, and their PIN or password."""

from collections.abc import Callable

from PySide6.QtWidgets import QComboBox, QWidget

from app.domain.permissions import may_second
from app.storage.staff import all_staff
from app.ui.bench import Bench
from app.ui.kit.form import Form
from app.ui.kit.layouts import Piece
from app.ui.staff.form_sheet import FormSheet, save_button, secret_line
from app.workflows.credentials import show_second
from app.workflows.desk import SecondPerson


class SecondPersonSheet(FormSheet):
    """Asks a second permitted person for PIN or password; the desk stays the first one's."""

    def __init__(
        self,
        over: QWidget,
        bench: Bench,
        act: str,
        title: str,
        facts: list[Piece],
        words: str,
        confirmed: Callable[[SecondPerson], object],
    ) -> None:
        """``act`` is its row in the table of permissions; ``confirmed`` hears who stands there."""
        self._bench, self._confirmed = bench, confirmed
        self.who, self.secret = QComboBox(), secret_line()
        first = bench.desk.user
        for member in all_staff(bench.read()):
            if first and may_second(member, act, first):
                self.who.addItem(f"{member.name}　{member.title}", member)
        form = Form(columns=2)
        form.add_field("who", over.tr("第二个人"), self.who, required=True)
        form.add_field("secret", over.tr("本人输入 PIN 或密码"), self.secret, required=True)
        button = save_button(words)
        super().__init__(over, title, form, button, above=facts, width=820)
        button.clicked.connect(self._submit)

    def _submit(self) -> None:
        member = self.who.currentData()
        if member is None:
            self.show_fault(self.tr("没有别的人可以确认：请负责人先登记人员。"))
            return
        self.show_busy()
        bench, secret = self._bench, self.secret.text()
        self.secret.clear()
        bench.run_aside(
            self,
            self._confirmed,
            self.show_refusal,
            lambda: show_second(bench.desk, bench.door, member.staff_id, secret),
        )
