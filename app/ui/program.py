"""The program: what is built once, from the sign-in page to the stations, and taken down in order."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, partial
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING, Any, TypeVar

from PySide6.QtCore import QObject, Qt, Signal

from app.domain.clock import Clock
from app.domain.ids import Randomness
from app.domain.refusals import Refusal
from app.storage.keys import key_file
from app.ui.behind_sign_in import (
    change_password,
    check_password,
    check_pin,
    door_of,
    fetch_heavy_parts,
    open_store,
)
from app.ui.idle import IdleWatch
from app.ui.recovering import Recovering
from app.ui.sign_in.page import Person, SignInPage
from app.ui.window import MainWindow

if TYPE_CHECKING:
    from concurrent.futures import Future, ThreadPoolExecutor

    from app.domain.staff import StaffMember
    from app.storage.store import Store
    from app.ui.bench import Bench
    from app.ui.shell import Shell
    from app.workflows.desk import Desk
    from app.workflows.sign_in import Means

T = TypeVar("T")


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
        self.idle: IdleWatch | None = None
        self._password = ""
        """What was just typed, while its owner is asked for a new one."""
        self.services: list[Callable[[], object]] = []
        """What ``close`` stops, the last started first."""
        self._packs_refused: tuple[Refusal, ...] = ()
        """Rule packs of the site that are not used, until somebody is told."""
        self._build = build
        self._closing = Event()
        self._answered.connect(self._deliver)
        self.sign_in = SignInPage("", setting.hint)
        self.sign_in.offer_ways_back(offered=not setting.practice)
        self.window = MainWindow(self.sign_in, practice=setting.practice)
        self.sign_in.painted.connect(self._fetch_heavy_parts, Qt.ConnectionType.QueuedConnection)
        self.sign_in.submitted.connect(self._unlock)
        self.sign_in.changed.connect(self._change)
        self.sign_in.left.connect(self._back_to_work)
        self.recovering = Recovering(self)
        self.sign_in.recovery_asked.connect(self.recovering.ask_key)
        self.sign_in.restore_asked.connect(self.recovering.ask_backup)
        self.sign_in.county_asked.connect(self.recovering.ask_county)
        self.window.closed.connect(self.close)

    def start(self, *, ready: bool = True) -> None:
        """Show the window; what is heavy is fetched behind it. ``ready``: people can sign in already."""
        if ready:
            self.show_people()
        self.window.show()

    def run_aside(self, work: Callable[[], Any], done: Callable[["Future[Any]"], object]) -> None:
        """Run ``work`` off the screen thread and bring its future home; nothing is begun once it closes."""
        if self._closing.is_set():
            return
        self._bring_home(self._threads.submit(work), done)

    def start_service(
        self,
        work: Callable[[], T],
        done: Callable[["Future[T]"], object],
        stop: Callable[[T], object],
    ) -> None:
        """Like ``run_aside``, for what takes its time to come up: nobody who signs in waits for it.

        ``close`` stops it, also where it comes up while the program closes; then ``done`` hears nothing.
        """

        def come_up() -> T:
            service = work()
            self.services.append(partial(stop, service))
            return service

        def tell(future: "Future[T]") -> None:
            if not self._closing.is_set():
                done(future)

        self._bring_home(self._service_threads.submit(come_up), tell)

    def take_over(self, desk: "Desk", staff_id: str) -> None:
        """Go on with a store that was opened another way than by this machine's password."""
        from app.ui.bench import Bench
        from app.workflows.schedules import hold_to_record

        self.bench = Bench(desk)
        self._packs_refused = hold_to_record(desk.read(), self.setting.folder)
        self._let_in(staff_id)

    def rest(self) -> None:
        """Between two pieces of a long copy: go on unless the program closes."""
        if self._closing.is_set():
            raise ProgramCloses

    def close(self) -> None:
        """Stop everything in the reverse order of its start."""
        self._closing.set()
        self._service_threads.shutdown(wait=True, cancel_futures=True)
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

    @cached_property
    def _service_threads(self) -> "ThreadPoolExecutor":
        from concurrent.futures import ThreadPoolExecutor

        return ThreadPoolExecutor(1, "service")

    def _bring_home(self, future: "Future[Any]", done: Callable[["Future[Any]"], object]) -> None:
        future.add_done_callback(lambda finished: self._answered.emit(lambda: done(finished)))

    def _deliver(self, deliver: Callable[[], object]) -> None:
        """Run on the screen thread: a bound method of a QObject is called in its own thread."""
        deliver()

    def take_scan(self, text: str) -> None:
        """Use a scan; on the sign-in page of an open store it can only be somebody's badge."""
        if self.idle is not None:
            self.idle.touch()
        if self.shell is not None and self.window.is_working:
            self.shell.take_scan(text)
        elif self.bench is not None:
            self._try_badge(self.bench.desk, text)

    def take_broken_scan(self, text: str) -> None:
        """Say at the desk that a scanner sent no whole code."""
        if self.shell is not None and self.window.is_working:
            self.shell.take_broken_scan(text)

    def lock(self) -> None:
        """Cover the work as it stands; whoever was there, or another, goes on by PIN, badge or password."""
        if self.bench is None or self.bench.desk.user is None or self.bench.desk.is_locked:
            return
        self.bench.desk.is_locked = True
        if self.shell is not None:
            self.shell.leave()
        self.bench.covered.emit()
        self.show_people()
        user = self.bench.desk.user
        self.window.show_sign_in(
            user.staff_id, self.tr("已锁定，{name}的工作原样留着。").format(name=user.name)
        )

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
        self.run_aside(partial(fetch_heavy_parts, self.setting.folder), self._fetched)

    def _fetched(self, future: "Future[None]") -> None:
        future.result()

    def _unlock(self, staff_id: str, secret: str) -> None:
        from app.workflows.credentials import is_pin

        self.sign_in.show_busy(self.tr("正在核对……"), opening=self.bench is None)
        if self.bench is None:
            self._password = secret
            self.run_aside(
                partial(open_store, self.setting, staff_id, secret), partial(self._opened, staff_id)
            )
        elif is_pin(secret):
            self.run_aside(partial(check_pin, self.bench.desk, staff_id, secret), self._recognised_by_pin)
        else:
            self._password = secret
            store = self.bench.desk.store
            self.run_aside(
                partial(check_password, store, self.setting, staff_id, secret),
                partial(self._checked, staff_id),
            )

    def _opened(self, staff_id: str, future: "Future[Store]") -> None:
        from app.workflows.desk import Desk

        if self._refused(future):
            return
        desk = Desk(future.result(), self.setting.clock, self.setting.random, self.setting.desk_name)
        self.take_over(desk, staff_id)

    def _checked(self, staff_id: str, future: "Future[None]") -> None:
        if not self._refused(future):
            self._let_in(staff_id)

    def _let_in(self, staff_id: str) -> None:
        """Sign in who has shown the whole password, after a new one if it must be changed (SEC-2)."""
        from app.ui.texts import sentence_of
        from app.workflows.credentials import password_due
        from app.workflows.sign_in import Means

        assert self.bench is not None
        if due := password_due(self.bench.desk, staff_id):
            said = sentence_of(due)
            self.sign_in.ask_new_password(f"{said.happened}{said.todo}")
            return
        self._password = ""
        self._sign_in(staff_id, Means.PASSWORD)

    def _change(self, staff_id: str, new: str) -> None:
        assert self.bench is not None
        self.sign_in.show_busy(self.tr("正在换密码……"))
        work = partial(change_password, self.bench.desk, self.setting, staff_id, self._password, new)
        self.run_aside(work, partial(self._password_changed, staff_id, new))

    def _password_changed(self, staff_id: str, new: str, future: "Future[None]") -> None:
        if not self._refused(future):
            self._password = new
            self._let_in(staff_id)

    def _recognised_by_pin(self, future: "Future[StaffMember]") -> None:
        from app.workflows.sign_in import Means

        if not self._refused(future):
            self._sign_in(future.result().staff_id, Means.PIN)

    def _try_badge(self, desk: "Desk", text: str) -> None:
        from app.workflows.credentials import check_badge
        from app.workflows.sign_in import Means

        try:
            member = check_badge(desk, text)
        except Refusal as refusal:
            self.sign_in.show_refusal(refusal)
            return
        self._sign_in(member.staff_id, Means.BADGE)

    def _sign_in(self, staff_id: str, means: "Means") -> None:
        from app.workflows.credentials import shut_out_removed
        from app.workflows.safekeeping import note_restore
        from app.workflows.sign_in import sign_in, tell_tries

        assert self.bench is not None
        desk, before = self.bench.desk, self.bench.desk.user
        if self.shell is not None and before is not None and before.staff_id != staff_id:
            self._put_away()
        try:
            sign_in(desk, staff_id, means)
            tell_tries(desk, door_of(self.setting))
            note_restore(desk)
            shut_out_removed(desk)
        except Refusal as refusal:
            self.sign_in.show_refusal(refusal)
            return
        self.sign_in.offer_ways_back(offered=False)
        if self.shell is None:
            self.shell = self._build(self)
            self.shell.switch_asked.connect(self._switch)
            self.shell.lock_asked.connect(self.lock)
            self.shell.called_for_help.connect(self._show_alarm)
            self._watch_idle()
        if self.idle is not None:
            self.idle.touch()
        self.sign_in.cover(None)
        self.window.show_work(self.shell)
        if before is None or before.staff_id != staff_id:
            self.shell.start()
        else:
            self.shell.go_on()
        self.unlocked.emit()
        for unused in self._packs_refused:
            self.bench.refuse(unused)
        self._packs_refused = ()

    def _put_away(self) -> None:
        """Close what stands open; what a sheet saves as it closes was typed by who had the desk."""
        assert self.bench is not None
        assert self.shell is not None
        desk, locked = self.bench.desk, self.bench.desk.is_locked
        desk.is_locked = False
        self.shell.put_away()
        desk.is_locked = locked

    def _watch_idle(self) -> None:
        handle = self.window.windowHandle()
        if handle is not None and self.bench is not None:
            self.idle = IdleWatch(handle, self.setting.clock.monotonic)
            self.bench.ticked.connect(self._lock_if_idle)

    def _lock_if_idle(self) -> None:
        from app.storage.site import find_site

        if self.idle is None or self.bench is None or self.bench.desk.is_locked:
            return
        site = find_site(self.bench.read())
        if site and site.lock_minutes and self.idle.seconds >= site.lock_minutes * 60:
            self.lock()

    def _show_alarm(self, sentence: str) -> None:
        """Say on the sign-in page what cannot be seen behind it."""
        if not self.window.is_working:
            self.sign_in.show_alarm(sentence)

    def _switch(self) -> None:
        """Let another take the desk; whoever was added or removed since is on the page, or no longer."""
        self.show_people()
        self.window.show_sign_in()

    def _refused(self, future: "Future[Any]") -> bool:
        error = future.exception()
        if isinstance(error, Refusal):
            self.sign_in.show_refusal(error)
            return True
        if error is not None:
            raise error
        return False

    def _back_to_work(self) -> None:
        if self.shell is not None and self.bench is not None and not self.bench.desk.is_locked:
            self.window.show_work(self.shell)
            self.shell.go_on()
