"""A store that will not open is refused with a reason and left byte for byte as it was (SEC-3)."""

from collections.abc import Callable
from pathlib import Path

import pytest

from app.domain.refusals import Refusal
from app.storage.store import Store, StoreMissing, StoreNewer, StoreUnreadable, Transaction
from tests.storage.bytes_on_disk import KEY, OTHER_KEY, copy_files, files_of, make_store

PAGE_BYTES = 4096


def closed(tmp_path: Path) -> Path:
    """A store that was closed in good order."""
    folder = tmp_path / "closed"
    folder.mkdir()
    make_store(folder).close()
    return folder


def cut_off(tmp_path: Path) -> Path:
    """A store as a power cut leaves it: what was committed last is in the WAL alone."""
    live = tmp_path / "live"
    live.mkdir()
    store = make_store(live)
    folder = copy_files(live, tmp_path / "cut-off")
    store.close()
    assert (folder / "store.db-wal").stat().st_size > 0
    return folder


def refused(folder: Path, key: bytes = KEY) -> Refusal:
    """Return the refusal, after a look that nothing was written, made or taken away."""
    before = files_of(folder)
    with pytest.raises(Refusal) as caught:
        Store(folder / "store.db", key)
    assert files_of(folder) == before
    return caught.value


both_ways = pytest.mark.parametrize("left_behind", [closed, cut_off])


@both_ways
def test_another_key_is_refused(left_behind: Callable[[Path], Path], tmp_path: Path) -> None:
    folder = left_behind(tmp_path)
    assert isinstance(refused(folder, OTHER_KEY), StoreUnreadable)
    Store(folder / "store.db", KEY).close()


@both_ways
def test_a_database_of_a_newer_program_is_refused(
    left_behind: Callable[[Path], Path], tmp_path: Path
) -> None:
    folder = left_behind(tmp_path)
    store = Store(folder / "store.db", KEY)
    store.write(add_step("0999_from_the_future"))
    live = copy_files(folder, tmp_path / "newer")
    store.close()
    newer = live if left_behind is cut_off else folder
    refusal = refused(newer)
    assert refusal == StoreNewer(str(newer / "store.db"), ("0999_from_the_future",))


def add_step(name: str) -> Callable[[Transaction], object]:
    return lambda transaction: transaction.db.execute(
        "insert into _sqlite_migrations (migration_set, name, applied_at) values ('vaxpost', ?, '')", [name]
    )


def test_a_missing_database_is_never_made_anew(tmp_path: Path) -> None:
    assert refused(tmp_path) == StoreMissing(str(tmp_path / "store.db"))


@pytest.mark.parametrize("content", [b"", b"\0" * 4096, b"no database at all", b"SQLite format 3\0" * 256])
def test_a_file_that_is_no_store_is_never_filled(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "store.db").write_bytes(content)
    assert isinstance(refused(tmp_path), StoreUnreadable)


@pytest.mark.parametrize("place", [0, 15, 16, 100, 2000, 4095])
def test_one_changed_byte_of_the_first_page_is_refused(place: int, tmp_path: Path) -> None:
    folder = closed(tmp_path)
    content = bytearray((folder / "store.db").read_bytes())
    content[place] ^= 1
    (folder / "store.db").write_bytes(content)
    assert isinstance(refused(folder), StoreUnreadable)


def test_a_file_cut_short_is_refused(tmp_path: Path) -> None:
    folder = closed(tmp_path)
    content = (folder / "store.db").read_bytes()
    (folder / "store.db").write_bytes(content[:8192])
    assert isinstance(refused(folder), StoreUnreadable)


def test_damage_in_any_page_is_found_by_the_check_of_all_pages(tmp_path: Path) -> None:
    folder = closed(tmp_path)
    store = Store(folder / "store.db", KEY)
    (page,) = store.read().execute("select rootpage from sqlite_master where name = 'observation'").fetchone()
    store.close()
    content = (folder / "store.db").read_bytes()
    inside = page * PAGE_BYTES - 2000
    (folder / "store.db").write_bytes(content[:inside] + b"damage" + content[inside + 6 :])
    store = Store(folder / "store.db", KEY)
    with pytest.raises(StoreUnreadable):
        store.check_pages()
    store.close()


def test_a_sound_store_passes_the_check_of_all_pages(tmp_path: Path) -> None:
    store = make_store(tmp_path)
    assert store.check_pages() > 10
    store.close()


def test_what_was_committed_before_a_power_cut_is_there_afterwards(tmp_path: Path) -> None:
    store = Store(cut_off(tmp_path) / "store.db", KEY)
    assert store.read().execute("select value from setting").fetchone() == ("云溪镇",)
    store.close()
