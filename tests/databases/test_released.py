"""The database every release has left is opened, read and rebuilt by the program of today (SEC-3)."""

import shutil
from pathlib import Path

import pytest
from sqlite_utils import Database

from app.domain.visit import VisitState
from app.storage import encounters, immunizations, journal, patients, projections
from app.storage.observations import find_adverse_event, seated
from app.storage.opening import open_store
from app.storage.site import running_session
from app.storage.staff import all_staff
from app.storage.store import Store
from tests.databases.make import FOLDER, PASSWORD
from tests.strategies import seeded_random
from tests.workflows.copied_site import everything

RELEASES = sorted(folder.name for folder in FOLDER.iterdir() if (folder / "store.db").exists())
released = pytest.mark.parametrize("release", RELEASES)


def opened(release: str, folder: Path) -> Store:
    copy = shutil.copytree(FOLDER / release, folder / release)
    return open_store(copy, "u-zhoumin", PASSWORD, seeded_random(1), use_keyring=False)


def shape(db: Database) -> set[tuple[str, str]]:
    rows = db.execute("select name, sql from sqlite_master where sql is not null")
    return {(name, " ".join(sql.split())) for name, sql in rows}


def test_there_is_one_at_all() -> None:
    assert "0.1.0" in RELEASES


@released
def test_it_opens_and_everything_in_it_can_be_read(release: str, tmp_path: Path) -> None:
    store = opened(release, tmp_path)
    db = store.read()
    session = running_session(db)
    assert session is not None
    counts = encounters.counts(db, session.session_id)
    assert counts == {
        VisitState.RELEASED: 1,
        VisitState.OBSERVING: 1,
        VisitState.REGISTERED: 1,
        VisitState.AT_STATION: 1,
    }
    assert immunizations.recorded_today(db, session.session_id) == 2
    assert patients.count_patients(db) == 20
    assert len(all_staff(db)) == 5
    (seat,) = seated(db)
    assert seat.alarm_signs == "皮疹"
    assert find_adverse_event(db, seat.encounter_id) is not None
    store.close()


@released
def test_its_journal_holds_and_its_tables_are_rebuilt_the_same(release: str, tmp_path: Path) -> None:
    store = opened(release, tmp_path)
    before = everything(store.read())
    count = store.write(lambda transaction: projections.rebuild(transaction.db))
    assert sum(journal.verify(store.read()).values()) == count
    assert everything(store.read()) == before
    store.close()


@released
def test_its_steps_lead_to_the_shape_of_a_new_database(release: str, tmp_path: Path) -> None:
    """Steps never change once released; before, ``python -m tests.databases.make`` makes it anew."""
    old, new = opened(release, tmp_path), Store(tmp_path / "new.db", bytes(32), create=True)
    assert shape(old.read()) == shape(new.read())
    old.close()
    new.close()


@released
def test_it_is_small_and_left_as_it_was(release: str) -> None:
    files = {file.name: file.stat().st_size for file in (FOLDER / release).iterdir()}
    assert set(files) == {"store.db", "keys.json", "device.secret"}
    assert sum(files.values()) < 1_000_000
