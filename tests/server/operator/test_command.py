"""The first operator is made by command line; the practice centre makes its own."""

import subprocess
import sys
from io import StringIO
from pathlib import Path
from random import Random

import pytest

from server.database import Database
from server.metrics import Gauges
from server.operator.accounts import add_operator, list_operators, sign_in
from server.operator.beside import running_beside
from server.operator.command import main
from server.operator.practice import put_practice_operator
from server.operator.web import make_desk
from server.practice import LOG_NAME, PracticeCentre
from tests.clocks import ManualClock
from tests.server.desk import AUTHORITY
from tests.server.made_cluster import copy_cluster
from tests.server.operator.visitor import NAME, PASSWORD, Visitor
from tests.sync.local_journal import SITE

NOW = ManualClock().now()
RANDOM = Random(3).randbytes


def test_the_first_operator_is_made_on_an_empty_database(
    dsn: str, capsys: pytest.CaptureFixture[str]
) -> None:
    command = [sys.executable, "-m", "server", "operator", "add", NAME, "--dsn", dsn]
    assert subprocess.run(command, input=f"{PASSWORD}\n", text=True, check=False).returncode == 0
    assert main(["list", "--dsn", dsn]) == 0
    assert capsys.readouterr().out == f"{NAME}\n"
    visitor_signs_in(dsn)


def test_a_refusal_is_told_and_changes_nothing(
    dsn: str, database: Database, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", StringIO("short\n"))
    assert main(["add", NAME, "--dsn", dsn]) == 1
    told = capsys.readouterr().err
    assert "PasswordUnfit" in told
    assert "至少 12 个字符" in told
    assert list_operators(database) == []


def test_an_operator_is_withdrawn_and_the_book_says_by_whom(dsn: str, database: Database) -> None:
    add_operator(database, NAME, PASSWORD, "test", NOW, RANDOM)
    assert main(["withdraw", NAME, "--dsn", dsn]) == 0
    assert list_operators(database) == []
    row = database.execute("select name from operator_act where act = 'operator_withdrawn'").fetchone()
    assert row is not None
    assert row[0].startswith("cli:")


def test_the_practice_operator_has_a_new_password_at_each_start(database: Database, tmp_path: Path) -> None:
    passwords = []
    for _ in range(2):
        path = put_practice_operator(database, tmp_path)
        name, password = path.read_text("utf-8").splitlines()
        assert path.stat().st_mode & 0o777 == 0o600
        sign_in(database, name, password, NOW, RANDOM)
        passwords.append(password)
    assert passwords[0] != passwords[1]


def test_the_practice_centre_says_where_its_pages_are_and_not_the_password(tmp_path: Path) -> None:
    copy_cluster(tmp_path / "postgres")
    centre = PracticeCentre(tmp_path, SITE)
    centre.start()
    log = (tmp_path / LOG_NAME).read_text()
    address = log.split("the operator's pages: ")[1].split()[0]
    name, password = (tmp_path / "operator.txt").read_text("utf-8").splitlines()
    visitor = Visitor(address)
    visitor.sign_in(name, password)
    assert visitor.last.headers["location"] == "/"
    assert SITE in visitor.open("/codes").text
    assert password not in log
    assert address.startswith("http://127.0.0.1:")
    visitor.close()
    centre.stop()


def visitor_signs_in(dsn: str) -> None:
    with running_beside(make_desk(dsn, ManualClock().now, Gauges(), AUTHORITY), "127.0.0.1", 0) as address:
        visitor = Visitor(address)
        visitor.sign_in()
        assert visitor.last.headers["location"] == "/"
        visitor.close()
