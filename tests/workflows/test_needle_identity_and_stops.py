"""Acts at the needle that the screen leans on: identity, counted stops, what is put away, who is here."""

import pytest

from app.domain.catalogue import PackLevel
from app.domain.checklist import Item, NotScreened, OtherPersonsDocument
from app.domain.codes import TraceCode
from app.domain.permissions import NotPermitted
from app.domain.vial import CartonScanned, CodeSource, LotExpired
from app.domain.visit import VisitState, WrongStep
from app.storage import needle as stored
from app.storage import projections
from app.storage.site import running_session
from app.workflows import identity, needle, stock
from app.workflows.open_vials import open_vials
from tests.factories import DOCTOR, SmallSite


def test_the_right_document_is_recorded_and_found_again_after_a_rebuild(small_site: SmallSite) -> None:
    encounter = small_site.at_needle()
    small_site.desk.do(identity.check_identity, encounter.encounter_id, small_site.patient().document_number)
    before = stored.identity(small_site.desk.read(), encounter.encounter_id)
    assert before is not None
    small_site.store.write(lambda transaction: projections.rebuild(transaction.db))
    assert stored.identity(small_site.desk.read(), encounter.encounter_id) == before
    assert stored.confirmations(small_site.desk.read(), encounter.encounter_id) == {}


def test_a_document_in_full_width_or_with_blanks_is_the_same(small_site: SmallSite) -> None:
    encounter = small_site.at_needle()
    number = small_site.patient().document_number
    spaced = f"{number[:6]} {number[6:14]} {number[14:].lower()}"
    small_site.desk.do(identity.check_identity, encounter.encounter_id, spaced)


def test_somebody_else_s_document_is_refused_with_masked_numbers(small_site: SmallSite) -> None:
    encounter = small_site.at_needle()
    other = small_site.patient(index=1)
    with pytest.raises(OtherPersonsDocument) as refused:
        small_site.desk.do(identity.check_identity, encounter.encounter_id, other.document_number)
    assert refused.value.shown_name == other.name
    assert other.document_number not in str(refused.value)
    assert small_site.patient().document_number not in str(refused.value)


def test_a_refused_document_takes_back_who_the_person_said_they_were(small_site: SmallSite) -> None:
    encounter = small_site.checked()
    refusal = OtherPersonsDocument("A001", "1*", "2*", "", "")
    times = small_site.desk.do(identity.note_other_document, encounter.encounter_id, refusal)
    assert times == 1
    left = stored.confirmations(small_site.desk.read(), encounter.encounter_id)
    assert set(left) == {Item.BOOKLET, Item.APPEARANCE}


def test_the_document_is_compared_by_a_vaccinator_at_the_needle_alone(small_site: SmallSite) -> None:
    encounter = small_site.ready()
    number = small_site.patient().document_number
    with pytest.raises(WrongStep):
        small_site.desk.do(identity.check_identity, encounter.encounter_id, number)
    small_site.as_user(DOCTOR)
    with pytest.raises(NotPermitted):
        small_site.desk.do(identity.check_identity, encounter.encounter_id, number)


def test_stops_are_counted_by_kind_and_from_the_first_of_the_month_in_china(small_site: SmallSite) -> None:
    """ux.md rule 10. The clock stands at 23 November; seven days and seventeen hours on it is December."""
    encounter = small_site.at_needle()
    today = small_site.desk.today()
    expired, carton = LotExpired("1", today, today), CartonScanned("1", PackLevel.CARTON)

    def note(refusal: LotExpired | CartonScanned) -> int:
        return small_site.desk.do(needle.note_refused_vial, encounter.encounter_id, "1", refusal)

    assert [note(expired), note(expired), note(carton)] == [1, 2, 1]
    small_site.clock.go(minutes=60 * (7 * 24 + 14))
    assert note(expired) == 3
    small_site.clock.go(minutes=60)
    assert note(expired) == 1


def test_a_stopped_vial_puts_the_one_before_away_but_a_carton_does_not(small_site: SmallSite) -> None:
    encounter = small_site.at_needle()
    code = TraceCode(small_site.vials("FLU4-1")[0])
    small_site.desk.do(needle.scan_vial, encounter.encounter_id, code, CodeSource.SCANNED)
    carton = CartonScanned("1", PackLevel.CARTON)
    small_site.desk.do(needle.note_refused_vial, encounter.encounter_id, "1", carton)
    assert stored.find_vial(small_site.desk.read(), encounter.encounter_id) is not None
    expired = LotExpired("1", small_site.desk.today(), small_site.desk.today())
    small_site.desk.do(needle.note_refused_vial, encounter.encounter_id, "1", expired)
    assert stored.find_vial(small_site.desk.read(), encounter.encounter_id) is None


def test_from_the_queue_one_goes_back_to_the_doctor_but_not_to_the_queue(small_site: SmallSite) -> None:
    encounter = small_site.ready()
    with pytest.raises(WrongStep):
        small_site.desk.do(needle.return_visit, encounter.encounter_id, "queue", "x")
    small_site.desk.do(needle.return_visit, encounter.encounter_id, "doctor", "预检不是今天的")
    view = needle.needle_view(small_site.desk.read(), encounter.encounter_id, small_site.desk.now())
    assert view.encounter.state is VisitState.REGISTERED
    assert isinstance(view.results[0].refusal, NotScreened)


def test_open_vials_are_those_with_doses_and_time_left(small_site: SmallSite) -> None:
    """TRC-2, N2023 10.3.2."""
    session = running_session(small_site.desk.read())
    assert session is not None

    def codes() -> list[str | None]:
        db, now = small_site.desk.read(), small_site.desk.now()
        return [vial.trace_code for vial in open_vials(db, session.session_id, now)]

    assert codes() == []
    small_site.vaccinated(small_site.patient(index=0), "IPV-5", vial=1)
    small_site.clock.go(minutes=10)
    small_site.vaccinated(small_site.patient(index=1), "IPV-5", vial=0)
    small_site.vaccinated(small_site.patient(index=2), "FLU4-1")
    first, second = small_site.vials("IPV-5")[1], small_site.vials("IPV-5")[0]
    assert codes() == [first, second]
    small_site.clock.go(minutes=50)
    assert codes() == [second]
    small_site.desk.do(stock.quarantine_pack, second, "破损")
    assert codes() == []


def test_everything_seen_of_a_visit_is_of_one_instant(small_site: SmallSite) -> None:
    """An act that comes between two readings would show a stop nobody caused (VER-1)."""
    encounter = small_site.at_needle()
    db = small_site.desk.read()
    came: list[str] = []

    def come_between(statement: str) -> None:
        if "screening" in statement and not came:
            came.append(statement)
            small_site.desk.do(needle.return_visit, encounter.encounter_id, "doctor", "方案有疑问")

    db.conn.set_trace_callback(come_between)
    view = needle.needle_view(db, encounter.encounter_id, small_site.desk.now())
    db.conn.set_trace_callback(None)
    assert came
    assert view.facts.screened is not None
    assert not needle.needle_view(db, encounter.encounter_id, small_site.desk.now()).facts.screened
