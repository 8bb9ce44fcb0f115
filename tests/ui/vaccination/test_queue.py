"""The queue at the needle: who waits, who is called, what is said after a dose."""

from app.domain.audit import Access
from app.domain.visit import VisitState
from app.storage import audit
from app.storage.audit import Wanted
from app.ui.kit.ring import Ring
from app.ui.kit.text import Text
from app.workflows import site_setup
from tests.factories import MANAGER, NURSE, OBSERVER
from tests.ui.vaccination.rig import NeedleRig


def test_nobody_waiting_asks_for_a_ticket(rig: NeedleRig) -> None:
    assert rig.banner == "请扫号票"
    rig.press("Enter", "1", "F10", "F11", "F12", "Esc", "Backspace")
    assert rig.refusals == []


def test_the_queue_shows_ticket_person_vaccine_and_minutes(rig: NeedleRig) -> None:
    encounter = rig.site.ready(product_code="IPV-5")
    rig.site.clock.go(minutes=12)
    rig.page.enter(None)
    (line,) = rig.page.desk.queue.list.lines
    assert line.ticket_number == encounter.ticket_number
    assert line.name == rig.site.patient().name
    assert line.vaccine == "脊灰灭活疫苗 第 1 剂"
    assert line.waited == "已等 12 分"
    assert "多剂瓶" in line.note


def test_enter_calls_the_first_or_whoever_the_arrow_keys_marked(rig: NeedleRig) -> None:
    first, second = (rig.site.ready(rig.site.patient(index=index)) for index in (0, 1))
    rig.settle()
    rig.site.clock.go(minutes=3)
    rig.bench.tick()
    assert rig.page.desk.queue.list.lines[0].waited == "已等 3 分", "while nobody does anything"
    assert rig.banner == "请扫号票，或叫下一位"
    rig.press("Down", "Down", "Up", "Down")
    rig.site.ready(rig.site.patient(index=2))
    rig.settle()
    assert rig.page.desk.queue.list.marked_id == second.encounter_id, "the mark stays with its person"
    rig.press("Enter")
    assert (rig.state(first), rig.state(second)) == (VisitState.READY, VisitState.AT_STATION)
    rig.press("Esc")
    rig.site.clock.go(2)
    rig.press("Up", "Up", "Enter")
    assert (rig.state(first), rig.state(second)) == (VisitState.AT_STATION, VisitState.READY)


def test_a_visit_named_by_another_station_is_marked(rig: NeedleRig) -> None:
    people = [rig.site.ready(rig.site.patient(index=index)) for index in (0, 1, 2)]
    rig.page.enter(people[2].encounter_id)
    rig.press("Enter")
    assert rig.state(people[2]) is VisitState.AT_STATION


def test_an_id_number_calls_its_person_at_once(rig: NeedleRig) -> None:
    """ux.md rule 3: any known code, one match selected at once."""
    encounter = rig.site.ready(rig.site.patient(index=1))
    rig.scan(rig.site.patient(index=1).document_number)
    assert rig.state(encounter) is VisitState.AT_STATION


def test_a_double_click_calls(rig: NeedleRig) -> None:
    encounter = rig.site.ready()
    rig.settle()
    queue = rig.page.desk.queue.list
    queue.doubleClicked.emit(queue.currentIndex())
    rig.settle()
    assert rig.state(encounter) is VisitState.AT_STATION


def test_after_the_dose_the_slip_goes_to_the_person(rig: NeedleRig) -> None:
    """OBS-1: thirty minutes from the injection."""
    encounter = rig.confirmed_all()
    rig.press("Enter")
    assert rig.banner == f"请把留观票交给 {encounter.ticket_number} {rig.site.patient().name}，坐到 09:30"
    rig.site.ready(rig.site.patient(index=1))
    rig.settle()
    rig.site.clock.go(2)
    rig.press("Enter")
    assert "留观票" not in rig.banner


def test_an_open_vial_is_shown_with_the_doses_left_and_who_waits_for_it(rig: NeedleRig) -> None:
    rig.site.vaccinated(rig.site.patient(index=3), "IPV-5")
    rig.site.ready(rig.site.patient(index=4), "IPV-5")
    rig.site.clock.go(minutes=20)
    rig.page.enter(None)
    card = rig.page.desk.queue_side.open_vial
    assert card.isVisible()
    ring = card.findChild(Ring)
    assert isinstance(ring, Ring)
    assert (ring.face.number, ring.face.unit) == ("40", "分")
    rig.site.clock.go(minutes=40)
    rig.page.enter(None)
    assert not card.isVisible()


def test_without_a_session_the_page_says_who_opens_one(rig: NeedleRig) -> None:
    rig.site.as_user(MANAGER)
    rig.site.desk.do(site_setup.close_session)
    rig.site.as_user(NURSE)
    rig.page.enter(None)
    words = [text.text() for text in rig.page.desk.queue.findChildren(Text) if text.isVisible()]
    assert "现在没有开着的接种场次" in words


def test_who_takes_the_desk_over_with_somebody_at_the_needle_reads_that_record_too(rig: NeedleRig) -> None:
    """SEC-5: calling was the colleague's look."""
    encounter = rig.site.ready()
    rig.settle()
    rig.press("Enter")
    rig.site.as_user(OBSERVER)
    rig.shell.start()
    rig.settle()
    wanted = Wanted(accesses=(Access.READ,), patient_ids=[encounter.patient_id])
    found = audit.page(rig.bench.read(), wanted, 0, 9)
    assert [record.line.staff_id for record in reversed(found)] == [NURSE, OBSERVER]
