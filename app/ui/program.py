"""The program: what is built once, from the sign-in page to the stations, and taken down in order."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, partial
from importlib import import_module
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Qt, Signal

from app.domain.clock import Clock
from app.domain.ids import Randomness
from app.domain.refusals import Refusal
from app.storage.keys import key_file
from app.ui.recovering import Recovering
from app.ui.sign_in.page import Person, SignInPage
from app.ui.window import MainWindow

if TYPE_CHECKING:
    from concurrent.futures import Future, ThreadPoolExecutor

    from app.storage.store import Store
    from app.ui.bench import Bench
    from app.ui.shell import Shell
    from app.workflows.desk import Desk


class ProgramCloses(Exception):
    """What was going on is broken off."""


@dataclass(frozen=True)
class Setting:
    """Where and with what the program runs."""

    folder: Path
    clock: Clock
    random: Randomness
    desk_name: str = "接种台 1"
    practice: bool = False
    hint: str = ""
    """Shown on the sign-in page: at a practice site, the password."""


class Program(QObject):
    """Owns the window, and from the first sign-in on the store, the bench and the services beside them."""

    unlocked = Signal()
    """The store is open and the shell is at the front."""
    _answered = Signal(object)

    def __init__(self, setting: Setting, build: "Callable[[Program], Shell]") -> None:
        super().__init__()
        self.setting = setting
        self.bench: Bench | None = None
        self.shell: Shell | None = None
        self.services: list[Callable[[], object]] = []
        """What ``close`` stops, the last started first."""
        self._build = build
        self._closing = Event()
        self._answered.connect(self._deliver)
        self.sign_in = SignInPage("", setting.hint)
        self.sign_in.offer_ways_back(offered=not setting.practice)
        self.window = MainWindow(self.sign_in, practice=setting.practice)
        self.sign_in.painted.connect(self._fetch_heavy_parts, Qt.ConnectionType.QueuedConnection)
        self.sign_in.submitted.connect(self._unlock)
        self.sign_in.left.connect(self._back_to_work)
        self.recovering = Recovering(self)
        self.sign_in.recovery_asked.connect(self.recovering.ask_key)
        self.sign_in.restore_asked.connect(self.recovering.ask_backup)
        self.window.closed.connect(self.close)

    def start(self, *, ready: bool = True) -> None:
        """Show the window; what is heavy is fetched behind it. ``ready``: people can sign in already."""
        if ready:
            self.show_people()
        self.window.show()

    def run_aside(self, work: Callable[[], Any], done: Callable[["Future[Any]"], object]) -> None:
        """Run ``work`` off the screen thread and bring its future home."""
        future = self._threads.submit(work)
        future.add_done_callback(lambda finished: self._answered.emit(lambda: done(finished)))

    def take_over(self, desk: "Desk", staff_id: str) -> None:
        """Go on with a store that was opened another way than by this machine's password."""
        from app.ui.bench import Bench

        self.bench = Bench(desk)
        self._sign_in(staff_id)

    def rest(self) -> None:
        """Between two pieces of a long copy: go on unless the program closes."""
        if self._closing.is_set():
            raise ProgramCloses

    def close(self) -> None:
        """Stop everything in the reverse order of its start."""
        self._closing.set()
        while self.services:
            self.services.pop()()
        if self.bench is not None:
            self.bench.close()
            self.bench.desk.store.close()
            self.bench = None
        self._threads.shutdown(wait=True)

    @cached_property
    def _threads(self) -> "ThreadPoolExecutor":
        from concurrent.futures import ThreadPoolExecutor

        return ThreadPoolExecutor(1, "program")

    def _deliver(self, deliver: Callable[[], object]) -> None:
        """Run on the screen thread: a bound method of a QObject is called in its own thread."""
        deliver()

    def take_scan(self, text: str) -> None:
        """Use a scan, unless nobody is at work: then it does nothing."""
        if self.shell is not None and self.window.is_working:
            self.shell.take_scan(text)

    def show_people(self) -> None:
        """Let people sign in."""
        keys = key_file(self.setting.folder, self.setting.random)
        try:
            owners = keys.owners()
        except Refusal as refusal:
            self.sign_in.show_refusal(refusal)
            return
        self.sign_in.show_people([Person(owner.staff_id, owner.name, owner.title) for owner in owners])
        self.sign_in.show_sentence("")

    def _fetch_heavy_parts(self) -> None:
        self._threads.submit(_import_heavy_parts)

    def _unlock(self, staff_id: str, password: str) -> None:
        self.sign_in.show_busy(self.tr("正在核对密码……"))
        setting = self.setting
        if self.bench is None:
            self.run_aside(partial(_open, setting, staff_id, password), partial(self._opened, staff_id))
        else:
            store = self.bench.desk.store
            self.run_aside(
                partial(_check, store, setting, staff_id, password), partial(self._checked, staff_id)
            )

    def _opened(self, staff_id: str, future: "Future[Store]") -> None:
        from app.workflows.desk import Desk

        if self._refused(future):
            return
        desk = Desk(future.result(), self.setting.clock, self.setting.random, self.setting.desk_name)
        self.take_over(desk, staff_id)

    def _checked(self, staff_id: str, future: "Future[None]") -> None:
        if not self._refused(future):
            self._sign_in(staff_id)

    def _sign_in(self, staff_id: str) -> None:
        from app.workflows.safekeeping import note_restore
        from app.workflows.sign_in import sign_in

        assert self.bench is not None
        try:
            sign_in(self.bench.desk, staff_id)
            note_restore(self.bench.desk)
        except Refusal as refusal:
            self.sign_in.show_refusal(refusal)
            return
        self.sign_in.offer_ways_back(offered=False)
        if self.shell is None:
            self.shell = self._build(self)
            self.shell.switch_asked.connect(self.window.show_sign_in)
        self.window.show_work(self.shell)
        self.shell.start()
        self.unlocked.emit()

    def _refused(self, future: "Future[Any]") -> bool:
        error = future.exception()
        if isinstance(error, Refusal):
            self.sign_in.show_refusal(error)
            return True
        if error is not None:
            raise error
        return False

    def _back_to_work(self) -> None:
        if self.shell is not None:
            self.window.show_work(self.shell)


def _open(setting: Setting, staff_id: str, password: str) -> "Store":
    """Open the store; imported late, because it is heavy and nobody needs it before signing in."""
    from app.storage.opening import open_store

    return open_store(setting.folder, staff_id, password, setting.random)


def _check(store: "Store", setting: Setting, staff_id: str, password: str) -> None:
    from app.storage.opening import check_password

    check_password(store, staff_id, password, setting.random)


_HEAVY_PARTS = (
    "argon2.low_level",
    "cryptography.hazmat.primitives.ciphers.aead",
    "cryptography.hazmat.primitives.kdf.hkdf",
    "app.storage.opening",
    "app.devices.gs1",
    "app.ui.bench",
    "app.ui.work",
    "pypinyin.contrib.tone_convert",
    "app.documents.certificate_pages",
)
"""What opens the store, what the shell is built of, what the first scan, search and certificate need."""


def _import_heavy_parts() -> None:
    """Run while the person types the password."""
    for part in _HEAVY_PARTS:
        import_module(part)
