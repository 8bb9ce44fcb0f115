"""A text field as it was before a scan fell into it, and the way back."""

from dataclasses import dataclass

import shiboken6
from PySide6.QtCore import QCoreApplication, QObject, Qt
from PySide6.QtGui import QInputMethodEvent, QInputMethodQueryEvent

_Query = Qt.InputMethodQuery


@dataclass(frozen=True)
class _Content:
    """Text in UTF-16, which is how Qt counts positions: two bytes each."""

    text: bytes
    cursor: int
    anchor: int


class FieldSnapshot:
    """Remembers a field of any class through the input method interface, so no widget is named here."""

    def __init__(self, field: QObject) -> None:
        self._field = field
        self._before = _content(field)

    def is_of(self, field: QObject) -> bool:
        """Return whether this field is the one remembered."""
        return self._field is field

    def restore(self) -> None:
        """Take out what was typed since, put back the selection it replaced, leave the cursor as it was."""
        if self._before is None or not shiboken6.isValid(self._field):
            return
        now = _content(self._field)
        if now is None or now.text == self._before.text:
            return
        start, length, lost = _difference(self._before, now)
        back = QInputMethodEvent("", [_selection(self._before)])
        back.setCommitString(lost, start - now.cursor, length)
        QCoreApplication.sendEvent(self._field, back)


def _difference(before: _Content, now: _Content) -> tuple[int, int, str]:
    """Return where typed text stands, how long it is, and what it replaced; positions in UTF-16 units."""
    start, end = sorted((before.cursor, before.anchor))
    head, tail = before.text[: 2 * start], before.text[2 * end :]
    length = len(now.text) // 2 - start - len(tail) // 2
    untouched = now.text.startswith(head) and now.text.endswith(tail) and length >= 0
    if not untouched:  # a mask or a formatter changed more than the typed place
        return 0, len(now.text) // 2, before.text.decode("utf-16-le", "surrogatepass")
    return start, length, before.text[2 * start : 2 * end].decode("utf-16-le", "surrogatepass")


def _selection(content: _Content) -> QInputMethodEvent.Attribute:
    kind = QInputMethodEvent.AttributeType.Selection
    return QInputMethodEvent.Attribute(kind, content.anchor, content.cursor - content.anchor, None)


def _content(field: QObject) -> _Content | None:
    asked = _Query.ImSurroundingText | _Query.ImCursorPosition | _Query.ImAnchorPosition
    query = QInputMethodQueryEvent(asked)
    QCoreApplication.sendEvent(field, query)
    text = query.value(_Query.ImSurroundingText)
    if not isinstance(text, str):
        return None
    cursor, anchor = query.value(_Query.ImCursorPosition), query.value(_Query.ImAnchorPosition)
    return _Content(text.encode("utf-16-le", "surrogatepass"), int(cursor), int(anchor))
