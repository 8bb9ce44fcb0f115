"""The grid of rings: as many places as there is room for, then pages; the urgent stand on every page."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.domain.observation import ObservationState
from app.ui.kit.observation_card import ObservationCard, Observed
from app.ui.kit.ring import RingFace
from app.ui.kit.tokens import GAP
from app.ui.observation.faces import observed
from app.ui.observation.hall_watch import Watched

LEAST_WIDTH, LEAST_HEIGHT = 244, 126
FEWEST_COLUMNS, MOST_COLUMNS = 3, 6
FEWEST_ROWS, MOST_ROWS = 2, 6
URGENT = (ObservationState.ALARM, ObservationState.OVERDUE)


@dataclass(frozen=True)
class Paged:
    """Which people stand on a page; ``pinned`` of them stand on every page."""

    people: tuple[Watched, ...]
    page: int
    pages: int
    pinned: int


def page_of(people: Sequence[Watched], places: int, page: int) -> Paged:
    """Return a page of the board: the urgent keep up to half of the places on every page."""
    if len(people) <= places:
        return Paged(tuple(people), 0, 1, 0)
    urgent = sum(person.state in URGENT for person in people)
    pinned = min(urgent, places // 2)
    size = places - pinned
    pages = -(-(len(people) - pinned) // size)
    page = max(0, min(page, pages - 1))
    first = pinned + page * size
    return Paged((*people[:pinned], *people[first : first + size]), page, pages, pinned)


def page_with(people: Sequence[Watched], places: int, encounter_id: str) -> int:
    """Return the number of the page on which a person stands."""
    for page in range(page_of(people, places, 0).pages):
        shown = page_of(people, places, page).people
        if any(person.encounter_id == encounter_id for person in shown):
            return page
    return 0


class SeatGrid(QWidget):
    """Cards in rows; it keeps its cards and repaints one only when what it says has changed."""

    chosen = Signal(str)
    """A card was clicked: the encounter id."""
    turned = Signal()
    """Another page is shown, or there are more or fewer of them."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._people: Sequence[Watched] = ()
        self._selected = ""
        self._cards: list[ObservationCard] = []
        self._shown = Paged((), 0, 1, 0)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumHeight(FEWEST_ROWS * (LEAST_HEIGHT + GAP) - GAP)

    @property
    def page(self) -> int:
        """Return the number of the page shown, from 0."""
        return self._shown.page

    @property
    def pages(self) -> int:
        """Return how many pages there are."""
        return self._shown.pages

    @property
    def cards(self) -> list[ObservationCard]:
        """Return the cards that are shown, in their order."""
        return self._cards[: len(self._shown.people)]

    @property
    def hidden_urgent(self) -> tuple[Watched, ...]:
        """Return who is urgent and not on this page: the header names them."""
        return tuple(
            person for person in self._people if person.state in URGENT and person not in self._shown.people
        )

    def show_people(self, people: Sequence[Watched], selected: str) -> None:
        """Show the board; the page stays where it is unless it is gone."""
        self._people, self._selected = people, selected
        self._show(self._shown.page)

    def select(self, encounter_id: str) -> None:
        """Mark a person and bring them into sight."""
        self._selected = encounter_id
        here = any(person.encounter_id == encounter_id for person in self._shown.people)
        self._show(self._shown.page if here else page_with(self._people, self.places().total, encounter_id))

    def turn(self, step: int) -> None:
        """Turn pages."""
        self._show(self._shown.page + step)

    def neighbour(self, across: int, down: int) -> str:
        """Return who stands beside the selected person, on the next page if need be; empty for nobody."""
        ids = [person.encounter_id for person in self._shown.people]
        if self._selected not in ids:
            return ids[0] if ids else ""
        place = ids.index(self._selected) + across + down * self.places().columns
        if 0 <= place < len(ids):
            return ids[place]
        beyond = page_of(self._people, self.places().total, self.page + (1 if place > 0 else -1))
        if beyond.page == self.page:
            return self._selected
        fresh = beyond.people[beyond.pinned :]
        return (fresh[0] if place > 0 else fresh[-1]).encounter_id

    def places(self) -> "Places":
        """Return how the room is divided."""
        return places_in(self.size(), len(self._people))

    def sizeHint(self) -> QSize:
        """Return room for nine."""
        return QSize(3 * 279, 3 * 150)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Divide the room anew."""
        here = any(person.encounter_id == self._selected for person in self._shown.people)
        page = page_with(self._people, self.places().total, self._selected) if here else self._shown.page
        self._show(page)

    def _show(self, page: int) -> None:
        before = (self._shown.page, self._shown.pages, self.hidden_urgent)
        division = self.places()
        self._shown = page_of(self._people, division.total, page)
        for place, person in enumerate(self._shown.people):
            card = self._card(place)
            card.show_observed(observed(person))
            card.setGeometry(division.rect(place, self.size()))
            card.setChecked(person.encounter_id == self._selected)
            card.show()
        for card in self._cards[len(self._shown.people) :]:
            card.hide()
        if (self._shown.page, self._shown.pages, self.hidden_urgent) != before:
            self.turned.emit()

    def _card(self, place: int) -> ObservationCard:
        while place >= len(self._cards):
            card = ObservationCard(Observed("", "", "", "", RingFace()), self)
            card.setAutoExclusive(False)
            card.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            card.clicked.connect(lambda _=False, number=len(self._cards): self._clicked(number))
            self._cards.append(card)
        return self._cards[place]

    def _clicked(self, place: int) -> None:
        if place < len(self._shown.people):
            self.chosen.emit(self._shown.people[place].encounter_id)


@dataclass(frozen=True)
class Places:
    """Columns and rows of the grid."""

    columns: int
    rows: int

    @property
    def total(self) -> int:
        """Return how many people fit."""
        return self.columns * self.rows

    def rect(self, place: int, size: QSize) -> QRect:
        """Return where a place lies in room of ``size``."""
        row, column = divmod(place, self.columns)
        left = round(column * (size.width() + GAP) / self.columns)
        right = round((column + 1) * (size.width() + GAP) / self.columns) - GAP
        top = round(row * (size.height() + GAP) / self.rows)
        bottom = round((row + 1) * (size.height() + GAP) / self.rows) - GAP
        return QRect(left, top, right - left, bottom - top)


def places_in(size: QSize, people: int) -> Places:
    """Return how to divide ``size``: three by three while that is enough, closer for more people."""
    most_columns = _fit(size.width(), LEAST_WIDTH, FEWEST_COLUMNS, MOST_COLUMNS)
    most_rows = _fit(size.height(), LEAST_HEIGHT, FEWEST_ROWS, MOST_ROWS)
    rows = min(3, most_rows)
    columns = FEWEST_COLUMNS
    while columns * rows < people and (columns < most_columns or rows < most_rows):
        if rows < most_rows and (rows < 4 or columns == most_columns):
            rows += 1
        else:
            columns += 1
    return Places(columns, rows)


def _fit(length: int, least: int, fewest: int, most: int) -> int:
    return max(fewest, min(most, (length + GAP) // (least + GAP)))
