"""Makes backups when they are due, runs drills, changes the database key; all off the screen thread."""

import subprocess
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime
from enum import StrEnum
from functools import partial
from pathlib import Path
from threading import Event
from typing import Any

import shiboken6
from PySide6.QtCore import QObject, Signal

from app import VERSION
from app.domain.clock import instant_text, read_instant
from app.domain.county_key import CountyAlgorithmUnknown, CountyFileUnreadable, CountyKey
from app.domain.refusals import Refusal
from app.domain.safekeeping import BackupPlan, Kept
from app.domain.staff import StaffMember
from app.storage.aside import Watch
from app.storage.backup_process import BackupBrokenOff, back_up_aside
from app.storage.backups import Backup, NoBackupYet, Source, backups_in, drop_old, place_of, source_of
from app.storage.drill import Drilled
from app.storage.drill_process import DrillBrokenOff, drill_aside
from app.storage.keys import KeyFileChanged, KeyFileMissing, KeyFileUnreadable, key_file
from app.storage.packs_in_copies import PacksInCopyDamaged
from app.storage.rekeying import change_key, is_key_change_due
from app.storage.safekeeping import LastDrill, find_drill, find_plan, last_backup_at, put_last_backup
from app.storage.store import Store, StoreClosed
from app.sync.sealing import seal_for_backup
from app.ui.bench import Bench
from app.workflows.safekeeping import record_drill, record_key_change

_LOOK_S = 60.0
Copy = Callable[[Source, Path, datetime, str, Watch], Backup]


class Task(StrEnum):
    """What is going on."""

    BACKUP = "backup"
    DRILL = "drill"
    KEY_CHANGE = "key_change"


