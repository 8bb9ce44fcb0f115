"""The line above the board: how many sit there and in which state, and who is urgent on another page."""

from collections import Counter
from collections.abc import Sequence

from PySide6.QtWidgets import QWidget

from app.domain.observation import ObservationState
from app.ui.kit.chip import Chip
from app.ui.kit.layouts import column, row
from app.ui.kit.text import Text
from app.ui.kit.tokens import CAPTION_TEXT, LIGHT, SECTION_TEXT, Tone
from app.ui.observation.hall_watch import Watched
from app.ui.observation.release_panel import TONES
from app.ui.texts.observation import COUNTED


class BoardHead(QWidget):
    """Counts as chips; a line below names the urgent people the page has no room for."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title = Text("", SECTION_TEXT, bold=True)
        self._note = Text(self.tr("按离开先后排"), CAPTION_TEXT, colour=LIGHT.muted)
        self.chips = {state: Chip() for state in COUNTED}
        self.hidden = Chip()
        line = row(self._title, self._note, None, *self.chips.values())
        self.setLayout(column(line, self.hidden, gap=4))
        self.hidden.hide()

    def show_people(self, people: Sequence[Watched]) -> None:
        """Count them; a state nobody is in has no chip."""
        counts = Counter(person.state for person in people)
        sitting = len(people) - counts[ObservationState.LEFT_EARLY]
        self._title.show_text(self.tr("留观 {} 人").format(sitting))
        for state, chip in self.chips.items():
            words = f"{COUNTED[state]} {counts[state]}" if counts[state] else ""
            chip.show_state(words, *TONES[state])
            chip.setVisible(bool(words))

    def show_hidden(self, hidden: Sequence[Watched]) -> None:
        """Name who is urgent and stands on another page."""
        names = [f"{person.seat.ticket_number} {_over(person)}" for person in hidden]
        more = self.tr(" 等 {} 人").format(len(names)) if len(names) > 6 else ""
        words = self.tr("别的页上：{}").format("、".join(names[:6]) + more) if names else ""
        self.hidden.show_state(words, Tone.WARNING)
        self.hidden.setVisible(bool(words))


def _over(person: Watched) -> str:
    return "请找医生" if person.state is ObservationState.ALARM else f"+{-person.minutes}"
