"""What a merge leaves to people is decided once, by a manager, and travels (SYN-2, REG-6, REG-8)."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from app.domain.clock import epoch_ms
from app.domain.identity import DocumentType
from app.domain.journal import Event
from app.domain.people import Patient
from app.domain.permissions import NotPermitted
from app.domain.review import PairReason
from app.practice.people import residents
from app.storage import immunizations, journal, patients, projections
from app.storage.reviews import FieldReview, PairReview, Review, count_reviews, reviews
from app.workflows import registration, reviewing
from app.workflows.reviewing import ReviewSettled
from tests.factories import MANAGER, NURSE, SmallSite
from tests.storage.other_site import OtherSite, hear
from tests.workflows.copied_site import everything


@pytest.fixture
def there(tmp_path: Path) -> Iterator[OtherSite]:
    other = OtherSite(tmp_path / "there")
    yield other
    other.site.close()


def waiting(site: SmallSite) -> list[Review]:
    found = reviews(site.desk.read(), 50)
    assert count_reviews(site.desk.read()) == len(found)
    return found


def amend(site: SmallSite, patient_id: str, **fields: object) -> None:
    patient = patients.get_patient(site.desk.read(), patient_id)
    site.as_user(NURSE)
    site.desk.do(registration.amend_patient, replace(patient, **fields), reason="写错了")  # type: ignore[arg-type]


def told_since(there: OtherSite, count: int) -> list[Event]:
    return there.told()[count:]


class Shared:
    """Somebody both sites know, and what each has heard of the other."""

    def __init__(self, here: SmallSite, there: OtherSite) -> None:
        self.here, self.there = OtherSite.__new__(OtherSite), there
        self.here.site = here  # type: ignore[assignment]
        self.here._known = sum(1 for _ in self.here._events())
        self.patient_id = there.newcomer()
        self._heard = {id(self.here): 0, id(there): 0}
        self.exchange()

    def exchange(self) -> None:
        """Let each hear what is new at the other."""
        for teller, listener in ((self.there, self.here), (self.here, self.there)):
            told = teller.told()
            fresh = told[self._heard[id(teller)] :]
            self._heard[id(teller)] = len(told)
            hear(listener.site, fresh, epoch_ms(listener.site.clock.now()))

    def names(self) -> list[str]:
        return [
            patients.get_patient(site.site.desk.read(), self.patient_id).name
            for site in (self.here, self.there)
        ]


@pytest.fixture
def shared(small_site: SmallSite, there: OtherSite) -> Shared:
    return Shared(small_site, there)


def amended_at_both(shared: Shared) -> None:
    amend(shared.here.site, shared.patient_id, name="王小明")
    shared.there.site.clock.go(minutes=5)
    amend(shared.there.site, shared.patient_id, name="王晓明")
    shared.exchange()


@pytest.mark.parametrize("take_other", [False, True])
def test_two_corrections_of_one_field_are_asked_about_and_decided_once_for_both_sites(
    shared: Shared, take_other: bool
) -> None:
    amended_at_both(shared)
    site = shared.here.site
    assert shared.names() == ["王晓明", "王晓明"], "until then the later one stands at both"
    (review,) = waiting(site)
    assert isinstance(review, FieldReview)
    assert (review.here.name, review.there.name) == ("王晓明", "王小明")
    assert len(waiting(shared.there.site)) == 1, "either site may decide"
    site.as_user(MANAGER)
    site.desk.do(reviewing.decide_field, review, take_other=take_other)
    shared.exchange()
    assert waiting(site) == waiting(shared.there.site) == []
    assert shared.names() == ["王小明" if take_other else "王晓明"] * 2


def test_corrections_that_knew_of_each_other_are_asked_about_nowhere(shared: Shared) -> None:
    amend(shared.here.site, shared.patient_id, name="王小明")
    shared.exchange()
    shared.there.site.clock.go(minutes=5)
    amend(shared.there.site, shared.patient_id, name="王晓明")
    amend(shared.there.site, shared.patient_id, phone="13911112222")
    shared.exchange()
    assert waiting(shared.here.site) == waiting(shared.there.site) == []
    assert shared.names() == ["王晓明", "王晓明"]


def test_a_correction_is_not_lost_to_a_later_one_of_another_field(shared: Shared) -> None:
    """The later record stands whole; that it did not know of the name is asked about, not passed over."""
    amend(shared.here.site, shared.patient_id, name="王小明")
    shared.there.site.clock.go(minutes=5)
    amend(shared.there.site, shared.patient_id, phone="13911112222")
    shared.exchange()
    for site in (shared.here.site, shared.there.site):
        (review,) = waiting(site)
        assert isinstance(review, FieldReview)
        assert review.value == "王小明"


def test_what_came_while_somebody_typed_is_kept_or_asked_about(shared: Shared) -> None:
    site = shared.here.site
    seen = patients.get_patient(site.desk.read(), shared.patient_id)
    amend(shared.there.site, shared.patient_id, name="王晓明", phone="13911112222")
    shared.exchange()
    site.as_user(NURSE)
    site.desk.do(registration.amend_patient, replace(seen, name="王小明"), seen, "写错了")
    now = patients.get_patient(site.desk.read(), shared.patient_id)
    assert (now.name, now.phone) == ("王小明", "13911112222"), "what was not touched is as it came"
    (review,) = waiting(site)
    assert isinstance(review, FieldReview)
    assert review.value == "王晓明"


def other_document(person: Patient) -> Patient:
    return replace(person, document_type=DocumentType.BIRTH_CERTIFICATE, document_number="T330100123")


def newborn_at_both(small_site: SmallSite, there: OtherSite) -> tuple[str, str]:
    """One child: with the citizen number here, with the birth certificate there; a dose each."""
    child = residents(1, small_site.desk.today(), seed=99)[0]
    here_id = small_site.desk.do(registration.register_patient, child).patient_id
    there_id = there.site.desk.do(registration.register_patient, other_document(child)).patient_id
    there.vaccinate(there_id)
    hear(small_site, there.told())
    return here_id, there_id


@pytest.mark.parametrize("take_other", [False, True])
def test_two_records_that_are_one_person_become_one_with_all_doses_and_can_be_parted_again(
    small_site: SmallSite, there: OtherSite, take_other: bool
) -> None:
    here_id, there_id = newborn_at_both(small_site, there)
    small_site.vaccinated(patients.get_patient(small_site.desk.read(), here_id), "IPV-5", 1)
    (review,) = waiting(small_site)
    assert isinstance(review, PairReview)
    assert review.reason is PairReason.NAMESAKE
    small_site.as_user(MANAGER)
    small_site.desk.do(reviewing.decide_pair, review, is_one=True, take_other=take_other)
    db = small_site.desk.read()
    kept = there_id if take_other else here_id
    for typed in (review.here.name, review.here.document_number, review.there.document_number):
        assert [found.patient_id for found in patients.search(db, typed)] == [kept]
    for either in (here_id, there_id):
        assert len(immunizations.history_of(db, either)) == 2
    assert waiting(small_site) == []
    before = everything(db)
    small_site.store.write(lambda transaction: projections.rebuild(transaction.db))
    assert everything(db) == before
    with pytest.raises(ReviewSettled):
        small_site.desk.do(reviewing.decide_pair, review, is_one=False)


def test_two_people_of_one_name_stay_two_and_the_decision_travels(
    small_site: SmallSite, there: OtherSite
) -> None:
    here_id, there_id = newborn_at_both(small_site, there)
    (review,) = waiting(small_site)
    assert isinstance(review, PairReview)
    small_site.as_user(MANAGER)
    small_site.desk.do(reviewing.decide_pair, review, is_one=False)
    events = journal.events(small_site.desk.read())
    hear(there.site, [event for event in events if event.person == here_id])
    assert waiting(there.site) == waiting(small_site) == []
    for site in (small_site, there.site):
        assert {found.patient_id for found in patients.search(site.desk.read(), review.here.name)} >= {
            here_id,
            there_id,
        }


def test_a_document_somebody_else_has_here_is_asked_about_and_the_rest_of_the_word_stands(
    small_site: SmallSite, there: OtherSite
) -> None:
    patient_id = there.newcomer()
    told = len(there.told())
    hear(small_site, there.told())
    owner = residents(2, small_site.desk.today(), seed=77)[-1]
    owner_id = small_site.desk.do(registration.register_patient, owner).patient_id
    amend(
        there.site, patient_id, document_type=owner.document_type, document_number=owner.document_number,
        birth_on=owner.birth_on, sex=owner.sex, phone="13911112222",
    )  # fmt: skip
    hear(small_site, told_since(there, told))
    (review,) = waiting(small_site)
    assert isinstance(review, PairReview)
    assert (review.reason, review.here.patient_id) == (PairReason.DOCUMENT, owner_id)
    held = patients.get_patient(small_site.desk.read(), patient_id)
    assert held.phone == "13911112222"
    assert held.document_number != owner.document_number
    small_site.as_user(MANAGER)
    small_site.desk.do(reviewing.decide_pair, review, is_one=False)
    assert waiting(small_site) == []


def test_one_document_under_two_names_is_asked_about_and_parting_takes_the_doses_away(
    small_site: SmallSite, there: OtherSite
) -> None:
    person = residents(1, small_site.desk.today(), seed=99)[0]
    here_id = small_site.desk.do(registration.register_patient, replace(person, name="张三丰")).patient_id
    there_id = there.newcomer()
    there.vaccinate(there_id)
    hear(small_site, there.told())
    (review,) = waiting(small_site)
    assert isinstance(review, PairReview)
    assert review.there.patient_id == there_id
    db = small_site.desk.read()
    assert len(immunizations.history_of(db, here_id)) == 1, (
        "one document is one person until somebody parts them"
    )
    small_site.as_user(MANAGER)
    small_site.desk.do(reviewing.decide_pair, review, is_one=False)
    assert immunizations.history_of(db, here_id) == []
    assert waiting(small_site) == []


def test_taking_the_other_data_of_one_document_corrects_the_record_here(
    small_site: SmallSite, there: OtherSite
) -> None:
    person = residents(1, small_site.desk.today(), seed=99)[0]
    here_id = small_site.desk.do(registration.register_patient, replace(person, name="张三丰")).patient_id
    there.newcomer()
    hear(small_site, there.told())
    (review,) = waiting(small_site)
    assert isinstance(review, PairReview)
    small_site.as_user(MANAGER)
    small_site.desk.do(reviewing.decide_pair, review, is_one=True, take_other=True)
    assert patients.get_patient(small_site.desk.read(), here_id).name == person.name
    assert waiting(small_site) == []


def test_only_a_manager_decides(shared: Shared) -> None:
    amended_at_both(shared)
    site = shared.here.site
    (review,) = waiting(site)
    assert isinstance(review, FieldReview)
    site.as_user(NURSE)
    with pytest.raises(NotPermitted):
        site.desk.do(reviewing.decide_field, review, take_other=True)
    assert waiting(site) == [review]


def test_reviews_are_rebuilt_as_they_are(shared: Shared, small_site: SmallSite) -> None:
    amended_at_both(shared)
    before = everything(small_site.desk.read())
    small_site.store.write(lambda transaction: projections.rebuild(transaction.db))
    assert everything(small_site.desk.read()) == before
    assert len(waiting(small_site)) == 1
