"""The rule packs that a site took go with its backups and never keep the store away (SEC-3, VER-9)."""

import json
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import pytest

from app.domain.schedule.refusals import PackGone, PackNotVouched
from app.storage import backups, restoring
from app.storage.backups import check_copy
from app.storage.drill import drill
from app.storage.drill_process import drill_aside
from app.storage.keys import KeyFile, KeyFileUnwritable
from app.storage.packs_taken import packs_taken
from app.storage.restoring import put_in_place
from app.workflows import schedules
from app.workflows.forecast import packs_in_use, use_packs
from tests.factories import KEY
from tests.storage.bytes_on_disk import files_of
from tests.storage.kept_site import KeptSite, opened
from tests.strategies import seeded_random
from tests.workflows.brought_packs import kept, of_site, pack_text, take
from tests.workflows.copied_site import quick_folder

RANDOM = seeded_random(9)
NAME = "cn-hpv-2025"
FILE = f"{NAME}.json"
HERE = "cn-hpv-here-2025"


@pytest.fixture
def site() -> Iterator[KeptSite]:
    """A site with one dose, for which two people took a pack."""
    with quick_folder() as folder:
        site = KeptSite(Path(folder) / "site")
        site.vaccinated()
        take(site, pack_text(title='"两人换上的"'))
        yield site
        site.close()
    use_packs(None)


@pytest.fixture
def backup(site: KeptSite) -> Path:
    """A copy; the program that restores it has read what ships alone."""
    use_packs(None)
    return site.back_up(site.folder.parent / "disk").folder


def new_machine(site: KeptSite) -> Path:
    return site.folder.parent / "new"


def put(site: KeptSite, backup: Path, folder: Path) -> None:
    put_in_place(backup, KEY, folder, site.clock.now(), RANDOM, lambda: None)


def told_after_restoring(folder: Path) -> list[str]:
    """Return what whoever signs in first is told of the packs, by its kind."""
    store = opened(folder)
    told = schedules.hold_to_record(store.read(), folder)
    (doses,) = store.read().execute("select count(*) from immunization").fetchone()
    store.close()
    assert doses == 1, "the record is back whatever became of the packs"
    return [type(one).__name__ for one in told]


def titles() -> set[str]:
    return {pack.title for pack in packs_in_use().packs}


def test_on_a_new_machine_the_packs_are_back_byte_for_byte_and_used_at_once(
    site: KeptSite, backup: Path
) -> None:
    pack = (site.folder / "schedules" / FILE).read_bytes()
    assert check_copy(backup, KEY).packs == {NAME: sha256(pack).hexdigest()}
    assert drill_aside(backup, KEY, site.folder / "drill").damaged_packs == ()
    new = new_machine(site)
    assert "两人换上的" not in titles()
    put(site, backup, new)
    assert files_of(new / "schedules") == {FILE: pack}
    assert told_after_restoring(new) == []
    assert "两人换上的" in titles()


def test_only_what_two_people_took_goes_with_a_copy(site: KeptSite) -> None:
    take(site, of_site())
    use_packs(None)
    (site.folder / "schedules" / "by-hand.json").write_text(pack_text(pack='"by-hand"', edition='"1"'))
    (site.folder / "schedules" / FILE).write_text(pack_text(title='"一个人改的"'), "utf-8")
    backup = site.back_up(site.folder.parent / "disk").folder
    assert set(check_copy(backup, KEY).packs) == {HERE}
    assert kept(backup) == [f"{HERE}.json"]
    put(site, backup, new_machine(site))
    assert told_after_restoring(new_machine(site)) == [PackGone.__name__]


def test_a_copy_of_before_packs_were_carried_restores_and_the_missing_one_is_told(
    site: KeptSite, backup: Path
) -> None:
    content = json.loads((backup / "manifest.json").read_bytes())
    del content["mac"], content["packs"]
    content["mac"] = backups._mac(content, KEY)
    (backup / "manifest.json").write_text(json.dumps(content), "utf-8")
    assert drill(backup, KEY, site.folder / "drill").damaged_packs == ()
    put(site, backup, new_machine(site))
    assert told_after_restoring(new_machine(site)) == [PackGone.__name__]


