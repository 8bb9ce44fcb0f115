"""The staff page under test: real shell, real store, real keys; PINs so that no test waits for Argon2."""

from PySide6.QtWidgets import QWidget

from app.domain.refusals import Refusal
from app.storage.staff import all_staff
from app.ui.bench import Bench
from app.ui.kit.sheet import Sheet
from app.ui.registration.page import RegistrationPage
from app.ui.shell import Shell
from app.ui.staff.page import StaffPage
from app.workflows.credentials import set_pin
from tests.factories import MANAGER, SmallSite
from tests.journeys.hand import Hand
from tests.ui.looking import keep_unseen

PIN = "204817"


class StaffRig:
    """Presses keys as a person does and waits for the answer."""

    def __init__(self, site: SmallSite, window: QWidget | None = None) -> None:
        self.site = site
        site.as_user(MANAGER)
        self.bench = Bench(site.desk)
        self.shell = Shell(self.bench, (StaffPage, RegistrationPage))
        self.hand = Hand(window or self.shell)
        self.said: list[str] = []
        self.refusals: list[Refusal] = []
        self.bench.announced.connect(lambda sentence, undo: self.said.append(sentence))
        self.bench.refused.connect(self.refusals.append)

    @property
    def page(self) -> StaffPage:
        page = self.shell.stations["staff"]
        assert isinstance(page, StaffPage)
        return page

    @property
    def sheet(self) -> Sheet:
        """The sheet that is open."""
        (sheet,) = [one for one in self.page.findChildren(Sheet) if one.isVisible()]
        return sheet

    def open(self, width: int = 1366, height: int = 732) -> None:
        keep_unseen(self.shell)
        self.shell.resize(width, height)
        self.hand.take_window()
        self.shell.start()
        self.hand.press("Ctrl+R")

    def as_user(self, staff_id: str) -> None:
        """Let somebody else have the desk, as a sign-in does."""
        self.site.as_user(staff_id)
        self.shell.start()
        self.shell.go_to("staff", None)

    def with_pin(self, staff_id: str) -> None:
        """Let somebody have signed in today and set a PIN."""
        before = self.site.desk.user
        assert before is not None
        self.site.as_user(staff_id)
        set_pin(self.site.desk, PIN)
        self.site.as_user(before.staff_id)

    def mark(self, staff_id: str) -> None:
        """Mark a person in the list."""
        people = [member.staff_id for member in all_staff(self.bench.read())]
        self.page.table.selectRow(people.index(staff_id))

    def until_said(self, words: str) -> None:
        self.hand.wait_until(lambda: any(words in said for said in self.said), words)

    def settle(self) -> None:
        self.hand.catch_up(self.bench)

    def rows(self) -> list[tuple[str, ...]]:
        model = self.page.table.paged
        return [model.row_at(row) for row in range(model.rowCount())]
