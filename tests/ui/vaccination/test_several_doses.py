"""Two vaccines for one person at the needle: one ticket, two vials, two checklists (APP-8)."""

import signal
import subprocess
import sys
from pathlib import Path

from pytestqt.qtbot import QtBot

from app.domain.catalogue import BodySite
from app.domain.checklist import ChecklistIncomplete, Item
from app.domain.vial import LotExpired
from app.domain.visit import Encounter, VisitState
from app.storage import immunizations
from app.storage.observations import seated
from tests.ui.vaccination.rig import NeedleRig
from tests.workflows.copied_site import CopiedSite
from tests.workflows.morning import check_consistency

ROOT = Path(__file__).parents[3]
TWO = ("HEPB-10", "FLU4-1")


def come_for_two(rig: NeedleRig) -> Encounter:
    encounter = rig.site.ready(None, *TWO)
    rig.settle()
    rig.scan_ticket(encounter)
    return encounter


def give_the_first(rig: NeedleRig) -> Encounter:
    encounter = come_for_two(rig)
    rig.press("1")
    rig.scan_vial("HEPB-10")
    rig.press("2", "3", "4", "Enter")
    rig.site.clock.go(2)
    return encounter


def doses(rig: NeedleRig, encounter: Encounter) -> list[str]:
    records = immunizations.all_of_encounter(rig.bench.read(), encounter.encounter_id)
    return [record["product_code"] for record in records]


def slips(rig: NeedleRig) -> int:
    """Return how many slips the audit trail knows of."""
    rows = rig.bench.read().execute("select count(*) from audit where words like '%留观条%'")
    (count,) = rows.fetchone()
    return int(count)


def test_the_page_goes_on_by_itself_to_the_second_dose(rig: NeedleRig) -> None:
    """No second ticket: one scan of a vial, two keys for what speaks of it, and 已接种."""
    encounter, card = come_for_two(rig), rig.page.desk.work.vaccine
    view = rig.page.needle.view
    assert view is not None
    assert "今天 2 种，这是第 1 种" in " ".join(_texts(card))
    assert view.body_site is BodySite.LEFT_ARM
    rig.press("1")
    rig.scan_vial("HEPB-10")
    rig.press("2", "3", "4", "Enter")
    rig.site.clock.go(2)
    assert doses(rig, encounter) == ["HEPB-10"]
    assert rig.page.needle.encounter_id == encounter.encounter_id
    assert rig.banner == "请扫药瓶上的追溯码"
    view = rig.page.needle.view
    assert view is not None
    assert view.body_site is BodySite.RIGHT_ARM
    assert "今天 2 种，这是第 2 种" in " ".join(_texts(card))
    assert slips(rig) == 0

    keys, scans = rig.keys, rig.scans
    rig.scan_vial("FLU4-1")
    rig.press("2", "4", "Enter")
    assert (rig.keys - keys, rig.scans - scans) == (3, 1)
    assert doses(rig, encounter) == list(TWO)
    assert rig.state(encounter) is VisitState.OBSERVING
    assert rig.banner.startswith("请把留观票交给")
    assert slips(rig) == 1, "the slip comes after the last dose"
    (seat,) = seated(rig.bench.read())
    assert [name for name, _ in seat.doses] == ["乙肝疫苗", "四价流感疫苗"], "and names both"


def test_a_bouncing_enter_gives_nothing(rig: NeedleRig) -> None:
    encounter = come_for_two(rig)
    rig.press("1")
    rig.scan_vial("HEPB-10")
    rig.press("2", "3", "4", "Enter", "Enter")
    assert rig.refusals == []
    rig.site.clock.go(2)
    rig.press("Enter")
    assert [type(refusal) for refusal in rig.refusals] == [ChecklistIncomplete]
    assert doses(rig, encounter) == ["HEPB-10"]


def test_two_in_one_arm_say_so_and_undo_takes_back_the_first_while_the_second_waits(rig: NeedleRig) -> None:
    """N2023: different sites; where they share a limb it is said."""
    encounter = give_the_first(rig)
    rig.press("F12", "1")
    assert "与乙肝疫苗同侧，隔开" in " ".join(_texts(rig.page.desk.work.vaccine))
    assert rig.page.desk.work.checklist.row(str(Item.BODY_SITE)).item.how != "方案默认"
    rig.undo()
    assert doses(rig, encounter) == []
    view = rig.page.needle.view
    assert view is not None
    assert view.planned is not None
    assert (view.planned.product_code, view.vial) == ("HEPB-10", None)


def test_the_second_is_stopped_by_its_own_vial_and_goes_back_to_the_doctor(rig: NeedleRig) -> None:
    """TRC-2: the first stands and is observed; a good vial or the doctor helps."""
    encounter = give_the_first(rig)
    rig.scan_vial("FLU4-1", expired=True)
    assert isinstance(rig.stopped(), LotExpired)
    rig.press("F11")
    rig.scan_ticket(encounter)
    rig.press("F11", "1")
    assert rig.state(encounter) is VisitState.REGISTERED
    assert doses(rig, encounter) == ["HEPB-10"]
    (seat,) = seated(rig.bench.read())
    assert seat.has_more_to_come


def test_a_power_cut_between_the_two_loses_nothing(tmp_path: Path, qtbot: QtBot) -> None:
    """SITE-4, ux.md rule 20: SIGKILL after the first; the second waits at the needle, nothing is twice."""
    CopiedSite(tmp_path, seed=98).close()
    command = [sys.executable, "-m", "tests.ui.vaccination.killed_between", str(tmp_path)]
    cut = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False, cwd=ROOT)
    assert cut.returncode == -signal.SIGKILL, cut.stderr
    site = CopiedSite(tmp_path, seed=99)
    site.clock.reboot()
    check_consistency(site)
    rig = NeedleRig(site, qtbot)
    view = rig.page.needle.view
    assert view is not None
    assert view.planned is not None
    assert (view.planned.product_code, view.vial) == ("FLU4-1", None)
    assert rig.confirmed() == {Item.BOOKLET, Item.NAME}
    assert rig.banner == "请扫药瓶上的追溯码"
    rig.scan_vial("FLU4-1")
    rig.press("2", "4", "Enter")
    assert doses(rig, view.encounter) == list(TWO)
    assert rig.state(view.encounter) is VisitState.OBSERVING
    rig.close()
    check_consistency(site)
    site.close()


def _texts(card: object) -> list[str]:
    from PySide6.QtWidgets import QWidget

    from app.ui.kit.spans import SpanLine
    from app.ui.kit.text import Text

    assert isinstance(card, QWidget)
    lines = [line.accessibleName() for line in card.findChildren(SpanLine)]
    return [*lines, *(text.text() for text in card.findChildren(Text))]
