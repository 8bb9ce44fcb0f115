"""The doses of one person on a line: given, late, today, later; each told by its shape and its colour."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from PySide6.QtCore import QPointF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.ui.kit.icons import draw_icon
from app.ui.kit.painting import draw_centred, draw_open_mark, elided, smooth
from app.ui.kit.tokens import BODY_TEXT, CAPTION_TEXT, LIGHT

_STEP = 78.0


class DoseState(StrEnum):
    """A dose was given, is late, is for today, is for later, or was given but does not count."""

    GIVEN = "given"
    LATE = "late"
    TODAY = "today"
    LATER = "later"
    NOT_VALID = "not-valid"


@dataclass(frozen=True)
class TimelineDose:
    """One mark of the line: the short name of the dose and its day in words."""

    words: str
    day: str
    state: DoseState


class Timeline(QWidget):
    """Solid line for the past, dotted for what is to come.

    Where not all marks fit, the earliest given ones are gathered into one ``+n``, so today stays in view.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._doses: tuple[TimelineDose, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_doses(self, doses: Sequence[TimelineDose]) -> None:
        """Show these doses in the order of time."""
        self._doses = tuple(doses)
        self.setAccessibleName("；".join(f"{dose.words} {dose.day}" for dose in doses))
        self.update()

    def sizeHint(self) -> QSize:
        """Return the height of marks and words."""
        return QSize(round(_STEP * max(4, len(self._doses))), 96)

    def minimumSizeHint(self) -> QSize:
        """Return room for a few marks."""
        return QSize(320, 96)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the line, the marks and the words."""
        hidden, shown = fitting(self._doses, max(2, int(self.width() / _STEP)))
        if not shown:
            return
        painter = smooth(QPainter(self))
        step = self.width() / (len(shown) + bool(hidden))
        centres = [QPointF(step * (place + 0.5 + bool(hidden)), 22) for place in range(len(shown))]
        for place in range(1, len(shown)):
            gaps = _radius(shown[place - 1].state), _radius(shown[place].state)
            _draw_link(painter, centres[place - 1], centres[place], gaps, shown[place].state)
        if hidden:
            _draw_link(painter, QPointF(step / 2, 22), centres[0], (16, 12), DoseState.GIVEN)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(LIGHT.success_tint))
            painter.drawEllipse(QPointF(step / 2, 22), 16, 16)
            draw_centred(painter, QPointF(step / 2, 22), f"+{hidden}", LIGHT.success, CAPTION_TEXT, True)
        for centre, dose in zip(centres, shown, strict=True):
            _draw_dose(painter, centre, dose, step - 6)
        painter.end()
        self.setToolTip(self.accessibleName() if hidden else "")


def fitting(doses: tuple[TimelineDose, ...], room: int) -> tuple[int, tuple[TimelineDose, ...]]:
    """Return how many of the earliest given ``doses`` to gather into one mark, and those to show.

    ``room`` is how many marks have a place, at least two. Of what is to come the last ones may fall away.
    """
    if len(doses) <= room:
        return 0, doses
    past = sum(dose.state in (DoseState.GIVEN, DoseState.NOT_VALID) for dose in doses)
    hidden = min(len(doses) - room + 1, past if room == 2 else max(0, past - 1))
    return hidden, doses[hidden : hidden + room - bool(hidden)]


_NOW = {DoseState.TODAY: LIGHT.primary, DoseState.LATE: LIGHT.warning}
"""What may be given now stands out."""


def _radius(state: DoseState) -> float:
    return 19 if state in _NOW else 12


def _draw_link(
    painter: QPainter, left: QPointF, right: QPointF, gaps: tuple[float, float], state: DoseState
) -> None:
    past = state in (DoseState.GIVEN, DoseState.NOT_VALID)
    pen = QPen(QColor(LIGHT.success if past else LIGHT.border), 3)
    if not past:
        pen.setDashPattern([2, 1.4])
    painter.setPen(pen)
    painter.drawLine(left + QPointF(gaps[0], 0), right - QPointF(gaps[1], 0))


def _draw_dose(painter: QPainter, centre: QPointF, dose: TimelineDose, room: float) -> None:
    now = _NOW.get(dose.state)
    if dose.state is DoseState.GIVEN:
        draw_icon(painter, centre, "done", LIGHT.success, 30)
    elif dose.state is DoseState.NOT_VALID:
        draw_icon(painter, centre, "failed", LIGHT.danger, 30)
    elif dose.state is DoseState.LATE:
        draw_icon(painter, centre, "warning", LIGHT.warning, 36)
    elif now:
        painter.setPen(QPen(QColor(now), 3))
        painter.setBrush(QColor(LIGHT.surface))
        painter.drawEllipse(centre, 17, 17)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(now))
        painter.drawEllipse(centre, 10, 10)
    else:
        draw_open_mark(painter, centre, LIGHT.muted, 23)
    words = elided(dose.words, BODY_TEXT, bool(now), room)
    below = QPointF(centre.x(), centre.y() + 36)
    draw_centred(painter, below, words, now or LIGHT.ink, BODY_TEXT, bool(now))
    ink = now or (LIGHT.danger if dose.state is DoseState.NOT_VALID else LIGHT.muted)
    draw_centred(
        painter, below + QPointF(0, 25), elided(dose.day, CAPTION_TEXT, False, room), ink, CAPTION_TEXT
    )
