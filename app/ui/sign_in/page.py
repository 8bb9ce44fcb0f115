"""The sign-in page: pick a name, type the password; the key is unwrapped off the screen thread."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QPaintEvent
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from app.domain.refusals import Refusal
from app.ui.kit.buttons import ActionButton, ButtonKind
from app.ui.kit.card import Card
from app.ui.kit.icons import IconMark
from app.ui.kit.layouts import box, column, empty, row
from app.ui.kit.text import Text
from app.ui.kit.theme import ground
from app.ui.kit.tokens import BANNER_TEXT, BODY_TEXT, FACT_TEXT, LIGHT, SECTION_TEXT
from app.ui.sign_in.person_button import PersonButton
from app.ui.texts import sentence_of


@dataclass(frozen=True)
class Person:
    """Somebody who can sign in here."""

    staff_id: str
    name: str
    title: str


class SignInPage(QWidget):
    """One question at a time: who, then the password."""

    submitted = Signal(str, str)
    """Staff id and password."""
    left = Signal()
    """Esc while somebody is signed in already: back to work."""
    recovery_asked = Signal()
    """F9: in with the recovery key."""
    restore_asked = Signal()
    """F10: a backup is to be put in place."""
    painted = Signal()
    """The page is on the screen for the first time."""

    def __init__(self, site_name: str, hint: str = "") -> None:
        super().__init__()
        ground(self)
        self._people: Sequence[Person] = ()
        self._buttons: list[PersonButton] = []
        self._chosen = 0
        self._is_painted = False
        self._name = Text(site_name, SECTION_TEXT, colour=LIGHT.muted)
        self._list = QVBoxLayout()
        self._list.setSpacing(8)
        self.password = QLineEdit()
        self._sentence = Text("", BODY_TEXT, wrap=True)
        self._mark = IconMark("warning", LIGHT.danger, 22)
        self._button = ActionButton(
            self.tr("登录"), "Enter", "sign-in", ButtonKind.PRIMARY, size=SECTION_TEXT
        )
        self.recovery = ActionButton(self.tr("用恢复密钥"), "F9", "key")
        self.restore = ActionButton(self.tr("从备份恢复"), "F10", "backup")
        self._compose(hint)
        self.show_sentence("")

    @property
    def said(self) -> str:
        """Return what the page says under the password."""
        return self._sentence.text()

    @property
    def names(self) -> list[str]:
        """Return the names shown."""
        return [person.name for person in self._people]

    @property
    def chosen_name(self) -> str:
        """Return the name that is picked."""
        return self.names[self._chosen] if self._people else ""

    def show_people(self, people: Sequence[Person], site_name: str = "") -> None:
        """Show who can sign in; the first is picked."""
        self._people = people
        if site_name:
            self._name.show_text(site_name)
        empty(self._list)
        self._buttons = []
        for index, person in enumerate(people):
            button = PersonButton(person.name, person.title)
            button.clicked.connect(lambda _=False, place=index: self.choose(place))
            self._list.addWidget(button)
            self._buttons.append(button)
        self.choose(0)

    def choose(self, index: int) -> None:
        """Pick a name and ask for the password."""
        if not self._people:
            return
        self._chosen = index % len(self._people)
        for place, button in enumerate(self._buttons):
            button.setChecked(place == self._chosen)
        self.password.clear()
        self.password.setFocus()

    def offer_ways_back(self, *, offered: bool) -> None:
        """Offer the recovery key and a restore, while no store is open."""
        self.recovery.setVisible(offered)
        self.restore.setVisible(offered)

    def show_busy(self, sentence: str) -> None:
        """Say what is being done; nothing can be pressed meanwhile."""
        self._button.setEnabled(False)
        self.password.setEnabled(False)
        self._show(sentence, LIGHT.muted, fault=False)

    def show_sentence(self, sentence: str) -> None:
        """Say something quiet and wait for the password."""
        self._ready()
        self._show(sentence, LIGHT.muted, fault=False)

    def show_refusal(self, refusal: Refusal) -> None:
        """Say why nobody was signed in, what is safe and what to do."""
        self._ready()
        said = sentence_of(refusal)
        self._show(f"{said.happened}\n{said.safe}{said.todo}", LIGHT.danger, fault=True)
        self.password.selectAll()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Say when the page has first been painted, all of it."""
        super().paintEvent(event)
        if not self._is_painted:
            self._is_painted = True
            QTimer.singleShot(0, self.painted.emit)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Let the arrows pick a name while the keyboard is in the password."""
        if watched is self.password and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            step = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()))
            if step is not None:
                self.choose(self._chosen + step)
                return True
            if event.key() == Qt.Key.Key_Escape:
                self.left.emit()
                return True
        return super().eventFilter(watched, event)

    def _compose(self, hint: str) -> None:
        self.password.setEchoMode(QLineEdit.EchoMode.Password)
        self.password.setPlaceholderText(self.tr("密码"))
        self.password.setAccessibleName(self.tr("密码"))
        self.password.setFixedHeight(56)
        self.password.installEventFilter(self)
        self.password.returnPressed.connect(self._submit)
        self._button.clicked.connect(self._submit)
        title = row(
            IconMark("syringe", LIGHT.primary, 44), 4, Text(self.tr("接种岗"), BANNER_TEXT, bold=True),
            8, self._name, None,
        )  # fmt: skip
        people = column(Text(self.tr("今天谁在岗？"), FACT_TEXT, bold=True), 8, self._list, None)
        said = row(self._mark, self._sentence)
        said.setStretch(1, 1)
        said.setAlignment(self._mark, Qt.AlignmentFlag.AlignTop)
        self.recovery.bind(self).clicked.connect(self.recovery_asked)
        self.restore.bind(self).clicked.connect(self.restore_asked)
        keys = Text(self.tr("↑↓ 选择姓名"), colour=LIGHT.muted)
        ask = column(
            Text(self.tr("输入密码"), FACT_TEXT, bold=True), 8, self.password, self._button, 8, said, None,
            *([Text(hint, colour=LIGHT.warning, wrap=True)] if hint else []), keys,
        )  # fmt: skip
        left, right = box(people), box(ask)
        left.setFixedWidth(420)
        right.setFixedWidth(420)
        card = Card(row(left, 32, right, margins=(32, 28, 32, 28)))
        ways = row(None, self.recovery, self.restore)
        middle = column(None, title, 16, card, 8, ways, None)
        outer = row(None, middle, None)
        self.setLayout(outer)

    def _submit(self) -> None:
        if self._people and self._button.isEnabled():
            self.submitted.emit(self._people[self._chosen].staff_id, self.password.text())

    def _ready(self) -> None:
        self._button.setEnabled(True)
        self.password.setEnabled(True)
        self.password.setFocus()

    def _show(self, sentence: str, colour: str, *, fault: bool) -> None:
        self._mark.setVisible(fault)
        self._sentence.show_text(sentence, colour)
