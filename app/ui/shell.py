"""The shell round the stations: rail, pages, bottom bar; codes, refusals and people go where they belong."""

from collections.abc import Callable, Sequence
from datetime import datetime

import shiboken6
from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QApplication, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from app.devices.scan_text import read_scan
from app.devices.sounds import Sounds, Tone
from app.domain.codes import (
    CertificateNumber,
    CertificateText,
    CitizenNumber,
    CodeOfNoUse,
    Gs1Code,
    ScannedCode,
    TicketCode,
    TraceCode,
)
from app.domain.permissions import pages_of, require_page
from app.domain.refusals import Refusal
from app.domain.staff import StaffMember, training_notice
from app.storage import encounters
from app.storage.receipts import upload_counts
from app.storage.site import running_session
from app.storage.staff import find_training
from app.sync.state import Offline, SyncState
from app.ui.backup.keeper import Keeper
from app.ui.backup.page import BackupPage
from app.ui.backup.words import DONE, alarm_of
from app.ui.bench import Bench
from app.ui.centre_link import CentreLink, Pause
from app.ui.device_sheet import DeviceSheet
from app.ui.device_watch import DeviceWatch
from app.ui.help import HelpSheet
from app.ui.idle import IdleWatch
from app.ui.kit.bottom_bar import BottomBar
from app.ui.kit.nav_rail import NavItem, NavRail
from app.ui.kit.sheet import Sheet
from app.ui.kit.shortcuts import LOCK_KEY, bind_key
from app.ui.kit.status_line import Alarm
from app.ui.kit.theme import ground
from app.ui.kit.toast import Toast
from app.ui.kit.tokens import Tone as ToneOfState
from app.ui.observation.page import ObservationPage
from app.ui.refusal_sheet import RefusalSheet
from app.ui.station import RECEIPTED, WAITING_AT, Station, station_of
from app.ui.stations import Maker, Stations
from app.ui.sync.page import SyncPage
from app.ui.sync.words import oldest_words
from app.ui.texts import sentence_of
from app.ui.texts.status import last_sync_words
from app.workflows.credentials import password_notice
from app.workflows.needle import find_ticket
from app.workflows.opening import session_notice

