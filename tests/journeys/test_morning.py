"""A whole morning, visit after visit, the last one as light as the first ones."""

import gc
import os
from collections.abc import Iterator
from itertools import count

import pytest
from PySide6.QtWidgets import QApplication

from app.domain.catalogue import PackCode, PackLevel
from app.domain.codes import TicketCode, ticket_text
from app.domain.visit import VisitState
from app.storage import immunizations
from app.storage.catalogue import get_product
from app.workflows import site_setup
from tests.factories import MANAGER
from tests.journeys.conftest import Workroom

MINUTES_APART = 4
PAGE_MIB = 40
"""May come and go between an early visit and the last; a leak of one page's widgets is far more."""


def resident_mib() -> float:
    """Return the memory this process holds."""
    with open("/proc/self/statm") as statm:
        return int(statm.read().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20


def widgets(qapp: QApplication) -> int:
    """Return how many widgets are alive."""
    gc.collect()
    return len(qapp.allWidgets())


def codes(room: Workroom) -> Iterator[str]:
    """Yield vials of the products that are for everybody, each once; deliveries come as they are used up."""
    for product in ("FLU4-1", "HEPB-10"):
        for code in room.site.vials(product):
            yield f"{product} {code}"
    for number in count(1):
        for code in delivery(room, number):
            yield f"FLU4-1 {code}"


def delivery(room: Workroom, number: int) -> list[str]:
    """Take a lot of sixty vials in; return their codes."""
    site = room.site
    site.as_user(MANAGER)
    expires_on = f"{site.desk.today().year + 1}-12-31"
    lot_id = site.desk.do(site_setup.receive_lot, "FLU4-1", f"L{number:03d}", expires_on)
    prefix = get_product(site.desk.read(), "FLU4-1").code_prefix
    packs = [
        PackCode(f"{prefix}{7_000_000 + number * 60 + vial:013d}", PackLevel.UNIT, None, lot_id, 1)
        for vial in range(60)
    ]
    site.desk.do(site_setup.relate_codes, lot_id, packs)
    return [pack.code for pack in packs]


def walk(room: Workroom, number: int, vial: str) -> int:
    """Bring one visit from the needle to the door; returns how many statements its dose took."""
    product, code = vial.split()
    visit = room.site.ready(room.site.patient(index=number % 12), product)
    room.site.open_day()  # a thousand visits of half an hour go on for weeks
    room.shell.go_to("vaccination", None)
    room.shell.take_scan(ticket_text(TicketCode(visit.ticket_token)))
    room.settle()
    statements: list[str] = []
    room.site.store.write(lambda tx: tx.db.conn.set_trace_callback(statements.append))
    room.shell.take_scan(code)
    room.settle()
    for key in ("1", "2", "3", "4", "Enter"):
        room.hand.tap(key)
        room.settle()
    room.site.store.write(lambda tx: tx.db.conn.set_trace_callback(None))
    assert room.state(visit) is VisitState.OBSERVING, f"visit {number}"
    room.site.clock.go(minutes=30)
    room.bench.tick()
    room.shell.go_to("observation", visit.encounter_id)
    for key in ("1", "2", "Enter"):
        room.hand.tap(key)
        room.settle()
    assert room.state(visit) is VisitState.RELEASED, f"visit {number}"
    return len(statements)


@pytest.mark.timeout(1800)
@pytest.mark.parametrize("visits", [10, *(pytest.param(n, marks=pytest.mark.long) for n in (100, 1000))])
def test_visits_in_a_row_leave_no_trace_in_memory_or_work(
    workroom: Workroom, qapp: QApplication, visits: int
) -> None:
    """APP-4, SITE-4: neither memory nor the work for a dose grows over a morning."""
    for page in workroom.shell.stations.values():
        while page.build_next():
            pass  # it all stands, as after some seconds in which nobody touches anything
    vials = codes(workroom)
    early = (0, 0.0, 0)
    for number in range(1, visits + 1):
        statements = walk(workroom, number, next(vials))
        if number % 20 == 0:
            gc.collect()  # in the program every five seconds
        if number == min(10, visits // 2):
            early = (statements, resident_mib(), widgets(qapp))
    assert statements <= early[0] + 2
    assert widgets(qapp) <= early[2] + 60
    assert resident_mib() <= early[1] + PAGE_MIB
    (given,) = (
        workroom.bench.read()
        .execute("select count(*) from immunization where status = ?", [immunizations.COMPLETED])
        .fetchone()
    )
    assert given == visits
