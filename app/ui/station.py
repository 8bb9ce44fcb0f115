"""A station: one page of the window, reached by one key, that takes codes and shows one step of the visit."""

from collections.abc import Mapping, Sequence
from typing import ClassVar

from PySide6.QtWidgets import QWidget
from sqlite_utils import Database

from app.domain.codes import (
    CertificateNumber,
    CertificateText,
    CitizenNumber,
    Gs1Code,
    ScannedCode,
    TicketCode,
    TraceCode,
)
from app.domain.refusals import Refusal
from app.domain.visit import Encounter, VisitState
from app.ui.bench import Bench
from app.ui.kit.toast import Toast
from app.workflows.needle import find_ticket

RECEIPTED = "receipted"
"""Stands among the kinds of ``refresh`` when the centre's receipts came in."""

WAITING_AT: Mapping[str, Sequence[VisitState]] = {
    "screening": (VisitState.REGISTERED, VisitState.SCREENED),
    "vaccination": (VisitState.READY, VisitState.AT_STATION),
    "observation": (VisitState.OBSERVING,),
}


def station_of(encounter: Encounter) -> str:
    """Return where a visit belongs by its state; an ended one shows its certificate."""
    for station_id, states in WAITING_AT.items():
        if encounter.state in states:
            return station_id
    return "certificate"


def home_of(db: Database, code: ScannedCode) -> tuple[str | None, str | None]:
    """Return the station a code belongs to and the visit it names, None for each that it has not.

    Raises as ``find_ticket``.
    """
    if isinstance(code, TicketCode):
        encounter = find_ticket(db, code.token)
        return station_of(encounter), encounter.encounter_id
    if isinstance(code, CitizenNumber):
        return "registration", None
    if isinstance(code, TraceCode | Gs1Code):
        return "vaccination", None
    if isinstance(code, CertificateText | CertificateNumber):
        return "certificate", None
    return None, None


class Station(QWidget):
    """The base of every page in ``app/ui/<station>/page.py``."""

    station_id: ClassVar[str]
    """As in ``app/workflows`` and in the navigation rail."""
    help_topic: ClassVar[str]
    """Name of the page under ``resources/help`` that F1 shows."""

    parts: ClassVar[tuple[str, ...]] = ()
    """Cached properties that hold much: built when first needed, or while nobody touches anything."""

    toast: Toast
    """In a row of its own on every page; the window announces through it."""

    def __init__(self, bench: Bench) -> None:
        super().__init__()
        self.bench = bench

    def build_next(self) -> bool:
        """Build a part that nobody has needed yet; False when all stand."""
        missing = next((part for part in self.parts if part not in self.__dict__), None)
        if missing is not None:
            getattr(self, missing)
        return missing is not None

    def enter(self, encounter_id: str | None) -> None:
        """Come to the front: refresh, focus the scan box, show the visit if one is named."""
        raise NotImplementedError

    def refresh(self, kinds: frozenset[str]) -> None:
        """Show what has changed; ``kinds`` are the events just committed. Called only while at the front."""
        raise NotImplementedError

    def take_code(self, code: ScannedCode) -> bool:
        """Use a scanned or typed code; False lets the window send it to the station it belongs to."""
        raise NotImplementedError

    def take_text(self, text: str) -> bool:
        """Use a scan as it came, before it is read as a code; True if it was."""
        return False

    def show_refusal(self, refusal: Refusal) -> bool:
        """Show a refusal in this page's own way; False lets the window show it the common way."""
        return False

    def show_unreadable(self, refusal: Refusal) -> None:
        """Show that a scan could not be read; by default the common way."""
        self.bench.refuse(refusal)
