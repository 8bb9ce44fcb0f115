"""The stock of each site at the centre: received less used, in whatever order it was told (TRC-1)."""

from datetime import date
from random import Random
from typing import Any

import pytest

from app.domain.journal import Entry, Event, Json, Stream
from app.storage import journal
from app.workflows import immunization
from app.workflows.stock import quarantine_pack
from server import reproject
from server.database import Database
from server.operator.stock import LotSight, see_stock
from server.projection import SemanticError, read
from server.projector import project
from tests.factories import SmallSite
from tests.server.desk import CLOCK, admit, number, push
from tests.server.test_projection import event
from tests.sync.local_journal import SITE, LocalJournal

LOT, OTHER = "0192f0c0-0000-7000-8000-00000000000a", "0192f0c0-0000-7000-8000-00000000000b"
PERSON = "0192f0c0-0000-7000-8000-000000000001"
TODAY = date(2026, 11, 23)
TABLES = ("stock_product", "stock_lot", "stock_pack", "stock_dose", "stock_movement")
PRODUCT: Json = {
    "product_code": "HEPB-10", "vaccine_code": "HepB", "vaccine_name": "乙肝疫苗", "market_holder": "甲公司",
}  # fmt: skip
RECEIVED: Json = {
    "lot_id": LOT, "product_code": "HEPB-10", "lot_number": "A897", "expires_on": "2028-01-17",
}  # fmt: skip
CODES = [["C", "3", None, 4], ["I", "2", "C", 4], *([f"U{unit}", "1", "I", 1] for unit in range(4))]


def dose(unit: int, **said: Any) -> Json:
    return {
        "immunization_id": f"0192f0c0-0000-7000-8000-0000000001{unit:02}", "patient_id": PERSON,
        "vaccine_code": "HepB", "product_code": "HEPB-10", "lot_number": "A897", "trace_code": f"U{unit}",
        "occurred_at": "2026-11-23T01:00:00.000Z", **said,
    }  # fmt: skip


HISTORY = [
    event("product.added", PRODUCT, at=1),
    event("lot.received", RECEIVED, at=2),
    event("pack_codes.related", {"lot_id": LOT, "codes": CODES}, at=3),
    event("immunization.recorded", dose(0), at=4),
    event("immunization.recorded", dose(1), at=5),
    event("immunization.voided", {"immunization_id": dose(1)["immunization_id"], "reason": "录错"}, at=6),
    event("pack.quarantined", {"code": "U2", "reason": "破损"}, at=7),
    event("pack.quarantined", {"code": "U3", "reason": "破损"}, at=10),
    event("pack.released", {"code": "U3", "reason": "复核合格", "approved_by": "u-2"}, at=11),
    event("lot.status_changed", {"lot_id": LOT, "status": "quarantined", "reason": "冷链"}, at=8),
    event("lot.status_changed", {"lot_id": LOT, "status": "in_use", "reason": ""}, at=9),
]
BROKEN: Json = {"lot_id": LOT, "place": "shelf", "doses": -1, "cause": "broken", "reason": "破损"}
ADJUSTED = event("stock.adjusted", BROKEN, at=12)


def apply(database: Database, *events: Event) -> list[SemanticError]:
    entries = [Entry(Stream("d", "0" * 16), item, b"", b"") for item in events]
    return [error for _, error in project(database, entries)]


def tables(database: Database) -> list[Any]:
    return [database.execute(f"select * from {name} order by 1, 2".encode()).fetchall() for name in TABLES]


def test_left_is_what_came_less_what_was_used_and_put_aside(database: Database) -> None:
    """Only the smallest packs count: a carton holds what is in it, not as much again."""
    assert apply(database, *HISTORY) == []
    (lot,) = see_stock(database, SITE, TODAY)
    assert lot == LotSight(
        SITE, "HEPB-10", "乙肝疫苗", "甲公司", "A897", date(2028, 1, 17), "in_use", 4, 1, 1, 0
    )
    assert lot.left == 2
    assert see_stock(database, "1001010002", TODAY) == []


