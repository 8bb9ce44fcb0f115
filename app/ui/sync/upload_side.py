"""The right end of the sync banner: how far the run is, and the key that pauses it."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QProgressBar, QWidget

from app.ui.centre_link import Pause
from app.ui.kit.buttons import ActionButton, ButtonKind
from app.ui.kit.layouts import box, column, row
from app.ui.kit.text import Text
from app.ui.kit.tokens import CAPTION_TEXT, LIGHT

_WIDTH = 380
_RIGHT = Qt.AlignmentFlag.AlignRight


class UploadSide(QWidget):
    """Up to two lines of notes or a progress line, and 暂停上传 / 继续上传 with its key."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.notes = [Text("", colour=LIGHT.ink), Text("", CAPTION_TEXT, colour=LIGHT.muted, wrap=True)]
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setFixedSize(_WIDTH, 12)
        self.button = ActionButton("", "F9")
        for note in self.notes:
            note.setAlignment(_RIGHT)
            note.setFixedWidth(_WIDTH)
        told = box(column(None, *self.notes, self.bar, None, gap=4))
        self.setLayout(row(told, self.button, gap=16, margins=(0, 0, 0, 0)))
        self.show_pause(None)

    def show_notes(self, notes: tuple[str, ...]) -> None:
        """Show lines of words; no run is going on."""
        self.bar.hide()
        for place, note in enumerate(self.notes):
            words = notes[place] if place < len(notes) else ""
            note.show_text(words)
            note.setVisible(bool(words))

    def show_progress(self, done: int, total: int, words: str) -> None:
        """Show how far a run is."""
        self.show_notes((words,))
        self.bar.setRange(0, max(1, total))
        self.bar.setValue(done)
        self.bar.setAccessibleName(words)
        self.bar.show()

    def show_pause(self, pause: Pause | None) -> None:
        """Offer to pause or to go on; None where no centre is set up."""
        self.button.setVisible(pause is not None)
        running = pause is Pause.RUNNING
        self.button.show_action("暂停上传" if running else "继续上传", icon="pause" if running else "play")
        self.button.show_kind(ButtonKind.SECONDARY if running else ButtonKind.PRIMARY)
