"""What a key event means to a scan: a character, a line end, a shifting key or something else."""

from enum import Enum, auto

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent

from app.domain.codes import GS

_SEPARATORS = ("\x1c", GS, "\x1e", "\x1f")
_LINE_ENDS = ("\r", "\n", "\t")
_Key = Qt.Key
_Modifier = Qt.KeyboardModifier
_LINE_END_KEYS = (_Key.Key_Return, _Key.Key_Enter, _Key.Key_Tab)
_SHIFTING_KEYS = (
    _Key.Key_Shift, _Key.Key_Control, _Key.Key_Alt, _Key.Key_AltGr, _Key.Key_Meta, _Key.Key_CapsLock,
    _Key.Key_NumLock,
)  # fmt: skip
_COMMANDS = _Modifier.ControlModifier | _Modifier.AltModifier | _Modifier.MetaModifier
_ALT_GR = _Modifier.ControlModifier | _Modifier.AltModifier


class Kind(Enum):
    """What the router must know of a key."""

    CHARACTER = auto()
    LINE_END = auto()
    SHIFTING = auto()
    OTHER = auto()


def kind_of(event: QKeyEvent) -> Kind:
    """Return the kind."""
    if event.key() in _SHIFTING_KEYS:
        return Kind.SHIFTING
    if event.key() in _LINE_END_KEYS or event.text() in _LINE_ENDS:
        return Kind.LINE_END
    return Kind.CHARACTER if character_of(event) else Kind.OTHER


def character_of(event: QKeyEvent) -> str:
    """Return what the key writes, empty if it is a command; Ctrl+] is the separator GS."""
    text, commands = event.text(), event.modifiers() & _COMMANDS
    if text in _SEPARATORS:
        return text
    if event.key() == _Key.Key_BracketRight and commands == _Modifier.ControlModifier:
        return GS
    return text if text.isprintable() and commands in (_Modifier.NoModifier, _ALT_GR) else ""


def key_id(event: QKeyEvent) -> int:
    """Return which key it is, whatever Shift makes of it."""
    return event.nativeScanCode() or event.key()
