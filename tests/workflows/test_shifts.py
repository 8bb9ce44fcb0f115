"""The roster, the hand-over, and acts that need two people (STF-7, STF-8)."""

from datetime import timedelta

import pytest

from app.domain.permissions import NotPermitted, SecondPersonIsFirst, SecondPersonNeeded
from app.domain.shifts import Duty, OpenWork, Part
from app.domain.staff import StaffMember
from app.practice.site import STAFF
from app.storage import journal, projections
from app.storage.shifts import last_hand_overs, shifts_on
from app.workflows import shifts
from app.workflows.desk import SECOND_STAYS_S, SecondPerson
from app.workflows.staff import StaffUnknown
from tests.factories import DOCTOR, MANAGER, NURSE
from tests.workflows.copied_site import CopiedSite, everything

BY_ID = {member.staff_id: member for member in STAFF}


def beside(site: CopiedSite, staff_id: str) -> SecondPerson:
    return SecondPerson(BY_ID[staff_id], site.clock.monotonic())


def test_a_part_of_a_day_is_planned_planned_anew_and_cleared(site: CopiedSite) -> None:
    site.as_user(MANAGER)
    day = site.desk.today() + timedelta(days=1)
    night = {NURSE: Duty.ON_DUTY, DOCTOR: Duty.ON_DUTY}
    site.desk.do(shifts.plan_day, day, {Part.NIGHT: night, Part.MORNING: {NURSE: Duty.LEADER}})
    led = {NURSE: Duty.ON_DUTY, MANAGER: Duty.LEADER}
    site.desk.do(shifts.plan_day, day, {Part.NIGHT: led, Part.MORNING: {}})
    planned = {shift.part: shift.duties for shift in shifts_on(site.desk.read(), day)}
    assert planned == {
        Part.MORNING: (),
        Part.AFTERNOON: (),
        Part.NIGHT: ((MANAGER, Duty.LEADER), (NURSE, Duty.ON_DUTY)),
    }


def test_what_stays_as_it_was_is_not_recorded_again(site: CopiedSite) -> None:
    site.as_user(MANAGER)
    plan = {Part.NIGHT: {NURSE: Duty.ON_DUTY}}
    site.desk.do(shifts.plan_day, site.desk.today(), plan)
    before = site.desk.read()["journal"].count
    site.desk.do(shifts.plan_day, site.desk.today(), plan)
    assert site.desk.read()["journal"].count == before


def test_a_shift_has_people_who_work_here(site: CopiedSite) -> None:
    site.as_user(MANAGER)
    with pytest.raises(StaffUnknown):
        site.desk.do(shifts.plan_day, site.desk.today(), {Part.NIGHT: {"u-gone": Duty.LEADER}})


def test_a_hand_over_names_both_and_what_is_open(site: CopiedSite) -> None:
    dose = site.vaccinated(site.patient(index=0), "RAB-1")
    called = site.at_needle(site.patient(index=1))
    waiting = site.registered(site.patient(index=2))
    work = site.desk.do(shifts.hand_over, beside(site, DOCTOR), " 冰箱门要关紧 ")
    assert (work.called, work.waiting) == ((called.ticket_number,), (waiting.ticket_number,))
    assert len(work.observing) == 1
    assert dose["trace_code"] not in work.vials, "one dose a vial: nothing is left in it"
    (kept,) = last_hand_overs(site.desk.read(), 5)
    assert (kept.given_by, kept.taken_by, kept.note, kept.work) == (NURSE, DOCTOR, "冰箱门要关紧", work)
    event = list(journal.events(site.desk.read()))[-1]
    assert (event.user, event.body["taken_by"]) == (NURSE, DOCTOR)


def test_an_opened_vial_with_doses_left_is_handed_over(site: CopiedSite) -> None:
    dose = site.vaccinated(site.patient(index=0), "IPV-5")
    work = site.desk.do(shifts.hand_over, beside(site, DOCTOR), "")
    assert work.vials == (dose["trace_code"],)


def test_on_a_quiet_day_nothing_is_open(site: CopiedSite) -> None:
    assert site.desk.do(shifts.hand_over, beside(site, DOCTOR), "") == OpenWork()


@pytest.mark.parametrize("who", [None, "u-fangxunzhi", "u-zhongshenyan"])
def test_nobody_hands_over_alone_or_to_who_does_not_work_there(site: CopiedSite, who: str | None) -> None:
    """STF-9: neither to an inspector nor to an auditor."""
    before = site.desk.read()["journal"].count
    with pytest.raises(SecondPersonNeeded):
        site.desk.do(shifts.hand_over, beside(site, who) if who else None, "")
    assert site.desk.read()["journal"].count == before


def test_nobody_is_their_own_second_person(site: CopiedSite) -> None:
    with pytest.raises(SecondPersonIsFirst):
        site.desk.do(shifts.hand_over, beside(site, NURSE), "")


def test_who_showed_themselves_a_while_ago_may_have_gone(site: CopiedSite) -> None:
    taker = beside(site, DOCTOR)
    site.clock.go(seconds=SECOND_STAYS_S + 1)
    with pytest.raises(SecondPersonNeeded):
        site.desk.do(shifts.hand_over, taker, "")


def test_an_inspector_hands_nothing_over(site: CopiedSite) -> None:
    site.desk.user = StaffMember("u-fangxunzhi", "方巡之", "", BY_ID["u-fangxunzhi"].roles)
    with pytest.raises(NotPermitted):
        site.desk.do(shifts.hand_over, beside(site, DOCTOR), "")


def test_roster_and_hand_overs_are_rebuilt_from_the_journal(site: CopiedSite) -> None:
    site.as_user(MANAGER)
    site.desk.do(shifts.plan_day, site.desk.today(), {part: {NURSE: Duty.ON_DUTY} for part in Part})
    site.desk.do(shifts.hand_over, beside(site, DOCTOR), "")
    before = everything(site.desk.read())
    site.store.write(lambda transaction: projections.rebuild(transaction.db))
    assert everything(site.desk.read()) == before
