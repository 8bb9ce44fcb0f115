"""What the page says and which keys do what, in the real window on the real store and engine."""

from datetime import timedelta

from PySide6.QtWidgets import QApplication

from app.storage.immunizations import VOIDED, find
from app.sync.state import Idle, Offline, Refused, Working
from app.ui.centre_link import Pause
from app.ui.kit.table import Marked
from app.ui.kit.tokens import Tone
from app.ui.sync.words import KEPT_WORDS, NOT_ALL_TAKEN
from tests.clocks import ManualClock
from tests.sync.local_journal import SITE
from tests.ui.sync import faces
from tests.ui.sync.rig import SyncRig


def ages(rig: SyncRig) -> list[tuple[str, Tone, str]]:
    """Return words, tone and shape of the last cell of every dose."""
    cells = [row[4] for row in rig.rows()]
    return [(str(cell), cell.tone, cell.icon) for cell in cells if isinstance(cell, Marked)]


def status(rig: SyncRig) -> str:
    return rig.shell.bar.status.accessibleName()


def rail(rig: SyncRig) -> str:
    (button,) = (b for b in rig.shell._rail._buttons.values() if b.item.item_id == "sync")
    return button.accessibleDescription()


def test_normal_is_said_only_after_an_answer_and_with_nothing_waiting(rig: SyncRig) -> None:
    rig.vaccinate()
    rig.connect()
    rig.until(lambda: not rig.rows(), "everything is receipted")
    rig.sync(Idle)
    assert (rig.page.banner.sentence, rig.page.banner.tone) == ("同步正常", Tone.SUCCESS)
    durable = rig.page.stages.durable.accessibleName()
    assert durable.startswith("— 异地备份"), "the centre does not tell it"
    rig.centre.durable_to = rig.site.clock.now()
    rig.site.clock.go(minutes=1)
    before = rig.saved()
    rig.vaccinate()
    rig.until(lambda: not rig.rows(), "everything is receipted")
    durable = rig.page.stages.durable.accessibleName()
    assert durable.startswith(f"{before} 异地备份"), "and what came later is not yet"
    rig.line.passes = 0
    rig.vaccinate()
    assert rig.page.banner.sentence != "同步正常"


def test_a_clock_wrong_by_days_is_told_once_and_stands_on_the_page_until_it_is_right(rig: SyncRig) -> None:
    """Requirement: what is recorded under it would say the wrong day."""
    told: list[str] = []
    rig.bench.warned.connect(told.append)
    right = rig.site.clock
    rig.centre.clock = ManualClock(right.now() - timedelta(days=3, minutes=5))
    rig.vaccinate()
    rig.connect()
    rig.until(lambda: not rig.rows(), "it goes up all the same")
    for _ in range(2):
        right.go(seconds=1)
        rig.sync(Idle)
    (once,) = [sentence for sentence in told if "时钟" in sentence]
    assert "比中心快 3 天 0 小时，请校正" in once
    assert "比中心快 3 天 0 小时" in rig.page.side.notes[1].text()
    right.go(seconds=1)
    rig.centre.clock = right
    rig.sync(Idle)
    assert not rig.page.side.notes[1].isVisible()


def test_no_network_is_grey_says_since_when_and_when_next_and_the_list_masks_people(rig: SyncRig) -> None:
    faces.offline(rig)
    state = rig.link.state
    assert isinstance(state, Offline)
    assert rig.page.banner.tone is Tone.PLAIN
    said = " ".join(note.text() for note in rig.page.side.notes)
    assert "起没有连上" in said
    assert "再试" in said
    assert "和中心的连接中断了" in said
    rows = rig.rows()
    person = rig.site.patient(index=2).name
    assert person not in {cell for row in rows for cell in row}
    assert rows[0][2].startswith(person[0])
    assert "*" in rows[0][2]
    assert {"登记取号", "预检", "知情同意"} <= {row[3] for row in rows}
    assert "其他记录" not in {row[3] for row in rows}


