"""Plays what the nurse will hear, and says which is which (ux.md rule 13)."""

from PySide6.QtCore import QTimer

from app.devices.sounds import Sounds, Tone
from app.ui.kit.buttons import ActionButton
from app.ui.kit.tokens import SECTION_TEXT

PAUSE_MS = 900
"""From the first tone to the second: the words of the first are read meanwhile."""


class SoundTest(ActionButton):
    """First the tone of what was taken, then that of a refusal; its second line says which sounds now."""

    def __init__(self, sounds: Sounds, key: str) -> None:
        self._words = self.tr("试听提示音")
        note = self.tr("先高音，后低音；调好音量再用") if sounds.audible else self.tr("这台电脑没有声音输出")
        super().__init__(self._words, key, subtitle=note, size=SECTION_TEXT)
        self._sounds = sounds
        self._pause = QTimer(self, singleShot=True, interval=PAUSE_MS)
        self._pause.timeout.connect(self._play_refused)
        self.clicked.connect(self._play_taken)

    def _play_taken(self) -> None:
        """Begin; pressed again meanwhile it goes on as it was."""
        if not self._pause.isActive():
            self._play(Tone.TAKEN, self.tr("一声高音：收下了"))
            self._pause.start()

    def _play_refused(self) -> None:
        self._play(Tone.REFUSED, self.tr("两声低音：没有收下，请看屏幕"))

    def _play(self, tone: Tone, meaning: str) -> None:
        self._sounds.play(tone)
        if self._sounds.audible:
            self.show_action(self._words, meaning)
