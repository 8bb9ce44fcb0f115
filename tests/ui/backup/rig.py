"""The backup page under test: the real shell and store, the real keeper, a folder for a disk."""

import os
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from PySide6.QtWidgets import QApplication

from app.storage.aside import Watch
from app.storage.backups import Backup, Source, make_backup
from app.ui.backup.keeper import Keeper
from app.ui.backup.page import BackupPage
from app.ui.bench import Bench
from app.ui.registration.page import RegistrationPage
from app.ui.shell import Shell
from tests.factories import MANAGER
from tests.journeys.hand import Hand
from tests.storage.kept_site import KeptSite


def copied_here(source: Source, into: Path, now: datetime, program: str, watch: Watch) -> Backup:
    """Make a backup in this process: another one is tried in tests/storage/test_backup_process.py."""
    return make_backup(source, into, now, program, os.urandom, lambda: None)


class BackupRig:
    """Chooses a disk, pulls it out, lets time pass, presses keys as a person does."""

    def __init__(self, folder: Path) -> None:
        self.site = KeptSite(folder / "site")
        self.site.as_user(MANAGER)
        self.disk = folder / "disk"
        self.disk.mkdir()
        self.bench = Bench(self.site.desk)
        self.shell = Shell(self.bench, (BackupPage, RegistrationPage))
        self.keeper = Keeper(self.bench, use_keyring=False, copy=copied_here)
        self.hand = Hand(self.shell)

    @property
    def page(self) -> BackupPage:
        page = self.shell.stations["backup"]
        assert isinstance(page, BackupPage)
        return page

    @property
    def said(self) -> str:
        return self.page.banner.sentence

    @property
    def status(self) -> str:
        return self.shell.bar.status.accessibleName()

    def open(self) -> None:
        """Show the window with the page at the front."""
        self.shell.resize(1366, 768)
        self.hand.take_window()
        self.shell.start()
        self.shell.keep(self.keeper)
        self.shell.go_to("backup", None)
        self.settle()

    def choose_disk(self) -> None:
        """F9, the folder, Enter; the first backup follows."""
        self.press("F9")
        sheet = self.page.plan_sheet
        assert sheet is not None
        sheet.folder.setText(str(self.disk))
        self.hand.press("Enter")
        self.until(lambda: self.keeper.kept().backed_up_at is not None, "the first backup is made")
        self.at_rest()

    def until(self, condition: Callable[[], bool], what: str) -> None:
        self.hand.wait_until(condition, what)
        self.settle()

    def at_rest(self) -> None:
        self.until(lambda: self.keeper.task is None, "nothing goes on")

    def settle(self) -> None:
        """Wait until the window shows what was done so far, the list of copies included."""
        seen: list[None] = []
        self.bench.run_aside(self.bench, seen.append, self.bench.refuse, lambda: None)
        self.hand.wait_until(lambda: bool(seen), "the window has caught up")
        QApplication.processEvents()

    def press(self, *keys: str) -> None:
        for key in keys:
            self.hand.press(key)
            self.settle()

    def hours_pass(self, hours: float) -> None:
        self.site.clock.go(minutes=60 * hours)
        self.bench.tick()
        self.at_rest()

    def close(self) -> None:
        self.keeper.close()
        self.bench.close()
        self.site.close()