@pytest.mark.parametrize("damage", ["changed", "gone", "a folder"])
def test_a_damaged_pack_is_told_by_the_drill_and_after_the_restore_that_it_does_not_stop(
    damage: str, site: KeptSite, backup: Path
) -> None:
    file = backup / "schedules" / FILE
    content = file.read_bytes()
    file.unlink()
    if damage == "changed":
        file.write_bytes(content.replace(b"6 months", b"5 months", 1))
    elif damage == "a folder":
        file.mkdir()
    drilled = drill(backup, KEY, site.folder / "drill")
    assert (drilled.damaged_packs, drilled.doses) == ((NAME,), 1)
    put(site, backup, new_machine(site))
    assert not (new_machine(site) / "schedules").exists()
    assert told_after_restoring(new_machine(site)) == [PackGone.__name__]
    assert "两人换上的" not in titles()


def test_over_a_site_that_took_another_since_the_copys_is_back_and_the_other_lies_beside_it(
    site: KeptSite, backup: Path
) -> None:
    pack = (site.folder / "schedules" / FILE).read_bytes()
    take(site, pack_text(title='"后来换上的"'))
    later = (site.folder / "schedules" / FILE).read_bytes()
    use_packs(site.folder)  # as the program does behind its sign-in page, before anybody restores
    site.close()
    put(site, backup, site.folder)
    there = files_of(site.folder / "schedules")
    assert there.pop(FILE) == pack
    assert list(there.values()) == [later]
    assert told_after_restoring(site.folder) == []
    assert "两人换上的" in titles()


def test_a_restore_that_fails_at_its_last_step_leaves_the_packs_as_they_were(
    site: KeptSite, backup: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    take(site, pack_text(title='"后来换上的"'))
    take(site, of_site())
    (site.folder / "schedules" / f"{HERE}.json").unlink()
    site.close()
    before = files_of(site.folder / "schedules")

    def fail(*_: object) -> None:
        raise KeyFileUnwritable("keys.json", "OSError")

    monkeypatch.setattr(KeyFile, "copy_of", fail)
    with pytest.raises(KeyFileUnwritable):
        put(site, backup, site.folder)
    use_packs(site.folder)
    assert told_after_restoring(site.folder) == [PackGone.__name__]
    assert "后来换上的" in titles(), "the store that stands goes on with its own"
    assert files_of(site.folder / "schedules").keys() == before.keys()
    fresh = new_machine(site)
    with pytest.raises(KeyFileUnwritable):
        put(site, backup, fresh)
    assert kept(fresh) == []


def test_the_disk_of_the_copy_is_not_wanted_for_the_packs_once_it_is_read(
    site: KeptSite, backup: Path
) -> None:
    pack, disk = (site.folder / "schedules" / FILE).read_bytes(), backup.parent
    pieces, read = -(-(backup / "store.db").stat().st_size // restoring._PIECE), list[None]()

    def pull_out() -> None:
        read.append(None)
        if len(read) == pieces:
            disk.rename(disk.with_name("elsewhere"))

    put_in_place(backup, KEY, new_machine(site), site.clock.now(), RANDOM, pull_out)
    assert not disk.exists()
    assert files_of(new_machine(site) / "schedules") == {FILE: pack}


def test_a_data_folder_that_does_not_take_a_pack_is_restored_all_the_same(
    site: KeptSite, backup: Path
) -> None:
    new = new_machine(site)
    new.mkdir()
    (new / "schedules").write_bytes(b"in the way")
    put(site, backup, new)
    assert told_after_restoring(new) == [PackGone.__name__]


def test_a_pack_changed_and_put_back_behind_the_sign_in_is_not_used(site: KeptSite) -> None:
    """What was read counts, not what lies there by then."""
    file = site.folder / "schedules" / FILE
    content = file.read_bytes()
    file.write_text(pack_text(title='"一个人改的"'), "utf-8")
    use_packs(site.folder)
    file.write_bytes(content)
    assert schedules.hold_to_record(site.desk.read(), site.folder) == ()
    assert "一个人改的" not in titles()
    assert "两人换上的" in titles()
    assert set(packs_taken(site.desk.read())) == {NAME}
    file.write_text(pack_text(title='"又一个人改的"'), "utf-8")
    use_packs(site.folder)
    (refused,) = schedules.hold_to_record(site.desk.read(), site.folder)
    assert isinstance(refused, PackNotVouched)
