"""The shell round the stations: rail, pages, bottom bar; codes, refusals and people go where they belong."""

from collections.abc import Callable, Sequence
from functools import cached_property

import shiboken6
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QApplication, QHBoxLayout, QVBoxLayout, QWidget

from app.devices.scan_text import read_scan
from app.devices.sounds import Sounds, Tone
from app.domain.codes import CodeOfNoUse, ScanBrokenOff, ScannedCode, UnknownCode
from app.domain.identity import slip_in
from app.domain.permissions import pages_of, require_page
from app.domain.refusals import Refusal
from app.domain.staff import StaffMember, training_notice
from app.storage.site import running_session
from app.storage.staff import find_training
from app.ui.backup.keeper import Keeper
from app.ui.backup.page import BackupPage
from app.ui.backup.words import DONE
from app.ui.bench import Bench
from app.ui.boards import Boards
from app.ui.centre_link import CentreLink
from app.ui.device_sheet import DeviceSheet
from app.ui.device_watch import DeviceWatch
from app.ui.help import HelpSheet
from app.ui.idle import IdleWatch
from app.ui.kit import tokens
from app.ui.kit.bottom_bar import BottomBar
from app.ui.kit.nav_rail import NavRail
from app.ui.kit.pages import Pages
from app.ui.kit.sheet import Sheet
from app.ui.kit.shortcuts import LOCK_KEY, bind_key
from app.ui.kit.theme import ground
from app.ui.kit.toast import Toast
from app.ui.kit.turns import after_paint
from app.ui.observation.page import ObservationPage
from app.ui.rail_items import NAV, SWITCH
from app.ui.refusal_sheet import RefusalSheet
from app.ui.station import RECEIPTED, Station, home_of
from app.ui.stations import Maker, Stations
from app.ui.sync.page import SyncPage
from app.ui.texts import sentence_of
from app.workflows.credentials import password_notice
from app.workflows.opening import session_notice

WAITED = "waited"
"""Stands among the kinds of ``refresh`` when the same person is back."""
UNDO_SECONDS = 300
IDLE_S = 2
"""So long nobody has touched anything before a page is built that nobody has needed yet."""


