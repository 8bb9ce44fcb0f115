"""The restore drill finds what a real restore would stumble over, and leaves nothing behind (SEC-3)."""

import json
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import pytest

from app.domain.refusals import Refusal
from app.storage import backups
from app.storage.backups import BackupDamaged, check_copy
from app.storage.connecting import connect
from app.storage.drill import drill
from app.storage.drill_process import DrillBrokenOff, drill_aside
from app.storage.keys import KeyFileChanged
from app.storage.seals import kept_seals
from app.sync.sealing import placed_seals, seal_for_backup
from app.sync.store_outbox import StoreOutbox
from app.sync.wire import ReceiptRun
from tests.factories import KEY
from tests.storage.bytes_on_disk import OTHER_KEY
from tests.storage.kept_site import KeptSite
from tests.workflows.copied_site import quick_folder


@pytest.fixture
def site() -> Iterator[KeptSite]:
    with quick_folder() as folder:
        site = KeptSite(Path(folder) / "site")
        site.vaccinated()
        yield site
        site.close()


@pytest.fixture
def backup(site: KeptSite) -> Path:
    return site.back_up(site.folder.parent / "disk").folder


def scratch(site: KeptSite) -> Path:
    return site.folder / "drill"


def doctored(backup: Path, *statements: str) -> None:
    """Change a copy as somebody with the key could, hash and MAC included."""
    db = connect(backup / "store.db", KEY, writable=True)
    for statement in statements:
        db.execute(statement)
    db.execute("pragma wal_checkpoint(truncate)").fetchone()
    db.conn.close()
    content = json.loads((backup / "manifest.json").read_bytes())
    del content["mac"]
    content["database_sha256"] = sha256((backup / "store.db").read_bytes()).hexdigest()
    content["mac"] = backups._mac(content, KEY)
    (backup / "manifest.json").write_text(json.dumps(content), "utf-8")
    check_copy(backup, KEY)


def test_a_good_copy_passes_and_the_scratch_is_gone(site: KeptSite, backup: Path) -> None:
    before = {file.name: file.read_bytes() for file in backup.iterdir()}
    drilled = drill_aside(backup, KEY, scratch(site))
    assert (drilled.people, drilled.doses) == (30, 1)
    assert drilled.entries == site.desk.read().execute("select count(*) from journal").fetchone()[0]
    assert drilled.pages > 100
    assert not scratch(site).exists()
    assert {file.name: file.read_bytes() for file in backup.iterdir()} == before


def test_a_damaged_copy_is_named_across_the_process(site: KeptSite, backup: Path) -> None:
    content = bytearray((backup / "store.db").read_bytes())
    content[9000] ^= 1
    (backup / "store.db").write_bytes(content)
    with pytest.raises(BackupDamaged) as caught:
        drill_aside(backup, KEY, scratch(site))
    assert caught.value == BackupDamaged(str(backup), "store.db")


def test_a_copy_whose_key_file_is_garbled_is_damaged(site: KeptSite, backup: Path) -> None:
    (backup / "keys.json").write_bytes(b"x")
    assert found(site, backup) == BackupDamaged(str(backup), "KeyFileUnreadable")


def found(site: KeptSite, backup: Path) -> Refusal:
    with pytest.raises(Refusal) as caught:
        drill(backup, KEY, scratch(site))
    assert not scratch(site).exists()
    return caught.value


def test_a_table_that_does_not_follow_from_the_journal_is_found(site: KeptSite, backup: Path) -> None:
    doctored(backup, "update patient set name = 'X' where rowid = 1")
    assert found(site, backup) == BackupDamaged(str(backup), "patient")


def test_a_count_that_is_not_the_manifests_is_found(site: KeptSite, backup: Path) -> None:
    doctored(backup, "update immunization set status = 'entered_in_error'")
    assert found(site, backup) == BackupDamaged(str(backup), "counts")


def test_a_chain_that_does_not_hold_is_found(site: KeptSite, backup: Path) -> None:
    doctored(
        backup, "drop trigger journal_is_never_changed", "update journal set kind = 'x' where position = 3"
    )
    assert type(found(site, backup)).__name__ == "ChainBroken"
    with pytest.raises(BackupDamaged):
        drill_aside(backup, KEY, scratch(site))


def sealed(site: KeptSite, disk: str = "disk") -> Path:
    """Return a copy made as the keeper makes it: sealed first."""
    seal_for_backup(site.store, site.clock, site.random)
    return site.back_up(site.folder.parent / disk).folder


def test_a_copy_carries_a_signed_head_over_every_entry_whatever_the_centre_has(site: KeptSite) -> None:
    first = drill(sealed(site), KEY, scratch(site))
    assert first.sealed == first.entries > 0
    outbox = StoreOutbox(site.store)
    (local,) = outbox.streams()
    outbox.record_receipts(local.stream, [ReceiptRun(1, local.last_seq, site.clock.now())])()
    site.vaccinated(site.patient(index=1), vial=1)
    second = drill(sealed(site, "other"), KEY, scratch(site))
    assert second.sealed == second.entries > first.entries
    (later,) = outbox.streams()
    run = ReceiptRun(local.last_seq + 1, later.last_seq, site.clock.now())
    outbox.record_receipts(local.stream, [run])()
    third = drill(sealed(site, "third"), KEY, scratch(site))
    assert third.sealed == third.entries == second.entries
    assert len(kept_seals(site.desk.read())) == 1, "seals over receipts go with the next one"
    assert placed_seals(site.store) == (), "and a bundle does not carry them"


@pytest.mark.parametrize(
    "change",
    [
        "update seal set sealed_at = sealed_at + 1",
        "update seal set head = zeroblob(32)",
        "update seal set seq = seq - 1",
        "update seal set algorithm = 'sm2'",
        "update secret set value = zeroblob(32) where name = 'seal.key'",
        "delete from secret where name = 'seal.key'",
    ],
)
def test_a_seal_that_does_not_hold_is_found(site: KeptSite, change: str) -> None:
    backup = sealed(site)
    doctored(backup, change)
    assert found(site, backup) == BackupDamaged(str(backup), "seal")


def test_another_key_drills_nothing(site: KeptSite, backup: Path) -> None:
    with pytest.raises(KeyFileChanged):
        drill(backup, OTHER_KEY, scratch(site))


def test_a_drill_that_is_ended_says_so_and_the_next_sweeps_up(site: KeptSite, backup: Path) -> None:
    with pytest.raises(DrillBrokenOff):
        drill_aside(backup, KEY, scratch(site), lambda process: process.kill())
    scratch(site).mkdir()
    (scratch(site) / "store.db").write_bytes(b"left")
    drill(backup, KEY, scratch(site))
    assert not scratch(site).exists()
