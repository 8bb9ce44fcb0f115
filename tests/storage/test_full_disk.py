"""A full disk: the act in hand gets the room held in reserve, the next no is a sentence (TRC-1)."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.domain.refusals import Refusal
from app.storage import projections
from app.storage.local import get_setting
from app.storage.reserve import PLENTY, Reserve
from app.storage.store import Store, StoreFull, StoreOnReserve, StoreUnwritable
from tests.factories import KEY, SmallSite
from tests.storage.full_disk import fill_with, full_store, no_file_grows
from tests.storage.test_terms import undo_the_numbers


@pytest.fixture
def full(tmp_path: Path) -> Iterator[Store]:
    store = full_store(tmp_path)
    yield store
    store.close()


def test_what_people_do_gets_the_reserve_once_and_they_are_told(full: Store) -> None:
    told: list[Refusal] = []
    full.on_short_of_room(told.append)
    full.submit(fill_with("first", 10), urgent=True).result()
    assert told == [StoreOnReserve(str(full.path))]
    with pytest.raises(StoreFull):
        full.submit(fill_with("second", 200), urgent=True).result()
    assert get_setting(full.read(), "first")
    assert get_setting(full.read(), "second") == ""


def test_what_the_program_does_for_itself_does_not_use_the_reserve(full: Store) -> None:
    with pytest.raises(StoreFull):
        full.write(fill_with("page", 10))
    full.submit(fill_with("dose", 10), urgent=True).result()


def test_the_reserve_is_filled_where_there_is_plenty_and_nowhere_else(tmp_path: Path) -> None:
    reserve = Reserve(tmp_path / "reserve", 5000)
    reserve.fill()
    assert reserve.path.stat().st_size == 5000
    assert reserve.give_up()
    assert not reserve.give_up()
    beyond = Reserve(tmp_path / "beyond", (1 << 62) // PLENTY)
    beyond.fill()
    assert not beyond.path.exists()


def test_an_update_the_disk_cannot_take_is_refused_and_made_whole_once_there_is_room(
    small_site: SmallSite,
) -> None:
    path, before = small_site.store.path, projections.fingerprints(small_site.store.read())
    small_site.store.write(undo_the_numbers)
    small_site.store.close()
    older = path.read_bytes()
    with no_file_grows(beyond=1 << 15), pytest.raises(StoreUnwritable):
        Store(path, KEY)
    assert path.read_bytes() == older
    small_site.store = Store(path, KEY)
    assert projections.fingerprints(small_site.store.read()) == before
