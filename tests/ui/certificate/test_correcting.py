"""A detail of a dose put right with keys alone: both versions shown, sheets of before void (REG-8)."""

from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from app.domain.journal import Json
from app.storage import certificates, immunizations
from app.ui.certificate.correct_sheet import REASONS, CorrectSheet
from app.ui.certificate.page import CertificatePage
from app.ui.certificate.records_sheet import RecordsSheet
from app.ui.registration.page import RegistrationPage
from tests.factories import NURSE, OBSERVER, SmallSite
from tests.ui.certificate.test_voiding import given, page_of, printed, rows, sheet, words_of
from tests.ui.kit.screen_rules import faults
from tests.ui.registration.people import LONGEST_NAME, number_of
from tests.ui.registration.rig import LARGE, SMALL, DeskRig


@pytest.fixture
def rig(small_site: SmallSite, qtbot: QtBot) -> Iterator[DeskRig]:
    """Registration and certificates in one window, a nurse at the desk."""
    small_site.as_user(NURSE)
    rig = DeskRig(small_site, qtbot, [CertificatePage, RegistrationPage])
    yield rig
    rig.close()


def doses(rig: DeskRig, dose: Json) -> list[Json]:
    return immunizations.recorded_here(rig.bench.read(), dose["patient_id"])


def test_the_arm_is_corrected_with_keys_alone_and_both_versions_are_shown(rig: DeskRig, qtbot: QtBot) -> None:
    dose = given(rig)
    serial = printed(rig, qtbot)
    rig.press("F9", "F10")
    asked = sheet(rig, CorrectSheet)
    assert rig.focus is asked.lists["body_site"]
    assert "已印 1 张" in words_of(asked)
    assert "记录的是：左上臂" in words_of(asked)
    said = list[str]()
    rig.bench.announced.connect(lambda words, _: said.append(words))
    rig.press("Down", "1", "Enter")
    wrong, right = doses(rig, dose)
    assert (wrong["void_reason"], right["body_site"]) == (REASONS[0], "right_arm")
    assert "接种部位 左上臂→右上臂" in "".join(said)
    assert certificates.newest_of(rig.bench.read(), dose["patient_id"]) is None
    page = page_of(rig)
    qtbot.waitUntil(lambda: page.made is not None and f"{serial}　已失效" in words_of(page))
    rig.press("F9")
    newest, before = rows(sheet(rig, RecordsSheet))
    assert newest[-1] == "计入接种史（更正后）"
    assert before[-1] == f"更正前：{REASONS[0]}"
    rig.press("Down", "F10")
    assert "已经更正" in words_of(sheet(rig, RecordsSheet)), "what was wrong is not put right again"
    rig.press("Esc", "F2")
    rig.scan(number_of())
    assert {row[-1] for row in rows(rig.registration)} >= {f"更正前：{REASONS[0]}"}


def test_nothing_is_corrected_without_a_change_or_a_reason(rig: DeskRig) -> None:
    dose = given(rig)
    rig.press("F9", "F10", "Down", "Enter")
    assert "还没有写原因" in words_of(sheet(rig, CorrectSheet))
    rig.press("Up", "1", "Enter")
    assert "改成的和原来一样" in words_of(sheet(rig, CorrectSheet))
    rig.press("Esc")
    assert not page_of(rig).records.is_open
    assert [told["status"] for told in doses(rig, dose)] == [immunizations.COMPLETED]


def test_somebody_elses_dose_says_who_may(rig: DeskRig) -> None:
    dose = given(rig)
    rig.site.as_user(OBSERVER)
    rig.press("F9", "F10", "Down", "1", "Enter")
    assert "由接种人员、负责人来做" in sheet(rig, CorrectSheet).fault.text()
    assert len(doses(rig, dose)) == 1


@pytest.mark.usefixtures("dressed")
def test_the_sheet_is_whole_with_the_longest_name(rig: DeskRig, qtbot: QtBot) -> None:
    """ux.md rules 21 to 25."""
    given(rig, LONGEST_NAME)
    printed(rig, qtbot)
    rig.press("F9")
    for size in (LARGE, SMALL):
        rig.resize(size)
        assert faults(page_of(rig)) == {}
    rig.press("F10", "Enter")
    asked = sheet(rig, CorrectSheet)
    for size in (LARGE, SMALL):
        rig.resize(size)
        assert faults(page_of(rig)) == {}
        assert not asked.scrolls
