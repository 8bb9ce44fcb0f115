"""The manager's acts and signing in (SITE-1, STK-5, STF-1, SEC-2)."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from app.domain.catalogue import Identification, LotStatus, PackCode, PackLevel
from app.domain.site import is_carried_over, opened_on
from app.domain.visit import VisitState
from app.practice.site import SITE, products
from app.storage import catalogue, encounters, journal
from app.storage import site as stored
from app.workflows import desk, sign_in, site_setup
from app.workflows.desk import CentreTime, staff_name
from app.workflows.needle import LotFactsDiffer
from app.workflows.observation import leave_early
from app.workflows.registration import cancel_visit
from app.workflows.site_setup import (
    PeopleStillHere,
    SessionAlreadyOpen,
    SessionNameMissing,
    VisitsStillWaiting,
)
from app.workflows.staff import StaffUnknown
from tests.factories import DOCTOR, MANAGER, NURSE
from tests.workflows.copied_site import CopiedSite


@pytest.fixture
def managed(site: CopiedSite) -> CopiedSite:
    site.as_user(MANAGER)
    return site


def test_the_site_is_one_and_as_last_configured(managed: CopiedSite) -> None:
    for changed in (replace(SITE, name="新址"), replace(SITE, site_id="1001010002", observation_minutes=45)):
        managed.desk.do(site_setup.configure_site, changed)
        assert stored.get_site(managed.desk.read()) == changed


def codes_of(one: Identification) -> list[str]:
    return [code for code in (one.gtin, one.code_prefix) if code]


def test_every_product_comes_back_as_it_was_stated(managed: CopiedSite) -> None:
    assert catalogue.all_products(managed.desk.read()) == products()
    for product in products():
        assert catalogue.get_product(managed.desk.read(), product.product_code) == product
        assert product.gtin is not None
        for one in (
            *product.identifications,
            Identification(PackLevel.UNIT, product.doses_per_pack, gtin=product.gtin),
        ):
            found = [catalogue.find_product_of(managed.desk.read(), code) for code in codes_of(one)]
            assert found == [(product, one.level, one.doses)] * len(found)
    assert catalogue.find_product_of(managed.desk.read(), "06900000099999") is None


def test_a_product_stated_again_is_replaced(managed: CopiedSite) -> None:
    newer = replace(products()[0], open_vial_minutes=45, verified=True)
    managed.desk.do(site_setup.add_product, newer)
    assert catalogue.get_product(managed.desk.read(), newer.product_code) == newer
    assert len(catalogue.all_products(managed.desk.read())) == len(products())


def test_a_lot_that_comes_in_again_is_the_same_lot(managed: CopiedSite) -> None:
    first = managed.desk.do(site_setup.receive_lot, "FLU4-1", "NEW-1", "2028-01-31")
    assert managed.desk.do(site_setup.receive_lot, "FLU4-1", "NEW-1", "2028-01-31") == first
    assert managed.desk.do(site_setup.receive_lot, "RAB-1", "NEW-1", "2028-01-31") != first
    with pytest.raises(LotFactsDiffer):
        managed.desk.do(site_setup.receive_lot, "FLU4-1", "NEW-1", "2028-02-29")
    numbers = [lot.lot_number for lot in catalogue.lots_of(managed.desk.read(), "FLU4-1")]
    assert numbers.count("NEW-1") == 1


def test_lots_are_listed_by_expiry(managed: CopiedSite) -> None:
    for number, expires_on in (("B", "2029-01-31"), ("A", "2027-01-31")):
        managed.desk.do(site_setup.receive_lot, "FLU4-1", number, expires_on)
    days = [lot.expires_on for lot in catalogue.lots_of(managed.desk.read(), "FLU4-1")]
    assert days == sorted(days)
    assert len(days) == 4


def test_a_code_never_changes_its_lot(managed: CopiedSite) -> None:
    lots = [managed.desk.do(site_setup.receive_lot, "FLU4-1", number, "2028-01-31") for number in "AB"]
    code = "89008080000000000777"
    for lot_id in lots:
        pack = PackCode(code, PackLevel.UNIT, None, lot_id, 1)
        managed.desk.do(site_setup.relate_codes, lot_id, [pack])
    found = catalogue.find_pack(managed.desk.read(), code)
    assert found is not None
    assert found.lot_id == lots[0]


def test_a_carton_leads_to_its_boxes_and_a_box_to_its_vials(managed: CopiedSite) -> None:
    lot = managed.stock[0]
    boxes = catalogue.children_of(managed.desk.read(), lot.carton_code)
    vials = [code for box in boxes for code in catalogue.children_of(managed.desk.read(), box)]
    assert len(boxes) == 6
    assert vials == lot.vial_codes


def test_a_lot_keeps_why_it_was_stopped(managed: CopiedSite) -> None:
    lot = managed.stock[0]
    managed.desk.do(site_setup.change_lot_status, lot.lot_id, LotStatus.RECALLED, "省里召回")
    found = catalogue.find_lot(managed.desk.read(), lot.lot_id)
    assert found is not None
    assert (found.status, found.status_reason) == (LotStatus.RECALLED, "省里召回")


def test_one_session_runs_at_a_time(managed: CopiedSite) -> None:
    """Two would give out the same queue numbers."""
    with pytest.raises(SessionAlreadyOpen) as caught:
        managed.desk.do(site_setup.open_session, "夜场")
    assert caught.value.name == "常规门诊"
    managed.desk.do(site_setup.close_session)
    assert stored.running_session(managed.desk.read()) is None
    with pytest.raises(desk.NoSession):
        managed.desk.do(site_setup.close_session)
    opened = managed.desk.do(site_setup.open_session, "夜场")
    assert stored.running_session(managed.desk.read()) == opened


def test_a_session_has_a_name(managed: CopiedSite) -> None:
    managed.desk.do(site_setup.close_session)
    with pytest.raises(SessionNameMissing):
        managed.desk.do(site_setup.open_session, "  ")


def test_nobody_under_observation_or_at_a_needle_is_left_behind(managed: CopiedSite) -> None:
    """N2023 8.1: whoever sits is looked at before the site closes."""
    dose = managed.vaccinated()
    called = managed.at_needle(managed.patient(index=1))
    managed.as_user(MANAGER)
    with pytest.raises(PeopleStillHere) as caught:
        managed.desk.do(site_setup.close_session, [called.encounter_id])
    assert (caught.value.observing, caught.value.called) == (("A001",), ("A002",))
    managed.desk.do(cancel_visit, called.encounter_id, "改天")
    managed.desk.do(leave_early, dose["encounter_id"], "赶车")
    managed.desk.do(site_setup.close_session)
    assert stored.running_session(managed.desk.read()) is None


def test_whoever_still_waits_is_seen_before_their_visit_ends(managed: CopiedSite) -> None:
    first = managed.ready()
    second = managed.registered(managed.patient(index=1))
    managed.as_user(MANAGER)
    with pytest.raises(VisitsStillWaiting) as caught:
        managed.desk.do(site_setup.close_session, [first.encounter_id])
    assert caught.value.tickets == ("A002",)
    managed.desk.do(site_setup.close_session, [first.encounter_id, second.encounter_id])
    db = managed.desk.read()
    states = {encounters.get_encounter(db, visit.encounter_id).state for visit in (first, second)}
    assert states == {VisitState.CANCELLED}
    (newest,) = stored.newest_sessions(db, 5)
    assert newest.closed_at is not None


def test_a_session_open_since_yesterday_is_told_and_goes_on(managed: CopiedSite) -> None:
    """APP-4: a site may work through the night; nothing is closed by itself."""
    session = stored.running_session(managed.desk.read())
    assert session is not None
    assert not is_carried_over(session, managed.desk.today())
    managed.clock.jump(timedelta(hours=24))
    assert is_carried_over(session, managed.desk.today())
    assert opened_on(session) == managed.desk.today() - timedelta(days=1)
    assert managed.registered().session_id == session.session_id


def test_who_may_open_a_session_is_said_by_name(managed: CopiedSite) -> None:
    managed.desk.do(site_setup.close_session)
    with pytest.raises(desk.NoSession) as caught:
        managed.registered()
    assert caught.value.managers == ("苏晚晴",)


def test_signing_in_is_recorded_and_names_who_answers(site: CopiedSite) -> None:
    assert sign_in.sign_in(site.desk, DOCTOR).name == "赵清和"
    assert site.desk.user is not None
    assert site.desk.user.staff_id == DOCTOR
    last = list(journal.events(site.desk.read()))[-1]
    assert (last.kind, last.user, last.desk) == ("user.signed_in", DOCTOR, "接种台 1")
    assert site.desk.read().execute("select staff_id from sign_in order by rowid desc").fetchone() == (
        DOCTOR,
    )


def test_somebody_the_records_do_not_know_is_not_signed_in(site: CopiedSite) -> None:
    with pytest.raises(StaffUnknown):
        sign_in.sign_in(site.desk, "u-gone")
    assert site.desk.user is not None
    assert site.desk.user.staff_id == NURSE


def test_a_member_who_is_gone_is_shown_by_the_id(site: CopiedSite) -> None:
    assert staff_name(site.desk.read(), NURSE) == "周敏"
    assert staff_name(site.desk.read(), "u-gone") == "u-gone"


def test_every_event_says_how_far_the_clock_can_be_believed(site: CopiedSite) -> None:
    """sync.md, *Journal*: offset to the last time of the centre, its age, the time since the start."""
    site.registered()
    assert list(journal.events(site.desk.read()))[-1].clock.offset_ms is None
    site.desk.centre_time = CentreTime(-1500, site.clock.monotonic())
    site.clock.go(7)
    site.registered(site.patient(index=1))
    clock = list(journal.events(site.desk.read()))[-1].clock
    assert (clock.offset_ms, clock.age_ms) == (-1500, 7000)
    assert clock.uptime_ms == int(site.clock.monotonic() * 1000)


def test_the_day_of_the_site_is_the_day_in_china(site: CopiedSite) -> None:
    assert site.desk.today() == date(2026, 11, 23)
    site.clock.jump(timedelta(hours=15))
    assert site.desk.today() == date(2026, 11, 24)
