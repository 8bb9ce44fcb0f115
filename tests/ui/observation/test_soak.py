"""A day in the observation area, second by second: nothing grows, nothing is lost, nobody is forgotten."""

import gc
import resource
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from itertools import count
from pathlib import Path
from random import Random

import pytest
from PySide6.QtCore import QCoreApplication
from pytestqt.qtbot import QtBot

from app.domain.clock import instant_text
from app.domain.journal import Json
from app.domain.observation import Look, ObservationState
from app.storage import observations
from app.ui.bench import Bench
from app.ui.kit.theme import dress_window
from app.ui.observation.page import ObservationPage
from app.workflows import observation, registration
from app.workflows.desk import Act
from tests.factories import DOCTOR, NURSE, OBSERVER, SmallSite

LOOKED = tuple(Look)
WARM_UP_S = 3600
"""Caches of fonts, texts and pages fill in the first hour."""
GROWTH_OF_OBJECTS = 3000
GROWTH_OF_MEMORY_KB = 24 * 1024
LOST_NONES = 3000


@dataclass(frozen=True)
class Standing:
    """What the process holds at an instant."""

    objects: int
    memory_kb: int
    nones: int

    @classmethod
    def now(cls) -> "Standing":
        gc.collect()
        pages = int(Path("/proc/self/statm").read_text().split()[1])
        return cls(len(gc.get_objects()), pages * resource.getpagesize() // 1024, sys.getrefcount(None))


class Hall:
    """People who come, sit, fall ill and go, by the real acts; the dose itself is copied, not injected."""

    def __init__(self, site: SmallSite) -> None:
        self.site, self.random = site, Random(11)
        self.dose: Json = site.vaccinated(vial=0)
        self.people = [site.patient(index=index) for index in range(1, 25)]
        self._next = count()
        self.came = self.left = 0

    def arrive(self) -> None:
        patient = self.people[next(self._next) % len(self.people)]
        self.site.as_user(NURSE)
        self.site.desk.do(self._sit_down, patient.patient_id)
        self.site.as_user(OBSERVER)
        self.came += 1

    def _sit_down(self, act: Act, patient_id: str) -> None:
        visit = registration.open_visit(act, patient_id)
        body = self.dose | {
            "immunization_id": act.new_id(),
            "encounter_id": visit.encounter_id,
            "patient_id": patient_id,
            "occurred_at": act.at,
            "observe_until": instant_text(act.now + timedelta(minutes=30)),
        }
        act.append("immunization.recorded", body, person=patient_id)

    def tend(self, page: ObservationPage) -> None:
        """Do what the nurse and the doctor would do this minute."""
        desk = self.site.desk
        for person in page.watch.people:
            if person.state is ObservationState.ALARM:
                if person.minutes >= 5:
                    self.site.as_user(DOCTOR)
                    desk.do(observation.close_alarm, person.encounter_id)
                    self.site.as_user(OBSERVER)
            elif person.state is ObservationState.OVERDUE or (
                person.state is ObservationState.DUE and self.random.random() < 0.8
            ):
                desk.do(observation.release, person.encounter_id, LOOKED)
                self.left += 1
            elif person.state is ObservationState.OBSERVING and self.random.random() < 0.002:
                desk.do(observation.raise_alarm, person.encounter_id, "头晕")
            elif person.state is ObservationState.OBSERVING and self.random.random() < 0.001:
                desk.do(observation.leave_early, person.encounter_id, "家里有急事")
                self.left += 1


@pytest.fixture
def page(small_site: SmallSite, qtbot: QtBot) -> Iterator[ObservationPage]:
    small_site.as_user(OBSERVER)
    bench = Bench(small_site.desk)
    page = ObservationPage(bench)
    dress_window(page)
    qtbot.addWidget(page)
    page.resize(1198, 728)
    page.show()
    page.enter(None)
    page.wall.toggle()
    yield page
    assert page.wall.board is not None
    page.wall.board.close()
    bench.close()


def live(site: SmallSite, page: ObservationPage, seconds: int, between: int) -> None:
    """Let so many seconds pass, with the bench's tick in each, and look at what is left behind."""
    hall, start, standing = Hall(site), site.clock.monotonic(), None
    for second in range(seconds):
        if second % between == 0:
            hall.arrive()
        if second % 60 == 59:
            hall.tend(page)
        if second % 600 == 300:
            page.grid.turn(1)
        site.clock.go(1)
        page.bench.tick()
        QCoreApplication.processEvents()
        if second == min(WARM_UP_S, seconds // 2):
            standing = Standing.now()
    assert standing is not None
    after = Standing.now()
    assert site.clock.monotonic() - start == seconds
    assert after.objects - standing.objects < GROWTH_OF_OBJECTS
    assert after.memory_kb - standing.memory_kb < GROWTH_OF_MEMORY_KB
    assert abs(after.nones - standing.nones) < LOST_NONES
    assert page.watch.doubt is None
    site.store.write(lambda transaction: None)
    QCoreApplication.processEvents()
    seated = observations.seated(site.desk.read())
    assert len(seated) == hall.came + 1 - hall.left, "everybody is accounted for"
    sitting = {one for one in page.watch.people if one.state is not ObservationState.LEFT_EARLY}
    assert {one.encounter_id for one in sitting} == {seat.encounter_id for seat in seated}


def test_forty_minutes_second_by_second_leave_nothing_behind(
    small_site: SmallSite, page: ObservationPage
) -> None:
    """The short form of the day below."""
    live(small_site, page, seconds=2400, between=150)


@pytest.mark.long
@pytest.mark.timeout(1800)
def test_a_day_second_by_second_leaves_nothing_behind(small_site: SmallSite, page: ObservationPage) -> None:
    """S2: sites work 24 hours on end; a lost reference to None would abort the program within this day."""
    live(small_site, page, seconds=86400, between=180)
