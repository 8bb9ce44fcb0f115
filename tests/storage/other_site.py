"""Another site of the area, a program of its own, and its feed brought here."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from app.domain.feed import SHARED_KINDS, START
from app.domain.journal import Event, Json, encode
from app.practice.people import residents
from app.storage import elsewhere, feed, journal, patients
from app.storage.feed import KeptPage
from app.storage.store import Transaction
from app.workflows import registration
from tests.factories import SmallSite
from tests.workflows.copied_site import CopiedSite

AREA = "1001010001"
NOW_MS = 1_763_860_000_000


class OtherSite:
    """Another site's program: registers people and gives doses, and its events come down as a page."""

    def __init__(self, folder: Path, seed: int = 31) -> None:
        self.site = CopiedSite(folder, seed=seed)
        self._known = sum(1 for _ in self._events())

    def newcomer(self, number: int = 1) -> str:
        """Register somebody nobody here has heard of."""
        person = residents(number, self.site.desk.today(), seed=99)[-1]
        return self.site.desk.do(registration.register_patient, person).patient_id

    def vaccinate(self, patient_id: str, vial: int = 0) -> Json:
        """Give a dose."""
        patient = patients.get_patient(self.site.desk.read(), patient_id)
        return self.site.vaccinated(patient, "IPV-5", vial)

    def told(self) -> list[Event]:
        """Return what goes into the feed, of what happened since the start."""
        return [event for event in list(self._events())[self._known :] if event.kind in SHARED_KINDS]

    def _events(self) -> Iterator[Event]:
        return journal.events(self.site.desk.read())


def hear(site: SmallSite, events: Sequence[Event], now_ms: int = NOW_MS) -> None:
    """Let a page with these events come."""

    def keep(transaction: Transaction) -> None:
        base = feed.positions(transaction.db).get(AREA, START)
        data = tuple(encode(event) for event in events)
        page = KeptPage(AREA, base, base.after(data), START, data)
        elsewhere.put_elsewhere(transaction.db, feed.put_page(transaction.db, page, now_ms))

    site.store.write(keep)