def test_what_a_count_found_is_added_once_and_what_is_put_aside_is_not_lost_twice(
    database: Database,
) -> None:
    """STK-2: the centre's sum is the site's, whether the pack lay on the shelf or apart."""
    apply(database, *HISTORY, ADJUSTED)
    apply(database, ADJUSTED)
    (lot,) = see_stock(database, SITE, TODAY)
    assert (lot.put_aside, lot.adjusted, lot.left) == (1, -1, 1)
    apply(database, event("stock.adjusted", BROKEN | {"place": "aside"}, at=13))
    (lot,) = see_stock(database, SITE, TODAY)
    assert (lot.put_aside, lot.adjusted, lot.left) == (0, -2, 1)


def test_in_whatever_order_and_groups_events_arrive_the_stock_is_alike(database: Database) -> None:
    apply(database, *HISTORY)
    expected = tables(database)
    for seed in range(20):
        order = Random(seed).sample(HISTORY, len(HISTORY))
        cut = Random(seed).randrange(len(order))
        database.execute(f"truncate {', '.join(TABLES)}".encode())
        apply(database, *order[:cut])
        apply(database, *order[cut:])
        apply(database, *order[:cut])
        assert tables(database) == expected


def test_a_real_sites_deliveries_and_doses_add_up(database: Database, small_site: SmallSite) -> None:
    """TRC-1: the site's own count of its fridge is the centre's."""
    code = small_site.vials("FLU4-1")[9]
    for unit in range(3):
        given = small_site.vaccinated(small_site.patient(index=unit), vial=unit)
    small_site.desk.do(immunization.void_immunization, given["immunization_id"], "记错", small_site.beside())
    small_site.desk.do(quarantine_pack, code, "破损")
    assert apply(database, *journal.events(small_site.desk.read())) == []
    stock = see_stock(database, "", TODAY)
    used = {lot.lot_number: (lot.used, lot.put_aside) for lot in stock if lot.used}
    assert used == {given["lot_number"]: (2, 1)}
    own = small_site.desk.read().execute(
        """select product_code, lot_number, sum(doses) from pack_code join lot using (lot_id)
        where level = '1' group by 1, 2"""
    )
    assert {(lot.product_code, lot.lot_number, lot.received) for lot in stock} == set(own.fetchall())


def test_a_lot_received_at_two_desks_is_one_lot(database: Database) -> None:
    """Both were offline: each gave the lot an id of its own."""
    other = event("pack_codes.related", {"lot_id": OTHER, "codes": [["V0", "1", None, 5]]}, at=21)
    apply(database, *HISTORY, event("lot.received", {**RECEIVED, "lot_id": OTHER}, at=20), other)
    (lot,) = see_stock(database, SITE, TODAY)
    assert (lot.received, lot.left) == (9, 7)


def test_two_desks_without_a_line_that_took_the_last_vial_both_count_and_the_lot_stands_first(
    database: Database,
) -> None:
    """Sync.md, *Hazards*: each had its own store; both doses were given as recorded, one label was wrong."""
    apply(database, *HISTORY)
    last = {"trace_code": "U3", "immunization_id": None}
    for place, desk in enumerate((31, 32, 33)):
        journal = LocalJournal(seed=desk)
        admit(database, journal)
        given = dose(0, **last | {"immunization_id": f"0192f0c0-0000-7000-8000-0000000004{place:02}"})
        journal.record("immunization.recorded", given, person=PERSON)
        push(database, journal)
    assert number(database, "select count(*) from immunization where voided_hlc is null") == 4
    other = {**RECEIVED, "lot_id": OTHER, "lot_number": "B002"}
    codes = event("pack_codes.related", {"lot_id": OTHER, "codes": [["V0", "1", None, 5]]}, at=41)
    apply(database, event("lot.received", other, at=40), codes)
    first, second = see_stock(database, SITE, TODAY)
    assert (first.lot_number, first.left, second.left) == ("A897", -1, 5)


