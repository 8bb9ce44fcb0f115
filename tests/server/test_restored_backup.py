"""A machine is lost, its backup goes on a new one: what was delivered comes back, nothing is twice."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.domain.journal import Json
from app.storage import immunizations, journal, projections
from app.storage.backups import Backup
from app.storage.receipts import upload_counts
from app.storage.restoring import put_in_place
from app.sync.state import Idle
from server.database import Database
from tests.factories import KEY
from tests.server.desk import admit_device, number
from tests.server.test_fill import Line, engine_of, settle
from tests.storage.kept_site import KeptSite
from tests.storage.test_elsewhere import tables
from tests.workflows.copied_site import quick_folder


class Journey:
    """An old machine and its backup disk, a new machine, one centre."""

    def __init__(self, folder: Path, database: Database) -> None:
        self.database = database
        self.folder = folder
        self.old = KeptSite(folder / "old")
        self.device_id = journal.current_stream(self.old.desk.read()).device_id
        admit_device(database, self.device_id)
        self.sync(self.old)

    def sync(self, site: KeptSite) -> Idle:
        engine = engine_of(site, Line(self.database, self.device_id))
        settle(engine)
        assert isinstance(engine.state, Idle)
        return engine.state

    def dose(self, site: KeptSite, index: int) -> Json:
        return site.vaccinated(site.patient(index=index), vial=index)

    def restored(self, backup: Backup) -> KeptSite:
        new = self.folder / "new"
        put_in_place(backup.folder, KEY, new, self.old.clock.now(), self.old.random, lambda: None)
        (new / "device.secret").write_bytes((self.old.folder / "device.secret").read_bytes())
        (new / "stock").write_bytes((self.old.folder / "stock").read_bytes())
        return KeptSite(new, clock=self.old.clock, seed=77)


@pytest.fixture
def journey(database: Database) -> Iterator[Journey]:
    with quick_folder() as folder:
        yield Journey(Path(folder), database)


def known(site: KeptSite, dose: Json) -> list[str]:
    return [d["immunization_id"] for d in immunizations.history_of(site.desk.read(), dose["patient_id"])]


def whole(site: KeptSite) -> None:
    before = tables(site)
    assert journal.verify(site.desk.read())
    site.store.write(lambda transaction: projections.rebuild(transaction.db))
    assert tables(site) == before


def test_doses_delivered_after_the_backup_come_back_and_new_ones_go_up(journey: Journey) -> None:
    first = journey.dose(journey.old, 0)
    journey.sync(journey.old)
    backup = journey.old.back_up(journey.folder / "disk")
    second = journey.dose(journey.old, 1)
    journey.sync(journey.old)
    journey.old.close()

    new = journey.restored(backup)
    assert known(new, second) == []
    third = journey.dose(new, 2)  # before the first contact, so that nothing waits for the centre
    assert journey.sync(new).recovered == (), "nothing parted: the new stream is the new machine's own"
    for dose in (first, second, third):
        assert known(new, dose) == [dose["immunization_id"]]
    assert upload_counts(new.desk.read()).waiting == 0
    doses = "select count(distinct event_id) from event_home where event_id in (select event_id from journal"
    assert number(journey.database, f"{doses} where kind = 'immunization.recorded')") == 3
    whole(new)
    new.close()


def test_what_was_not_sent_is_carried_by_its_stream_when_the_old_disk_turns_up(journey: Journey) -> None:
    backup = journey.old.back_up(journey.folder / "disk")
    unsent = journey.dose(journey.old, 0)

    new = journey.restored(backup)
    third = journey.dose(new, 2)
    journey.sync(new)
    assert known(new, unsent) == [], "it is on the old disk alone"

    journey.sync(journey.old)
    journey.old.close()
    journey.sync(new)
    assert known(new, unsent) == [unsent["immunization_id"]]
    assert known(new, third) == [third["immunization_id"]]
    whole(new)
    new.close()
