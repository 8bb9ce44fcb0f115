"""The sync page under test: the real shell and store, the real engine on its thread, a centre on paper."""

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtWidgets import QWidget

from app.domain.journal import Json
from app.storage import patients
from app.storage.feedback import position
from app.storage.journal import current_stream
from app.storage.receipts import upload_counts
from app.sync.pages import Finding
from app.sync.state import Idle
from app.ui.bench import Bench
from app.ui.centre_link import CentreLink, Pause
from app.ui.certificate.page import CertificatePage
from app.ui.registration.page import RegistrationPage
from app.ui.shell import Shell
from app.ui.sync.page import SyncPage
from app.workflows.desk import Act
from tests.factories import SmallSite
from tests.journeys.hand import Hand
from tests.sync.paper_line import PaperLine
from tests.sync.picky_centre import PickyCentre

STATIONS_HERE = (SyncPage, RegistrationPage, CertificatePage)
"""The page under test, one it is looked away to, and one a record is opened on; each built when needed."""
LONGEST_NAME = "阿布都热依木·买买提吐尔逊·卡德尔江·奥斯曼伊敏"


class SyncRig:
    """Gives doses, lets time pass, turns the line on and off, presses keys as a person does."""

    def __init__(
        self, site: SmallSite, shell: Shell | None = None, window: QWidget | None = None, crowd: int = 1
    ) -> None:
        """``crowd``: how many times as many doses a face of the page shows."""
        self.site, self.crowd = site, crowd
        self.bench = shell.bench if shell else Bench(site.desk)
        self.shell = shell or Shell(self.bench, STATIONS_HERE)
        self.hand = Hand(window or self.shell)
        self.centre = PickyCentre(site.clock)
        self.line = PaperLine(self.centre)
        self.link = CentreLink(self.bench, "paper", self.line)
        self._stop: Callable[[], object] = lambda: None
        self._doses = 0

    @property
    def page(self) -> SyncPage:
        page = self.shell.stations["sync"]
        assert isinstance(page, SyncPage)
        return page

    def open(self) -> None:
        """Show the window with the page at the front; no centre is set up yet."""
        self.shell.resize(1366, 768)
        self.hand.take_window()
        self.shell.start()
        self.shell.go_to("sync", None)

    def connect(self) -> None:
        """Set the centre up; the first exchange leaves at once."""
        self.shell.follow(self.link)
        self._stop = self.link.start()

    def sync(self, wanted: type) -> None:
        """Ask now and wait for a state of this kind, another than the one there is."""
        before = self.link.state
        self.link.sync_now()
        self.until(
            lambda: self.link.state is not before and isinstance(self.link.state, wanted),
            f"sync is {wanted.__name__}",
        )

    def until(self, condition: Callable[[], bool], what: str) -> None:
        self.hand.wait_until(condition, what)
        self.settle()

    def settle(self) -> None:
        """Wait until the window shows what was done so far."""
        self.hand.catch_up(self.bench)

    def vaccinate(self, count: int = 1) -> list[Json]:
        """Give doses, four minutes apart."""
        given = []
        for _ in range(count):
            self.site.clock.go(minutes=4)
            given.append(self.site.vaccinated(self.site.patient(index=self._doses), vial=self._doses))
            self._doses += 1
        self.settle()
        return given

    def give_longest_names(self) -> None:
        """Rename everybody who was vaccinated."""
        for index in range(self._doses):
            self.site.desk.do(_rename, self.site.patient(index=index).patient_id)
        self.settle()

    def hours_pass(self, hours: float) -> None:
        """Let time pass and the window look at its clock."""
        self.site.clock.go(minutes=60 * hours)
        self.bench.tick()
        self.settle()

    def press(self, *keys: str) -> None:
        for key in keys:
            self.hand.press(key)
            self.settle()

    def paused(self) -> bool:
        return self.link.pause is Pause.PAUSED

    def doubt(self, kind: str, *findings: tuple[str, str], index: int = 0) -> None:
        """Let the centre find something wrong in an event of a kind, the newest but ``index``, and say so."""
        (event_id,) = (
            self.bench.read()
            .execute(
                "select event_id from journal where kind = ? order by position desc limit 1 offset ?",
                [kind, index],
            )
            .fetchone()
        )
        for field, reason in findings:
            self.centre.find(self.device_id, Finding(event_id, field, reason))
        self.sync(Idle)
        self.until(
            lambda: position(self.bench.read()).pos == len(self.centre.findings[self.device_id]), "heard"
        )
        self.page.refresh(frozenset())

    @property
    def device_id(self) -> str:
        return current_stream(self.bench.read()).device_id

    def rows(self) -> list[tuple[str, ...]]:
        """Return every row of the list of what waits."""
        model = self.page.table.paged
        return [model.row_at(row) for row in range(model.rowCount())]

    def saved(self) -> int:
        """Return how many entries the journal holds."""
        return upload_counts(self.bench.read()).saved

    def hang_up(self) -> None:
        """Stop the line."""
        self._stop()
        self._stop = lambda: None

    def close(self) -> None:
        self.hang_up()
        self.bench.close()


def _rename(act: Act, patient_id: str) -> None:
    patient = replace(patients.get_patient(act.db, patient_id), name=LONGEST_NAME)
    act.append("patient.amended", patients.patient_body(patient) | {"readings": []}, person=patient_id)
