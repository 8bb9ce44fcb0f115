"""Ticket, slip and form come out of the records, on paper or into a file, with no name in a title."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.devices.printer import NoPrinter
from app.domain.audit import Access, Purpose
from app.domain.codes import TicketCode, ticket_text
from app.domain.permissions import NotPermitted
from app.domain.screening import QUESTION_IDS, Answer, Decision
from app.domain.staff import Role, StaffMember
from app.storage import audit
from app.storage.audit import Wanted
from app.storage.encounters import get_encounter
from app.storage.site import get_site
from app.ui.bench import Bench
from app.ui.screening.draft import new_draft
from app.workflows import registration
from app.workflows.site_setup import configure_site
from tests.documents.rendering import codes, pages, text
from tests.factories import DOCTOR, MANAGER, SmallSite
from tests.ui.registration.people import child


@pytest.fixture
def bench(small_site: SmallSite, qapp: QApplication) -> Iterator[Bench]:
    bench = Bench(small_site.desk)
    yield bench
    bench.close()


def the_sheet(site: SmallSite) -> Path:
    (sheet,) = (site.folder / "sheets").glob("*.pdf")
    return sheet


def test_a_ticket_carries_its_number_and_a_code_and_no_name(
    bench: Bench, small_site: SmallSite, qtbot: QtBot
) -> None:
    """APP-6: number, way, code; no personal data."""
    visit = small_site.registered()
    with qtbot.waitSignal(bench.delivered):
        bench.paper.print_ticket(visit)
    sheet = the_sheet(small_site)
    assert sheet.name == "ticket-20261123-A001.pdf"
    assert ticket_text(TicketCode(visit.ticket_token)) in codes(pages(sheet.read_bytes(), 203)[0]).values()


def test_an_observation_slip_comes_with_the_dose(bench: Bench, small_site: SmallSite, qtbot: QtBot) -> None:
    """OBS-1: until when to sit, and the code for the exit."""
    dose = small_site.vaccinated()
    with qtbot.waitSignal(bench.delivered):
        bench.paper.print_observation_slip(dose["encounter_id"])
    token = get_encounter(bench.read(), dose["encounter_id"]).ticket_token
    picture = pages(the_sheet(small_site).read_bytes(), 203)[0]
    assert ticket_text(TicketCode(token)) in codes(picture).values()


def test_a_forecast_slip_is_printed_from_the_records(
    bench: Bench, small_site: SmallSite, qtbot: QtBot
) -> None:
    """N2023 10.1: book the next dose; the title of the job holds no name."""
    baby = small_site.desk.do(
        registration.register_patient, child(born=small_site.desk.today() - timedelta(days=40))
    )
    with qtbot.waitSignal(bench.delivered):
        bench.paper.print_forecast(baby)
    sheet = the_sheet(small_site)
    assert sheet.name == f"forecast-20261123-{baby.patient_id[-6:]}.pdf"
    assert len(pages(sheet.read_bytes(), 203)) == 1
    (line,) = [one.line for one in audit.page(bench.read(), Wanted(accesses=(Access.PRINTED,)), 0, 9)]
    assert (line.patient_id, line.words, line.purpose) == (baby.patient_id, "预约条", Purpose.RECEPTION)


def test_who_may_print_nothing_gets_no_paper(bench: Bench, small_site: SmallSite, qtbot: QtBot) -> None:
    """SITE-8: the act refuses before a sheet is drawn, whatever key was pressed."""
    dose = small_site.vaccinated()
    small_site.desk.user = StaffMember("u-seen", "某人", "", frozenset({Role.INSPECTOR}))
    with qtbot.waitSignal(bench.refused) as refused:
        bench.paper.print_observation_slip(dose["encounter_id"])
    assert isinstance(refused.args[0], NotPermitted)
    with qtbot.waitCallback() as after:  # one thread: what was begun before is done
        bench.run_aside(bench, after, bench.refuse, lambda: None)
    assert list((small_site.folder / "sheets").glob("*.pdf")) == []


def test_the_screening_form_is_filled_with_what_was_answered(
    bench: Bench, small_site: SmallSite, qtbot: QtBot
) -> None:
    """VER-6: the form that is signed on paper."""
    visit = small_site.registered()
    small_site.as_user(DOCTOR)
    patient = small_site.patient()
    draft = new_draft(patient, small_site.desk.today())
    for question_id in QUESTION_IDS:
        draft.give(question_id, Answer.NO)
    draft.decision, draft.product_code = Decision.PROCEED, "FLU4-1"
    with qtbot.waitSignal(bench.delivered):
        bench.paper.print_screening(visit, draft.to_form())
    words = text(the_sheet(small_site).read_bytes())
    assert patient.name in words
    assert "近几天有发热、腹泻等不舒服吗" in words.replace("\n", "")


def test_a_real_site_without_a_printer_makes_no_file_of_what_names_a_person(
    bench: Bench, small_site: SmallSite, qtbot: QtBot
) -> None:
    """SEC-4: a PDF is an export, with a permission and a reason, never what printing leaves behind."""
    dose = small_site.vaccinated()
    visit = small_site.registered(small_site.patient(index=2))
    make_real(small_site)
    with qtbot.waitSignals([bench.delivered, bench.delivered]):  # what comes by itself stops nobody
        bench.paper.print_ticket(visit)
        bench.paper.print_observation_slip(dose["encounter_id"])
    with qtbot.waitSignal(bench.refused) as refused:
        bench.paper.print_forecast(small_site.patient())
    assert isinstance(refused.args[0], NoPrinter)
    assert list((small_site.folder / "sheets").glob("*")) == []
    assert audit.count(bench.read(), Wanted(accesses=(Access.PRINTED,))) == 0, "nothing came out"


def make_real(site: SmallSite) -> None:
    """Let nobody at this site be invented."""
    site.as_user(MANAGER)
    site.desk.do(configure_site, replace(get_site(site.desk.read()), practice=False))
