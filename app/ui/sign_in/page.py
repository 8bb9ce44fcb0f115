"""The sign-in page: pick a name, type the password or the PIN; it also covers the work of a locked desk."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QFrame, QLineEdit, QScrollArea, QVBoxLayout, QWidget

from app.domain.passwords import PasswordsDiffer
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
    """One question at a time: who, then the password; then, where it must be, a new password, twice."""

    submitted = Signal(str, str)
    """Staff id and password or PIN."""
    changed = Signal(str, str)
    """Staff id and the new password, typed twice alike."""
    left = Signal()
    """Esc while somebody is signed in already: back to work."""
    recovery_asked = Signal()
    """F9: in with the recovery key."""
    restore_asked = Signal()
    """F10: a backup is to be put in place."""
    county_asked = Signal()
    """F11: the county is to be asked to open the data."""
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
        self.password, self.new, self.again = QLineEdit(), QLineEdit(), QLineEdit()
        self._asked, self._keys = Text("", FACT_TEXT, bold=True), Text("", colour=LIGHT.muted)
        self._alarm = Text("", SECTION_TEXT, bold=True, colour=LIGHT.danger, wrap=True)
        self._behind: QPixmap | None = None
        self._sentence = Text("", BODY_TEXT, wrap=True)
        self._mark = IconMark("warning", LIGHT.danger, 22)
        self.waiting = QTimer(self, singleShot=True, interval=_LONG_MS)
        self.waiting.timeout.connect(self._say_why_it_takes_long)
        self._button = ActionButton(
            self.tr("登录"), "Enter", "sign-in", ButtonKind.PRIMARY, size=SECTION_TEXT
        )
        self.recovery = ActionButton(self.tr("用恢复密钥"), "F9", "key")
        self.restore = ActionButton(self.tr("从备份恢复"), "F10", "backup")
        self.county = ActionButton(self.tr("请县里打开"), "F11", "key")
        self._compose(hint)
        self._ask_new(False)
        self.show_sentence("")

    @property
    def asks_new(self) -> bool:
        """Return whether a new password is asked for."""
        return self.new.isVisibleTo(self)

    @property
    def alarm(self) -> str:
        """Return what has happened behind the locked page."""
        return self._alarm.text()

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

    def pick(self, staff_id: str) -> None:
        """Pick a person by the id, if shown."""
        for place, person in enumerate(self._people):
            if person.staff_id == staff_id:
                self.choose(place)

    def cover(self, behind: QPixmap | None) -> None:
        """Stand before the work, which shows as a blur; None: nothing is behind."""
        self._behind = _blurred(behind) if behind else None
        self.show_alarm("")
        self.update()

    def show_alarm(self, sentence: str) -> None:
        """Say over everything that somebody needs help; an empty sentence takes it away."""
        self._alarm.show_text(sentence)
        self._alarm.setVisible(bool(sentence))

    def ask_new_password(self, sentence: str) -> None:
        """Ask for a new password, typed twice."""
        self._ask_new(True)
        self.show_sentence(sentence)

    def choose(self, index: int) -> None:
        """Pick a name and ask for the password."""
        if not self._people:
            return
        self._ask_new(False)
        self._area.ensureWidgetVisible(self._buttons[index % len(self._people)])
        self._chosen = index % len(self._people)
        for place, button in enumerate(self._buttons):
            button.setChecked(place == self._chosen)
        self.password.clear()
        self.password.setFocus()

    def offer_ways_back(self, *, offered: bool) -> None:
        """Offer the recovery key, a restore and the county's help, while no store is open."""
        for way in (self.recovery, self.restore, self.county):
            way.setVisible(offered)

    def show_busy(self, sentence: str, *, opening: bool = False) -> None:
        """Say what is being done; nothing can be pressed meanwhile.

        ``opening``: the data are opened first, and where that takes long the page says why.
        """
        self._let_press(False)
        if opening:
            self.waiting.start()
        self._show(sentence, LIGHT.muted, fault=False)

    def show_sentence(self, sentence: str) -> None:
        """Say something quiet and wait for the password."""
        self._ready()
        self._show(sentence, LIGHT.muted, fault=False)

    def show_refusal(self, refusal: Refusal) -> None:
        """Say why nobody was signed in, what is safe and what to do."""
        self._ready()
        said = sentence_of(refusal)
        self.show_fault(f"{said.happened}\n{said.safe}{said.todo}")

    def show_fault(self, sentence: str) -> None:
        """Say what is wrong with what was typed."""
        self._ready()
        self._show(sentence, LIGHT.danger, fault=True)
        self._first_line().selectAll()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Say when the page has first been painted, all of it."""
        super().paintEvent(event)
        if self._behind is not None:
            painter = QPainter(self)
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawPixmap(self.rect(), self._behind)
            painter.end()
        if not self._is_painted:
            self._is_painted = True
            QTimer.singleShot(0, self.painted.emit)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Let the arrows pick a name while the keyboard is in the password."""
        if (
            isinstance(watched, QLineEdit)
            and isinstance(event, QKeyEvent)
            and event.type() == QEvent.Type.KeyPress
        ):
            step = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()))
            if step is not None and watched is self.password:
                self.choose(self._chosen + step)
                return True
            if event.key() == Qt.Key.Key_Escape:
                if self.asks_new:
                    self.choose(self._chosen)
                self.left.emit()
                return True
        return super().eventFilter(watched, event)

    def _compose(self, hint: str) -> None:
        for line, words in (
            (self.password, self.tr("密码")),
            (self.new, self.tr("新密码")),
            (self.again, self.tr("新密码再输一遍")),
        ):
            line.setEchoMode(QLineEdit.EchoMode.Password)
            line.setPlaceholderText(words)
            line.setAccessibleName(words)
            line.setFixedHeight(56)
            line.installEventFilter(self)
            line.returnPressed.connect(self._submit)
        self._button.clicked.connect(self._submit)
        self._alarm.hide()
        title = row(
            IconMark("syringe", LIGHT.primary, 44), 4, Text(self.tr("接种岗"), BANNER_TEXT, bold=True),
            8, self._name, None,
        )  # fmt: skip
        self._area = _scrolling(self._list)
        people = column(Text(self.tr("今天谁在岗？"), FACT_TEXT, bold=True), 8, self._area)
        said = row(self._mark, self._sentence)
        said.setStretch(1, 1)
        said.setAlignment(self._mark, Qt.AlignmentFlag.AlignTop)
        self.recovery.bind(self).clicked.connect(self.recovery_asked)
        self.restore.bind(self).clicked.connect(self.restore_asked)
        self.county.bind(self).clicked.connect(self.county_asked)
        ask = column(
            self._asked, 8, self.password, self.new, self.again, self._button, 8, said, None,
            *([Text(hint, colour=LIGHT.warning, wrap=True)] if hint else []), self._keys,
        )  # fmt: skip
        left, right = box(people), box(ask)
        left.setFixedWidth(420)
        right.setFixedWidth(420)
        card = Card(row(left, 32, right, margins=(32, 28, 32, 28)))
        head = Card(column(title, self._alarm, margins=(32, 16, 32, 16)))
        ways = row(None, self.recovery, self.restore, self.county)
        middle = column(None, head, 8, card, 8, ways, None)
        outer = row(None, middle, None)
        self.setLayout(outer)

    def _submit(self) -> None:
        if not (self._people and self._button.isEnabled()):
            return
        staff_id = self._people[self._chosen].staff_id
        if not self.asks_new:
            self.submitted.emit(staff_id, self.password.text())
        elif self.new.text() != self.again.text():
            self.show_refusal(PasswordsDiffer())
        else:
            self.changed.emit(staff_id, self.new.text())

    def _ask_new(self, new: bool) -> None:
        """Show the lines for a new password, or the one for the password."""
        self._asked.show_text(self.tr("换成自己的新密码") if new else self.tr("输入密码或 PIN"))
        self._keys.show_text(self.tr("Esc 返回") if new else self.tr("↑↓ 选择姓名"))
        self.password.setVisible(not new)
        for line in (self.new, self.again):
            line.clear()
            line.setVisible(new)

    def _first_line(self) -> QLineEdit:
        return self.new if self.asks_new else self.password

    def _say_why_it_takes_long(self) -> None:
        self._show(
            self.tr("还在打开数据。程序更新后第一次打开要重新整理，人多的点要几分钟：请等一等，不要关机。"),
            LIGHT.ink,
            fault=False,
        )

    def _ready(self) -> None:
        self.waiting.stop()
        self._let_press(True)
        self._first_line().setFocus()

    def _let_press(self, ready: bool) -> None:
        for part in (self._area, self._button, self.password, self.recovery, self.restore, self.county):
            part.setEnabled(ready)

    def _show(self, sentence: str, colour: str, *, fault: bool) -> None:
        self._mark.setVisible(fault)
        self._sentence.show_text(sentence, colour)


_LONG_MS = 3000
"""After so long whoever has signed in wants to know whether anything goes on."""
_LIST_HEIGHT = 6 * 64 - 8
"""Six names; the list scrolls for more."""
_COARSE = 28
"""So many times smaller the work behind is before it is drawn large again: shapes stay, no letter does."""


def _blurred(picture: QPixmap) -> QPixmap:
    small = picture.scaled(
        max(picture.width() // _COARSE, 1),
        max(picture.height() // _COARSE, 1),
        Qt.AspectRatioMode.IgnoreAspectRatio,
        Qt.TransformationMode.SmoothTransformation,
    )
    small.setDevicePixelRatio(1)
    return small


def _scrolling(layout: QVBoxLayout) -> QScrollArea:
    """Return a list that has room for six names and scrolls for more."""
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setFixedHeight(_LIST_HEIGHT)
    area.setWidget(box(column(layout, None)))
    return area
