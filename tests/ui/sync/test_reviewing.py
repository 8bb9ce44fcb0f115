"""What a merge left to people is listed on the sync page and decided there, in the real window (SYN-2)."""

from app.domain.audit import Access, Purpose
from app.domain.permissions import NotPermitted
from app.domain.refusals import Refusal
from app.storage import audit
from app.storage.audit import Wanted
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


def test_who_is_no_manager_is_told_and_sees_nobodys_record(rig: SyncRig) -> None:
    """Names, numbers, phones and addresses stand on the sheet (SEC-5)."""
    faces.two_corrections(rig)
    told: list[Refusal] = []
    rig.bench.refused.connect(told.append)
    rig.site.as_user(NURSE)
    rig.press("1")
    assert [type(one) for one in told] == [NotPermitted]
    assert rig.page.reviewing.sheet is None
    assert count_reviews(rig.bench.read()) == 1


def test_whose_records_were_compared_stands_in_the_trail(rig: SyncRig) -> None:
    faces.two_corrections(rig)
    rig.site.as_user(MANAGER)
    rig.press("1")
    review = sheet(rig).review
    rig.site.desk.store.write(lambda transaction: None)  # what was submitted before has been written
    found = audit.page(rig.bench.read(), Wanted(accesses=(Access.READ,), staff_id=MANAGER), 0, 9)
    read = [(one.line.patient_id, one.line.purpose) for one in found]
    assert read == [(review.here.patient_id, Purpose.CORRECTION)]
