"""A centre that starts before its database can be used waits for it, with words."""

import socket
import struct
import threading
from urllib.parse import urlsplit

import psycopg
import pytest

from server.database import wait_for_database
from tests.server.proxy import Proxy

RECOVERING = b"SFATAL\0VFATAL\0C57P03\0Mthe database system is in recovery mode\0\0"


class Enough(Exception):
    """The test has heard what it wanted."""


def enough(seconds: float) -> None:
    raise Enough


def test_a_centre_waits_until_its_database_is_there(dsn: str) -> None:
    address = urlsplit(dsn)
    assert address.port is not None
    proxy = Proxy(address.port)
    proxy.cut("down", 0)
    said: list[str] = []
    pauses: list[float] = []

    def pause(seconds: float) -> None:
        pauses.append(seconds)
        if len(pauses) == 2:
            proxy.heal()

    through = dsn.replace(f":{address.port}/", f":{urlsplit(proxy.url).port}/")
    wait_for_database(through, said.append, pause)
    proxy.close()
    assert len(pauses) == 2
    assert len(said) == 2
    assert said[0].startswith("waiting for the database: ")
    assert said[1] == "the database is there"


def test_a_database_that_recovers_from_its_log_is_waited_for() -> None:
    listener = socket.create_server(("127.0.0.1", 0))

    def recover() -> None:
        """Answer as PostgreSQL does until it has read its log."""
        caller, _ = listener.accept()
        with caller:
            caller.recv(4096)
            caller.sendall(b"E" + struct.pack(">i", len(RECOVERING) + 4) + RECOVERING)

    recovering = threading.Thread(target=recover)
    recovering.start()
    said: list[str] = []
    with pytest.raises(Enough):
        wait_for_database(
            f"postgresql://127.0.0.1:{listener.getsockname()[1]}/centre?sslmode=disable&gssencmode=disable",
            said.append,
            enough,
        )
    recovering.join()
    listener.close()
    assert len(said) == 1
    assert "recovery mode" in said[0]


def test_a_database_that_will_not_have_us_is_not_waited_for(dsn: str) -> None:
    user, _, address = dsn.partition("@")
    with pytest.raises(psycopg.OperationalError, match="password"):
        wait_for_database(f"{user}x@{address}", lambda words: None, enough)
