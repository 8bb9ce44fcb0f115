"""The ways in without a password that works: the recovery key, a backup put in place, the county's help."""

from collections.abc import Callable
from concurrent.futures import Future
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import shiboken6

from app.domain.refusals import Refusal
from app.storage.keys import KEYS, KeyFile, SlotOwner, key_file
from app.ui.texts import sentence_of

if TYPE_CHECKING:
    from PySide6.QtCore import QObject

    from app.domain.county_key import CountyRequest
    from app.storage.backups import Backup
    from app.storage.keys import Unlocked
    from app.ui.program import Program
    from app.ui.sign_in.copies_sheet import CopiesSheet
    from app.ui.sign_in.county_request_sheet import CountyRequestSheet
    from app.ui.sign_in.recovery_sheet import Recovery, RecoverySheet
    from app.workflows.desk import Desk

PUTTING = "正在检查备份并放回，大的要几分钟，请不要关机……"


class Recovering:
    """Opens the sheets over the sign-in page and works aside; at the end the manager is signed in."""

    def __init__(self, program: "Program") -> None:
        self._program = program
        self.sheet: RecoverySheet | None = None
        self.copies: CopiesSheet | None = None
        self.request: CountyRequestSheet | None = None

    def ask_key(self) -> None:
        """F9: open this machine's store with the recovery key."""
        setting = self._program.setting
        try:
            owners = key_file(setting.folder, setting.random).owners()
        except Refusal as refusal:
            self._program.sign_in.show_refusal(refusal)
            return
        self._open("用恢复密钥登录", owners, self._recover)

    def ask_backup(self) -> None:
        """F10: put a backup in place."""
        from app.ui.backup.plan_sheet import plugged_in
        from app.ui.sign_in.copies_sheet import CopiesSheet

        setting = self._program.setting
        disks = plugged_in(setting.folder)
        over = self._program.sign_in
        self.copies = CopiesSheet(over, disks[0] if disks else "", self._find, self._choose)
        self.copies.open_sheet(self.copies.folder)

    def ask_county(self) -> None:
        """F11: write what the county needs to open this data."""
        from app.ui.backup.plan_sheet import plugged_in
        from app.ui.sign_in.county_request_sheet import CountyRequestSheet

        disks = plugged_in(self._program.setting.folder)
        self.request = CountyRequestSheet(self._program.sign_in, disks[0] if disks else "", self._write)
        self.request.open_sheet(self.request.target)

    def _write(self, target: str, source: str) -> None:
        sheet = self.request
        assert sheet is not None
        work = partial(_written, self._program.setting.folder, Path(target), source)
        show = _while_there(sheet, lambda written: sheet.show_written(*written))
        self._aside(work, show, _while_there(sheet, sheet.show_refusal))

    def _find(self, folder: str) -> None:
        from app.storage.backups import search

        sheet = self.copies
        assert sheet is not None
        show = _while_there(sheet, sheet.show_copies)
        self._aside(lambda: search(Path(folder)), show, self._program.sign_in.show_refusal)

    def _choose(self, backup: "Backup") -> None:
        assert self.copies is not None
        try:
            owners = KeyFile(backup.folder / KEYS, lambda: b"").owners()
        except Refusal as refusal:
            self.copies.field.show_error(sentence_of(refusal).happened)
            return
        self.copies.close_sheet()
        self._open("从备份恢复", owners, partial(self._restore, backup), by_password=True)

    def _open(
        self,
        title: str,
        owners: list[SlotOwner],
        go_on: "Callable[[Recovery], object]",
        *,
        by_password: bool = False,
    ) -> None:
        from app.ui.sign_in.recovery_sheet import RecoverySheet

        over = self._program.sign_in
        self.sheet = RecoverySheet(over, title, owners, go_on, by_password=by_password)
        self.sheet.open_sheet(self.sheet.key)

    def _recover(self, recovery: "Recovery") -> None:
        assert self.sheet is not None
        self.sheet.show_busy("正在核对恢复密钥……")
        self._aside(partial(_recovered, self._program, recovery), self._enter(recovery), self._refuse)

    def _restore(self, backup: "Backup", recovery: "Recovery") -> None:
        assert self.sheet is not None
        self.sheet.show_busy(PUTTING)
        work = partial(_restored, self._program, backup, recovery)
        self._aside(work, self._enter(recovery), self._refuse)

    def _enter(self, recovery: "Recovery") -> "Callable[[Desk], object]":
        def enter(desk: "Desk") -> None:
            if self.sheet is not None and shiboken6.isValid(self.sheet):
                self.sheet.close_sheet()
            self._program.show_people()
            self._program.take_over(desk, recovery.staff_id)

        return enter

    def _refuse(self, refusal: Refusal) -> None:
        if self.sheet is not None and shiboken6.isValid(self.sheet):
            self.sheet.show_refusal(refusal)
        else:
            self._program.sign_in.show_refusal(refusal)

    def _aside(
        self, work: Callable[[], Any], done: Callable[[Any], object], refused: Callable[[Refusal], object]
    ) -> None:
        def deliver(future: "Future[Any]") -> None:
            error = future.exception()
            if isinstance(error, Refusal):
                refused(error)
            elif error is not None:
                raise error
            else:
                done(future.result())

        self._program.run_aside(work, deliver)


def _while_there(sheet: "QObject", show: Callable[[Any], object]) -> Callable[[Any], object]:
    """Return ``show`` for a sheet that people may close while the work goes on."""

    def shown(answer: Any) -> None:
        if shiboken6.isValid(sheet):
            show(answer)

    return shown


def _written(data: Path, target: Path, source: str) -> "tuple[Path, CountyRequest]":
    """Write the request of this machine's data, or of the newest copy in ``source``."""
    from app.storage.backups import search
    from app.storage.county import CopyNotThere, write_request

    if source:
        copy = next(iter(search(Path(source))), None)
        if copy is None:
            raise CopyNotThere(source)
        data = copy.folder
    return write_request(KeyFile(data / KEYS, lambda: b""), target)


def _recovered(program: "Program", recovery: "Recovery") -> "Desk":
    """Open with the recovery key and give the manager the new password; imported late, for it is heavy."""
    from app.storage.opening import open_with_recovery_key
    from app.workflows.desk import Desk
    from app.workflows.safekeeping import recover_access

    setting = program.setting
    assert recovery.secret is not None
    store = open_with_recovery_key(setting.folder, recovery.secret, setting.random)
    desk = Desk(store, setting.clock, setting.random, setting.desk_name)
    try:
        recover_access(desk, recovery.staff_id, recovery.password, recovery.secret)
    except BaseException:
        store.close()
        raise
    return desk


def _restored(program: "Program", backup: "Backup", recovery: "Recovery") -> "Desk":
    """Check the copy, put it in place and open it."""
    from app.storage.opening import open_store
    from app.storage.restoring import put_in_place, recover_backup, unlock_backup
    from app.workflows.desk import Desk

    setting = program.setting
    unlocked: Unlocked
    if recovery.secret is None:
        unlocked = unlock_backup(backup.folder, setting.folder, recovery.staff_id, recovery.password)
    else:
        unlocked = recover_backup(backup.folder, recovery.secret)
    now = setting.clock.now()
    put_in_place(backup.folder, unlocked.key, setting.folder, now, setting.random, program.rest)
    if recovery.secret is not None:
        return _recovered(program, recovery)
    store = open_store(setting.folder, recovery.staff_id, recovery.password, setting.random)
    return Desk(store, setting.clock, setting.random, setting.desk_name)
