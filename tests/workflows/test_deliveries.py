"""Receiving a delivery: scanned or from the supplier's file, on its papers, in its band (STK-5, TRC-3)."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.catalogue import LotStatus, PackCode, PackLevel, Product, StorageBand
from app.domain.codes import Gs1Code, TraceCode
from app.domain.delivery import (
    ContentsUnknown,
    Delivery,
    DeliveryIncomplete,
    DeliveryPapersMissing,
    DosesDiffer,
    LotExpiredOnArrival,
    LotRecalled,
    PackOfOtherLot,
    PackOfOtherProduct,
    PackScannedTwice,
    Paper,
    TemperatureUnreadable,
    is_in_band,
    parent_of,
    read_celsius,
    unopened,
    usable_doses,
)
from app.domain.permissions import SecondPersonNeeded
from app.domain.refusals import Refusal
from app.domain.relation_file import RelationFileUnreadable, read_relation_file
from app.domain.vial import CodeSource, LotBlocked
from app.storage import deliveries as kept
from app.storage import journal, projections
from app.storage.catalogue import find_lot, find_pack, get_product
from app.storage.staff import find_staff
from app.workflows import deliveries, needle, site_setup
from app.workflows.deliveries import PackReceivedBefore, PackUnknown, PackWithoutSerial
from app.workflows.desk import SecondPerson
from app.workflows.immunization import void_immunization
from app.workflows.needle import LotFactsDiffer
from tests.factories import DOCTOR, MANAGER, NURSE
from tests.workflows.copied_site import CopiedSite, everything
from tests.workflows.relation_files import relation_file

UNTIL = date(2028, 1, 31)
KEEPER = "u-lushoucang"


@pytest.fixture
def fridge(site: CopiedSite) -> CopiedSite:
    site.as_user(KEEPER)
    return site


def codes(product: Product, level: PackLevel, count: int, start: int = 7_000_000) -> list[str]:
    prefix = next(
        one.code_prefix for one in product.identifications if one.level is level and one.code_prefix
    )
    return [f"{prefix}{start + number:013d}" for number in range(count)]


def flu(site: CopiedSite) -> Product:
    return get_product(site.desk.read(), "FLU4-1")


def stated(**facts: Any) -> Delivery:
    """Return a delivery in order, of three vials, but for these facts."""
    usual = Delivery("FLU4-1", "NEW-7", UNTIL, 3, "县疾控中心", "5.2", frozenset(Paper), "批签 2026-77")
    return replace(usual, **facts)


def scanned(site: CopiedSite, delivery: Delivery, *scans: str) -> Delivery:
    """Return the delivery with these packs scanned one after the other."""
    for code in scans:
        found = deliveries.identify_pack(site.desk.read(), TraceCode(code))
        pack = deliveries.pack_scanned(delivery, found)
        delivery = replace(delivery, packs=(*delivery.packs, pack))
    return delivery


def three_vials(site: CopiedSite, **facts: Any) -> Delivery:
    return scanned(site, stated(**facts), *codes(flu(site), PackLevel.UNIT, 3))


def test_what_was_scanned_in_can_be_injected_from(fridge: CopiedSite) -> None:
    """TRC-2, TRC-3: from the pack scanned at the door to the vial at the needle."""
    delivery = three_vials(fridge)
    received = fridge.desk.do(deliveries.receive_delivery, delivery)
    assert not received.put_aside
    db = fridge.desk.read()
    (line,) = [line for line in kept.stock(db) if line.lot.lot_id == received.lot_id]
    assert (line.received, line.used, line.left) == (3, 0, 3)
    (arrival,) = kept.arrivals_of(db, received.lot_id)
    assert (arrival.received_by, arrival.facts["supplier"], arrival.facts["temperature"]) == (
        KEEPER, "县疾控中心", "5.2",
    )  # fmt: skip
    visit = fridge.at_needle()
    vial = fridge.desk.do(
        needle.scan_vial, visit.encounter_id, TraceCode(delivery.packs[0].code), CodeSource.SCANNED
    )
    assert vial.lot.lot_number == "NEW-7"


def test_a_dose_is_counted_under_its_lot_until_it_is_voided(fridge: CopiedSite) -> None:
    def used() -> list[int]:
        return [line.used for line in kept.stock(fridge.desk.read()) if line.lot.lot_id == lot.lot_id]

    lot = next(lot for lot in fridge.stock if lot.vial_codes == fridge.vials("FLU4-1"))
    assert used() == [0]
    dose = fridge.vaccinated()
    assert used() == [1]
    fridge.as_user(NURSE)
    fridge.desk.do(void_immunization, dose["immunization_id"], "记错", fridge.beside())
    assert used() == [0]


def test_the_fridge_is_listed_first_expiry_first(fridge: CopiedSite) -> None:
    days = [line.lot.expires_on for line in kept.stock(fridge.desk.read())]
    assert days == sorted(days)


@pytest.mark.parametrize(
    ("facts", "refusal"),
    [
        ({"lot_number": " ", "supplier": ""}, DeliveryIncomplete(("lot_number", "supplier"))),
        ({"papers": frozenset({Paper.LOT_RELEASE})}, DeliveryPapersMissing((Paper.TRANSPORT_LOG,))),
        ({"papers": frozenset()}, DeliveryPapersMissing(tuple(Paper))),
        ({"temperature": "凉"}, TemperatureUnreadable("凉")),
        ({"temperature": "520"}, TemperatureUnreadable("520")),
        ({"expires_on": date(2026, 11, 22)}, LotExpiredOnArrival("NEW-7", date(2026, 11, 22))),
        ({"doses": 4}, DosesDiffer(4, 3)),
    ],
)
def test_what_is_missing_or_wrong_lets_nothing_in(
    fridge: CopiedSite, facts: dict[str, Any], refusal: Refusal
) -> None:
    """疫苗管理法 art. 38, 39: without its papers a delivery is not received."""
    before = everything(fridge.desk.read())
    with pytest.raises(type(refusal)) as caught:
        fridge.desk.do(deliveries.receive_delivery, three_vials(fridge, **facts))
    assert caught.value.facts() == refusal.facts()
    assert everything(fridge.desk.read()) == before


@pytest.mark.parametrize("temperature", ["1.9", "8.1", "-3", "25"])
def test_what_arrived_too_warm_or_too_cold_waits_for_two_people(fridge: CopiedSite, temperature: str) -> None:
    received = fridge.desk.do(deliveries.receive_delivery, three_vials(fridge, temperature=temperature))
    assert received.put_aside
    lot = find_lot(fridge.desk.read(), received.lot_id)
    assert lot is not None
    assert lot.status is LotStatus.QUARANTINED
    visit = fridge.at_needle()
    code = TraceCode(codes(flu(fridge), PackLevel.UNIT, 1)[0])
    with pytest.raises(LotBlocked):
        fridge.desk.do(needle.scan_vial, visit.encounter_id, code, CodeSource.SCANNED)
    fridge.as_user(MANAGER)
    release = site_setup.change_lot_status
    told = received.lot_id, LotStatus.IN_USE, "县疾控评估可用"
    with pytest.raises(SecondPersonNeeded):
        fridge.desk.do(release, *told)
    doctor = find_staff(fridge.desk.read(), DOCTOR)
    assert doctor is not None
    fridge.desk.do(release, *told, SecondPerson(doctor, fridge.clock.monotonic()))
    fridge.as_user(NURSE)
    fridge.desk.do(needle.scan_vial, visit.encounter_id, code, CodeSource.SCANNED)


@given(celsius=st.decimals(-89, 59, places=1), band=st.sampled_from(StorageBand))
def test_a_temperature_is_in_one_band_at_most(celsius: Any, band: StorageBand) -> None:
    assert read_celsius(f" {celsius}℃") == celsius
    other = next(one for one in StorageBand if one is not band)
    assert not (is_in_band(band, celsius) and is_in_band(other, celsius))
    assert not is_in_band(StorageBand.REFRIGERATED, celsius) or 2 <= celsius <= 8


def test_a_pack_is_scanned_once_and_received_once(fridge: CopiedSite) -> None:
    delivery = three_vials(fridge)
    with pytest.raises(PackScannedTwice):
        scanned(fridge, delivery, delivery.packs[1].code)
    fridge.desk.do(deliveries.receive_delivery, delivery)
    with pytest.raises(PackReceivedBefore) as caught:
        scanned(fridge, stated(), delivery.packs[1].code)
    assert caught.value.lot_number == "NEW-7"
    with pytest.raises(PackReceivedBefore):
        fridge.desk.do(deliveries.receive_delivery, delivery)


def test_one_delivery_is_one_product_and_one_lot(fridge: CopiedSite) -> None:
    db = fridge.desk.read()
    rabies = codes(get_product(db, "RAB-1"), PackLevel.UNIT, 1)[0]
    with pytest.raises(PackOfOtherProduct):
        scanned(fridge, three_vials(fridge), rabies)
    gtin = flu(fridge).gtin
    assert gtin is not None
    label = Gs1Code(gtin, "OTHER", UNTIL, "S1")
    with pytest.raises(PackOfOtherLot):
        deliveries.pack_scanned(stated(), deliveries.identify_pack(db, label))
    found = deliveries.identify_pack(db, replace(label, lot_number="NEW-7"))
    assert deliveries.pack_scanned(stated(), found).code == f"(01){gtin}(21)S1"
    with pytest.raises(PackWithoutSerial):
        deliveries.identify_pack(db, replace(label, serial=None))
    with pytest.raises(PackUnknown):
        deliveries.identify_pack(db, TraceCode("1234567" + "0" * 13))


def test_a_lot_keeps_its_expiry_and_a_recalled_one_does_not_come_in(fridge: CopiedSite) -> None:
    received = fridge.desk.do(deliveries.receive_delivery, three_vials(fridge))
    more = scanned(fridge, stated(), *codes(flu(fridge), PackLevel.UNIT, 3, start=8_000_000))
    with pytest.raises(LotFactsDiffer):
        fridge.desk.do(deliveries.receive_delivery, replace(more, expires_on=date(2028, 2, 29)))
    fridge.desk.do(site_setup.change_lot_status, received.lot_id, LotStatus.RECALLED, "省里召回")
    with pytest.raises(LotRecalled):
        fridge.desk.do(deliveries.receive_delivery, more)


def test_a_box_is_full_only_with_all_that_is_in_it(fridge: CopiedSite) -> None:
    """A vial whose code nobody knows could not be scanned at the needle."""
    product = flu(fridge)
    box, vials = codes(product, PackLevel.INNER, 1)[0], codes(product, PackLevel.UNIT, 11)
    ten = scanned(fridge, stated(doses=10), box, *vials[:9])
    with pytest.raises(ContentsUnknown) as caught:
        fridge.desk.do(deliveries.receive_delivery, replace(ten, doses=9))
    assert caught.value.codes == (box,)
    eleven = scanned(fridge, ten, *vials[9:])
    fridge.desk.do(deliveries.receive_delivery, replace(eleven, doses=11))
    packs = [find_pack(fridge.desk.read(), code) for code in vials]
    assert [pack.parent_code for pack in packs if pack] == [box] * 10 + [None]


pack_sizes = st.lists(st.sampled_from([(PackLevel.UNIT, 1), (PackLevel.INNER, 10), (PackLevel.CARTON, 60)]))


@given(pack_sizes)
def test_no_pack_ever_holds_more_than_it_is_for(sizes: list[tuple[PackLevel, int]]) -> None:
    packs: list[PackCode] = []
    for number, (level, doses) in enumerate(sizes):
        packs.append(PackCode(str(number), level, parent_of(packs, level, doses), "", doses))
    by_code = {pack.code: pack for pack in packs}
    for pack in packs:
        inside = [one for one in packs if one.parent_code == pack.code]
        assert sum(one.doses for one in inside) <= pack.doses
        assert all(one.level < pack.level for one in inside)
        assert pack.parent_code is None or int(pack.parent_code) < int(pack.code)
    assert set(unopened(packs)) <= set(by_code)
    assert usable_doses(packs) == sum(level is PackLevel.UNIT for level, _ in sizes)


def test_the_suppliers_file_opens_a_carton(fridge: CopiedSite) -> None:
    """TRC-3: a carton leads to its boxes, a box to its vials, without one scan."""
    (lot,) = read_relation_file(relation_file(flu(fridge), "NEW-9", UNTIL))
    product, packs = deliveries.filed_packs(fridge.desk.read(), lot)
    assert (product.product_code, lot.lot_number, lot.expires_on) == ("FLU4-1", "NEW-9", UNTIL)
    assert unopened(packs) == ()
    delivery = stated(lot_number="NEW-9", doses=usable_doses(packs), packs=packs)
    fridge.desk.do(deliveries.receive_delivery, delivery)
    assert deliveries.lots_to_come(fridge.desk.read(), [lot]) == ()
    pack = find_pack(fridge.desk.read(), packs[-1].code)
    assert pack is not None
    assert pack.parent_code is not None


def test_a_great_delivery_goes_in_events_of_a_size_the_centre_takes(fridge: CopiedSite) -> None:
    """sync.md: an event is no larger than 256 KiB."""
    count = 3_500
    delivery = stated(doses=count, packs=tuple(
        PackCode(code, PackLevel.UNIT, "8" * 20, "", 1) for code in codes(flu(fridge), PackLevel.UNIT, count)
    ))  # fmt: skip
    received = fridge.desk.do(deliveries.receive_delivery, delivery)
    db = fridge.desk.read()
    largest = max(len(entry.data) for entry in journal.entries(db, journal.current_stream(db)))
    assert largest < 256 << 10
    (line,) = [line for line in kept.stock(fridge.desk.read()) if line.lot.lot_id == received.lot_id]
    assert line.received == count


GOOD = b'<Document><Relation><Batch batchNo="A" validateDate="20280131">%s</Batch></Relation></Document>'
UNIT = b'<Code curCode="89000000000000000001" packLayer="1" parentCode="%s"/>'


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"PK\x03\x04",
        b"<Document/>",
        b'<!DOCTYPE x [<!ENTITY a "b">]>' + GOOD % (UNIT % b""),
        GOOD % b"",
        GOOD % (UNIT % b"11111111111111111111"),
        GOOD % (UNIT % b"89000000000000000001"),
        GOOD % (UNIT % b"" + UNIT % b""),
        (GOOD % (UNIT % b"")).replace(b"20280131", b"soon"),
        (GOOD % (UNIT % b"")).replace(b'packLayer="1"', b'packLayer="7"'),
        (GOOD % (UNIT % b"")).replace(b"89000000000000000001", b"x"),
    ],
)
def test_a_file_that_is_none_is_refused(content: bytes) -> None:
    with pytest.raises(RelationFileUnreadable):
        read_relation_file(content)
    assert len(read_relation_file(GOOD % (UNIT % b""))) == 1


@given(st.binary(max_size=300))
def test_no_file_breaks_the_reader(content: bytes) -> None:
    with pytest.raises(RelationFileUnreadable):
        read_relation_file(content)


def test_deliveries_come_back_from_the_journal(fridge: CopiedSite) -> None:
    fridge.desk.do(deliveries.receive_delivery, three_vials(fridge, temperature="12"))
    before = everything(fridge.desk.read())
    fridge.store.write(lambda transaction: projections.rebuild(transaction.db))
    assert everything(fridge.desk.read()) == before
