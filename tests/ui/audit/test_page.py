"""The page of the audit trail: found by name, narrowed by keys, changed by nobody (SEC-5, SEC-6)."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.documents.audit_file import read_audit_csv
from app.domain.audit import Access, Purpose
from app.domain.permissions import NotPermitted
from app.domain.staff import Role, StaffMember
from app.storage import patients
from app.storage.audit import sealed_heads
from app.ui.audit.page import AuditPage
from app.ui.audit.reason_sheet import ReasonSheet
from app.ui.bench import Bench
from app.ui.kit.tokens import Tone
from app.workflows.audit import read_record, verify
from app.workflows.desk import staff_name
from app.workflows.observation import leave_early
from app.workflows.staff import remove_staff
from tests.factories import MANAGER, NURSE, SmallSite
from tests.ui.looking import bring_up


@pytest.fixture
def page(small_site: SmallSite, qtbot: QtBot) -> Iterator[AuditPage]:
    dose = small_site.vaccinated()
    small_site.desk.do(leave_early, dose["encounter_id"], "赶车")
    small_site.clock.go(minutes=1)
    for index in range(3):
        small_site.desk.do(read_record, small_site.patient(index=index).patient_id, Purpose.ENQUIRY)
    small_site.as_user(MANAGER)
    bench = Bench(small_site.desk)
    page = AuditPage(bench)
    bring_up(page, qtbot, (1198, 692))
    page.enter(None)
    yield page
    bench.close()


def rows(page: AuditPage) -> list[tuple[str, ...]]:
    return [page.table.paged.row_at(row) for row in range(page.table.paged.rowCount())]


def test_it_says_that_the_trail_stands(page: AuditPage, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: page.banner.tone is Tone.SUCCESS)
    assert "没有改动" in page.banner.sentence


def test_a_trail_that_was_changed_is_told_in_red(page: AuditPage, qtbot: QtBot) -> None:
    def tamper(transaction: object) -> None:
        db = transaction.db  # type: ignore[attr-defined]
        db.execute("drop trigger audit_is_never_changed")
        db.execute("update audit set words = '另一个' where seq = 2")

    page.bench.desk.store.write(tamper)
    with qtbot.waitSignal(page.bench.refused):
        page.verify_button.click()
    assert page.banner.tone is Tone.DANGER
    assert "第 2 条" in page.banner.sentence


def test_the_newest_stands_first_with_who_what_whose_and_why_and_keys_and_words_narrow_it(
    page: AuditPage, small_site: SmallSite
) -> None:
    everything = rows(page)
    _, who, what, whose, why, _ = next(row for row in everything if row[2] == "查看档案")
    nurse = staff_name(small_site.desk.read(), NURSE)
    assert (what, whose, why) == ("查看档案", small_site.patient(index=2).name, "家长询问")
    assert who == nurse
    assert "1 次" in page.overrides.words(), "who lets things pass is counted at the side"

    seen = []
    for _ in range(7):
        page.kind_button.click()
        seen.append({row[2] for row in rows(page)})
    assert seen[0] == {"查看档案"}
    assert seen[2] == {"人工放行"}
    assert rows(page) == everything

    person = small_site.patient(index=1).name
    page.search.edit.setText(person)
    assert {row[3] for row in rows(page)} == {person}
    page.search.edit.setText(nurse)
    assert {row[1] for row in rows(page)} == {nurse}, "a colleague by theirs"
    page.search.edit.setText("查无此人甲乙丙")
    assert rows(page) == [] or not page.table.isVisible()
    assert page.none.isVisible()


def test_who_works_here_no_longer_keeps_their_name_and_is_found_by_it(
    page: AuditPage, small_site: SmallSite
) -> None:
    nurse = staff_name(small_site.desk.read(), NURSE)
    small_site.as_user(MANAGER)
    small_site.desk.do(remove_staff, NURSE)
    page.refresh(frozenset())
    assert nurse in {row[1] for row in rows(page)}
    page.search.edit.setText(nurse)
    assert {row[1] for row in rows(page)} == {nurse}


def test_what_is_older_than_the_period_is_not_listed(page: AuditPage, small_site: SmallSite) -> None:
    shown = len(rows(page))
    small_site.clock.go(minutes=60 * 24 * 8)
    page.refresh(frozenset())
    assert page.none.isVisible()
    page.period_button.click()
    assert len(rows(page)) == shown


def test_an_auditor_sees_that_a_record_was_read_and_not_whose(page: AuditPage, small_site: SmallSite) -> None:
    page.bench.desk.user = StaffMember("u-audit", "查账", "", frozenset({Role.AUDITOR}))
    page.refresh(frozenset())
    names = {patients.get_patient(small_site.desk.read(), patient_id).name for patient_id in everybody(page)}
    assert not names & {row[3] for row in rows(page)}
    assert all("＊" in row[3] or "*" in row[3] for row in rows(page) if row[2] == "查看档案")


def everybody(page: AuditPage) -> list[str]:
    lines = page.bench.read().execute("select patient_id from audit where access = ?", [str(Access.READ)])
    return [patient_id for (patient_id,) in lines]


def test_the_trail_is_taken_out_whole_with_who_when_and_why(
    page: AuditPage, qtbot: QtBot, tmp_path: Path
) -> None:
    """SEC-4: the file ends with its own line, whose hash stands in the journal."""
    since, file = page.bench.now() - timedelta(days=7), tmp_path / "审计.csv"
    with qtbot.waitSignal(page.bench.announced):
        page.taking_out.take_out(since, file, Purpose.INSPECTION, "")
    found = read_audit_csv(file.read_bytes())
    assert found.mark.taken_by == "苏晚晴（u-suwanqing）"
    assert found.mark.why == "督导检查"
    last = found.records[-1]
    assert (last.line.access, last.line.staff_id) == (Access.EXPORTED, MANAGER)
    db = page.bench.read()
    assert sealed_heads(db)[last.seq] == last.hash
    assert verify(db) >= len(found.records)


def test_the_reason_is_asked_before_anything_is_written(page: AuditPage, qtbot: QtBot) -> None:
    before = len(rows(page))
    qtbot.keyClick(page, Qt.Key.Key_F12)
    (sheet,) = page.findChildren(ReasonSheet)
    assert sheet.isVisible()
    assert list(sheet.rows) == [Purpose.INSPECTION, Purpose.CORRECTION]
    qtbot.keyClick(sheet, Qt.Key.Key_Escape)
    assert len(rows(page)) == before


def test_an_inspector_reads_the_trail_and_takes_nothing_out(page: AuditPage, qtbot: QtBot) -> None:
    page.bench.desk.user = StaffMember("u-fangxunzhi", "方巡之", "督导员", frozenset({Role.INSPECTOR}))
    with qtbot.waitSignal(page.bench.refused) as refused:
        qtbot.keyClick(page, Qt.Key.Key_F12)
    assert isinstance(refused.args[0], NotPermitted)
    assert page.findChildren(ReasonSheet) == []
