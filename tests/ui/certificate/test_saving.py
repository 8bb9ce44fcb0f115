"""A certificate leaves the program as a file with a reason, and says so on every sheet (SEC-4, SEC-5)."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from app.devices.printer import NoPrinter
from app.documents.certificate_sheet import Paper
from app.domain.audit import Access, Purpose
from app.domain.permissions import NotPermitted
from app.storage import audit
from app.storage.audit import Wanted
from app.ui.audit.reason_sheet import ReasonSheet
from app.ui.certificate.page import CertificatePage
from app.workflows.results import ResultNotWritten
from tests.documents.rendering import text
from tests.factories import NURSE, OBSERVER, SmallSite
from tests.ui.certificate.test_voiding import given, page_of
from tests.ui.kit.screen_rules import faults
from tests.ui.registration.rig import DeskRig
from tests.ui.test_paper import make_real


@pytest.fixture
def rig(small_site: SmallSite, qtbot: QtBot) -> Iterator[DeskRig]:
    small_site.as_user(NURSE)
    rig = DeskRig(small_site, qtbot, [CertificatePage])
    yield rig
    rig.close()


def exported(rig: DeskRig) -> list[tuple[str | None, Purpose | None, str]]:
    found = audit.page(rig.bench.read(), Wanted(accesses=[Access.EXPORTED]), 0, 9)
    return [(one.line.patient_id, one.line.purpose, one.line.words) for one in found]


def shown(rig: DeskRig, qtbot: QtBot) -> CertificatePage:
    """Return the page with somebody's sheet on it."""
    given(rig)
    page = page_of(rig)
    qtbot.waitUntil(lambda: page.made is not None)
    return page


def test_the_file_says_who_took_it_out_when_and_why(rig: DeskRig, qtbot: QtBot, tmp_path: Path) -> None:
    page, file = shown(rig, qtbot), tmp_path / "x.pdf"
    made = page.made
    assert made is not None
    why = (Purpose.OTHER, "家长要电子版")
    with qtbot.waitSignal(rig.bench.announced):
        page.saving.save(made, page.patient_id, Paper.A5, file, why, lambda: None)
    found = text(file.read_bytes()).replace("　", "")
    assert "导出：周敏2026-11-2309:10" in found
    assert "家长要电子版" in found
    assert "家长要电子版" not in text(made.pdf), "the sheet that is printed is as it was"
    assert exported(rig) == [(page.patient_id, Purpose.OTHER, f"凭证 {made.facts.serial}：家长要电子版")]


def test_a_stick_that_takes_nothing_is_a_sentence(rig: DeskRig, qtbot: QtBot, tmp_path: Path) -> None:
    """SEC-3: read-only, full or gone, the disk a file was to go to is told in words."""
    page = shown(rig, qtbot)
    made = page.made
    assert made is not None
    with qtbot.waitSignal(rig.bench.refused) as refused:
        page.saving.save(
            made, page.patient_id, Paper.A5, tmp_path / "gone" / "x.pdf", (Purpose.CERTIFICATE, ""), list
        )
    assert refused.args[0] == ResultNotWritten("x.pdf")
    assert len(exported(rig)) == 1, "that somebody wanted it out is kept"


def test_without_a_printer_a_real_site_issues_no_sheet_that_comes_out_nowhere(
    rig: DeskRig, qtbot: QtBot
) -> None:
    page = shown(rig, qtbot)
    make_real(rig.site)
    with qtbot.waitSignal(rig.bench.refused) as refused:
        page.print_sheet()
    assert isinstance(refused.args[0], NoPrinter)
    assert [event for event in rig.events("certificate.printed")] == []


@pytest.mark.usefixtures("dressed")
def test_why_is_asked_first(rig: DeskRig, qtbot: QtBot) -> None:
    page = shown(rig, qtbot)
    rig.press("F12")
    assert isinstance(page.saving.sheet, ReasonSheet)
    assert faults(page) == {}
    rig.press("Enter")
    assert page.saving.sheet is not None, "no words, no reason"
    rig.press("Esc")
    assert exported(rig) == []


def test_who_may_not_is_told_at_once(rig: DeskRig, qtbot: QtBot) -> None:
    page = shown(rig, qtbot)
    rig.site.as_user(OBSERVER)
    rig.press("F12")
    assert page.saving.sheet is None
    assert [type(refusal) for refusal in rig.refusals] == [NotPermitted]