class Shell(QWidget):
    """Everything a signed-in person sees."""

    switch_asked = Signal()
    """F8: somebody else takes the desk."""
    lock_asked = Signal()
    """Ctrl+L: the person leaves the desk for a moment."""
    called_for_help = Signal(str)
    """Somebody under observation needs the doctor, in a sentence without a name."""

    def __init__(self, bench: Bench, stations: Sequence[Maker]) -> None:
        super().__init__()
        ground(self)
        self.bench = bench
        self._undo: Callable[[], object] | None = None
        self._had_keyboard: QWidget | None = None
        self.link: CentreLink | None = None
        self.keeper: Keeper | None = None
        self._rail, self.bar = NavRail(NAV), BottomBar()
        self._boards = Boards(self, bench, self._rail, self.bar.status)
        self._pages = Pages()
        self.sounds = Sounds(self)
        self.devices = DeviceWatch(bench, self.take_scan, self.take_broken_scan)
        self.stations = Stations(bench, stations, self._welcome)
        self._front = next(iter(self.stations))
        self._idle: IdleWatch | None = None
        self._compose()
        self._connect()
        self.stations.get("observation")  # it watches the people who sit there, whatever is at the front

    def _welcome(self, station: Station) -> None:
        """Let a station that has just been built see and be seen."""
        self._pages.add_unseen(station)
        toast: Toast = station.toast
        toast.undone.connect(self._undone)
        if isinstance(station, ObservationPage):
            station.watch.fell_due.connect(lambda people: self.sounds.play(Tone.DUE))
        elif isinstance(station, SyncPage) and self.link:
            station.follow(self.link)
        elif isinstance(station, BackupPage) and self.keeper:
            station.follow(self.keeper)

    def _build_ahead(self) -> None:
        """Build a station nobody has needed yet while nobody touches anything."""
        if self._idle is not None and self._idle.seconds >= IDLE_S:
            self.stations.build_next()

    @property
    def current(self) -> Station:
        """The station at the front."""
        return self.stations[self._front]

    def start(self) -> None:
        """Show who is at the desk and the first station."""
        user = self.bench.desk.user
        if user is not None:
            self._rail.show_person(f"{user.name} {user.title}", self.bench.desk.name)
            self._show_pages(user)
        self._boards.show_all()
        self._show_devices()
        self.go_to(self._first_page(), None)
        after_paint(self, self.sounds.prepare)
        if self._idle is None and (window := self.window().windowHandle()):
            self._idle = IdleWatch(window, self.bench.desk.clock.monotonic)
        self._tell_notices()

    @cached_property
    def _refusals(self) -> RefusalSheet:
        """The common sheet of refusals, built with the first."""
        return RefusalSheet(self._pages)

    @property
    def pages(self) -> QWidget:
        """What all stations stand in, for sheets over whichever is at the front."""
        return self._pages

    def leave(self) -> None:
        """Remember where the keyboard was before something covers the work."""
        self._had_keyboard = QApplication.focusWidget()

    def put_away(self) -> None:
        """Close what stands open over the pages: it was for whoever had the desk, not for who comes."""
        for sheet in self.findChildren(Sheet):
            sheet.close_sheet()

    def go_on(self) -> None:
        """Let the same person go on where they were; what changed meanwhile is shown."""
        self._committed(frozenset({WAITED}))
        if self._had_keyboard is not None and shiboken6.isValid(self._had_keyboard):
            self._had_keyboard.setFocus()

    def close_devices(self) -> None:
        """Let go of what is plugged in."""
        self.devices.close()

    def go_to(self, station_id: str, encounter_id: str | None) -> bool:
        """Bring a station to the front; False, and the reason shown, where the person may not read it."""
        user = self.bench.desk.user
        try:
            if user is not None:
                require_page(user, station_id)
        except Refusal as refusal:
            self.bench.refuse(refusal)
            return False
        self._front = station_id
        self._pages.turn_to(self.current)
        self._rail.set_current(station_id)
        self.current.enter(encounter_id)
        return True

    def _show_pages(self, user: StaffMember) -> None:
        """Show in the rail what the person may read (SITE-8)."""
        pages = (*pages_of(user), SWITCH)
        self._rail.set_items([item for item in NAV if item.item_id in pages])

    def _first_page(self) -> str:
        """Return the page at the front, or the first the person may read.

        Whoever may begin the day's session comes to it while there is none.
        """
        user, front = self.bench.desk.user, self._front
        readable = [page for page in pages_of(user) if page in self.stations] if user else [front]
        begins = "opening" in readable and self.bench.may("open_session")
        if begins and running_session(self.bench.read()) is None:
            return "opening"
        return front if front in readable or not readable else readable[0]

    def _tell_notices(self) -> None:
        """Say of the person's training and password what has to be known today (STF-1, SEC-2)."""
        user = self.bench.desk.user
        if user is None:
            return
        desk, trained = self.bench.desk, find_training(self.bench.read(), user.staff_id)
        notices = (training_notice(user, trained, desk.today()), password_notice(desk, user.staff_id))
        at_hand = self.current.station_id == "opening"
        session = None if at_hand else session_notice(self.bench.read(), desk.today())
        said = [sentence_of(notice) for notice in (*notices, session) if notice]
        if said:
            self.bench.announce("　".join(f"{one.happened}{one.todo}" for one in said))

    def follow(self, link: CentreLink) -> None:
        """Show what the link to the centre does, wherever it is shown."""
        self.link = link
        self._boards.follow(link)
        link.receipted.connect(self._receipted)
        if sync := self.stations.find_built(SyncPage):
            sync.follow(link)

    def keep(self, keeper: Keeper) -> None:
        """Show how safe the data is, wherever it is shown."""
        self.keeper = keeper
        self._boards.keep(keeper)
        keeper.done.connect(lambda task: self.bench.announce(DONE[task]))
        keeper.refused.connect(self.bench.refuse)
        if page := self.stations.find_built(BackupPage):
            page.follow(keeper)

    def take_scan(self, text: str) -> None:
        """Use what a scanner sent, wherever one is: the station at the front first (ux.md rule 3).

        A colleague's badge is heard before it where a second person is asked for, and the scanner check
        hears everything.
        """
        if self._device_sheet.check.take(text):
            self.devices.heard_scan()
            return
        if self.bench.badge_line is not None and self.bench.badge_line.take_badge(text):
            self.sounds.play(Tone.TAKEN)
            return
        if self.current.take_text(text):
            return
        self._close_sheets()
        try:
            code = read_scan(text, on=self.bench.desk.today())
        except Refusal as refusal:
            self.sounds.play(Tone.REFUSED)
            self.current.show_unreadable(refusal)
        else:
            self.sounds.play(Tone.TAKEN)
            self.take_code(code)
        self.devices.heard_scan()  # after the verdict: it draws on the strip

    def take_broken_scan(self, text: str) -> None:
        """Say that a scanner sent no whole code; none of it was used."""
        if self._device_sheet.check.take(text, ended=False):
            return
        self._close_sheets()
        self.sounds.play(Tone.REFUSED)
        self.current.show_unreadable(ScanBrokenOff(len(text)))

    def _close_sheets(self) -> None:
        """Uncover what a code changes."""
        if "_refusals" in self.__dict__:
            self._refusals.dismiss()
        self.help.close()
        self._device_sheet.close()

    def take_code(self, code: ScannedCode) -> None:
        """Give a code to the station at the front, else to the one it belongs to."""
        if self.current.take_code(code):
            return
        try:
            station_id, encounter_id = home_of(self.bench.read(), code)
        except Refusal as refusal:
            self.bench.refuse(refusal)
            return
        if station_id is None:
            slip = (
                slip_in(code.text, today=self.bench.desk.today()) if isinstance(code, UnknownCode) else None
            )
            self.current.show_unreadable(slip or CodeOfNoUse())
            return
        if self.go_to(station_id, encounter_id):
            self.current.take_code(code)

    def _compose(self) -> None:
        right = QVBoxLayout()
        right.setSpacing(0)
        right.setContentsMargins(0, 0, 0, 0)
        right.addWidget(self._pages, 1)
        right.addWidget(self.bar)
        layout = QHBoxLayout(self)
        layout.setSpacing(0)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._rail)
        layout.addLayout(right, 1)
        self.help = HelpSheet(self._pages)
        self._device_sheet = DeviceSheet(self._pages, self.bench, self.devices, self.sounds)

    def _connect(self) -> None:
        self._rail.bind(self)
        self._rail.chosen.connect(self._choose)
        self._rail.helped.connect(lambda: self.help.show_topic(self.current.help_topic))
        bind_key(self, LOCK_KEY, self.lock_asked.emit, whole_window=True)
        bind_key(self, "Ctrl+D", self._device_sheet.open_sheet, whole_window=True)
        self.bar.devices.chosen.connect(lambda device_id: self._device_sheet.open_sheet())
        self.devices.changed.connect(self._show_devices)
        self.bench.printing.job_failed.connect(self._refuse)
        self.bench.committed.connect(self._committed)
        self.bench.ticked.connect(self._build_ahead)
        self.bench.announced.connect(self._announce)
        self.bench.warned.connect(self._warn)
        self.bench.refused.connect(self._refuse)
        self.bench.sent_to.connect(self.go_to)
        self.bench.taken_over.connect(self.put_away)
        self.bench.taken_over.connect(self.start)

    def _choose(self, item_id: str) -> None:
        if item_id == SWITCH:
            self.leave()
            self.switch_asked.emit()
        else:
            self.go_to(item_id, None)

    def _committed(self, kinds: frozenset[str]) -> None:
        """Show what was written: on the page at the front now, on the boards round it after the paint."""
        if "observation.alarmed" in kinds:
            self.sounds.play(Tone.ALARM)
            self.called_for_help.emit("留观区有人需要医生！请马上去看，再来解锁。")
        if not self.bench.desk.is_locked:
            self.current.refresh(kinds)
        self._boards.show_soon()

    def _receipted(self) -> None:
        if not self.bench.desk.is_locked:
            self.current.refresh(frozenset({RECEIPTED}))

    def _announce(self, sentence: str, undo: Callable[[], object] | None) -> None:
        self._undo = undo
        self.current.toast.announce(sentence, UNDO_SECONDS if undo else 0)

    def _warn(self, sentence: str) -> None:
        self._undo = None
        self.current.toast.announce(sentence, tone=tokens.Tone.WARNING)

    def _undone(self) -> None:
        undo, self._undo = self._undo, None
        if undo is not None:
            undo()

    def _show_devices(self) -> None:
        self.bar.devices.show_devices(self.devices.states())

    def _refuse(self, refusal: Refusal) -> None:
        self.sounds.play(Tone.REFUSED)
        if not self.current.show_refusal(refusal):
            self._refusals.show_refusal(refusal)