def test_uploading_says_what_is_left_f9_pauses_it_and_f9_or_enter_goes_on(full_rig: SyncRig) -> None:
    """SYN-2: a pause comes after the exchange under way, nothing is lost, and the status line says it."""
    faces.working(full_rig)
    state, side = full_rig.link.state, full_rig.page.side
    assert isinstance(state, Working)
    assert f"还剩 {state.total - state.done} 条" in side.bar.accessibleName()
    assert "约 " in side.bar.accessibleName() or "不到 10 秒" in side.bar.accessibleName()
    assert side.bar.value() == state.done

    waiting = len(full_rig.rows())
    _pause(full_rig)
    assert 0 < len(full_rig.rows()) < waiting, "what was under way came to its end, the rest waits"
    assert "已暂停" in status(full_rig)
    asked = len(full_rig.centre.requests)
    full_rig.vaccinate()
    assert full_rig.paused()
    assert len(full_rig.centre.requests) == asked, "new records do not end a pause"

    full_rig.line.passes = 0
    full_rig.press("F9")
    assert full_rig.link.pause is Pause.RUNNING
    full_rig.until(lambda: len(full_rig.centre.requests) == asked and not full_rig.line.open.is_set(), "on")
    _pause(full_rig)
    assert len(full_rig.centre.requests) > asked
    assert full_rig.rows(), "the rest waits again"
    assert QApplication.focusWidget() is side.button

    full_rig.centre.seconds_per_exchange = 0
    full_rig.press("Enter")
    full_rig.until(lambda: not full_rig.rows(), "everything is receipted")
    assert QApplication.focusWidget() is full_rig.page.now_button, "Enter asks again, and does not pause"
    assert "已暂停" not in status(full_rig)
    (held,) = full_rig.centre.journal.values()
    assert len(held) == len(set(held)) == full_rig.saved()


def _pause(rig: SyncRig) -> None:
    """Press F9 while an exchange hangs, and let that come through."""
    rig.press("F9")
    assert rig.link.pause is Pause.STOPPING
    rig.line.let_go()
    rig.until(rig.paused, "uploading stands still")


def test_amber_and_red_stand_in_the_row_the_head_the_status_line_and_the_rail(rig: SyncRig) -> None:
    faces.overdue(rig)
    shapes = [(tone, icon) for _, tone, icon in ages(rig)]
    red, amber, plain = (Tone.DANGER, "alarm"), (Tone.WARNING, "warning"), (Tone.PLAIN, "clock")
    assert shapes == [red] * 3 + [amber] * 2 + [plain] * 2
    assert rig.page.ages.isVisible()
    assert rig.page.ages.words == "3 剂超过 24 小时没有上传，2 剂已过 20 小时"
    assert status(rig).startswith("有接种超 24 小时未上传")
    assert "超 24 小时" in rail(rig)


def test_a_dose_grows_amber_by_the_clock_alone_on_any_page(rig: SyncRig) -> None:
    rig.vaccinate()
    rig.shell.go_to("registration", None)
    rig.hours_pass(19.9)
    assert "20 小时" not in status(rig)
    rig.hours_pass(0.1)
    assert status(rig).startswith("有接种过 20 小时未上传")
    rig.hours_pass(4)
    assert status(rig).startswith("有接种超 24 小时未上传")


def test_what_the_centre_does_not_take_is_named_opened_and_asked_again(rig: SyncRig) -> None:
    """SYN-1: once the centre can take it, all of it arrives once."""
    faces.refused(rig)
    assert rig.page.refused.isVisible()
    assert QApplication.focusWidget() is rig.page.refused.again
    one = rig.page.refused.current
    assert one is not None
    assert one.record is not None
    assert one.record.kind == "immunization.recorded"
    person = rig.site.patient(index=2).name
    said = rig.page.refused.accessibleName()
    assert person not in said
    assert person[0] in said
    assert "没有登记为这个接种点上传" in said
    assert "其中接种 1 剂" in one.behind
    assert ages(rig)[0][0] == "没有收下"
    rig.press("F12")
    copied = QApplication.clipboard().text()
    assert "SiteOutOfScope" in copied
    assert not any(rig.site.patient(index=index).name in copied for index in range(4))

    came: list[tuple[str, object]] = []
    rig.bench.sent_to.connect(lambda station, visit: came.append((station, visit)))
    rig.press("F10")
    assert came == [("certificate", one.record.encounter_id)]
    assert rig.shell.current.station_id == "certificate", "a dose is corrected there"
    rig.press("F7")

    assert rig.page.refused.isVisible()
    assert QApplication.focusWidget() is rig.page.refused.again
    rig.centre.dislikes.clear()
    rig.press("Enter")
    rig.until(lambda: not rig.rows() and not rig.page.refused.isVisible(), "everything is receipted")
    assert QApplication.focusWidget() is rig.page.now_button, "the keyboard stays on the page"
    (held,) = rig.centre.journal.values()
    assert len(held) == len(set(held)) == rig.saved()


