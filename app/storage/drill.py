"""The restore drill: a backup is opened as if it were needed, looked through to the last byte, and closed."""

import shutil
from dataclasses import dataclass
from pathlib import Path

from app.storage import feed, journal, projections, seals
from app.storage.backups import BackupDamaged, BackupDiskFull, Manifest, check_copy
from app.storage.keys import DATABASE
from app.storage.packs_in_copies import sound_packs
from app.storage.store import Store, Transaction


@dataclass(frozen=True)
class Drilled:
    """What was found whole."""

    made_at: str
    entries: int
    """Of the journal, all chains."""
    sealed: int
    """Of the entries: under a seal of this device that holds."""
    pages: int
    people: int
    doses: int
    damaged_packs: tuple[str, ...] = ()
    """Rule packs that the copy should hold and does not: what is restored from it goes on without them."""


class _TakenBack(Exception):
    """Ends the trial rebuild, so that nothing of it is written."""


def drill(backup: Path, key: bytes, scratch: Path) -> Drilled:
    """Open a copy of the backup; check bytes, pages, chains, seals, counts, packs, tables against a rebuild.

    The copy stands encrypted under ``scratch``, which is gone again at the end, and is read through to the
    last entry: minutes for a large site. Raises BackupDamaged, BackupDiskFull, KeyFileChanged, ChainBroken,
    StoreUnreadable, StoreNewer.
    """
    manifest = check_copy(backup, key)
    shutil.rmtree(scratch, ignore_errors=True)
    size = (backup / manifest.database).stat().st_size
    free = shutil.disk_usage(scratch.parent).free
    if free < 2 * size:
        raise BackupDiskFull(str(scratch), 2 * size, free)
    scratch.mkdir()
    try:
        shutil.copyfile(backup / manifest.database, scratch / DATABASE)
        return _look_through(backup, manifest, scratch / DATABASE, key)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def _look_through(backup: Path, manifest: Manifest, path: Path, key: bytes) -> Drilled:
    store = Store(path, key)
    try:
        pages = store.check_pages()
        db = store.read()
        entries = sum(journal.verify(db).values())
        feed.verify(db)
        heads = db.execute("select device_id, epoch, head_seq, hex(head_hash) from stream").fetchall()
        if {(h.device_id, h.epoch, h.seq, h.hash) for h in manifest.heads} != set(heads):
            raise BackupDamaged(str(backup), "heads")
        sealed = seals.check_seals(db)
        if sealed.broken:
            raise BackupDamaged(str(backup), "seal")
        (people,) = db.execute("select count(*) from patient").fetchone()
        (doses,) = db.execute("select count(*) from immunization where status = 'completed'").fetchone()
        if (people, doses) != (manifest.people, manifest.doses):
            raise BackupDamaged(str(backup), "counts")
        if changed := _changed_by_rebuild(store):
            raise BackupDamaged(str(backup), changed[0])
    finally:
        store.close()
    damaged = tuple(sorted(manifest.packs.keys() - sound_packs(backup, manifest.packs).keys()))
    return Drilled(manifest.made_at, entries, sealed.entries, pages, people, doses, damaged)


def _changed_by_rebuild(store: Store) -> list[str]:
    changed: list[str] = []

    def rebuild(transaction: Transaction) -> None:
        changed.extend(projections.changed_by_rebuild(transaction.db)[1])
        raise _TakenBack

    try:
        store.write(rebuild)
    except _TakenBack:
        return changed
    raise AssertionError("the trial is always taken back")
