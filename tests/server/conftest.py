"""A real PostgreSQL for each test process, fresh databases, and one centre for the tests that share it."""

import os
import signal
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from server.database import Database, open_database
from server.migrate import migrate
from server.postgres import EmbeddedPostgres
from tests.clocks import ManualClock
from tests.factories import SmallSite
from tests.server.centre_process import CentreProcess
from tests.server.desk import admit
from tests.server.forked import end_nursery
from tests.server.made_cluster import copy_cluster
from tests.sync.local_journal import LocalJournal

_numbers = count(1)


@pytest.fixture(scope="session", autouse=True)
def no_nursery_stays() -> Iterator[None]:
    """End the process from which centres were forked."""
    yield
    end_nursery()


@pytest.fixture(scope="session")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedPostgres]:
    """Return a running PostgreSQL."""
    cluster = EmbeddedPostgres(copy_cluster(tmp_path_factory.mktemp("cluster")))
    with psycopg.connect(cluster.start(), autocommit=True) as connection:
        connection.execute("alter system set fsync = off")  # processes are killed, the machine is not
        connection.execute("select pg_reload_conf()")
        stretch_a_little(connection)
    yield cluster
    os.kill(cluster.pid, signal.SIGQUIT)  # without the long last checkpoint
    cluster.stop()


def stretch_a_little(connection: psycopg.Connection) -> None:
    """Let no connection of the tests pay for 4,096 rounds of SCRAM; its price is not ours."""
    connection.execute("set scram_iterations = 1")
    password = sql.Literal(connection.info.password)
    connection.execute(sql.SQL("alter user postgres password {}").format(password))


@pytest.fixture(scope="session")
def postgres(cluster: EmbeddedPostgres) -> str:
    """Return the DSN of its ``postgres`` database."""
    return cluster.dsn


@pytest.fixture(scope="session")
def admin(postgres: str) -> Iterator[psycopg.Connection]:
    """Return the connection by which databases are made and dropped."""
    with psycopg.connect(postgres, autocommit=True) as connection:
        yield connection


def new_database(postgres: str, template: str = "template1") -> str:
    with psycopg.connect(postgres, autocommit=True) as connection:
        return create_database(connection, template)


def create_database(admin: psycopg.Connection, template: str) -> str:
    """Return the DSN of a new database."""
    name = f"centre_{next(_numbers)}"
    admin.execute(f"create database {name} template {template} strategy file_copy".encode())
    user = f"{admin.info.user}:{admin.info.password}"
    return f"postgresql://{user}@{admin.info.host}:{admin.info.port}/{name}"


@pytest.fixture(scope="session")
def migrated(postgres: str) -> str:
    """Return the name of a migrated database that is only copied."""
    dsn = new_database(postgres)
    with open_database(dsn) as connection:
        migrate(connection, ManualClock().now(), lambda length: bytes(length))
    return dsn.rsplit("/", 1)[1]


@pytest.fixture
def dsn(admin: psycopg.Connection, request: pytest.FixtureRequest) -> Iterator[str]:
    """Return the DSN of a database of the test's own: empty, unless it asks for ``database`` as well."""
    with_tables = "database" in request.fixturenames
    dsn = create_database(admin, request.getfixturevalue("migrated") if with_tables else "template1")
    yield dsn
    name = dsn.rsplit("/", 1)[1]
    admin.execute(f"drop database {name} with (force)".encode())


@pytest.fixture
def small_site(tmp_path: Path) -> Iterator[SmallSite]:
    """A practice site of thirty people with one box of each lot: here it is packed and read all the time."""
    site = SmallSite(tmp_path, boxes=1)
    yield site
    site.close()


@pytest.fixture
def database(dsn: str) -> Iterator[Database]:
    """Return a connection to the test's own database, migrated."""
    with open_database(dsn) as connection:
        yield connection


@pytest.fixture(scope="session")
def shared_centre(postgres: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[CentreProcess]:
    """Return a running centre that tests share, each with devices of its own."""
    centre = CentreProcess(new_database(postgres), tmp_path_factory.mktemp("centre") / "log").start()
    yield centre
    centre.stop()
    assert "Traceback" not in centre.log.read_text()


@pytest.fixture
def centre(dsn: str, tmp_path: Path) -> Iterator[CentreProcess]:
    """Return a running centre of the test's own, to be killed as it likes; it is running at the end."""
    centre = CentreProcess(dsn, tmp_path / "log").start()
    yield centre
    centre.stop()


@pytest.fixture
def journal(database: Database) -> LocalJournal:
    """An enrolled device with five events."""
    journal = LocalJournal(seed=1)
    admit(database, journal)
    journal.record_many(5)
    return journal
