"""What a merge left to people is listed on the sync page and decided there, in the real window (SYN-2)."""

from app.storage.reviews import count_reviews
from app.storage.unsent import unsent_records
from app.ui.sync.review_sheet import ReviewSheet
from tests.factories import MANAGER, NURSE
from tests.ui.sync import faces
from tests.ui.sync.rig import SyncRig


def sheet(rig: SyncRig) -> ReviewSheet:
    shown = rig.page.reviewing.sheet
    assert shown is not None
    return shown


def test_a_manager_compares_and_decides_with_the_keyboard_alone(rig: SyncRig) -> None:
    faces.two_records(rig)
    rig.line.down = True
    assert rig.page.review_button.text() == "待核对 2 条"
    rig.site.as_user(MANAGER)
    rig.press("1")
    rig.press("Enter")
    assert sheet(rig).fault.text().startswith("还没有选")
    rig.press("F11")
    assert "在两处改得不一样" in sheet(rig).title.text()
    rig.press("F11")
    assert "可能是同一个人" in sheet(rig).title.text()
    assert "T330100123" in sheet(rig).table.accessibleName()
    rig.press("3", "Enter")
    assert "在两处改得不一样" in sheet(rig).title.text(), "the next one follows"
    rig.press("2", "Enter")
    assert rig.page.reviewing.sheet is None
    assert not rig.page.review_button.isVisible()
    rig.press("2")
    assert rig.page.carrying.sheet is not None, "the page has the keyboard again"
    waiting = unsent_records(rig.bench.read(), 0, 50)
    assert [one.kind for one in waiting][-2:] == ["patient.judged", "patient.amended"]


def test_who_is_no_manager_is_told_and_nothing_is_decided(rig: SyncRig) -> None:
    faces.two_corrections(rig)
    rig.site.as_user(NURSE)
    rig.press("1", "1", "Enter")
    assert "您没有这个岗位" in sheet(rig).fault.text()
    rig.press("Esc")
    assert rig.page.reviewing.sheet is None
    assert count_reviews(rig.bench.read()) == 1