SWITCH = "switch"
WAITED = "waited"
"""Stands among the kinds of ``refresh`` when the same person is back."""
NAV = (
    NavItem("registration", "登记", "registration", "F2"),
    NavItem("screening", "预检", "screening", "F3"),
    NavItem("vaccination", "接种", "syringe", "F4"),
    NavItem("observation", "留观", "observation", "F5"),
    NavItem("certificate", "凭证", "certificate", "F6"),
    NavItem("opening", "开诊", "calendar", "Ctrl+O"),
    NavItem("stock", "库存", "fridge", "Ctrl+G"),
    NavItem("sync", "同步", "sync", "F7"),
    NavItem("staff", "人员", "family", "Ctrl+R"),
    NavItem("audit", "审计", "shield", "Ctrl+U"),
    NavItem("backup", "备份", "backup", "Ctrl+S"),
    NavItem(SWITCH, "换人", "person", "F8"),
)
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
        self._shown_minute: datetime | None = None
        self._had_keyboard: QWidget | None = None
        self.link: CentreLink | None = None
        self.keeper: Keeper | None = None
        self._rail, self.bar = NavRail(NAV), BottomBar()
        self._pages = QStackedWidget()
        self.sounds = Sounds(self)
        self.devices = DeviceWatch(bench, self.take_scan)
        self.stations = Stations(bench, stations, self._welcome)
        self._front = next(iter(self.stations))
        self._idle: IdleWatch | None = None
        self._compose()
        self._connect()
        self.stations.get("observation")  # it watches the people who sit there, whatever is at the front

    def _welcome(self, station: Station) -> None:
        """Let a station that has just been built see and be seen."""
        self._pages.addWidget(station)
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
        self._refresh(frozenset())
        self._show_devices()
        self.go_to(self._first_page(), None)
        QTimer.singleShot(0, self.sounds.prepare)
        if self._idle is None and (window := self.window().windowHandle()):
            self._idle = IdleWatch(window, self.bench.desk.clock.monotonic)
        self._tell_notices()

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
        self._refresh(frozenset({WAITED}))
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
        self._pages.setCurrentWidget(self.current)
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
        link.receipted.connect(self._receipted)
        link.changed.connect(self._link_changed)
        if sync := self.stations.find_built(SyncPage):
            sync.follow(link)

    def keep(self, keeper: Keeper) -> None:
        """Show how safe the data is, wherever it is shown."""
        self.keeper = keeper
        keeper.changed.connect(self._show_upload)
        keeper.done.connect(lambda task: self.bench.announce(DONE[task]))
        keeper.refused.connect(self.bench.refuse)
        if page := self.stations.find_built(BackupPage):
            page.follow(keeper)
        self._show_upload()

    def take_scan(self, text: str) -> None:
        """Use what a scanner sent, wherever one is: the station at the front first (ux.md rule 3).

        A colleague's badge is heard before it where a second person is asked for.
        """
        if self.bench.badge_line is not None and self.bench.badge_line.take_badge(text):
            self.sounds.play(Tone.TAKEN)
            return
        if self.current.take_text(text):
            return
        try:
            code = read_scan(text, on=self.bench.desk.today())
        except Refusal as refusal:
            self.sounds.play(Tone.REFUSED)
            self.current.show_unreadable(refusal)
        else:
            self.sounds.play(Tone.TAKEN)
            self.take_code(code)
        self.devices.heard_scan()  # after the verdict: it draws on the strip

    def take_code(self, code: ScannedCode) -> None:
        """Give a code to the station at the front, else to the one it belongs to."""
        self._refusals.dismiss()
        if self.current.take_code(code):
            return
        try:
            station_id, encounter_id = self._home_of(code)
        except Refusal as refusal:
            self.bench.refuse(refusal)
            return
        if station_id is None:
            self.current.show_unreadable(CodeOfNoUse())
            return
        if self.go_to(station_id, encounter_id):
            self.current.take_code(code)

    def _home_of(self, code: ScannedCode) -> tuple[str | None, str | None]:
        if isinstance(code, TicketCode):
            encounter = find_ticket(self.bench.read(), code.token)
            return station_of(encounter), encounter.encounter_id
        if isinstance(code, CitizenNumber):
            return "registration", None
        if isinstance(code, TraceCode | Gs1Code):
            return "vaccination", None
        if isinstance(code, CertificateText | CertificateNumber):
            return "certificate", None
        return None, None

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
        self._refusals = RefusalSheet(self._pages)
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
        self.bench.committed.connect(self._refresh)
        self.bench.ticked.connect(self._tick)
        self.bench.ticked.connect(self._build_ahead)
        self.bench.announced.connect(self._announce)
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

    def _refresh(self, kinds: frozenset[str]) -> None:
        db = self.bench.read()
        session = running_session(db)
        counts = encounters.counts(db, session.session_id) if session else {}
        for station_id, states in WAITING_AT.items():
            self._rail.show_count(station_id, sum(counts.get(state, 0) for state in states))
        self._show_opening()
        self._show_upload()
        if "observation.alarmed" in kinds:
            self.sounds.play(Tone.ALARM)
            self.called_for_help.emit("留观区有人需要医生！请马上去看，再来解锁。")
        if kinds and not self.bench.desk.is_locked:
            self.current.refresh(kinds)

    def _show_opening(self) -> None:
        """Say in the rail that no session is open, or that one has been since an earlier day."""
        notice = session_notice(self.bench.read(), self.bench.desk.today())
        words = sentence_of(notice).happened if notice else ""
        tone = ToneOfState.WARNING if notice else ToneOfState.PLAIN
        self._rail.show_count("opening", 0, tone, "warning" if notice else "", words)

    def _receipted(self) -> None:
        self._show_upload()
        if not self.bench.desk.is_locked:
            self.current.refresh(frozenset({RECEIPTED}))

    def _link_changed(self, state: SyncState) -> None:
        self._show_upload()

    def _show_upload(self) -> None:
        """Show what is saved and what waits, counted by receipts alone (ux.md rule 16)."""
        counts = upload_counts(self.bench.read())
        now = self.bench.now()
        self._shown_minute = now.replace(second=0, microsecond=0)
        words, tone, icon = oldest_words(counts.oldest_waiting_at, now)
        self._rail.show_count("sync", counts.waiting, tone, icon, words)
        wanting = alarm_of(self.keeper.kept(), now) if self.keeper else None
        self._rail.show_count("backup", 0, *_told(wanting))
        alarm = Alarm(words, tone, icon) if words else wanting
        if self.link is not None and self.link.pause is not Pause.RUNNING:
            paused = "已暂停" if self.link.pause is Pause.PAUSED else "正在暂停"
            self.bar.status.show_counts(counts.saved, counts.waiting, paused, icon="pause", alarm=alarm)
            return
        offline = self.link is None or isinstance(self.link.state, Offline)
        last = "" if alarm else last_sync_words(counts.last_receipt_at)
        mark = "offline" if offline else "local"
        self.bar.status.show_counts(counts.saved, counts.waiting, last, icon=mark, alarm=alarm)

    def _tick(self) -> None:
        """Look at the 24-hour rule and at midnight again each minute: both come without anybody acting."""
        if self.bench.now().replace(second=0, microsecond=0) != self._shown_minute:
            self._show_opening()
            self._show_upload()

    def _announce(self, sentence: str, undo: Callable[[], object] | None) -> None:
        self._undo = undo
        self.current.toast.announce(sentence, UNDO_SECONDS if undo else 0)

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


def _told(alarm: Alarm | None) -> tuple[ToneOfState, str, str]:
    return (alarm.tone, alarm.icon, alarm.words) if alarm else (ToneOfState.PLAIN, "", "")
