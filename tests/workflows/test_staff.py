"""The manager's acts on staff, and that nobody injects untrained (STF-1, STF-2, SITE-8)."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from app.domain.permissions import NotPermitted
from app.domain.refusals import Refusal
from app.domain.staff import (
    EmergencyTraining,
    Role,
    StaffMember,
    TrainedAfterItsEnd,
    TrainedInFuture,
    TrainingCertificate,
    TrainingCertificateExpired,
    TrainingCertificateMissing,
    TrainingRounds,
)
from app.practice.site import STAFF
from app.storage import projections
from app.storage.staff import all_staff, find_emergency_training, find_staff, find_training, training_rounds
from app.ui.texts import sentence_of
from app.workflows import immunization, needle, sign_in, staff
from app.workflows.desk import NobodySignedIn, staff_name
from tests.factories import MANAGER, NURSE
from tests.workflows.copied_site import CopiedSite, everything
from tests.workflows.test_immunization import LEFT_ARM

NEW = StaffMember("", " 林巧音 ", "护师", frozenset({Role.VACCINATOR}))


@pytest.fixture
def managed(site: CopiedSite) -> CopiedSite:
    site.as_user(MANAGER)
    return site


def certificate(site: CopiedSite, days: int) -> TrainingCertificate:
    return TrainingCertificate("培 9 号", "县疾控", site.desk.today() + timedelta(days=days))


def test_staff_are_kept_with_their_roles(managed: CopiedSite) -> None:
    assert all_staff(managed.desk.read()) == list(STAFF)
    added = managed.desk.do(staff.add_staff, NEW)
    assert find_staff(managed.desk.read(), added.staff_id) == added
    assert added.name == "林巧音"
    assert all_staff(managed.desk.read())[-1] == added


def test_an_amended_person_keeps_id_and_place(managed: CopiedSite) -> None:
    promoted = replace(STAFF[0], title="主管护师", roles=frozenset({Role.VACCINATOR, Role.MANAGER}))
    managed.desk.do(staff.amend_staff, promoted)
    assert all_staff(managed.desk.read())[0] == promoted


def test_who_is_removed_signs_in_no_more_and_keeps_the_name_of_what_they_did(managed: CopiedSite) -> None:
    managed.desk.do(staff.remove_staff, NURSE)
    assert NURSE not in {member.staff_id for member in all_staff(managed.desk.read())}
    assert staff_name(managed.desk.read(), NURSE) == "周敏"
    with pytest.raises(staff.StaffUnknown):
        sign_in.sign_in(managed.desk, NURSE)
    with pytest.raises(staff.StaffUnknown):
        managed.desk.do(staff.remove_staff, NURSE)
    managed.desk.do(staff.add_staff, STAFF[0])
    assert find_staff(managed.desk.read(), NURSE) == STAFF[0]


def test_a_role_that_was_taken_away_lets_nobody_through_who_is_still_at_a_desk(managed: CopiedSite) -> None:
    """SITE-8: the list of the site counts, not what was true at sign-in."""
    managed.desk.do(staff.amend_staff, replace(STAFF[0], roles=frozenset({Role.MANAGER})))
    managed.desk.do(staff.amend_staff, replace(STAFF[4], roles=frozenset({Role.OBSERVER})))
    with pytest.raises(NotPermitted) as caught:
        managed.desk.do(staff.add_staff, NEW)
    assert caught.value.held == (Role.OBSERVER,)
    managed.desk.do_as(replace(STAFF[0], roles=frozenset()), staff.remove_staff, MANAGER)
    with pytest.raises(NobodySignedIn):
        managed.desk.do(staff.add_staff, NEW)


def test_the_last_manager_stays(managed: CopiedSite) -> None:
    manager = find_staff(managed.desk.read(), MANAGER)
    assert manager is not None
    demoted = replace(manager, roles=frozenset({Role.REGISTRAR}))
    for act in (
        lambda: managed.desk.do(staff.remove_staff, MANAGER),
        lambda: managed.desk.do(staff.amend_staff, demoted),
    ):
        with pytest.raises(staff.LastManager):
            act()
    managed.desk.do(staff.amend_staff, replace(STAFF[0], roles=frozenset({Role.MANAGER})))
    managed.desk.do(staff.remove_staff, MANAGER)


@pytest.mark.parametrize(
    ("member", "refusal"),
    [
        (replace(NEW, name="  "), staff.StaffIncomplete),
        (replace(NEW, roles=frozenset()), staff.StaffIncomplete),
    ],
)
def test_nobody_is_added_without_name_or_role(
    managed: CopiedSite, member: StaffMember, refusal: type[Refusal]
) -> None:
    with pytest.raises(refusal):
        managed.desk.do(staff.add_staff, member)
    with pytest.raises(staff.StaffUnknown):
        managed.desk.do(staff.amend_staff, replace(NEW, staff_id="u-gone"))


def test_a_certificate_needs_number_and_issuer_and_the_newest_stands(managed: CopiedSite) -> None:
    with pytest.raises(staff.TrainingIncomplete):
        managed.desk.do(staff.certify_staff, NURSE, TrainingCertificate(" ", "县疾控", date(2030, 1, 1)))
    managed.desk.do(staff.certify_staff, NURSE, certificate(managed, 10))
    managed.desk.do(staff.certify_staff, NURSE, certificate(managed, 5))
    assert find_training(managed.desk.read(), NURSE) == certificate(managed, 5)


def test_a_certificate_says_from_which_round_it_came_and_when_the_exam_was_passed(
    managed: CopiedSite,
) -> None:
    """STF-3."""
    today = managed.desk.today()
    passed = replace(certificate(managed, 9), round=" 2026 年第 3 期 ", passed_on=today)
    managed.desk.do(staff.certify_staff, NURSE, passed)
    assert find_training(managed.desk.read(), NURSE) == replace(passed, round="2026 年第 3 期")


def test_an_exam_that_lies_ahead_or_behind_the_end_is_none(managed: CopiedSite) -> None:
    """STF-3, STF-10: of both kinds of training."""
    today = managed.desk.today()
    tomorrow, yesterday = today + timedelta(days=1), today - timedelta(days=1)
    for trained_on, until, refusal in (
        (tomorrow, tomorrow, TrainedInFuture),
        (today, yesterday, TrainedAfterItsEnd),
    ):
        exam = TrainingCertificate("培 9 号", "县疾控", until, passed_on=trained_on)
        with pytest.raises(refusal):
            managed.desk.do(staff.certify_staff, NURSE, exam)
        with pytest.raises(refusal):
            managed.desk.do(staff.train_for_emergencies, NURSE, EmergencyTraining(trained_on, until))
    managed.desk.do(staff.train_for_emergencies, NURSE, EmergencyTraining(today, today))
    assert find_emergency_training(managed.desk.read(), NURSE) == EmergencyTraining(today, today)


def test_rounds_and_their_people_are_counted(managed: CopiedSite) -> None:
    """STF-3: a renewed certificate is a round more, the same one recorded again puts its round right."""
    desk = managed.desk
    added = desk.do(staff.add_staff, NEW)
    assert training_rounds(desk.read()) == TrainingRounds(1, 2)
    second = replace(certificate(managed, 9), round="第 2 期")
    desk.do(staff.certify_staff, added.staff_id, second)
    desk.do(staff.certify_staff, NURSE, replace(second, number="培 10 号"))
    assert training_rounds(desk.read()) == TrainingRounds(2, 3)
    desk.do(staff.certify_staff, added.staff_id, replace(second, round=""))
    assert training_rounds(desk.read()) == TrainingRounds(2, 2)


def test_a_certificate_recorded_before_rounds_were_asked_for_still_reads(managed: CopiedSite) -> None:
    """STF-3: an event of before names neither round nor exam."""
    old = {"staff_id": NURSE, "number": "培 1 号", "issuer": "县疾控", "expires_on": "2027-01-31"}
    managed.desk.do(lambda act: act.append("staff.certified", old))
    before = everything(managed.desk.read())
    known = TrainingCertificate("培 1 号", "县疾控", date(2027, 1, 31))
    assert find_training(managed.desk.read(), NURSE) == known
    assert (NURSE, "培 1 号", "") not in before["training_round"], "nothing that no step of the store made"
    managed.store.write(lambda transaction: projections.rebuild(transaction.db))
    assert everything(managed.desk.read()) == before


def test_who_is_not_trained_calls_nobody(managed: CopiedSite) -> None:
    """STF-1: refused where the person would sit down, not after the injection."""
    visit = managed.ready()
    managed.as_user(MANAGER)
    added = managed.desk.do(staff.add_staff, NEW)
    managed.desk.user = added
    with pytest.raises(TrainingCertificateMissing):
        managed.desk.do(needle.call_ticket, visit.encounter_id)
    managed.as_user(MANAGER)
    managed.desk.do(staff.certify_staff, added.staff_id, certificate(managed, -1))
    managed.desk.user = added
    with pytest.raises(TrainingCertificateExpired):
        managed.desk.do(needle.call_ticket, visit.encounter_id)
    managed.as_user(MANAGER)
    managed.desk.do(staff.certify_staff, added.staff_id, certificate(managed, 0))
    managed.desk.user = added
    managed.desk.do(needle.call_ticket, visit.encounter_id)


def test_no_dose_is_recorded_by_who_is_not_trained(managed: CopiedSite) -> None:
    """STF-1: at the dose as well, for who took over at the needle."""
    visit = managed.checked()
    managed.as_user(MANAGER)
    managed.desk.do(staff.certify_staff, NURSE, certificate(managed, -1))
    managed.as_user(NURSE)
    with pytest.raises(TrainingCertificateExpired) as caught:
        managed.desk.do(immunization.record_immunization, visit.encounter_id, LEFT_ARM)
    assert "不能接种" in str(sentence_of(caught.value))


def test_staff_are_rebuilt_from_the_journal(managed: CopiedSite) -> None:
    added = managed.desk.do(staff.add_staff, NEW)
    for number in ("培 9 号", "培 10 号"):
        trained = replace(certificate(managed, 9), number=number, round="第 1 期", passed_on=date(2026, 1, 5))
        managed.desk.do(staff.certify_staff, added.staff_id, trained)
    emergency = EmergencyTraining(date(2026, 1, 5), date(2027, 1, 4))
    managed.desk.do(staff.train_for_emergencies, added.staff_id, emergency)
    managed.desk.do(staff.amend_staff, replace(added, title="护士长"))
    managed.desk.do(staff.remove_staff, NURSE)
    before = everything(managed.desk.read())
    managed.store.write(lambda transaction: projections.rebuild(transaction.db))
    assert everything(managed.desk.read()) == before
