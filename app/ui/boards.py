"""The figures round the pages: who waits where, what is saved and what waits, in rail and bottom bar."""

from datetime import datetime

from PySide6.QtCore import QObject, QTimer

from app.storage import encounters
from app.storage.receipts import upload_counts
from app.storage.site import running_session
from app.sync.state import Offline
from app.ui.backup.keeper import Keeper
from app.ui.backup.words import alarm_of
from app.ui.bench import Bench
from app.ui.centre_link import CentreLink, Pause
from app.ui.kit.nav_rail import NavRail
from app.ui.kit.status_line import Alarm, StatusLine
from app.ui.kit.tokens import Tone as ToneOfState
from app.ui.station import WAITING_AT
from app.ui.sync.words import oldest_words
from app.ui.texts import sentence_of
from app.ui.texts.status import last_sync_words
from app.workflows.opening import session_notice


class Boards(QObject):
    """Looks at the store when something was written or received, and each minute at the clock."""

    def __init__(self, parent: QObject, bench: Bench, rail: NavRail, status: StatusLine) -> None:
        super().__init__(parent)
        self.bench, self._rail, self._status = bench, rail, status
        self._link: CentreLink | None = None
        self._keeper: Keeper | None = None
        self._shown_minute: datetime | None = None
        self._soon = QTimer(self, singleShot=True, interval=0)
        """Comes after the paint: who waits for an answer waits for no figure beside it."""
        self._soon.timeout.connect(self.show_all)
        bench.ticked.connect(self._tick)

    def follow(self, link: CentreLink) -> None:
        """Show what the link to the centre does."""
        self._link = link
        link.receipted.connect(self._show_upload)
        link.changed.connect(self._show_upload)

    def keep(self, keeper: Keeper) -> None:
        """Show how safe the data is."""
        self._keeper = keeper
        keeper.changed.connect(self._show_upload)
        self._show_upload()

    def show_soon(self) -> None:
        """Show everything after the next paint."""
        self._soon.start()

    def show_all(self) -> None:
        """Show everything now."""
        if self.bench.is_closed:
            return
        db = self.bench.read()
        session = running_session(db)
        counts = encounters.counts(db, session.session_id) if session else {}
        for station_id, states in WAITING_AT.items():
            self._rail.show_count(station_id, sum(counts.get(state, 0) for state in states))
        self._show_opening()
        self._show_upload()

    def _show_opening(self) -> None:
        """Say in the rail that no session is open, or that one has been since an earlier day."""
        notice = session_notice(self.bench.read(), self.bench.desk.today())
        words = sentence_of(notice).happened if notice else ""
        tone = ToneOfState.WARNING if notice else ToneOfState.PLAIN
        self._rail.show_count("opening", 0, tone, "warning" if notice else "", words)

    def _show_upload(self) -> None:
        """Show what is saved and what waits, counted by receipts alone (ux.md rule 16)."""
        counts = upload_counts(self.bench.read())
        now = self.bench.now()
        self._shown_minute = now.replace(second=0, microsecond=0)
        words, tone, icon = oldest_words(counts.oldest_waiting_at, now)
        self._rail.show_count("sync", counts.waiting, tone, icon, words)
        wanting = alarm_of(self._keeper.kept(), now) if self._keeper else None
        self._rail.show_count("backup", 0, *_told(wanting))
        alarm = Alarm(words, tone, icon) if words else wanting
        if self._link is not None and self._link.pause is not Pause.RUNNING:
            paused = "已暂停" if self._link.pause is Pause.PAUSED else "正在暂停"
            self._status.show_counts(counts.saved, counts.waiting, paused, icon="pause", alarm=alarm)
            return
        offline = self._link is None or isinstance(self._link.state, Offline)
        last = "" if alarm else last_sync_words(counts.last_receipt_at)
        mark = "offline" if offline else "local"
        self._status.show_counts(counts.saved, counts.waiting, last, icon=mark, alarm=alarm)

    def _tick(self) -> None:
        """Look at the 24-hour rule and at midnight again each minute: both come without anybody acting."""
        if self.bench.now().replace(second=0, microsecond=0) != self._shown_minute:
            self._show_opening()
            self._show_upload()


def _told(alarm: Alarm | None) -> tuple[ToneOfState, str, str]:
    return (alarm.tone, alarm.icon, alarm.words) if alarm else (ToneOfState.PLAIN, "", "")
