"""The operator's pages on a port of their own, over a database of the test's own, time in the test's hand."""

from collections.abc import Iterator

import pytest
from argon2 import PasswordHasher

from server.database import Database
from server.health import check_health
from server.metrics import Gauges
from server.operator import accounts
from server.operator.beside import running_beside
from server.operator.web import make_desk
from tests.clocks import ManualClock
from tests.server.desk import AUTHORITY
from tests.server.operator.visitor import Visitor, put_operator


@pytest.fixture(scope="session", autouse=True)
def quick_passwords() -> Iterator[None]:
    """Let an operator's password cost next to nothing: the hash says so itself."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(accounts, "HASHER", PasswordHasher(time_cost=1, memory_cost=64, parallelism=1))
        yield


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
def gauges(dsn: str) -> Gauges:
    """Return what a process knows of itself; its database is well."""
    return Gauges(health=lambda: check_health(dsn, "00" * 8))


@pytest.fixture
def address(dsn: str, database: Database, clock: ManualClock, gauges: Gauges) -> Iterator[str]:
    """Return where the pages are; one operator may sign in."""
    put_operator(database)
    with running_beside(make_desk(dsn, clock.now, gauges, AUTHORITY), "127.0.0.1", 0) as address:
        yield address


@pytest.fixture
def visitor(address: str) -> Iterator[Visitor]:
    """Return somebody who has not signed in."""
    visitor = Visitor(address)
    yield visitor
    visitor.close()


@pytest.fixture
def operator(visitor: Visitor, database: Database, clock: ManualClock) -> Visitor:
    """Return the operator, signed in."""
    visitor.wear(database, clock.now())
    return visitor
