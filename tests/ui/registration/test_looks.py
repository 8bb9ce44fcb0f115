"""Nothing cut, nothing small, nothing nameless, with short and long names, at both sizes (rules 21-25)."""

from collections.abc import Callable
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
from tests.ui.kit.screen_rules import faults, outside
from tests.ui.registration.people import LONG_NAME, LONGEST_NAME, number_of, register, somebody
from tests.ui.registration.rig import LARGE, SMALL, DeskRig

pytestmark = pytest.mark.usefixtures("dressed")

Show = Callable[[DeskRig], None]


def nothing(rig: DeskRig) -> None:
    rig.press("Esc")


def nobody_found(rig: DeskRig) -> None:
    rig.type("zzzzz")


def impossible(rig: DeskRig) -> None:
    rig.type("360426199101010072")


def many(rig: DeskRig) -> None:
    rig.type("z")


def found(rig: DeskRig) -> None:
    register(rig.site, somebody())
    rig.scan(number_of())


def taken(rig: DeskRig) -> None:
    found(rig)
    rig.press("Enter")


def long_name(rig: DeskRig) -> None:
    register(rig.site, somebody(LONG_NAME))
    rig.scan(number_of())
    rig.press("Enter")


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


def empty_form(rig: DeskRig) -> None:
    rig.press("F9")


def wrong_form(rig: DeskRig) -> None:
    rig.press("F9", "Enter")


def calling_off(rig: DeskRig) -> None:
    taken(rig)
    rig.press("F12")


STATES = (
    nothing, nobody_found, impossible, many, found, taken, long_name, full_history, voided_dose, empty_form,
    wrong_form, calling_off,
)  # fmt: skip


@pytest.mark.parametrize("show", STATES)
def test_every_state_of_the_page_fits(rig: DeskRig, show: Show) -> None:
    show(rig)
    for size in (LARGE, SMALL):
        rig.resize(size)
        assert (rig.shell.width(), rig.shell.height()) == size
        assert faults(rig.registration, scrolls=show is many) == {}


@pytest.mark.parametrize("size", [LARGE, SMALL])
def test_the_longest_name_never_pushes_anything_out(rig: DeskRig, size: tuple[int, int]) -> None:
    rig.resize(size)
    register(rig.site, replace(somebody(LONGEST_NAME), address="云溪镇" + "上河村" * 12))
    rig.scan(number_of())
    rig.press("Enter")
    assert (rig.shell.width(), rig.shell.height()) == size
    assert outside(rig.registration) == []
    assert rig.registration.person.primary.isVisible()


@pytest.mark.parametrize("size", [LARGE, SMALL])
def test_why_a_dose_was_voided_stands_whole_in_the_history(rig: DeskRig, size: tuple[int, int]) -> None:
    """REG-8: both versions are seen, and why."""
    rig.resize(size)
    voided_dose(rig)
    (table,) = rig.registration.findChildren(RecordTable)
    row = table.paged.row_at(0)
    for column, words in enumerate(row):
        mark = 26 if column == len(row) - 1 else 0
        room = table.columnWidth(column) - 16 - mark
        assert text_width(words, BODY_TEXT, bool(mark)) <= room, words


def test_the_page_can_be_painted(rig: DeskRig) -> None:
    many(rig)
    assert rig.registration.grab().toImage() != QImage()
