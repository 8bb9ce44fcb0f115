"""Migrations: forward, once, and never on a newer database."""

import threading
from pathlib import Path
from random import Random

import psycopg
import pytest

from server.database import Database, open_database
from server.migrate import FOLDER, DatabaseNewer, migrate
from tests.clocks import ManualClock

NOW = ManualClock().now()


def numbers(database: Database) -> list[int]:
    return [row[0] for row in database.execute("select number from schema_version order by number")]


def incarnation(database: Database) -> str:
    row = database.execute("select incarnation from centre").fetchone()
    assert row is not None
    return str(row[0])


def test_a_new_database_is_brought_up_and_gets_an_incarnation(database: Database) -> None:
    assert numbers(database) == list(range(1, len(list(FOLDER.iterdir())) + 1))
    assert incarnation(database) == "00" * 8


def test_a_second_start_changes_nothing(database: Database) -> None:
    before = numbers(database)
    migrate(database, NOW, Random(2).randbytes)
    assert numbers(database) == before
    assert incarnation(database) == "00" * 8


def test_a_database_of_a_newer_centre_is_refused_and_left_alone(database: Database) -> None:
    database.execute("insert into schema_version values (9000, now())")
    with pytest.raises(DatabaseNewer) as refused:
        migrate(database, NOW, Random(2).randbytes)
    assert refused.value == DatabaseNewer(9000, max(numbers(database)[:-1]))


def test_a_migration_that_fails_leaves_nothing_of_itself(dsn: str, tmp_path: Path) -> None:
    for path in FOLDER.iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    following = len(list(FOLDER.glob("*.sql"))) + 1
    (tmp_path / f"{following:04}_broken.sql").write_text("create table half (a integer); select nonsense;")
    with open_database(dsn) as database:
        with pytest.raises(psycopg.Error):
            migrate(database, NOW, Random(2).randbytes, tmp_path)
        assert numbers(database) == []
        assert database.execute("select to_regclass('half'), to_regclass('journal')").fetchone() == (
            None,
            None,
        )


def test_centres_that_start_together_migrate_once(dsn: str) -> None:
    outcomes: list[int] = []

    def start(seed: int) -> None:
        with open_database(dsn) as database:
            outcomes.append(migrate(database, NOW, Random(seed).randbytes))

    threads = [threading.Thread(target=start, args=(seed,)) for seed in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with open_database(dsn) as database:
        assert outcomes == [max(numbers(database))] * 4
        assert len(database.execute("select from centre").fetchall()) == 1
