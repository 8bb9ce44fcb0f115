"""Nothing cut, nothing small, nothing nameless, with short and long names, at both sizes (rules 21-25)."""

from dataclasses import replace

import pytest
from PySide6.QtGui import QImage

from app.domain.observation import Look
from app.ui.certificate.void_sheet import REASONS
from app.ui.kit.fonts import text_width
from app.ui.kit.table import RecordTable
from app.ui.kit.tokens import BODY_TEXT
from app.workflows import observation
from app.workflows.immunization import void_immunization
from tests.factories import NURSE, OBSERVER
from tests.ui.kit.screen_rules import outside
from tests.ui.registration.people import LONG_NAME, LONGEST_NAME, number_of, register, somebody
from tests.ui.registration.rig import LARGE, SMALL, DeskRig

pytestmark = pytest.mark.usefixtures("dressed")


def full_history(rig: DeskRig) -> None:
    known = register(rig.site, somebody())
    for vial in range(3):
        dose = rig.site.vaccinated(known, "RAB-1", vial)
        rig.site.clock.go(minutes=31)
        rig.site.as_user(OBSERVER)
        rig.site.desk.do(observation.release, dose["encounter_id"], list(Look))
    rig.site.as_user(NURSE)
    rig.scan(number_of())


def voided_dose(rig: DeskRig) -> None:
    dose = rig.site.vaccinated(register(rig.site, somebody(LONG_NAME)))
    rig.site.desk.do(void_immunization, dose["immunization_id"], max(REASONS, key=len), rig.site.beside())
    rig.scan(number_of())


def test_every_step_from_the_search_to_a_number_fits(rig: DeskRig) -> None:
    rig.fits("Esc")
    for typed in ("zzzzz", "360426199101010072", "z"):
        rig.type(typed)
        rig.fits(scrolls=typed == "z")
        rig.press("Esc")
    rig.fits("F9")
    rig.fits("Enter")
    assert rig.registration.form.form.error("name")
    rig.press("Esc")
    known = register(rig.site, somebody())
    rig.scan(number_of())
    rig.fits()
    assert rig.registration.search.results.selected_id == known.patient_id
    rig.fits("Enter")
    assert len(rig.events("encounter.opened")) == 1
    rig.fits("F12")


def test_a_long_name_fits(rig: DeskRig) -> None:
    register(rig.site, somebody(LONG_NAME))
    rig.scan(number_of())
    rig.fits("Enter")


def test_a_full_history_fits(rig: DeskRig) -> None:
    full_history(rig)
    rig.fits()


def test_the_longest_name_never_pushes_anything_out(rig: DeskRig) -> None:
    register(rig.site, replace(somebody(LONGEST_NAME), address="云溪镇" + "上河村" * 12))
    rig.scan(number_of())
    rig.press("Enter")
    for size in (LARGE, SMALL):
        rig.resize(size)
        assert (rig.shell.width(), rig.shell.height()) == size
        assert outside(rig.registration) == []
        assert rig.registration.person.primary.isVisible()


def test_why_a_dose_was_voided_stands_whole_in_the_history(rig: DeskRig) -> None:
    """REG-8: both versions are seen, and why."""
    voided_dose(rig)
    rig.fits()
    (table,) = rig.registration.findChildren(RecordTable)
    row = table.paged.row_at(0)
    for size in (LARGE, SMALL):
        rig.resize(size)
        for column, words in enumerate(row):
            mark = 26 if column == len(row) - 1 else 0
            room = table.columnWidth(column) - 16 - mark
            assert text_width(words, BODY_TEXT, bool(mark)) <= room, words


def test_the_page_can_be_painted(rig: DeskRig) -> None:
    rig.type("z")
    assert rig.registration.grab().toImage() != QImage()
