"""A site restored from an old backup gets back what it had sent: visits, doses, observations (SYN-1)."""

from collections.abc import Callable
from pathlib import Path

import pytest

from app.domain.journal import Json
from app.domain.people import Patient
from app.storage import immunizations, journal, patients, projections
from app.storage.store import Store
from app.sync.recovery import StreamForked, StreamRewound
from app.sync.state import Idle
from app.workflows import registration
from app.workflows.desk import Desk
from server.database import Database
from tests.factories import KEY, SmallSite
from tests.server.desk import admit_device
from tests.server.test_fill import Line, engine_of, settle
from tests.storage.test_elsewhere import tables


class Restorable:
    """A site whose device is enrolled, and whose disk can be put back."""

    def __init__(self, site: SmallSite, database: Database) -> None:
        self.site = site
        device_id = journal.current_stream(site.desk.read()).device_id
        admit_device(database, device_id)
        self.line = Line(database, device_id)

    def back_up(self) -> bytes:
        self._reopen(lambda path: None)
        self.site.store.close()
        content = self._path.read_bytes()
        self._open()
        return content

    def put_back(self, content: bytes) -> None:
        self._reopen(lambda path: path.write_bytes(content))

    def sync(self) -> Idle:
        engine = engine_of(self.site, self.line)
        settle(engine)
        assert isinstance(engine.state, Idle)
        return engine.state

    @property
    def _path(self) -> Path:
        return self.site.folder / "store.db"

    def _reopen(self, between: Callable[[Path], object]) -> None:
        self.site.store.close()
        between(self._path)
        self._open()

    def _open(self) -> None:
        site, user = self.site, self.site.desk.user
        site.store = Store(self._path, KEY)
        site.desk = Desk(site.store, site.clock, site.random, "接种台 1")
        site.desk.user = user


@pytest.fixture
def morning(small_site: SmallSite, database: Database) -> tuple[Restorable, bytes, Json]:
    """A backup, then a dose that was delivered; the disk is not yet put back."""
    restorable = Restorable(small_site, database)
    restorable.sync()
    backup = restorable.back_up()
    dose = small_site.vaccinated(someone(small_site), "IPV-5")
    restorable.sync()
    return restorable, backup, dose


def someone(site: SmallSite, index: int = 0) -> Patient:
    return site.patient(index=index)


def test_what_was_lost_with_the_disk_comes_back_as_it_was(morning: tuple[Restorable, bytes, Json]) -> None:
    restorable, backup, _ = morning
    before = tables(restorable.site)
    events = list(journal.events(restorable.site.desk.read()))
    restorable.put_back(backup)
    assert tables(restorable.site) != before
    (recovered,) = restorable.sync().recovered
    assert isinstance(recovered, StreamRewound)
    assert tables(restorable.site) == before
    db = restorable.site.desk.read()
    assert list(journal.events(db)) == events
    assert sum(journal.verify(db).values()) == len(events)
    restorable.site.store.write(lambda transaction: projections.rebuild(transaction.db))
    assert tables(restorable.site) == before


def test_a_dose_counts_though_its_ticket_number_was_given_again_meanwhile(
    morning: tuple[Restorable, bytes, Json],
) -> None:
    """A person is registered after the new stream was opened and before the rest comes back."""
    restorable, backup, dose = morning
    restorable.put_back(backup)
    site = restorable.site
    engine = engine_of(site, restorable.line)
    assert engine.step() == 0
    visit = site.desk.do(registration.open_visit, someone(site, 1).patient_id)
    settle(engine)
    db = site.desk.read()
    told_twice = db.execute(
        "select count(*) from journal where data ->> '$.body.ticket_number' = ?", [visit.ticket_number]
    ).fetchone()
    assert told_twice == (2,)
    history = immunizations.history_of(db, dose["patient_id"])
    assert [given["immunization_id"] for given in history] == [dose["immunization_id"]]
    before = tables(site)
    site.store.write(lambda transaction: projections.rebuild(transaction.db))
    assert tables(site) == before


def test_where_work_went_on_in_the_restored_stream_people_and_doses_come_back_as_anothers(
    morning: tuple[Restorable, bytes, Json],
) -> None:
    restorable, backup, dose = morning
    restorable.put_back(backup)
    site = restorable.site
    site.desk.do(registration.open_visit, someone(site, 1).patient_id)
    (recovered,) = restorable.sync().recovered
    assert isinstance(recovered, StreamForked)
    db = site.desk.read()
    assert patients.get_patient(db, dose["patient_id"])
    history = immunizations.history_of(db, dose["patient_id"])
    assert [given["immunization_id"] for given in history] == [dose["immunization_id"]]
    assert immunizations.of_patient(db, dose["patient_id"]) == []
