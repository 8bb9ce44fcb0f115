"""Labelled fields, in columns, each with its own error sentence right below it."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from app.ui.kit.icons import IconMark
from app.ui.kit.text import Text
from app.ui.kit.tokens import CAPTION_TEXT, GAP, LIGHT, MARGIN


class Field(QWidget):
    """A label, a control and what is wrong with it or helps with it."""

    def __init__(
        self,
        label: str,
        control: QWidget,
        *,
        required: bool = False,
        hint: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.control, self._hint = control, hint
        self._error = ""
        name = Text(label, CAPTION_TEXT, bold=True)
        name.setBuddy(control)
        control.setAccessibleName(label)
        self._mark = IconMark("warning", LIGHT.danger, 20)
        self._below = Text(hint, CAPTION_TEXT, colour=LIGHT.muted, wrap=True)
        head = QHBoxLayout()
        head.setSpacing(GAP)
        head.addWidget(name)
        if required:
            head.addWidget(Text(self.tr("必填"), CAPTION_TEXT, colour=LIGHT.muted))
        head.addStretch(1)
        foot = QHBoxLayout()
        foot.setSpacing(6)
        foot.addWidget(self._mark, 0, Qt.AlignmentFlag.AlignTop)
        foot.addWidget(self._below, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addLayout(head)
        layout.addWidget(control)
        layout.addLayout(foot)
        layout.addStretch(1)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        self.setFocusProxy(control)
        self.show_error("")

    @property
    def error(self) -> str:
        """Return what is wrong, empty if nothing is."""
        return self._error

    def show_hint(self, hint: str) -> None:
        """Change what helps with it."""
        self._hint = hint
        self.show_error(self._error)

    def show_error(self, sentence: str) -> None:
        """Say what is wrong; an empty sentence shows the hint again."""
        self._error = sentence
        self._below.show_text(sentence or self._hint, LIGHT.danger if sentence else LIGHT.muted)
        self._below.setVisible(bool(sentence or self._hint))
        self._mark.setVisible(bool(sentence))
        self.control.setAccessibleDescription(sentence or self._hint)
        if self.control.property("wrong") != bool(sentence):
            self.control.setProperty("wrong", bool(sentence))
            self.control.style().unpolish(self.control)
            self.control.style().polish(self.control)


class Form(QWidget):
    """Fields in the order they are added, which is the order of the Tab key."""

    def __init__(self, columns: int = 2, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._columns, self._next = columns, 0
        self._fields: dict[str, Field] = {}
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(MARGIN)
        self._grid.setVerticalSpacing(12)
        for number in range(columns):
            self._grid.setColumnStretch(number, 1)

    def add_field(
        self,
        field_id: str,
        label: str,
        control: QWidget,
        *,
        required: bool = False,
        hint: str = "",
        wide: bool = False,
    ) -> Field:
        """Add a field and return it; a ``wide`` one takes a whole row."""
        field = Field(label, control, required=required, hint=hint, parent=self)
        span = self._columns if wide else 1
        if self._next % self._columns + span > self._columns:
            self._next += self._columns - self._next % self._columns
        place = divmod(self._next, self._columns)
        self._grid.addWidget(field, *place, 1, span, Qt.AlignmentFlag.AlignTop)
        self._next += span
        if self._fields:
            QWidget.setTabOrder(list(self._fields.values())[-1].control, control)
        self._fields[field_id] = field
        return field

    def field(self, field_id: str) -> Field:
        """Return a field by its id; an unknown id raises ``KeyError``."""
        return self._fields[field_id]

    def show_errors(self, errors: dict[str, str]) -> None:
        """Show these sentences by field id, clear all others, and go to the first wrong field."""
        for field_id, field in self._fields.items():
            field.show_error(errors.get(field_id, ""))
        first = next((field for field in self._fields.values() if field.error), None)
        if first is not None:
            first.control.setFocus(Qt.FocusReason.OtherFocusReason)
