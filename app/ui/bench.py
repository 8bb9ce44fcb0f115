"""The bench: what every screen holds to read, to act, to announce and to go elsewhere."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime
from typing import Concatenate, ParamSpec, Protocol, TypeVar

import shiboken6
from PySide6.QtCore import QObject, QTimer, Signal
from sqlite_utils import Database

from app.domain.permissions import ACTS, require_permission
from app.domain.refusals import Refusal
from app.storage.door import Door
from app.storage.site import find_site
from app.ui.paper import Paper
from app.ui.printing import Printing
from app.workflows.desk import Act, Desk, NobodySignedIn

P = ParamSpec("P")
T = TypeVar("T")


class CentreLine(Protocol):
    """One conversation with the centre; from another thread it can be broken off."""

    def post(self, path: str, body: bytes) -> bytes:
        """Post to a path of the centre and return the frame that answers."""
        ...

    def cancel(self) -> None:
        """Break off."""
        ...

    def close(self) -> None:
        """Let the connection go."""
        ...


class BadgeLine(Protocol):
    """What waits for the badge of a second person."""

    def take_badge(self, text: str) -> bool:
        """Use a scan if it is a badge; False for every other code."""
        ...


class Bench(QObject):
    """Brings the answers of acts home to the screen thread, and says what changed, second by second."""

    committed = Signal(object)
    """``frozenset[str]``: the kinds of events a transaction wrote; emitted on the screen thread."""
    announced = Signal(str, object)
    """A sentence for the toast, and a callable that undoes the deed or None."""
    warned = Signal(str)
    """A sentence for the toast: nobody did it, and somebody has to look."""
    refused = Signal(object)
    """A Refusal nobody else has shown."""
    covered = Signal()
    """The desk is locked: nothing of a person stays on a screen."""
    taken_over = Signal()
    """Another person has the desk now, who showed it on a sheet."""
    sent_to = Signal(str, object)
    """A station's id and the encounter id to show there, or None."""
    delivered = Signal(str)
    """Where a paper went, in words."""
    ticked = Signal()
    """Once a second, and whenever a test moves its clock."""
    _answered = Signal(object)
    _wrote = Signal(object)

    def __init__(self, desk: Desk, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.desk = desk
        self.open_line: Callable[[], CentreLine] | None = None
        """Opens a line of its own to the centre; None while there is no centre."""
        self.badge_line: BadgeLine | None = None
        """Hears a scan before the page at the front does; None while nobody asks for a second person."""
        self.last_second = ""
        """The staff id of whoever stood here last: mostly the same colleague does again."""
        self.printing = Printing(desk.store.path.parent / "sheets", self._is_practice)
        self.paper = Paper(self)
        self.door = Door(desk.store.path.parent, desk.clock, desk.random)
        self._threads = ThreadPoolExecutor(1, "aside")
        self.is_closed = False
        """Nothing is read any more: the store goes next."""
        self._answered.connect(self._deliver)
        self._wrote.connect(self.committed)
        desk.store.on_committed(self._heard)
        desk.store.on_short_of_room(self._warned)
        self._timer = QTimer(self)
        self._timer.setInterval(1000)
        self._timer.timeout.connect(self.ticked)
        self._timer.start()

    def read(self) -> Database:
        """Return the read-only connection of the screen thread."""
        return self.desk.read()

    def now(self) -> datetime:
        """Return the wall time, aware, in UTC."""
        return self.desk.now()

    def submit(
        self,
        owner: QObject,
        done: Callable[[T], object] | None,
        act: Callable[Concatenate[Act, P], T],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> None:
        """Run an act; ``done`` hears its result on the screen thread, a refusal goes to ``refuse``.

        Neither is called when ``owner`` has gone meanwhile.
        """
        self._bring_home(owner, done, self.refuse, self.desk.submit(act, *args, **kwargs))

    def submit_or(
        self,
        owner: QObject,
        done: Callable[[T], object] | None,
        refused: Callable[[Refusal], object],
        act: Callable[Concatenate[Act, P], T],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> None:
        """Like ``submit``, for a screen that shows the refusal itself."""
        self._bring_home(owner, done, refused, self.desk.submit(act, *args, **kwargs))

    def run_aside(
        self,
        owner: QObject,
        done: Callable[[T], object],
        refused: Callable[[Refusal], object],
        work: Callable[[], T],
    ) -> None:
        """Run work that is no act (drawing a sheet, asking a printer) off the screen thread.

        Nothing is begun any more once the bench is closed.
        """
        if self.is_closed:
            return
        self._bring_home(owner, done, refused, self._threads.submit(work))

    def may(self, act: str) -> bool:
        """Return whether the person at the desk may do an act, for what is offered; the act asks again."""
        user = self.desk.user
        return user is not None and not user.roles.isdisjoint(ACTS[act].roles)

    def bars(self, act: str) -> bool:
        """Return whether the person at the desk may not do an act; who may is then told before any sheet."""
        try:
            if self.desk.user is None:
                raise NobodySignedIn()
            require_permission(self.desk.user, act)
        except Refusal as refusal:
            self.refuse(refusal)
            return True
        return False

    def cannot_print(self) -> bool:
        """Return whether paper can go nowhere; that is told before anything is written down of it."""
        try:
            self.printing.require_way()
        except Refusal as refusal:
            self.refuse(refusal)
            return True
        return False

    def refuse(self, refusal: Refusal) -> None:
        """Show a refusal the common way: low double tone, sentence, what is safe, what to do."""
        self.refused.emit(refusal)

    def announce(self, sentence: str, undo: Callable[[], object] | None = None) -> None:
        """Name what was done; ``undo`` takes it back for some minutes."""
        self.announced.emit(sentence, undo)

    def warn(self, sentence: str) -> None:
        """Name what nobody did and somebody has to look at; it holds up nothing."""
        self.warned.emit(sentence)

    def send_to(self, station_id: str, encounter_id: str | None = None) -> None:
        """Go to another station, to a certain visit."""
        self.sent_to.emit(station_id, encounter_id)

    def tick(self) -> None:
        """Let every screen look at the clock now."""
        self.ticked.emit()

    def close(self) -> None:
        """Stop ticking and finish what runs aside; the store is closed by whoever opened it."""
        self.is_closed = True
        self._timer.stop()
        self._threads.shutdown(wait=True)
        self.printing.close()

    def _is_practice(self) -> bool:
        site = find_site(self.read())
        return site is not None and site.practice

    def _deliver(self, deliver: Callable[[], object]) -> None:
        """Run on the screen thread: a bound method of a QObject is called in its own thread.

        What comes home after the work is put away is for nobody: the store may be gone.
        """
        if not self.is_closed:
            deliver()

    def _bring_home(
        self,
        owner: QObject,
        done: Callable[[T], object] | None,
        refused: Callable[[Refusal], object],
        future: "Future[T]",
    ) -> None:
        def deliver() -> None:
            if not shiboken6.isValid(owner):
                return
            error = future.exception()
            if isinstance(error, Refusal):
                refused(error)
            elif error is not None:
                raise error
            elif done is not None:
                done(future.result())

        def answered(_: "Future[T]") -> None:
            if shiboken6.isValid(self):
                self._answered.emit(deliver)

        future.add_done_callback(answered)

    def _heard(self, kinds: frozenset[str]) -> None:
        if shiboken6.isValid(self):
            self._wrote.emit(kinds)

    def _warned(self, refusal: Refusal) -> None:
        if shiboken6.isValid(self):
            self.refused.emit(refusal)