class Keeper(QObject):
    """One task at a time, in a thread of its own; a failure waits for the next look, a minute later."""

    changed = Signal()
    """A task began or ended, or something was chosen; on the screen thread."""
    done = Signal(object)
    """A Task that a person asked for has ended well."""
    refused = Signal(object)
    """A Refusal of a task that a person asked for."""
    _ended = Signal(object)

    def __init__(self, bench: Bench, *, use_keyring: bool = True, copy: Copy = back_up_aside) -> None:
        """``copy`` makes a backup, on the thread of the tasks."""
        super().__init__()
        self._copy = copy
        self._bench, self._store = bench, bench.desk.store
        self.use_keyring = use_keyring
        self.task: Task | None = None
        self.trouble: Refusal | None = None
        """Why the last backup was not made."""
        self._thread = ThreadPoolExecutor(1, "backup")
        self._closing = Event()
        self._aside: subprocess.Popen[bytes] | None = None
        """What works in a process of its own."""
        self._looked_at = float("-inf")
        self._kept: Kept | None = None
        self._key_change_tried = False
        self._ended.connect(self._bring_home)
        bench.ticked.connect(self._tick)

    def kept(self) -> Kept:
        """Return how things stand; asked after every act, so it is kept until something changes."""
        if self._kept is None:
            self._kept = self._look_up()
        return self._kept

    def forget(self) -> None:
        """Look things up again: something was chosen or made."""
        self._kept = None
        self.changed.emit()

    def _look_up(self) -> Kept:
        db = self._bench.read()
        drill = find_drill(db)
        drilled_at = read_instant(drill.at) if drill and drill.passed else None
        return Kept(find_plan(db), last_backup_at(db), drilled_at, bool(self.recovery_made_at()))

    def recovery_made_at(self) -> str:
        """Return when the recovery key was made, empty if there is none."""
        folder, random = self._store.path.parent, self._bench.desk.random
        try:
            return key_file(folder, random, use_keyring=self.use_keyring).recovery_made_at()
        except (KeyFileMissing, KeyFileUnreadable):
            return ""

    def county_key(self) -> CountyKey | None:
        """Return whose key opens the store as well."""
        folder, random = self._store.path.parent, self._bench.desk.random
        try:
            request = key_file(folder, random, use_keyring=self.use_keyring).county_request()
        except (KeyFileMissing, KeyFileUnreadable, CountyFileUnreadable, CountyAlgorithmUnknown):
            return None
        return request.key if request else None

    def finder_of_copies(self) -> Callable[[], list[Backup]]:
        """Return what lists the copies on the disk, the newest first, for another thread: disks are slow."""
        plan = find_plan(self._bench.read())
        place = Path(plan.folder) / place_of(self._store) if plan else None
        return lambda: backups_in(place) if place else []

    def back_up(self) -> None:
        """Make a backup now; ``done`` or ``refused`` follows."""
        plan = find_plan(self._bench.read())
        if plan is not None:
            self._begin(Task.BACKUP, partial(self._back_up, plan), asked=True)

    def drill(self) -> None:
        """Try the newest copy; ``done`` or ``refused`` follows. Who asks answers for it, locked or not."""
        if (asker := self._bench.desk.user) is not None:
            self._begin(Task.DRILL, partial(self._drill, self.finder_of_copies(), asker), asked=True)

    def look(self) -> None:
        """Begin what is due, if nothing is going on."""
        if self.task is not None:
            return
        user = self._bench.desk.user
        if not is_key_change_due(self._bench.read()):
            self._key_change_tried = False
        elif not self._key_change_tried and user is not None:
            self._key_change_tried = True
            self._begin(Task.KEY_CHANGE, partial(self._change_key, user), asked=False)
            return
        kept = self.kept()
        if kept.plan is not None and kept.is_due(self._bench.now()):
            self._begin(Task.BACKUP, partial(self._back_up, kept.plan), asked=False)

    def close(self) -> None:
        """Break off what is going on; nothing half stays."""
        self._closing.set()
        if self._aside is not None:
            self._aside.kill()
        self._thread.shutdown(wait=True)

    def _tick(self) -> None:
        now = self._bench.desk.clock.monotonic()
        if now - self._looked_at >= _LOOK_S:
            self._looked_at = now
            self.look()

    def _begin(self, task: Task, work: Callable[[], object], *, asked: bool) -> None:
        if self.task is not None or self._closing.is_set():
            return
        self.task = task
        self.forget()
        future = self._thread.submit(work)
        future.add_done_callback(partial(self._tell, task, asked))

    def _tell(self, task: Task, asked: bool, future: "Future[Any]") -> None:
        if shiboken6.isValid(self):
            self._ended.emit(lambda: self._end(task, asked, future))

    def _bring_home(self, end: Callable[[], object]) -> None:
        """Run on the screen thread: a bound method of a QObject is called in its own thread."""
        end()

    def _end(self, task: Task, asked: bool, future: "Future[Any]") -> None:
        self.task = None
        error = future.exception()
        if isinstance(error, StoreClosed):
            return
        if task is Task.BACKUP:
            self.trouble = error if isinstance(error, Refusal) else None
        self.forget()
        if error is None:
            if asked:
                self.done.emit(task)
            if task is Task.KEY_CHANGE:
                self._key_change_tried = False
                self.back_up()
        elif not isinstance(error, Refusal):
            raise error
        elif asked or task is Task.KEY_CHANGE:
            self.refused.emit(error)

    def _back_up(self, plan: BackupPlan) -> None:
        store, at = self._store, self._bench.now()
        seal_for_backup(store, self._bench.desk.clock, self._bench.desk.random)
        try:
            backup = self._copy(source_of(store), Path(plan.folder), at, VERSION, self._watch)
        except BackupBrokenOff:
            self._raise_if_closing()
            raise
        store.write(lambda transaction: put_last_backup(transaction.db, at))
        drop_old(backup.folder.parent, plan.generations, backup)

    def _drill(self, find: Callable[[], list[Backup]], asker: StaffMember) -> None:
        backup = next(iter(find()), None)
        if backup is None:
            raise NoBackupYet()
        try:
            found = self._tried(backup)
        except DrillBrokenOff:
            self._raise_if_closing()
            raise
        except KeyFileChanged:
            raise
        except Refusal as refusal:
            failed = LastDrill("", instant_text(backup.made_at), False, fault=type(refusal).__name__)
            self._bench.desk.do_as(asker, record_drill, failed)
            raise
        packs = PacksInCopyDamaged(str(backup.folder), found.damaged_packs) if found.damaged_packs else None
        fault = type(packs).__name__ if packs else ""
        drill = LastDrill("", found.made_at, True, found.entries, found.people, found.doses, fault)
        self._bench.desk.do_as(asker, record_drill, drill)
        if packs is not None:
            raise packs

    def _tried(self, backup: Backup) -> Drilled:
        store: Store = self._store
        return drill_aside(backup.folder, store.key, store.path.parent / "drill", self._watch)

    def _watch(self, process: "subprocess.Popen[bytes]") -> None:
        self._aside = process
        if self._closing.is_set():
            process.kill()

    def _raise_if_closing(self) -> None:
        """It did not fail: it was ended with the program."""
        if self._closing.is_set():
            raise StoreClosed(str(self._store.path)) from None

    def _change_key(self, user: StaffMember) -> None:
        change_key(self._store, self._bench.desk.random, use_keyring=self.use_keyring)
        self._bench.desk.do_as(user, record_key_change)
