"""One visit, whole, through the real windows: what ``./dev run`` walks where there is no display.

Register, screen, vaccinate, observe thirty minutes of the walk's own clock, print, deliver. It leaves the
certificate, a picture of every step and a summary of what reached the centre in the folder.
"""

import json
import os
import shutil
import sys
import urllib.request
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

from app.devices.system_clock import SystemClock
from app.domain.checklist import PERSON_ITEMS, Item
from app.domain.people import age_on
from app.domain.visit import Encounter, VisitState
from app.practice.facts import PASSWORD, RESIDENTS
from app.storage import certificates, encounters, needle, patients, receipts
from app.storage.site import running_session
from app.sync.store_identity import get_identity
from app.sync.tls import make_context
from app.ui.bench import Bench
from app.ui.practice_start import start_practice
from app.ui.program import Program, Setting
from app.ui.screening.page import ScreeningPage
from app.ui.start import make_application
from tests.journeys.hand import Hand

NURSE, DOCTOR, MANAGER = "周敏", "赵清和", "苏晚晴"
PRODUCT = "FLU4-1"
SITE, STEPS = "walk", "steps"


class AdvancingClock:
    """The real clock, that can be sent ahead: thirty minutes pass in full, nobody waits for them."""

    def __init__(self, ahead: timedelta = timedelta()) -> None:
        self._real = SystemClock()
        self._ahead = ahead

    def now(self) -> datetime:
        """Return the wall time."""
        return self._real.now() + self._ahead

    def monotonic(self) -> float:
        """Return seconds since the machine started."""
        return self._real.monotonic() + self._ahead.total_seconds()

    def go(self, *, minutes: float) -> None:
        """Let time pass."""
        self._ahead += timedelta(minutes=minutes)


