"""The few tones of the program: short high = taken, low double = refused; never the only signal (rule 13)."""

import os
import sys
from enum import StrEnum
from pathlib import Path

from PySide6.QtCore import QObject, QUrl, Signal

FOLDER = Path(__file__).parents[2] / "resources" / "sounds"


class Tone(StrEnum):
    """What a tone means; the file is named alike."""

    TAKEN = "taken"
    REFUSED = "refused"
    DUE = "due"
    ALARM = "alarm"


class Sounds(QObject):
    """Plays tones where there is something to hear them on; silent machines stay silent without complaint."""

    played = Signal(str)
    """A tone was asked for, whether or not anybody can hear it."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._effects: dict[Tone, QObject] = {}
        self.audible = False
        """Whether this machine has an output; known after ``prepare``."""

    def prepare(self) -> None:
        """Load the tones; late, because the sound system is heavy, and only where there is one."""
        if not _has_sound_system():
            return
        from PySide6.QtMultimedia import QMediaDevices, QSoundEffect

        self.audible = bool(QMediaDevices.audioOutputs())
        if self.audible and not self._effects:
            for tone in Tone:
                effect = QSoundEffect(self)
                effect.setSource(QUrl.fromLocalFile(str(FOLDER / f"{tone}.wav")))
                self._effects[tone] = effect

    def play(self, tone: Tone) -> None:
        """Sound a tone."""
        effect = self._effects.get(tone)
        if effect is not None:
            effect.play()  # type: ignore[attr-defined]
        self.played.emit(tone)


def _has_sound_system() -> bool:
    """Return whether asking for outputs makes sense; without a sound server Qt only complains."""
    if not sys.platform.startswith("linux"):
        return True
    runtime = Path(os.environ.get("XDG_RUNTIME_DIR", "/nonexistent"))
    sockets = (runtime / "pulse" / "native", runtime / "pipewire-0")
    return "PULSE_SERVER" in os.environ or any(socket.exists() for socket in sockets)
