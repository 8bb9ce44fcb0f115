"""What a scan costs the screen: each thing that changed is drawn once, all else not at all (row 12)."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QObject
from PySide6.QtWidgets import QWidget

from app.ui.kit.checklist_row import CheckRow
from app.ui.kit.device_strip import DeviceMark
from app.ui.kit.nav_rail import NavButton
from tests.ui.looking import look_at
from tests.ui.vaccination.rig import NeedleRig

pytestmark = pytest.mark.usefixtures("dressed")


class _Painted(QObject):
    """Counts how often each widget is painted."""

    def __init__(self) -> None:
        super().__init__()
        self.times: Counter[QObject] = Counter()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint:
            self.times[watched] += 1
        return False

    def of(self, *kinds: type[QWidget]) -> list[int]:
        return sorted(times for widget, times in self.times.items() if isinstance(widget, kinds))


@contextmanager
def painted(rig: NeedleRig) -> Iterator[_Painted]:
    application = QCoreApplication.instance()
    assert application is not None
    look_at(rig.shell)
    rig.settle()
    counter = _Painted()
    application.installEventFilter(counter)
    yield counter
    application.removeEventFilter(counter)


def test_a_vial_draws_what_it_changes_once_and_leaves_the_rest(rig: NeedleRig) -> None:
    rig.come()
    rig.press("1")
    page = rig.page
    with painted(rig) as counter:
        rig.scan_vial()
    work, side = page.desk.work, page.desk.side
    changed = [side.vial, side.primary, page.desk.banner, work.checklist.row("vaccine")]
    verdict_and_step = 2
    assert [counter.times[widget] for widget in changed] == [1, 1, verdict_and_step, 1]
    assert counter.of(CheckRow) == [1] * 7
    untouched = [work.person, work.vaccine, side.doctor, work.checklist.row("booklet")]
    assert [counter.times[widget] for widget in untouched] == [0, 0, 0, 0]
    assert counter.of(DeviceMark) == []


def test_a_key_draws_nothing_under_the_large_button_it_changes(rig: NeedleRig) -> None:
    rig.come()
    with painted(rig) as counter:
        rig.press("1")
    side = rig.page.desk.side
    assert counter.times[side.primary] == 1
    assert counter.times[side] == 0


def test_of_the_rail_only_the_numbers_that_changed_are_drawn(rig: NeedleRig) -> None:
    rig.come()
    with painted(rig) as counter:
        rig.scan_vial()
    buttons = {widget.item.item_id for widget in counter.times if isinstance(widget, NavButton)}
    assert buttons <= {"sync"}


def test_the_answer_to_a_key_is_painted_before_the_figures_round_the_page(rig: NeedleRig) -> None:
    look_at(rig.shell)
    rig.come()
    answer, status = rig.page.desk.work.checklist.row("booklet"), rig.shell.bar.status
    before, beside = status.accessibleName(), []

    class Watch(QObject):
        def eventFilter(self, watched: QObject, event: QEvent) -> bool:
            if event.type() == QEvent.Type.Paint:
                beside.append(status.accessibleName())
            return False

    watch = Watch()
    answer.installEventFilter(watch)
    rig.press("1")
    assert beside == [before]
    assert status.accessibleName() != before


def test_a_ticket_draws_its_page_once(rig: NeedleRig) -> None:
    """A paint asked for before must not draw the page as it was laid out before."""
    encounter = rig.site.ready()
    rig.settle()
    with painted(rig) as counter:
        rig.scan_ticket(encounter)
    assert counter.of(CheckRow) == [1] * 11
    assert counter.times[rig.page.desk.side.primary] == 1


def test_the_first_ticket_finds_its_checklist_built_and_laid_out(rig: NeedleRig) -> None:
    checklist, primary = rig.page.desk.work.checklist, rig.page.desk.side.primary
    before = [checklist.row(item) for item in ("health", "recipient", "route")]
    places = [row.geometry() for row in before]
    rig.come()
    assert [checklist.row(item) for item in ("health", "recipient", "route")] == before
    assert [row.geometry() for row in before] == places
    assert primary.isVisible()


def test_a_second_that_changes_nothing_reads_and_draws_nothing(rig: NeedleRig) -> None:
    rig.come()
    rig.bench.tick()
    view = rig.page.needle.view
    with painted(rig) as counter:
        rig.bench.tick()
        rig.settle()
    assert rig.page.needle.view is view
    assert counter.of(CheckRow) == []
    rig.site.clock.go(minutes=1)
    rig.bench.tick()
    assert rig.page.needle.view is not view
