"""Finding a person by whatever was typed into the one search box (REG-2, REG-12, ux.md rule 24)."""

from dataclasses import replace
from datetime import timedelta

import pytest

from app.domain import identity
from app.domain.identity import DocumentType, check_digit
from app.domain.people import Patient, Sex
from app.domain.refusals import Refusal
from app.domain.screening import Decision
from app.workflows import registration, screening
from app.workflows.finding import MOST_SHOWN, MatchedBy, Standing, find_people, find_person
from tests.factories import DOCTOR, NURSE, QUESTIONS, SmallSite, all_no


def number_of(birth: str = "19620304", sequence: int = 11) -> str:
    first17 = f"100101{birth}{sequence:03d}"
    return first17 + check_digit(first17)


def register(site: SmallSite, name: str, sequence: int = 11, phone: str = "10033344455") -> Patient:
    return site.desk.do(
        registration.register_patient,
        Patient(
            patient_id="",
            name=name,
            sex=Sex.MALE,
            birth_on=site.patient().birth_on.replace(1962, 3, 4),
            document_type=DocumentType.CITIZEN_CARD,
            document_number=number_of(sequence=sequence),
            phone=phone,
            address="云溪镇上河村 1 组",
            population_group="其他",
        ),
    )


def standing(site: SmallSite, patient_id: str) -> Standing:
    return find_person(site.desk.read(), patient_id).standing


@pytest.mark.parametrize(
    ("typed", "by"),
    [
        ("oyya", MatchedBy.NAME),
        ("ouyangyu", MatchedBy.NAME),
        ("欧阳予", MatchedBy.NAME),
        ("19620304", MatchedBy.BIRTH_DATE),
        ("1962-03-04", MatchedBy.BIRTH_DATE),
        ("4455", MatchedBy.PHONE),
        ("100 3334 4455", MatchedBy.PHONE),
        (number_of()[-4:], MatchedBy.DOCUMENT),
    ],
)
def test_one_box_finds_by_every_fact_people_know(small_site: SmallSite, typed: str, by: MatchedBy) -> None:
    known = register(small_site, "欧阳予安")
    found = find_people(small_site.desk.read(), typed, small_site.desk.today())
    hit = next(hit for hit in found.hits if hit.patient.patient_id == known.patient_id)
    assert hit.by is by


def test_a_dotted_name_is_found_without_its_dot(small_site: SmallSite) -> None:
    known = register(small_site, "古丽娜尔·买买提江")
    found = find_people(small_site.desk.read(), "古丽娜尔买买提", small_site.desk.today())
    assert [hit.patient for hit in found.hits] == [known]


def test_a_name_in_letters_is_found_with_its_blank(small_site: SmallSite) -> None:
    known = register(small_site, "Li Mingabc")
    found = find_people(small_site.desk.read(), "li ming", small_site.desk.today())
    assert known in [hit.patient for hit in found.hits]


def test_one_phone_finds_everybody_it_stands_for(small_site: SmallSite) -> None:
    """REG-2: one phone for many people is normal."""
    family = [register(small_site, name, n) for n, name in ((11, "欧阳予安"), (13, "欧阳澜"), (15, "欧阳可"))]
    found = find_people(small_site.desk.read(), "10033344455", small_site.desk.today())
    assert {hit.patient.patient_id for hit in found.hits} == {person.patient_id for person in family}


def test_more_than_twenty_are_announced_not_shown(small_site: SmallSite) -> None:
    for n in range(MOST_SHOWN + 1):
        register(small_site, "欧阳予安", 11 + 2 * n)
    found = find_people(small_site.desk.read(), "oyya", small_site.desk.today())
    assert len(found.hits) == MOST_SHOWN
    assert found.more


def test_a_whole_number_finds_exactly_its_person(small_site: SmallSite) -> None:
    known = register(small_site, "欧阳予安")
    found = find_people(small_site.desk.read(), number_of().lower(), small_site.desk.today())
    assert [hit.patient for hit in found.hits] == [known]


def test_a_whole_number_of_nobody_begins_a_new_record(small_site: SmallSite) -> None:
    found = find_people(small_site.desk.read(), "360426199101010071", small_site.desk.today())
    assert found.unknown is not None
    assert (found.unknown.type, found.unknown.sex) == (DocumentType.CITIZEN_CARD, Sex.MALE)
    assert found.unknown.birth_on is not None


@pytest.mark.parametrize(
    ("typed", "refusal"),
    [
        ("360426199101010072", identity.WrongCheckDigit),
        ("110101199002300014", identity.ImpossibleBirthDate),
        ("11010520300101001X", identity.FutureBirthDate),
    ],
)
def test_an_impossible_number_is_told_not_searched(
    small_site: SmallSite, typed: str, refusal: type[Refusal]
) -> None:
    found = find_people(small_site.desk.read(), typed, small_site.desk.today())
    assert isinstance(found.refusal, refusal)
    assert not found.hits


def test_a_standing_names_the_open_visit(small_site: SmallSite) -> None:
    visit = small_site.registered()
    assert standing(small_site, visit.patient_id).visit == visit


def test_of_many_people_found_each_has_a_standing_of_their_own(small_site: SmallSite) -> None:
    """One person is in a visit again after the first was called off, one is deferred, one never came."""
    people = [register(small_site, f"王{name}", place) for place, name in enumerate("安宁和", 21)]
    first = small_site.registered(people[0])
    small_site.desk.do(registration.cancel_visit, first.encounter_id, "离开")
    again = small_site.registered(people[0])
    deferred = small_site.registered(people[1])
    review_on = small_site.desk.today() + timedelta(days=7)
    form = replace(all_no(), decision=Decision.DEFER, reason="发热", review_on=review_on, plan=None)
    small_site.as_user(DOCTOR)
    small_site.desk.do(screening.record_screening, deferred.encounter_id, form, QUESTIONS)
    hits = find_people(small_site.desk.read(), "王", small_site.desk.today()).hits
    found = {hit.patient.name: hit.standing for hit in hits}
    assert found["王安"].visit == again
    assert (found["王宁"].advice, found["王安"].advice) == (Decision.DEFER, None)
    assert found["王和"] == Standing()


def test_a_visit_that_was_called_off_is_no_standing(small_site: SmallSite) -> None:
    visit = small_site.registered()
    small_site.desk.do(registration.cancel_visit, visit.encounter_id, "离开")
    assert standing(small_site, visit.patient_id).visit is None


def test_a_deferral_stands_until_the_next_advice(small_site: SmallSite) -> None:
    visit = small_site.registered()
    review_on = small_site.desk.today() + timedelta(days=7)
    form = replace(all_no(), decision=Decision.DEFER, reason="发热", review_on=review_on, plan=None)
    small_site.as_user(DOCTOR)
    small_site.desk.do(screening.record_screening, visit.encounter_id, form, QUESTIONS)
    deferred = standing(small_site, visit.patient_id)
    assert (deferred.advice, deferred.review_on) == (Decision.DEFER, review_on)
    small_site.clock.go(minutes=60 * 24 * 7)
    small_site.as_user(NURSE)
    small_site.ready(small_site.patient())
    assert standing(small_site, visit.patient_id).advice is None
