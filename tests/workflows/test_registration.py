"""Registering a person once, and giving them the next number (REG-5, REG-6, REG-7, REG-12, APP-4)."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.audit import Access
from app.domain.identity import DocumentType, WrongCheckDigit, check_digit
from app.domain.people import (
    AlreadyRegistered,
    BirthDateInFuture,
    FieldMissing,
    Guardian,
    GuardianMissing,
    Patient,
    Sex,
)
from app.domain.refusals import Refusal
from app.domain.visit import AlreadyInVisit, VisitState, WrongStep
from app.practice.people import _RARE_READINGS, _SURNAMES
from app.practice.site import SITE
from app.storage import audit, encounters, journal, patients
from app.storage.audit import Wanted
from app.storage.versions import versions_of
from app.workflows import immunization, registration, site_setup
from app.workflows.desk import NoSession
from app.workflows.name_readings import readings
from app.workflows.registration import (
    AmendReasonMissing,
    BirthDateDiffers,
    TemperatureMissing,
    TemperatureOutOfRange,
)
from tests.factories import MANAGER, NURSE
from tests.workflows.copied_site import CopiedSite

GUARDIAN = Guardian("单母", "母亲", "10000000001")


def number_of(birth: str, sequence: int = 11) -> str:
    first17 = f"100101{birth}{sequence:03d}"
    return first17 + check_digit(first17)


def person(**facts: object) -> Patient:
    """Return somebody nobody has registered yet."""
    somebody = Patient(
        patient_id="",
        name="单于乐",
        sex=Sex.MALE,
        birth_on=date(1962, 3, 4),
        document_type=DocumentType.CITIZEN_CARD,
        document_number=number_of("19620304"),
        phone="100 3334 4455",
        address="云溪镇上河村 1 组",
        population_group="农村居民",
    )
    return replace(somebody, **facts)  # type: ignore[arg-type]


def register(site: CopiedSite, **facts: object) -> Patient:
    return site.desk.do(registration.register_patient, person(**facts))


def entries(site: CopiedSite) -> int:
    return site.desk.read()["journal"].count


def refusal_of(site: CopiedSite, **facts: object) -> Refusal:
    before = entries(site)
    with pytest.raises(Refusal) as caught:
        register(site, **facts)
    assert entries(site) == before
    return caught.value


def test_a_person_is_kept_as_normalised(site: CopiedSite) -> None:
    number = number_of("19620304")
    registered = register(
        site, name=" 古丽娜尔．买买提江 ", document_number=f" {number[:6]} {number[6:]} ".lower()
    )
    assert registered.name == "古丽娜尔·买买提江"
    assert registered.document_number == number
    assert patients.get_patient(site.desk.read(), registered.patient_id) == registered


@pytest.mark.parametrize(
    ("facts", "refusal"),
    [
        ({"name": ""}, FieldMissing),
        ({"phone": " "}, FieldMissing),
        ({"document_number": ""}, FieldMissing),
        (
            {"birth_on": date(2026, 11, 24), "document_type": "passport", "document_number": "E1234567"},
            BirthDateInFuture,
        ),
        ({"birth_on": date(1962, 3, 5)}, BirthDateDiffers),
        ({"document_number": number_of("19620304")[:-1] + "?"}, Refusal),
        ({"document_number": number_of("19620304")[:16] + "00"}, WrongCheckDigit),
        (
            {"birth_on": date(2020, 1, 2), "document_number": number_of("20200102")},
            GuardianMissing,
        ),
    ],
)
def test_a_record_that_is_not_right_is_refused(
    site: CopiedSite, facts: dict[str, object], refusal: type[Refusal]
) -> None:
    """REG-5: every mandatory field, at the desk and not afterwards."""
    assert isinstance(refusal_of(site, **facts), refusal)


def test_nobody_is_registered_twice(site: CopiedSite) -> None:
    """REG-6: duplicate cards below 0.1 %."""
    first = register(site)
    expected = AlreadyRegistered(first.patient_id, first.name, first.birth_on)
    assert refusal_of(site, name="另一个名") == expected
    assert refusal_of(site, document_type=DocumentType.HOUSEHOLD_BOOK) == expected
    assert refusal_of(site, patient_id=first.patient_id) == expected


def test_people_without_a_document_get_a_number_of_their_own(site: CopiedSite) -> None:
    """domain.md §5.2: a temporary number, to be merged later."""
    first, second = (
        register(site, document_type=DocumentType.NONE, document_number="", name=name)
        for name in ("甲", "乙")
    )
    assert first.document_number != second.document_number
    assert first.document_number


def test_an_amended_record_is_found_by_its_new_facts_and_no_longer_by_the_old(site: CopiedSite) -> None:
    """REG-7, REG-8: wrong data is corrected, and the journal keeps what stood before."""
    first = register(site)
    amended = replace(first, name="仇英", phone="10099990000")
    site.desk.do(registration.amend_patient, amended, reason="写错了")
    db = site.desk.read()

    def finds(typed: str) -> bool:
        return any(hit.patient_id == first.patient_id for hit in patients.search(db, typed))

    assert [finds(typed) for typed in ("仇英", "qiuying", "qy", "chouying", "0000", "100101196203")] == [
        True
    ] * 6
    assert [finds(typed) for typed in ("单于乐", "shanyule", "4455")] == [False] * 3
    bodies = [event.body for event in journal.events(db) if event.person == first.patient_id]
    assert [body["name"] for body in bodies] == ["单于乐", "仇英"]


def test_an_amendment_is_checked_like_a_registration(site: CopiedSite) -> None:
    first, second = register(site), register(site, document_number=number_of("19620304", 12))
    with pytest.raises(AlreadyRegistered):
        site.desk.do(registration.amend_patient, replace(second, document_number=first.document_number))
    with pytest.raises(FieldMissing):
        site.desk.do(registration.amend_patient, replace(first, phone=""))
    site.desk.do(registration.amend_patient, first)


def test_who_somebody_is_changes_with_a_reason_and_where_they_live_without(site: CopiedSite) -> None:
    """REG-8: a wrong entry is corrected with a reason; a new telephone number is no error."""
    person = register(site)
    for wrong in ({"name": "仇英"}, {"sex": Sex.FEMALE}, {"document_type": "household_book"}):
        with pytest.raises(AmendReasonMissing):
            site.desk.do(registration.amend_patient, replace(person, **wrong), reason="  ")
    site.desk.do(registration.amend_patient, replace(person, phone="10099990000"))
    assert patients.get_patient(site.desk.read(), person.patient_id).name == person.name


def test_both_versions_stay_with_who_and_why(site: CopiedSite) -> None:
    """REG-8: accurate and traceable: who entered what, who changed it, when."""
    person = register(site)
    site.clock.go(minutes=5)
    site.as_user(MANAGER)
    site.desk.do(registration.amend_patient, replace(person, name="仇英"), reason="登记时写错")
    first, second = versions_of(site.desk.read(), person.patient_id)
    assert (first.by, first.new, first.patient.name, first.reason) == (NURSE, True, person.name, "")
    assert (second.by, second.new, second.patient.name, second.reason) == (
        MANAGER,
        False,
        "仇英",
        "登记时写错",
    )
    assert second.at - first.at == timedelta(minutes=5)
    (line,) = audit.page(site.desk.read(), Wanted(accesses=(Access.CORRECTED,)), 0, 9)
    assert (line.line.staff_id, line.line.words) == (MANAGER, "登记时写错")
    assert versions_of(site.desk.read(), site.patient(index=3).patient_id)[0].new


# Searching


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("曾丽", ["曾丽", "曾", "zengli", "cengli", "zl", "cl", "zeng"]),
        ("单于乐", ["shanyule", "danyuyue", "chanyule", "syl", "dyl", "cyl", "dyy", "单于"]),
        ("欧阳予安", ["ouyangyuan", "oyya", "欧阳", "ouy"]),
        ("上官雨桐", ["shangguanyutong", "sgyt"]),
        ("古丽娜尔·买买提江", ["古丽娜尔买买提江", "古丽娜尔·买买", "gulinaermaimaitijiang", "glnemmtj"]),
        ("王𬭎", ["王𬭎", "王", "wang", "w"]),
        ("朴素", ["piaosu", "pusu", "ps"]),
        ("吕布", ["lvbu", "lb"]),
        ("Anna-Maria Schmidt", ["annamaria", "Anna Maria", "ANNA-MARIA SCHMIDT", "annamariaschmidt"]),
    ],
)
def test_a_person_is_found_by_every_reading_of_the_name(
    site: CopiedSite, name: str, typed: list[str]
) -> None:
    """ux.md rule 24: 曾 c/z, 单 c/d/s, compound surnames, the middle dot."""
    known = register(site, name=name)
    for term in typed:
        hits = [hit.patient_id for hit in patients.search(site.desk.read(), term)]
        assert known.patient_id in hits, term


@pytest.mark.parametrize(
    "typed",
    [
        "19620304",
        "1962-03-04",
        "１９６２０３０４",
        "196203",
        "10033344455",
        "100 3334 4455",
        "4455",
        "1003334",
    ],
)
def test_a_person_is_found_by_birth_date_and_phone(site: CopiedSite, typed: str) -> None:
    known = register(site)
    assert known.patient_id in [hit.patient_id for hit in patients.search(site.desk.read(), typed)]


def test_a_person_is_found_by_the_number_and_its_tails(site: CopiedSite) -> None:
    number = next(n for n in (number_of("19620304", s) for s in range(11, 99)) if n.endswith("X"))
    known = register(site, document_number=number)
    for typed in (number, number.lower(), number[-4:], number[-4:].lower(), number[-6:], number[:10]):
        assert known.patient_id in [hit.patient_id for hit in patients.search(site.desk.read(), typed)]


@pytest.mark.parametrize("typed", ["", " ", "·", "-", "不在", "zzzz", "%", "_", "'"])
def test_nothing_that_was_typed_finds_nobody_in_particular(site: CopiedSite, typed: str) -> None:
    assert patients.search(site.desk.read(), typed) == []


@given(
    surname=st.sampled_from([*_SURNAMES, *_RARE_READINGS]),
    given_name=st.text(st.sampled_from("和乐长行重朝都得地朴区仇伟芳"), min_size=1, max_size=3),
)
def test_every_reading_of_the_surname_is_indexed_whatever_follows(surname: str, given_name: str) -> None:
    indexed = readings(surname + given_name)
    for first in readings(surname[0]):
        assert any(reading.startswith(first) for reading in indexed), first


# The visit


def test_numbers_are_given_out_without_a_gap_in_a_session_also_across_midnight(site: CopiedSite) -> None:
    """APP-4: 24-hour operation, so that no day closes a queue."""
    tickets = []
    for index in range(6):
        visit = site.registered(site.patient(index=index))
        tickets.append(visit.ticket_number)
        if index % 2:
            site.desk.do(registration.cancel_visit, visit.encounter_id, "改天")
        site.clock.go(minutes=5 * 60)
    assert tickets == ["A001", "A002", "A003", "A004", "A005", "A006"]


def test_a_refused_visit_takes_no_number(site: CopiedSite) -> None:
    first = site.registered()
    with pytest.raises(AlreadyInVisit):
        site.desk.do(registration.open_visit, first.patient_id)
    assert site.registered(site.patient(index=1)).ticket_number == "A002"


def test_a_new_session_begins_with_number_one(site: CopiedSite) -> None:
    waiting = site.registered()
    site.as_user(MANAGER)
    site.desk.do(site_setup.close_session, [waiting.encounter_id])
    site.desk.do(site_setup.open_session, "夜场")
    assert site.registered().ticket_number == "A001"


def test_without_a_session_there_is_no_visit(site: CopiedSite) -> None:
    site.as_user(MANAGER)
    site.desk.do(site_setup.close_session)
    site.as_user(NURSE)
    with pytest.raises(NoSession):
        site.desk.do(registration.open_visit, site.patient().patient_id)


def test_tickets_carry_random_tokens_and_nothing_of_the_person(site: CopiedSite) -> None:
    visits = [site.registered(site.patient(index=index)) for index in range(3)]
    assert len({visit.ticket_token for visit in visits}) == 3
    assert all(len(visit.ticket_token) == 10 for visit in visits)


def test_who_was_vaccinated_may_come_again_in_the_same_session(site: CopiedSite) -> None:
    record = site.vaccinated()
    with pytest.raises(AlreadyInVisit):
        site.desk.do(registration.open_visit, record["patient_id"])
    site.clock.go(minutes=31)
    from app.domain.observation import Look
    from app.workflows import observation

    site.desk.do(observation.release, record["encounter_id"], tuple(Look))
    assert site.desk.do(registration.open_visit, record["patient_id"]).ticket_number == "A002"


@pytest.mark.parametrize("given_text", ["36.5", "３６．５", " 37 ", "34", "43", "36.55"])
def test_a_temperature_is_kept_as_degrees(site: CopiedSite, given_text: str) -> None:
    """REG-12, SITE-12."""
    visit = site.desk.do(registration.open_visit, site.patient().patient_id, given_text)
    assert visit.temperature is not None
    assert 34 <= float(visit.temperature) <= 43
    assert visit.temperature.isascii()
    assert visit.temperature == visit.temperature.strip()


@pytest.mark.parametrize(
    "given_text", ["33.9", "43.1", "365", "36,5", "nan", "inf", "3e1", "三十六", "-36", "36.555"]
)
def test_an_impossible_temperature_is_refused(site: CopiedSite, given_text: str) -> None:
    with pytest.raises(TemperatureOutOfRange):
        site.desk.do(registration.open_visit, site.patient().patient_id, given_text)


def test_a_site_that_takes_temperatures_takes_one_from_everybody(site: CopiedSite) -> None:
    patient_id = site.patient().patient_id
    assert site.desk.do(registration.open_visit, patient_id).temperature is None
    site.as_user(MANAGER)
    site.desk.do(site_setup.configure_site, replace(SITE, takes_temperature=True))
    site.as_user(NURSE)
    other = site.patient(index=1).patient_id
    for nothing in (None, "", " "):
        with pytest.raises(TemperatureMissing):
            site.desk.do(registration.open_visit, other, nothing)
    assert site.desk.do(registration.open_visit, other, "36.5").temperature == "36.5"


@pytest.mark.parametrize("how_far", ["registered", "ready", "at_needle", "checked"])
def test_a_visit_is_called_off_at_any_step_before_the_dose(site: CopiedSite, how_far: str) -> None:
    visit = getattr(site, how_far)()
    site.desk.do(registration.cancel_visit, visit.encounter_id, "改天再来")
    db = site.desk.read()
    assert encounters.get_encounter(db, visit.encounter_id).state is VisitState.CANCELLED
    assert encounters.find_open_visit(db, visit.session_id, visit.patient_id) is None


def test_a_visit_with_a_dose_is_not_called_off(site: CopiedSite) -> None:
    record = site.vaccinated()
    with pytest.raises(WrongStep):
        site.desk.do(registration.cancel_visit, record["encounter_id"], "改天再来")
    site.desk.do(immunization.undo_immunization, record["immunization_id"])
    site.desk.do(registration.cancel_visit, record["encounter_id"], "改天再来")
    with pytest.raises(WrongStep):
        site.desk.do(registration.cancel_visit, record["encounter_id"], "改天再来")


def test_the_age_of_a_person_is_read_on_the_day_in_china(site: CopiedSite) -> None:
    """Asia/Shanghai: at 16:00 UTC the next day has begun (domain.md §14.10)."""
    birthday = site.desk.today() + timedelta(days=1)
    newborn = {
        "birth_on": birthday,
        "document_type": DocumentType.BIRTH_CERTIFICATE,
        "document_number": "K123456789",
        "guardian": GUARDIAN,
    }
    assert isinstance(refusal_of(site, **newborn), BirthDateInFuture)
    site.clock.go(minutes=15 * 60)
    assert register(site, **newborn).birth_on == birthday
