"""A centre with full lists and the longest names, to look at the operator's pages; all of it synthetic."""

import uuid
from dataclasses import replace
from datetime import timedelta
from itertools import count
from random import Random

from app.domain.journal import Entry, Json, Stream
from server.database import Database
from server.devices import issue_code, revoke
from server.feed import put_into_area
from server.operator.acts import note_act
from server.operator.sights import LISTED
from server.projector import project
from tests.clocks import ManualClock
from tests.server.desk import admit, job_of, push, push_of, take
from tests.server.operator.visitor import NAME
from tests.server.test_projection import event
from tests.sync.local_journal import LocalJournal

LONGEST_SITE = "云溪自治县阿勒腾德力克民族镇第二中心卫生院预防接种门诊东部分门诊流动接种点甲乙丙丁"[:40]
SITES = [LONGEST_SITE, *(f"10010100{number:02}" for number in range(1, 12))]
LONGEST_OPERATOR = "阿布都热依木·买买提吐尔逊·卡德尔江·奥斯曼伊敏"
VACCINES = ("吸附无细胞百白破灭活脊髓灰质炎和b型流感嗜血杆菌（结合）联合疫苗", "乙肝疫苗", "四价流感疫苗")
HOLDERS = ("云溪（南部）生物制品与疫苗研究开发股份有限公司", "甲公司", "乙公司")
STATUSES = ("in_use", "quarantined", "recalled")


def fill(database: Database, clock: ManualClock) -> None:
    """Put something into every list, more into some than a page shows."""
    random, now = Random(1), clock.now()
    for number, site in enumerate(SITES):
        for device in range(2):
            journal = LocalJournal(100 + 2 * number + device, clock, site)
            admit(database, journal, site)
            journal.record_many(3)
            for _ in range(5):
                journal.record("immunization.voided", {})
                journal.record("patient.registered", {"name": "甲", "birth_on": "x"})
                journal.record("lot.received", {})
            if device:
                journal.append(journal.event("note.made", {}, site="elsewhere"))
                journal.record_many(number)
            if number != 3 or device:
                push(database, journal, at=now - timedelta(hours=3 * number))
            if device:
                damaged = replace(push_of(journal, after=journal.record().seq - 1), head=bytes(32))
                take(database, [job_of(journal, damaged)], now - timedelta(hours=3 * number))
        _stock(database, site, random)
        if number % 2:
            put_into_area(database, site, LONGEST_SITE if number == 1 else f"云溪镇{number // 4}片")
    revoke(database, journal.device_id, now)
    for site in SITES[:6]:
        issue_code(database, site, now, random.randbytes)
    for number in range(LISTED + 5):
        at = now - timedelta(minutes=number)
        name = LONGEST_OPERATOR if number % 3 else NAME
        note_act(database, name, "area_changed", f"{LONGEST_SITE} → {LONGEST_SITE}", at, random.randbytes)
    _look_ups(database, clock, random)
    _quarantine(database, clock, random)
    _replies(database, clock, random)


def _quarantine(database: Database, clock: ManualClock, random: Random) -> None:
    for number in range(6):
        decided = (clock.now(), LONGEST_OPERATOR, number == 4, "理由" * 100) if number > 3 else (None,) * 4
        standing = "CertificateExpired" if number == 2 else "DeviceRevoked"
        revoked_at = None if number == 2 else clock.now() - timedelta(days=2)
        wall = clock.now() - timedelta(days=number)
        database.execute(
            "insert into quarantine values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s,"
            " %s, %s, %s, %s)",
            (
                str(uuid.UUID(int=random.getrandbits(128))), random.randbytes(32), standing, clock.now(),
                f"device:{uuid.UUID(int=number)}", wall, LONGEST_SITE, revoked_at, 12_345, 678, 12_000,
                wall, clock.now(), bytes(32), [], *decided,
            ),
        )  # fmt: skip


def _replies(database: Database, clock: ManualClock, random: Random) -> None:
    outcomes = (
        ("", "taken", 12_345), ("", "taken", 3), ("DeviceRevoked", "quarantined", 0),
        ("CertificateExpired", "rejected", 0), ("DeviceRevoked", "refused", 0),
    )  # fmt: skip
    for standing, outcome, held in outcomes:
        database.execute(
            "insert into stick_reply values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
            (
                str(uuid.UUID(int=random.getrandbits(128))), clock.now(), LONGEST_OPERATOR,
                "vaxpost-beefbeef-20261123-090000 (1).vxb", LONGEST_SITE, standing, outcome, 12_345, held,
                b"",
            ),
        )  # fmt: skip


def _stock(database: Database, site: str, random: Random) -> None:
    numbers, entries = count(1), list[Entry]()

    def tell(kind: str, body: Json) -> None:
        told = event(kind, body, at=next(numbers))
        told = replace(told, site=site, id=str(uuid.UUID(bytes=random.randbytes(16), version=4)))
        entries.append(Entry(Stream("d", "0" * 16), told, b"", b""))

    for place, (vaccine, holder) in enumerate(zip(VACCINES, HOLDERS, strict=True)):
        product = {"product_code": f"P-{place}", "vaccine_name": vaccine, "market_holder": holder}
        tell("product.added", product)
        for lot, expires_on in enumerate(("2026-11-01", "2026-12-01", "2028-01-17")):
            lot_id = str(uuid.UUID(bytes=random.randbytes(16), version=4))
            told = {"lot_id": lot_id, "product_code": f"P-{place}", "lot_number": f"2025{place}A89{lot}0012"}
            tell("lot.received", {**told, "expires_on": expires_on})
            codes = [[f"{place}{lot}{number:018}", "1", None, 1200] for number in range(3)]
            tell("pack_codes.related", {"lot_id": lot_id, "codes": codes})
            tell(
                "lot.status_changed", {"lot_id": lot_id, "status": STATUSES[(place + lot) % 3], "reason": ""}
            )
        dose = {
            key: str(uuid.UUID(bytes=random.randbytes(16), version=4))
            for key in ("patient_id", "immunization_id")
        }
        tell("immunization.recorded", {**dose, "product_code": f"P-{place}", "lot_number": "没有入库"})
    project(database, entries)


def _look_ups(database: Database, clock: ManualClock, random: Random) -> None:
    for number in range(30):
        database.execute(
            "insert into look_up values (%s, gen_random_uuid(), %s, %s, %s, '', %s, 3, %s)",
            (
                str(uuid.UUID(bytes=random.randbytes(16), version=4)),
                SITES[number % len(SITES)],
                "u-zhoumin",
                "家长没有带接种证，孩子从外县转来，需要核对以前接种过的疫苗和日期再安排今天的接种",
                [uuid.UUID(int=number)],
                clock.now() - timedelta(minutes=number),
            ),
        )
