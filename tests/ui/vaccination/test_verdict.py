"""The verdict on a scan: painted first, judged as the act judges, and no dose goes by it (row 12, VER-1)."""

import pytest

from app.domain.vial import VialNotSaved, VialQuarantined
from app.domain.visit import VisitState
from app.storage.store import StoreUnwritable
from app.ui.kit.tokens import Tone
from app.workflows import stock
from app.workflows.needle import NobodyAtNeedle
from tests.storage.full_disk import no_file_grows
from tests.ui.vaccination.rig import NeedleRig
from tests.ui.vaccination.test_repaints import painted
from tests.ui.vaccination.verdicts import Verdicts


def test_the_right_vial_is_said_before_anything_is_written_and_stays_said(rig: NeedleRig) -> None:
    rig.come()
    rig.press("1")
    verdicts = Verdicts(rig)
    written: list[int] = []
    rig.page.needle.judged.connect(lambda _: written.append(len(rig.events("vial.presented"))))
    rig.scan_vial()
    assert (verdicts.said, verdicts.tones, written) == (["药瓶相符"], [Tone.SUCCESS], [0])
    assert rig.banner == "药瓶相符，请看药瓶和注射器"
    rig.press("2")
    assert rig.banner == "请本人说出姓名"


def test_who_is_called_is_said_before_the_call_is_written(rig: NeedleRig) -> None:
    verdicts = Verdicts(rig)
    encounter = rig.site.ready(rig.site.patient())
    states: list[VisitState] = []
    rig.page.needle.judged.connect(lambda _: states.append(rig.state(encounter)))
    rig.scan_ticket(encounter)
    called = f"{encounter.ticket_number} {rig.site.patient().name}"
    assert (verdicts.said, states) == ([called], [VisitState.READY])
    assert rig.banner == f"{called}，无接种证，请核对电子档案"


@pytest.mark.usefixtures("dressed")
def test_a_verdict_paints_the_banner_and_nothing_of_the_page(rig: NeedleRig) -> None:
    rig.come()
    rig.press("1")
    page, first = rig.page, list[int]()
    with painted(rig) as counter:
        drawn = (page.desk.banner, page.desk.side.vial, page.desk.side.primary, page.desk.work.checklist)
        page.needle.judged.connect(lambda _: first.extend(counter.times[widget] for widget in drawn))
        rig.scan_vial()
    assert first == [1, 0, 0, 0]


def test_a_stopped_ticket_is_red_at_once_by_the_refusal_of_the_act(rig: NeedleRig) -> None:
    encounter = rig.site.ready()
    rig.site.clock.go(minutes=60 * 24)
    rig.site.open_day()
    verdicts = Verdicts(rig)
    rig.scan_ticket(encounter)
    assert verdicts.all == [rig.stopped()]
    assert (verdicts.said, verdicts.tones) == (["停！不能接种：预检不是今天的"], [Tone.DANGER])


def test_an_act_that_says_otherwise_has_the_last_word(rig: NeedleRig) -> None:
    """The pack is put aside at another desk between the verdict and the act."""
    rig.come()
    rig.press("1")
    code = rig.site.vials("FLU4-1")[0]
    verdicts = Verdicts(rig)
    rig.page.needle.judged.connect(lambda _: rig.site.desk.submit(stock.quarantine_pack, code, "破损"))
    rig.scan_vial()
    assert verdicts.said == ["药瓶相符"]
    assert isinstance(rig.stopped(), VialQuarantined)
    assert rig.events("vial.presented") == []
    rig.press("Esc")
    assert "药瓶相符" not in rig.banner


def test_a_verdict_whose_commit_fails_lets_no_dose_through(rig: NeedleRig) -> None:
    """VER-1: keys stand on what is committed; the banner turns to the refusal."""
    encounter = rig.come()
    rig.press("1")
    verdicts = Verdicts(rig)
    with no_file_grows():
        rig.scan_vial()
    assert verdicts.said == ["药瓶相符"]
    assert isinstance(rig.refusals[-1], StoreUnwritable)
    assert "药瓶相符" not in rig.banner
    view = rig.page.needle.view
    assert view is not None
    assert view.vial is None
    rig.press("2", "3", "4", "Enter")
    assert rig.dose(encounter) is None
    rig.scan_vial()
    rig.press("2", "3", "4", "Enter")
    assert rig.dose(encounter) is not None


def test_the_vial_before_gives_no_dose_to_the_one_in_the_hand(rig: NeedleRig) -> None:
    """Everything is confirmed of one vial; another was found right, yet not written down (VER-1, TRC-1)."""
    encounter = rig.confirmed_all()
    with no_file_grows():
        rig.scan_vial(vial=1)
    rig.press("Enter")
    assert rig.dose(encounter) is None
    assert rig.refusals[-1] == VialNotSaved()
    rig.scan_vial(vial=1)
    rig.press("2", "3", "4", "Enter")
    dose = rig.dose(encounter)
    assert dose is not None
    assert dose["trace_code"] == rig.site.vials("FLU4-1")[1]


def test_a_vial_whose_refusal_was_not_written_gives_no_dose_to_the_one_before(rig: NeedleRig) -> None:
    encounter = rig.confirmed_all()
    with no_file_grows():
        rig.scan_vial("RAB-1")
    rig.press("Esc", "Esc", "Enter")  # the sentence of the disk, the stop, 已接种
    assert rig.dose(encounter) is None
    assert rig.refusals[-1] == VialNotSaved()
    rig.scan_vial()
    rig.press("Enter")
    assert rig.dose(encounter) is not None


def test_a_call_that_was_not_written_brings_nobody_to_the_needle(rig: NeedleRig) -> None:
    encounter = rig.site.ready(rig.site.patient())
    with no_file_grows():
        rig.scan_ticket(encounter)
    assert rig.state(encounter) is VisitState.READY
    rig.scan_vial()
    assert rig.refusals[-1] == NobodyAtNeedle()
