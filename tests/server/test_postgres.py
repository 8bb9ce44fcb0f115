"""The practice centre's own PostgreSQL, in its folder and nowhere else."""

import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from server.postgres import EmbeddedPostgres
from tests.server.made_cluster import copy_cluster


def answers(dsn: str) -> bool:
    with psycopg.connect(dsn) as connection:
        return connection.execute("select 1").fetchone() == (1,)


def test_the_folders_above_stay_closed_to_others(tmp_path: Path) -> None:
    """Run by root the database belongs to another user, who gets no way in but to its own folder."""
    tmp_path.chmod(0o700)
    cluster = EmbeddedPostgres(tmp_path / "site" / "cluster")
    assert answers(cluster.start())
    cluster.stop()
    assert tmp_path.stat().st_mode & 0o777 == 0o700


def test_a_database_that_outlived_its_parent_is_ended_first(tmp_path: Path) -> None:
    copy_cluster(tmp_path)
    orphan, cluster = EmbeddedPostgres(tmp_path), EmbeddedPostgres(tmp_path)
    orphan.start()
    assert answers(cluster.start())
    assert orphan.pid != cluster.pid
    orphan.stop()
    assert answers(cluster.dsn)
    cluster.stop()


def test_another_process_that_has_the_old_number_by_chance_is_left_alone(tmp_path: Path) -> None:
    cluster = EmbeddedPostgres(copy_cluster(tmp_path))
    cluster.start()
    cluster.stop()
    sleeper = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    note = tmp_path / "data" / "postmaster.pid"
    note.write_text(f"{sleeper.pid}\n{note.parent}\n")
    assert answers(cluster.start())
    assert sleeper.poll() is None
    sleeper.communicate(b"\n")
    cluster.stop()


def test_it_listens_on_this_machine_and_asks_for_its_password(tmp_path: Path) -> None:
    cluster = EmbeddedPostgres(copy_cluster(tmp_path))
    with psycopg.connect(cluster.start()) as connection:
        row = connection.execute("select current_setting('listen_addresses')").fetchone()
    assert row == ("127.0.0.1",)
    user, _, address = cluster.dsn.partition("@")
    with pytest.raises(psycopg.OperationalError, match="password"):
        psycopg.connect(f"{user[:-3]}@{address}")
    cluster.stop()