def test_doses_of_a_lot_nobody_received_are_listed_without_a_rest(database: Database) -> None:
    apply(database, event("immunization.recorded", dose(0, lot_number="B001")))
    (lot,) = see_stock(database, SITE, TODAY)
    assert (lot.lot_number, lot.received, lot.used, lot.left) == ("B001", None, 1, None)


def test_what_nobody_may_use_and_what_cannot_be_stand_first(database: Database) -> None:
    for place, (number_of, expires_on) in enumerate((("Z1", "2028-01-01"), ("Z2", "2026-11-22"))):
        lot_id = f"0192f0c0-0000-7000-8000-0000000002{place:02}"
        apply(
            database,
            event(
                "lot.received",
                {**RECEIVED, "lot_id": lot_id, "lot_number": number_of, "expires_on": expires_on},
            ),
            event("pack_codes.related", {"lot_id": lot_id, "codes": [[f"W{place}", "1", None, 1]]}),
        )
    apply(database, event("immunization.recorded", dose(7, lot_number="Z9")))
    assert [lot.lot_number for lot in see_stock(database, SITE, TODAY)] == ["Z2", "Z9", "Z1"]


@pytest.mark.parametrize(
    ("kind", "body", "errors"),
    [
        ("lot.received", {}, {"lot_id", "product_code", "lot_number", "expires_on"}),
        ("lot.received", {**RECEIVED, "expires_on": "soon"}, {"expires_on"}),
        ("lot.status_changed", {"lot_id": LOT}, {"status"}),
        ("pack_codes.related", {"lot_id": LOT}, {"codes"}),
        ("pack_codes.related", {"lot_id": LOT, "codes": [["U", "1", None, True]]}, {"codes"}),
        ("pack_codes.related", {"lot_id": LOT, "codes": [["U", "1", None]]}, {"codes"}),
        ("pack_codes.related", {"lot_id": LOT, "codes": [["", "1", None, 1]]}, {"codes"}),
        ("pack_codes.related", {"lot_id": LOT, "codes": [["x" * 201, "1", None, 1]]}, {"codes"}),
        ("pack.quarantined", {"reason": "破损"}, {"code"}),
        ("pack.released", {"reason": "复核合格"}, {"code"}),
        ("product.added", {}, {"product_code"}),
        ("stock.adjusted", {}, {"lot_id", "place", "doses"}),
        ("stock.adjusted", BROKEN | {"doses": "-1"}, {"doses"}),
        ("stock.counted", {"lines": []}, set()),
    ],
)
def test_what_is_missing_or_malformed_is_named_by_its_field(kind: str, body: Json, errors: set[str]) -> None:
    assert {error.field for error in read(event(kind, body)).errors} == errors


def test_the_other_codes_of_a_delivery_are_there_though_one_is_malformed(database: Database) -> None:
    apply(database, event("pack_codes.related", {"lot_id": LOT, "codes": [*CODES, ["U9", 1, None, 1]]}))
    assert number(database, "select count(*) from stock_pack") == len(CODES)


def test_reprojecting_fills_what_an_earlier_release_did_not_read_and_twice_is_once(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    device = LocalJournal(seed=1)
    admit(database, device)
    for item in (*HISTORY, ADJUSTED):
        device.record(item.kind, item.body, person=PERSON)
    push(database, device)
    expected = tables(database)
    assert all(expected)
    database.execute(f"truncate {', '.join(TABLES)}, person, immunization".encode())
    monkeypatch.setattr(reproject, "BATCH", 4)
    for _ in range(2):
        assert reproject.reproject(database, CLOCK.now()) == len(HISTORY) + 1
        assert tables(database) == expected
    assert number(database, "select count(*) from immunization") == 2
    assert number(database, "select count(*) from semantic_error") == 0
