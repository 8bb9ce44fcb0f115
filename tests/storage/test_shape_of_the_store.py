"""The store is append-only, strict, referenced, durable and unreadable without its key (TRC-1, SEC-4)."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlcipher3 import dbapi2
from sqlite_utils import hookimpl
from sqlite_utils.plugins import pm

from app.storage.connecting import connect
from app.storage.shape import PROJECTED_TABLES
from app.storage.store import Store, Transaction
from tests.factories import SmallSite
from tests.storage.bytes_on_disk import KEY, make_store


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = make_store(tmp_path)
    yield store
    store.close()


def tables_of(store: Store) -> list[str]:
    rows = store.read().execute("select name from sqlite_master where type = 'table'")
    return [name for (name,) in rows if not name.startswith(("sqlite_", "_sqlite_"))]


def running(statement: str) -> Callable[[Transaction], object]:
    return lambda transaction: transaction.db.execute(statement)


def test_the_journal_refuses_to_be_changed_or_deleted(small_site: SmallSite) -> None:
    before = small_site.desk.read().execute("select * from journal order by position").fetchall()
    for statement in (
        "update journal set kind = 'x' where position = 1",
        "update journal set data = data",
        "delete from journal where position = 1",
        "delete from journal",
        "insert or replace into journal select * from journal where position = 1",
        "replace into journal select * from journal where position = 1",
    ):
        with pytest.raises(dbapi2.IntegrityError, match="append-only"):
            small_site.store.write(running(statement))
    assert small_site.desk.read().execute("select * from journal order by position").fetchall() == before


def test_every_table_is_strict(store: Store) -> None:
    rows = store.read().execute(
        "select name, strict from pragma_table_list where schema = 'main' and type = 'table'"
    )
    loose = {name for name, strict in rows if not strict}
    assert {name for name in loose if not name.startswith(("sqlite_", "_sqlite_"))} == set()


def test_a_value_of_the_wrong_type_is_refused(store: Store) -> None:
    with pytest.raises(dbapi2.IntegrityError):
        store.write(lambda t: t.db.execute("insert into setting values ('x', x'00')"))


def test_a_reference_to_nothing_is_refused(store: Store) -> None:
    with pytest.raises(dbapi2.IntegrityError, match="FOREIGN KEY"):
        store.write(lambda t: t.db.execute("insert into pack_code values ('1', '1', null, 'no lot', 1)"))


def test_every_projection_is_listed_for_rebuilding_and_nothing_else(store: Store) -> None:
    kept = {
        "stream",
        "journal",
        "carried",
        "receipt_run",
        "secret",
        "setting",
        "clock_mark",
        "feed",
        "feed_page",
        "finding",
        "feedback",
        "credential",
        "audit",
        "seal",
        "count_begun",
        "count_line",
        "count_pack",
        "unfit_entry",
    }
    assert set(tables_of(store)) == kept | set(PROJECTED_TABLES)


def test_referenced_tables_come_before_those_that_reference_them(store: Store) -> None:
    for place, table in enumerate(PROJECTED_TABLES):
        rows = store.read().execute(f"select distinct \"table\" from pragma_foreign_key_list('{table}')")
        assert {target for (target,) in rows} <= {*PROJECTED_TABLES[:place]}


@pytest.mark.parametrize(
    ("pragma", "value"),
    [("foreign_keys", 1), ("synchronous", 2), ("journal_mode", "wal"), ("temp_store", 2)],
)
def test_the_writer_is_durable_and_keeps_no_temporary_file(pragma: str, value: object, store: Store) -> None:
    (found,) = store.write(lambda transaction: transaction.db.execute(f"pragma {pragma}").fetchone())
    assert found == value


def test_a_reader_cannot_write_and_keeps_no_temporary_file(store: Store) -> None:
    with pytest.raises(dbapi2.OperationalError, match="readonly"):
        store.read().execute("insert into setting values ('a', 'b')")
    assert store.read().execute("pragma temp_store").fetchone() == (2,)
    assert store.read().execute("pragma query_only").fetchone() == (1,)


def test_no_plugin_of_the_library_is_given_an_open_store(tmp_path: Path) -> None:
    """SEC-3: whatever else is installed beside the program; and nobody looks for plugins when it starts."""
    given: list[object] = []

    class Curious:
        @hookimpl
        def prepare_connection(self, conn: object) -> None:
            given.append(conn)

    plugin = Curious()
    pm.register(plugin)
    try:
        Store(tmp_path / "store.db", KEY, create=True).close()
    finally:
        pm.unregister(plugin)
    assert given == []


def test_the_cipher_was_not_built_to_put_temporary_tables_in_files(store: Store) -> None:
    options = [name for (name,) in store.read().execute("pragma compile_options")]
    assert "TEMP_STORE=0" not in options
    assert "TEMP_STORE=1" not in options


def test_nothing_readable_lies_in_the_file_or_its_log(small_site: SmallSite) -> None:
    small_site.vaccinated()
    patient = small_site.patient()
    secrets = [
        patient.name, patient.document_number, patient.phone, patient.address, "周敏", "云溪镇卫生院",
        "immunization.recorded", "create table", "SQLite format", *small_site.vials("FLU4-1")[:1],
    ]  # fmt: skip
    files = [file.read_bytes() for file in small_site.folder.iterdir()]
    assert len(files) == 3
    for secret in secrets:
        for content in files:
            assert secret.encode() not in content
            assert secret.encode("utf-16-le") not in content


def test_closing_leaves_one_file_that_is_as_unreadable(small_site: SmallSite) -> None:
    patient = small_site.patient()
    small_site.store.close()
    (file,) = small_site.folder.iterdir()
    assert patient.document_number.encode() not in file.read_bytes()


def test_two_stores_under_one_key_share_no_page(tmp_path: Path) -> None:
    pages = []
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        Store(tmp_path / name / "store.db", KEY, create=True).close()
        content = (tmp_path / name / "store.db").read_bytes()
        pages.append({content[at : at + 4096] for at in range(0, len(content), 4096)})
    assert not pages[0] & pages[1]


def test_a_second_connection_needs_the_key_as_well(small_site: SmallSite) -> None:
    with pytest.raises(dbapi2.DatabaseError):
        dbapi2.connect(str(small_site.store.path)).execute("select * from sqlite_master").fetchone()
    other = connect(small_site.store.path, KEY, writable=False)
    assert other.execute("select count(*) from journal").fetchone()[0] > 0
    other.conn.close()