def test_what_the_centre_keeps_and_cannot_file_is_named_stays_overdue_and_holds_up_nothing(
    rig: SyncRig,
) -> None:
    """SYN-1: one bad record among many; the 24-hour rule does not go green on it, with a line or without."""
    faces.unfiled(rig)
    assert (rig.page.banner.sentence, rig.page.banner.tone) == (NOT_ALL_TAKEN, Tone.WARNING)
    assert status(rig).startswith("有接种超 24 小时未上传")
    rig.line.down = True
    rig.sync(Offline)
    rig.page.refresh(frozenset())
    rig.settle()
    assert [age[0] for age in ages(rig)] == ["没有收下", "没有收下"]
    one = rig.page.refused.current
    assert one is not None
    assert one.record is not None
    assert (one.record.kind, one.behind) == ("immunization.recorded", KEPT_WORDS)
    assert rig.page.refused.accessibleName().startswith("没有收下 1/2")
    said = rig.page.stages.receipted.accessibleName()
    assert said.startswith(f"{rig.saved() - 2} "), "only what is delivered"
    rig.line.down = False
    rig.centre.unfit_kinds.clear()
    rig.centre.give_site(SITE)
    rig.press("Enter")
    rig.until(lambda: not rig.rows() and not rig.page.refused.isVisible(), "it is filed after all")
    assert rig.page.banner.sentence == "同步正常"
    assert "24" not in status(rig)


def test_a_refusal_of_the_whole_request_is_shown_without_a_record(rig: SyncRig) -> None:
    rig.vaccinate()
    rig.line.declines = "DeviceUnknown"
    rig.connect()
    rig.sync(Refused)
    assert rig.page.refused.isVisible()
    assert "中心不认识这台电脑" in rig.page.refused.accessibleName()
    assert not rig.page.refused.open.isVisible()


def test_what_the_centre_found_wrong_is_named_in_words_and_the_link_stays_normal(rig: SyncRig) -> None:
    """SYN-1: the centre holds the record; a person corrects it, nothing waits for that."""
    faces.delivered(rig)
    rig.doubt("immunization.recorded", ("lot_number", "malformed"), ("dose_number", "missing"))
    assert (rig.page.banner.sentence, rig.page.banner.tone) == ("同步正常", Tone.SUCCESS)
    said = rig.page.refused.accessibleName()
    assert said.startswith("内容存疑 1 条")
    assert "中心已收下，但内容有问题：剂次没有填、批号格式不对。" in said
    assert rig.site.patient(index=1).name not in said
    assert not rig.page.refused.again.isVisible(), "asking again changes nothing"
    assert rig.page.now_button.isVisible()
    rig.press("F12")
    assert "lot_number" in QApplication.clipboard().text()


def test_a_dose_found_wrong_is_opened_and_voided_with_keys_alone_and_leaves_the_list(rig: SyncRig) -> None:
    """REG-8, SYN-1: what the page asks for can be done from it, long after the five minutes."""
    faces.delivered(rig)
    rig.hours_pass(0.2)
    rig.doubt("immunization.recorded", ("lot_number", "malformed"))
    one = rig.page.refused.current
    assert one is not None
    assert one.record is not None
    assert one.record.dose is not None
    badge = rig.site.badge()
    rig.press("F10", "F9", "Enter", "2")
    rig.shell.take_scan(badge)
    rig.press("Enter")
    voided = find(rig.bench.read(), one.record.dose.immunization_id)
    assert voided is not None
    assert voided["status"] == VOIDED
    rig.press("F7")
    assert not rig.page.refused.isVisible()
    rig.sync(Idle)
    assert not rig.page.refused.isVisible(), "the centre's finding stays, the answer to it too"


def test_refusals_come_before_doubts_and_f11_goes_round_with_the_keys_that_fit(rig: SyncRig) -> None:
    faces.doubted_and_refused(rig)
    panel = rig.page.refused
    seen = []
    for _ in range(3):
        assert panel.current is not None
        seen.append((panel.current.doubted, panel.again.isVisible(), rig.page.now_button.isVisible()))
        assert QApplication.focusWidget() is (panel.again if panel.again.isVisible() else rig.page.now_button)
        rig.press("F11")
    assert seen == [(True, False, True), (True, False, True), (False, True, False)]