class Walk:
    """A visit in steps; each leaves a picture, unless nobody is to look at them."""

    def __init__(
        self,
        folder: Path,
        residents: int = RESIDENTS,
        ahead: timedelta = timedelta(),
        *,
        pictured: bool = True,
    ) -> None:
        self.folder = folder
        self.clock = AdvancingClock(ahead)
        setting = Setting(folder / SITE, self.clock, os.urandom, "接种台 1", practice=True)
        self.program: Program = start_practice(setting, residents)
        self.program.window.resize(1366, 768)
        self.hand = Hand(self.program.window)
        self._pictured, self._pictures = pictured, 0
        (folder / STEPS).mkdir(parents=True, exist_ok=True)

    @property
    def bench(self) -> Bench:
        """The bench, once somebody has signed in."""
        assert self.program.bench is not None, "nobody has signed in"
        return self.program.bench

    def picture(self, name: str) -> None:
        """Keep what the window shows now."""
        self.hand.pump()
        if not self._pictured:
            return
        self._pictures += 1
        path = self.folder / STEPS / f"{self._pictures:02d}-{name}.png"
        assert self.program.window.grab().save(str(path)), f"no picture {path.name}"

    def sign_in(self, name: str) -> None:
        """Pick a name and type the password, as everybody does."""
        page = self.program.sign_in
        self.hand.take_window()
        self.hand.wait_until(lambda: bool(page.names) and page.password.isEnabled(), "the names are shown")
        while page.chosen_name != name:
            self.hand.press("Down")
        self.hand.type(PASSWORD)
        self.picture(f"登录-{name}")
        self.hand.press("Enter")
        self.hand.wait_until(
            lambda: self._is_at_desk(name),
            f"{name} is at the desk",
            lambda: (page.said, page.password.text()),
        )

    def switch_to(self, name: str) -> None:
        """Let somebody else take the desk."""
        self.hand.press("F8")
        self.hand.wait_until(lambda: not self.program.window.is_working, "the sign-in page is shown")
        self.sign_in(name)

    def register(self) -> Encounter:
        """Scan an ID number and take a queue number."""
        self.hand.press("F2")
        self.hand.scan(self._somebody())
        self.picture("登记-找到人")
        self.hand.press("Enter")
        self.hand.wait_until(lambda: bool(self._visits(VisitState.REGISTERED)), "there is a ticket")
        self._see_the_answer()
        self.picture("登记-取号")
        return self._visits(VisitState.REGISTERED)[0]

    def screen(self, visit: Encounter) -> None:
        """Ask eleven questions, decide, sign on paper; tell and let them agree."""
        self.hand.press("F3")
        self.hand.press("Enter")
        if encounters.get_encounter(self.bench.read(), visit.encounter_id).state is VisitState.REGISTERED:
            for _ in range(12):
                self.hand.press("2")
            self.picture("预检-问完")
            self.hand.press("Alt+1")
            self._pick_product()
            self.hand.press("F11")
            self.hand.press("F12")
            self.picture("预检-结论与签名")
            self.hand.press("Enter")
            self._reach(visit, VisitState.SCREENED)
        self.picture("预检-告知与知情同意")
        self.hand.press("Alt+1")
        self._reach(visit, VisitState.READY)
        self.picture("预检-已同意")

    def vaccinate(self, visit: Encounter) -> None:
        """Two scans, four keys, and 已接种 after the injection."""
        self.hand.press("F4")
        state = encounters.get_encounter(self.bench.read(), visit.encounter_id).state
        if state is VisitState.READY:
            self.hand.scan(f"VXT1:{visit.ticket_token}")
            self._reach(visit, VisitState.AT_STATION)
        self.picture("接种-叫到台前")
        db = self.bench.read()
        if needle.find_vial(db, visit.encounter_id) is None:
            self.hand.scan(self._vial())
            self.hand.wait_until(
                lambda: needle.find_vial(db, visit.encounter_id) is not None, "the vial is matched"
            )
            self._see_the_answer()
        self.picture("接种-药瓶相符")
        for place, item in enumerate(PERSON_ITEMS, start=1):
            if item is Item.RECIPIENT:
                self.picture("接种-转屏验证")
            if item not in needle.confirmations(db, visit.encounter_id):
                self.hand.press(str(place))
                self._see_confirmed(visit, place)
        self.picture("接种-四项已确认")
        self.hand.press("Enter")
        self._reach(visit, VisitState.OBSERVING)
        self.picture("接种-已接种")

    def observe(self, visit: Encounter) -> None:
        """Sit thirty minutes, be looked at, go."""
        self.hand.press("F5")
        self.picture("留观-刚坐下")
        self._wait(minutes=17)
        self.picture("留观-还有十三分")
        self._wait(minutes=13)
        self.hand.scan(f"VXT1:{visit.ticket_token}")
        self.picture("留观-到点")
        self.hand.press("1")
        self.hand.press("2")
        self.hand.press("Enter")
        self._reach(visit, VisitState.RELEASED)
        self.picture("留观-已放行")

    def certify(self, visit: Encounter) -> Path:
        """Print the certificate on the spot."""
        self.hand.press("F6")
        self.hand.scan(f"VXT1:{visit.ticket_token}")
        page = self.program.shell.stations["certificate"] if self.program.shell else None
        self.hand.wait_until(lambda: getattr(page, "made", None) is not None, "the sheet is drawn")
        self.picture("凭证-预览")
        before = self._serials(visit)  # after a power cut: logged, and perhaps never on paper
        self.hand.press("Enter")
        self.hand.wait_until(lambda: self._serials(visit) > before, "a sheet is logged")
        self.picture("凭证-已打印")
        (serial,) = self._serials(visit) - before
        sheet = self.folder / SITE / "sheets" / f"{serial}.pdf"
        self.hand.wait_until(sheet.exists, "the sheet is a file")
        kept = self.folder / sheet.name
        kept.write_bytes(sheet.read_bytes())
        return kept

    def _wait(self, *, minutes: float) -> None:
        """Let time go by with no hand at the desk: it has locked itself, and its person comes back."""
        user = self.bench.desk.user
        assert user is not None
        self.clock.go(minutes=minutes)
        self.bench.tick()
        assert not self.program.window.is_working
        self.sign_in(user.name)

    def _serials(self, visit: Encounter) -> set[str]:
        return {serial for serial, _, _ in certificates.prints_of(self.bench.read(), visit.patient_id)}

    def deliver(self) -> dict[str, object]:
        """Wait until the centre has receipted every entry, and ask it what it has."""
        self.hand.press("F7")
        self.picture("同步-上传中")
        self.hand.wait_until(
            lambda: receipts.upload_counts(self.bench.read()).waiting == 0, "everything is receipted"
        )
        self.hand.pump()
        self.picture("同步-全部回执")
        assert self.program.shell is not None, "somebody is at the desk"
        link = self.program.shell.link
        assert link is not None, "there is a centre"
        line = make_context(get_identity(self.bench.desk.store))
        with urllib.request.urlopen(f"{link.url}/v1/summary", timeout=20, context=line) as answer:
            summary: dict[str, object] = json.load(answer)
        (self.folder / "summary.json").write_text(json.dumps(summary, ensure_ascii=False, indent=1))
        return summary

    def _is_at_desk(self, name: str) -> bool:
        bench = self.program.bench
        user = bench.desk.user if bench else None
        return self.program.window.is_working and user is not None and user.name == name

    def _visits(self, *states: VisitState) -> list[Encounter]:
        db = self.bench.read()
        session = running_session(db)
        assert session is not None, "a session is under way"
        return encounters.queue(db, session.session_id, *states)

    def _reach(self, visit: Encounter, state: VisitState) -> None:
        def reached() -> bool:
            return encounters.get_encounter(self.bench.read(), visit.encounter_id).state is state

        self.hand.wait_until(reached, f"the visit is {state}")
        self._see_the_answer()

    def _see_the_answer(self) -> None:
        """Wait until the window shows what the acts so far have done: answers come home in their order."""
        self.hand.catch_up(self.bench)

    def _see_confirmed(self, visit: Encounter, count: int) -> None:
        """Wait as a nurse does: until the item has its check."""
        self.hand.wait_until(
            lambda: len(needle.confirmations(self.bench.read(), visit.encounter_id)) == count,
            f"{count} items are confirmed",
        )
        self._see_the_answer()

    def _somebody(self) -> str:
        """Return the ID number of a grown-up man of middle age, who is not asked question 10."""
        db, today = self.bench.read(), self.bench.desk.today()
        for (patient_id,) in db.execute(
            "select patient_id from patient where sex = '1' order by rowid"
        ).fetchall():
            patient = patients.get_patient(db, patient_id)
            if 30 <= age_on(patient.birth_on, today).years <= 60:
                return patient.document_number
        raise AssertionError("no such resident")

    def _vial(self) -> str:
        rows = self.bench.read().execute(
            "select code from pack_code join lot using (lot_id) where product_code = ? and level = '1' "
            "and expires_on > ? order by code",
            [PRODUCT, self.bench.desk.today().isoformat()],
        )
        return str(rows.fetchone()[0])

    def _pick_product(self) -> None:
        """Go down the list to the vaccine, as the doctor would."""
        page = self.program.shell.stations["screening"] if self.program.shell else None
        assert isinstance(page, ScreeningPage), "the doctor is at the desk"
        products = page.examination.decision.products
        for _ in range(12):
            self.hand.press("Down")
            picked = products.picked_product
            if picked is not None and picked.product_code == PRODUCT:
                return
        raise AssertionError(f"{PRODUCT} is not in the list")

    def go_on(self, before: Callable[[str], None] = lambda step: None) -> tuple[Path, dict[str, object]]:
        """Let one person with every role do what is still to do, from wherever the records stand."""
        before("registration")
        visit = next(iter(self._visits(*VisitState)), None) or self.register()
        for step, states, act in (
            ("screening", (VisitState.REGISTERED, VisitState.SCREENED), self.screen),
            ("vaccination", (VisitState.READY, VisitState.AT_STATION), self.vaccinate),
            ("observation", (VisitState.OBSERVING,), self.observe),
        ):
            before(step)
            if encounters.get_encounter(self.bench.read(), visit.encounter_id).state in states:
                act(visit)
        before("certificate")
        sheet = self.certify(visit)
        before("centre")
        return sheet, self.deliver()

    def whole_visit(self) -> tuple[Path, dict[str, object]]:
        """Walk every step; returns the certificate and what the centre says it has."""
        self.sign_in(NURSE)
        visit = self.register()
        self.switch_to(DOCTOR)
        self.screen(visit)
        self.switch_to(NURSE)
        before = (self.hand.scans, self.hand.keys + 1)
        self.vaccinate(visit)
        used = (self.hand.scans - before[0], self.hand.keys - before[1])
        assert used == (2, 5), f"2 scans, 4 keys and 已接种 are the budget at the needle, used {used}"
        self.observe(visit)
        return self.certify(visit), self.deliver()


def main() -> int:
    """Walk the visit into the folder given, ``practice`` by default."""
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else "practice").resolve()
    for before in (SITE, STEPS):
        shutil.rmtree(folder / before, ignore_errors=True)
    application = make_application()
    walk = Walk(folder)
    try:
        sheet, summary = walk.whole_visit()
    finally:
        walk.program.close()
        application.processEvents()
    print(f"{sheet}\n{json.dumps(summary, ensure_ascii=False)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
