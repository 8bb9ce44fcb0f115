"""Two vaccines for one person through the real windows, doctor to certificate (APP-8, OBS-1, CRT-1)."""

from PySide6.QtWidgets import QWidget

from app.domain.codes import TicketCode, ticket_text
from app.domain.visit import Encounter, VisitState
from app.storage import immunizations
from app.storage.certificates import newest_of
from app.storage.observations import seated
from app.ui.certificate.page import CertificatePage
from app.ui.observation.page import ObservationPage
from app.ui.screening.page import ScreeningPage
from app.ui.screening.product_list import ProductRow
from tests.factories import DOCTOR, NURSE
from tests.journeys.conftest import Workroom

TWO = ("HEPB-10", "FLU4-1")


def ticket(visit: Encounter) -> str:
    return ticket_text(TicketCode(visit.ticket_token))


def page(room: Workroom, kind: type[QWidget]) -> QWidget:
    assert isinstance(room.station, kind)
    return room.station


def screen_for_two(room: Workroom) -> Encounter:
    """The doctor asks eleven questions once, picks two, tells of each."""
    visit = room.site.registered()
    room.site.as_user(DOCTOR)
    room.press("F3")
    room.scan(ticket(visit))
    for _ in range(12):
        room.hand.press("2")
    room.press("Alt+1")
    for place, product in enumerate(TWO):
        if place:
            room.press("Alt+6")
        room.press(key_of(room, product))
    room.press("F11", "F12", "Enter")
    for _ in TWO:
        room.press("Alt+1")
        room.site.clock.go(2)
    assert room.state(visit) is VisitState.READY
    return visit


def key_of(room: Workroom, product: str) -> str:
    """Return the digit printed on a product's row."""
    screening = page(room, ScreeningPage)
    assert isinstance(screening, ScreeningPage)
    rows = screening.examination.decision.products.findChildren(ProductRow)
    able = [row.product.product_code for row in rows if row.isEnabled() and row.isVisible()]
    return str(able.index(product) + 1)


def give(room: Workroom, product: str, *keys: str) -> None:
    room.scan(room.site.vials(product)[0])
    room.press(*keys, "Enter")
    room.site.clock.go(minutes=2)


def doses(room: Workroom, visit: Encounter) -> list[str]:
    records = immunizations.all_of_encounter(room.bench.read(), visit.encounter_id)
    return [record["product_code"] for record in records]


def first_given(room: Workroom) -> Encounter:
    """Return a visit for two vaccines of which the first is in."""
    room.site.open_day()
    visit = screen_for_two(room)
    room.site.as_user(NURSE)
    room.press("F4")
    room.scan(ticket(visit))
    give(room, "HEPB-10", "1", "2", "3", "4")
    return visit


def test_two_vaccines_on_one_ticket_and_one_observation(workroom: Workroom) -> None:
    room, visit = workroom, first_given(workroom)
    assert room.state(visit) is VisitState.AT_STATION
    give(room, "FLU4-1", "2", "4")
    assert doses(room, visit) == list(TWO)
    assert room.state(visit) is VisitState.OBSERVING

    room.press("F5")
    hall = page(room, ObservationPage)
    assert isinstance(hall, ObservationPage)
    assert [person.seat.ticket_number for person in hall.watch.people] == [visit.ticket_number]
    room.site.clock.go(minutes=27)
    room.bench.tick()
    room.scan(ticket(visit))
    room.press("1", "2", "Enter")
    assert room.state(visit) is VisitState.OBSERVING, "29 minutes after the second, 31 after the first"
    room.site.clock.go(minutes=1)
    room.bench.tick()
    room.press("Enter", "Enter")  # the first puts the sentence away
    assert room.state(visit) is VisitState.RELEASED

    room.press("F6")
    room.scan(ticket(visit))
    sheet = page(room, CertificatePage)
    assert isinstance(sheet, CertificatePage)
    room.hand.wait_until(lambda: sheet.made is not None, "the sheet is drawn")
    room.press("Enter")
    room.hand.wait_until(lambda: newest_of(room.bench.read(), visit.patient_id) is not None, "issued")
    stated = newest_of(room.bench.read(), visit.patient_id)
    assert stated is not None
    assert len(stated["immunization_ids"]) == len(TWO)


def test_the_second_is_called_off_by_the_doctor_and_the_first_is_observed(workroom: Workroom) -> None:
    """An expired second vial, no other: back to the doctor, deferred; thirty minutes from the first."""
    room, visit = workroom, first_given(workroom)
    room.scan(room.site.vials("FLU4-1", expired=True)[0])
    room.press("F11")
    room.scan(ticket(visit))
    room.press("F11", "1")
    assert room.state(visit) is VisitState.REGISTERED

    room.site.as_user(DOCTOR)
    room.press("F3")
    room.scan(ticket(visit))
    room.press("Alt+2")
    room.hand.type("no vial")
    room.press("Alt+7", "F11", "F12", "Enter")
    assert room.state(visit) is VisitState.OBSERVING
    assert doses(room, visit) == ["HEPB-10"]
    (seat,) = seated(room.bench.read())
    assert not seat.has_more_to_come
