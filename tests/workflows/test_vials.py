"""Which vial may be presented, however its code came to be known (TRC-2, VER-1)."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from app.domain.catalogue import LotStatus, PackLevel
from app.domain.checklist import PERSON_ITEMS, Item
from app.domain.codes import Gs1Code, TraceCode
from app.domain.permissions import SecondPersonNeeded
from app.domain.refusals import Refusal
from app.domain.vial import (
    CartonScanned,
    CodeNotInStock,
    CodeOverused,
    CodeSource,
    LotBlocked,
    LotExpired,
    OpenTooLong,
    Vial,
    VialQuarantined,
    WrongProduct,
)
from app.domain.visit import Encounter, WrongStep
from app.practice.site import StockedLot
from app.storage import catalogue, journal
from app.storage.needle import confirmations, find_vial
from app.storage.staff import find_staff
from app.workflows import needle, site_setup, stock
from app.workflows.desk import SecondPerson
from app.workflows.needle import (
    CodeOfOtherLot,
    EntryReasonMissing,
    HandEntry,
    LotFactsDiffer,
    needle_view,
)
from tests.factories import DOCTOR, MANAGER, NURSE
from tests.workflows.copied_site import CopiedSite


def good_lot(site: CopiedSite, product_code: str = "FLU4-1") -> StockedLot:
    today = site.desk.today()
    return next(lot for lot in site.stock if lot.product_code == product_code and lot.expires_on > today)


def scan(site: CopiedSite, encounter: Encounter, code: str) -> Vial:
    return site.desk.do(needle.scan_vial, encounter.encounter_id, TraceCode(code), CodeSource.SCANNED)


def entries(site: CopiedSite) -> int:
    return sum(journal.verify(site.desk.read()).values())


def refused_scan(site: CopiedSite, encounter: Encounter, code: str) -> Refusal:
    """Return why a vial is stopped, after a look that nothing was presented or written."""
    before = entries(site)
    with pytest.raises(Refusal) as caught:
        scan(site, encounter, code)
    assert entries(site) == before
    return caught.value


# The vial


def test_the_right_vial_is_presented_with_lot_and_expiry_from_the_stock(site: CopiedSite) -> None:
    """A 20-digit code carries neither (domain.md §2.1)."""
    vial = scan(site, site.at_needle(), site.vials("FLU4-1")[0])
    lot = good_lot(site)
    assert (vial.lot.lot_number, vial.lot.expires_on) == (lot.lot_number, lot.expires_on)
    assert (vial.source, vial.reason, vial.doses_used) == (CodeSource.SCANNED, "", 0)


def test_another_product_is_stopped(site: CopiedSite) -> None:
    assert isinstance(refused_scan(site, site.at_needle(), site.vials("RAB-1")[0]), WrongProduct)


def test_an_expired_lot_is_stopped(site: CopiedSite) -> None:
    refusal = refused_scan(site, site.at_needle(), site.vials("FLU4-1", expired=True)[0])
    assert isinstance(refusal, LotExpired)


def test_a_lot_is_usable_on_its_last_day_until_midnight_in_china(site: CopiedSite) -> None:
    last_day = good_lot(site).expires_on
    site.clock.jump(
        datetime(last_day.year, last_day.month, last_day.day, 15, 58, tzinfo=UTC) - site.clock.now()
    )
    first, second, *_ = site.vials("FLU4-1")
    site.open_day()
    assert scan(site, site.at_needle(), first).lot.expires_on == last_day
    site.clock.go(minutes=2)
    site.open_day()
    site.desk.name = "接种台 2"
    next_day = site.at_needle(site.patient(index=1))
    assert isinstance(refused_scan(site, next_day, second), LotExpired)


@pytest.mark.parametrize("status", [LotStatus.QUARANTINED, LotStatus.RECALLED])
def test_a_blocked_lot_is_stopped_until_it_is_released(site: CopiedSite, status: LotStatus) -> None:
    encounter, lot = site.at_needle(), good_lot(site)
    site.as_user(MANAGER)
    site.desk.do(site_setup.change_lot_status, lot.lot_id, status, "省里通知")
    site.as_user(NURSE)
    assert refused_scan(site, encounter, lot.vial_codes[0]) == LotBlocked(lot.lot_number, status, "省里通知")
    site.as_user(MANAGER)
    release = lot.lot_id, LotStatus.IN_USE, "复核合格"
    with pytest.raises(SecondPersonNeeded):
        site.desk.do(site_setup.change_lot_status, *release)
    doctor = find_staff(site.desk.read(), DOCTOR)
    assert doctor is not None
    site.desk.do(site_setup.change_lot_status, *release, SecondPerson(doctor, site.clock.monotonic()))
    assert list(journal.events(site.desk.read()))[-1].body["approved_by"] == DOCTOR
    site.as_user(NURSE)
    assert scan(site, encounter, lot.vial_codes[0])


def test_a_vial_put_aside_is_stopped_and_its_neighbours_are_not(site: CopiedSite) -> None:
    encounter, (first, second, *_) = site.at_needle(), site.vials("FLU4-1")
    site.desk.do(stock.quarantine_pack, first, "有裂纹")
    assert isinstance(refused_scan(site, encounter, first), VialQuarantined)
    assert scan(site, encounter, second)


@pytest.mark.parametrize("level", [PackLevel.INNER, PackLevel.CARTON])
def test_the_code_of_a_box_or_carton_is_no_vial(site: CopiedSite, level: PackLevel) -> None:
    code = next(pack.code for pack in good_lot(site).packs if pack.level is level)
    assert refused_scan(site, site.at_needle(), code) == CartonScanned(code, level)


def test_a_code_of_no_delivery_is_refused(site: CopiedSite) -> None:
    code = "89008080009999999999"
    assert refused_scan(site, site.at_needle(), code) == CodeNotInStock(code)


def test_a_vial_used_up_is_stopped(site: CopiedSite) -> None:
    site.vaccinated()
    refusal = refused_scan(site, site.at_needle(site.patient(index=1)), site.vials("FLU4-1")[0])
    assert refusal == CodeOverused(site.vials("FLU4-1")[0], 1, 1)


def test_a_vial_of_five_doses_is_used_exactly_five_times(site: CopiedSite) -> None:
    """domain.md §14.2: n times is legal for an n-dose vial, more is an error (TRC-2)."""
    records = [site.vaccinated(site.patient(index=index), "IPV-5") for index in range(5)]
    assert [record["dose_index_in_vial"] for record in records] == [1, 2, 3, 4, 5]
    assert {record["vial_opened_at"] for record in records} == {records[0]["occurred_at"]}
    refusal = refused_scan(site, site.at_needle(site.patient(index=5), "IPV-5"), site.vials("IPV-5")[0])
    assert refusal == CodeOverused(site.vials("IPV-5")[0], 5, 5)


def test_an_opened_vial_is_thrown_away_after_an_hour(site: CopiedSite) -> None:
    """N2023 10.3.2, inactivated; the limit counts at the scan and again at the dose."""
    site.vaccinated(product_code="IPV-5")
    site.clock.go(minutes=59)
    waiting = site.checked(site.patient(index=1), "IPV-5")
    site.clock.go(minutes=1)
    view = needle_view(site.desk.read(), waiting.encounter_id, site.clock.now())
    assert isinstance(view.results[2].refusal, OpenTooLong)
    site.desk.do(needle.return_visit, waiting.encounter_id, "queue", "")
    other = site.at_needle(site.patient(index=2), "IPV-5")
    assert isinstance(refused_scan(site, other, site.vials("IPV-5")[0]), OpenTooLong)


def test_another_vial_asks_again_for_appearance_and_recipient_and_for_nothing_else(site: CopiedSite) -> None:
    checked = site.checked()
    scan(site, checked, site.vials("FLU4-1")[1])
    assert set(confirmations(site.desk.read(), checked.encounter_id)) == {Item.BOOKLET, Item.NAME}


def test_the_same_vial_scanned_again_asks_for_nothing_again(site: CopiedSite) -> None:
    checked = site.checked()
    scan(site, checked, site.vials("FLU4-1")[0])
    assert set(confirmations(site.desk.read(), checked.encounter_id)) == set(PERSON_ITEMS)


def test_a_vial_put_down_takes_its_confirmations_with_it(site: CopiedSite) -> None:
    checked = site.checked()
    site.desk.do(needle.put_vial_away, checked.encounter_id, "换瓶")
    db = site.desk.read()
    assert find_vial(db, checked.encounter_id) is None
    assert set(confirmations(db, checked.encounter_id)) == {Item.BOOKLET, Item.NAME}


def test_no_vial_is_presented_before_the_ticket_is_called(site: CopiedSite) -> None:
    ready = site.ready()
    assert isinstance(refused_scan(site, ready, site.vials("FLU4-1")[0]), WrongStep)


def test_a_refused_vial_is_noted_and_counted(site: CopiedSite) -> None:
    """Few alerts, and how often each came is shown to the supervisor (ux.md rule 10)."""
    encounter, code = site.at_needle(), site.vials("RAB-1")[0]
    refusal = refused_scan(site, encounter, code)
    note = needle.note_refused_vial
    assert [site.desk.do(note, encounter.encounter_id, code, refusal) for _ in range(2)] == [1, 2]
    kinds = [event.kind for event in journal.events(site.desk.read())]
    assert kinds.count("vial.refused") == 2


# GS1 vials


def gs1(site: CopiedSite, serial: str | None = "SN1", **facts: Any) -> Gs1Code:
    product = catalogue.get_product(site.desk.read(), "FLU4-1")
    return replace(Gs1Code(product.gtin or "", good_lot(site).lot_number, serial=serial), **facts)


def scan_gs1(site: CopiedSite, encounter: Encounter, code: Gs1Code) -> Vial:
    return site.desk.do(needle.scan_vial, encounter.encounter_id, code, CodeSource.SCANNED)


def test_a_gs1_vial_is_found_by_its_lot_and_kept_by_its_serial(site: CopiedSite) -> None:
    vial = scan_gs1(site, site.at_needle(), gs1(site))
    assert vial.lot.lot_id == good_lot(site).lot_id
    assert vial.trace_code is not None
    assert vial.trace_code.endswith("(21)SN1")


def test_of_two_expiry_dates_the_earlier_counts_in_the_record_too(site: CopiedSite) -> None:
    earlier = good_lot(site).expires_on - timedelta(days=100)
    encounter = site.at_needle()
    assert scan_gs1(site, encounter, gs1(site, expires_on=earlier)).lot.expires_on == earlier
    presented = find_vial(site.desk.read(), encounter.encounter_id)
    assert presented is not None
    assert presented[0].lot.expires_on == earlier
    later = good_lot(site).expires_on + timedelta(days=100)
    assert scan_gs1(site, encounter, gs1(site, "SN2", expires_on=later)).lot.expires_on < later


def test_a_gs1_vial_whose_own_date_is_over_is_stopped(site: CopiedSite) -> None:
    with pytest.raises(LotExpired):
        scan_gs1(site, site.at_needle(), gs1(site, expires_on=site.desk.today() - timedelta(days=1)))


@pytest.mark.parametrize("facts", [{"gtin": "06900000099999"}, {"lot_number": None}, {"lot_number": "OTHER"}])
def test_a_gs1_code_of_no_delivery_is_refused(site: CopiedSite, facts: dict[str, Any]) -> None:
    with pytest.raises(CodeNotInStock):
        scan_gs1(site, site.at_needle(), gs1(site, **facts))


def test_a_gs1_vial_put_aside_is_stopped(site: CopiedSite) -> None:
    encounter = site.at_needle()
    code = scan_gs1(site, encounter, gs1(site)).trace_code
    assert code is not None
    site.desk.do(stock.quarantine_pack, code, "有裂纹")
    with pytest.raises(VialQuarantined):
        scan_gs1(site, encounter, gs1(site))


def test_a_gs1_code_without_serial_names_no_vial_and_is_flagged(site: CopiedSite) -> None:
    """Its lot would otherwise be used up by the first dose."""
    first = site.at_needle()
    vial = scan_gs1(site, first, gs1(site, serial=None))
    assert vial.trace_code is None
    assert vial.reason
    for item in PERSON_ITEMS:
        site.desk.do(needle.confirm_item, first.encounter_id, item)
    scan_gs1(site, first, gs1(site, serial=None))
    assert Item.APPEARANCE not in confirmations(site.desk.read(), first.encounter_id), "perhaps another vial"


# Entered by hand


def by_hand(site: CopiedSite, **facts: object) -> HandEntry:
    lot = good_lot(site)
    entry = HandEntry(CodeSource.UNREADABLE, "标签破损", "FLU4-1", lot.lot_number, lot.expires_on)
    return replace(entry, **facts)  # type: ignore[arg-type]


def test_a_vial_entered_by_hand_is_flagged_with_its_reason(site: CopiedSite) -> None:
    """The dose record is never lost for a bad code: keep, flag, fix (domain.md §14.12)."""
    vial = site.desk.do(needle.enter_vial, site.at_needle().encounter_id, by_hand(site), site.beside())
    assert (vial.source, vial.reason, vial.trace_code) == (CodeSource.UNREADABLE, "标签破损", None)
    assert vial.lot.lot_id == good_lot(site).lot_id


def test_a_lot_nobody_received_is_kept_as_typed(site: CopiedSite) -> None:
    entry = by_hand(site, lot_number=" X-1 ", expires_on=date(2027, 1, 31))
    vial = site.desk.do(needle.enter_vial, site.at_needle().encounter_id, entry, site.beside())
    assert (vial.lot.lot_id, vial.lot.lot_number, vial.lot.expires_on) == ("", "X-1", date(2027, 1, 31))


@pytest.mark.parametrize(
    ("facts", "refusal"),
    [
        ({"reason": " "}, EntryReasonMissing),
        ({"lot_number": ""}, EntryReasonMissing),
        ({"expires_on": date(2030, 1, 1)}, LotFactsDiffer),
        ({"lot_number": "X-1", "expires_on": date(2026, 11, 22)}, LotExpired),
        ({"product_code": "RAB-1", "lot_number": "X-1"}, WrongProduct),
    ],
)
def test_the_hard_facts_hold_for_a_vial_entered_by_hand(
    site: CopiedSite, facts: dict[str, object], refusal: type[Refusal]
) -> None:
    encounter, before = site.at_needle(), None
    before = entries(site)
    with pytest.raises(refusal):
        site.desk.do(needle.enter_vial, encounter.encounter_id, by_hand(site, **facts), site.beside())
    assert entries(site) == before


def test_a_typed_code_that_a_delivery_knows_is_held_to_what_it_says(site: CopiedSite) -> None:
    """Else an expired vial could be typed in under a good lot."""
    encounter = site.at_needle()
    expired, carton = site.vials("FLU4-1", expired=True)[0], good_lot(site).carton_code
    known = replace(by_hand(site), source=CodeSource.TYPED)
    with pytest.raises(CodeOfOtherLot):
        site.desk.do(
            needle.enter_vial, encounter.encounter_id, replace(known, trace_code=expired), site.beside()
        )
    with pytest.raises(CartonScanned):
        site.desk.do(
            needle.enter_vial, encounter.encounter_id, replace(known, trace_code=carton), site.beside()
        )
    good = replace(known, trace_code=site.vials("FLU4-1")[3])
    assert (
        site.desk.do(needle.enter_vial, encounter.encounter_id, good, site.beside()).trace_code
        == good.trace_code
    )


def test_a_typed_code_counts_the_doses_taken_under_it(site: CopiedSite) -> None:
    site.vaccinated(vial=3)
    other = site.at_needle(site.patient(index=1))
    again = by_hand(site, source=CodeSource.TYPED, trace_code=site.vials("FLU4-1")[3])
    with pytest.raises(CodeOverused):
        site.desk.do(needle.enter_vial, other.encounter_id, again, site.beside())


def test_a_code_left_empty_is_no_code(site: CopiedSite) -> None:
    entry = by_hand(site, trace_code="")
    assert (
        site.desk.do(needle.enter_vial, site.at_needle().encounter_id, entry, site.beside()).trace_code
        is None
    )


def test_a_scan_after_a_typing_slip_counts(site: CopiedSite) -> None:
    encounter, code = site.at_needle(), site.vials("FLU4-1")[0]
    typed = by_hand(site, source=CodeSource.TYPED, trace_code=code)
    site.desk.do(needle.enter_vial, encounter.encounter_id, typed, site.beside())
    scan(site, encounter, code)
    presented = find_vial(site.desk.read(), encounter.encounter_id)
    assert presented is not None
    assert presented[0].source is CodeSource.SCANNED


@pytest.mark.parametrize("level", [PackLevel.INNER, PackLevel.CARTON])
def test_the_gtin_of_a_larger_pack_is_no_vial(site: CopiedSite, level: PackLevel) -> None:
    """domain.md §2.2: every level has a code of its own."""
    product = catalogue.get_product(site.desk.read(), "FLU4-1")
    gtin = next(one.gtin for one in product.identifications if one.level is level)
    encounter = site.at_needle()
    with pytest.raises(CartonScanned) as refused:
        scan_gs1(site, encounter, gs1(site, gtin=gtin or ""))
    assert refused.value.level is level
