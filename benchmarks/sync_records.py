"""The records of the common sync workload: how a client comes to have them."""

import json
import os
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from pathlib import Path

from app.devices.system_clock import SystemClock
from app.domain.checklist import Injection
from app.domain.clock import instant_text
from app.domain.identity import check_digit
from app.domain.journal import Entry, Event, Json
from app.domain.people import Guardian, Patient, Sex, is_minor
from app.practice import site as practice
from app.practice.people import residents
from app.storage import journal
from app.storage.catalogue import get_product
from app.storage.store import Store
from app.workflows import immunization, registration
from app.workflows.desk import Act, Desk
from benchmarks.visit import PRODUCT, bring_to_dose, grown_ups, vials

KEY = bytes(range(32))
BATCH = 250
DESK = "接种台 1"


def records(count: int, seed: int = 11) -> Iterator[Json]:
    """Yield records of the common shape about invented people."""
    first = datetime(2026, 11, 2, 0, 30, tzinfo=UTC)
    for number, patient in enumerate(residents(count, date(2026, 11, 1), seed)):
        at = first + timedelta(days=number // 160, seconds=number % 160 * 135 + number * 7919 % 90)
        person = {
            "idno": patient.document_number, "name": patient.name, "birth": patient.birth_on.isoformat(),
            "sex": "M" if patient.sex is Sex.MALE else "F", "phone": patient.phone, "addr": patient.address,
        }  # fmt: skip
        dose = {"lot": f"202610{number // 600:04d}", "expiry": "2028-04-30", "time": at.isoformat(),
                "trace": f"8900808{2_000_000 + number:013d}", "dose_no": 1}  # fmt: skip
        yield {"person": person, "dose": dose}


def load(folder: Path, file: Path) -> Json:
    """Write the records of a file as a site does; return how many, and how long that took."""
    desk = desk_at(folder)
    pattern = pattern_dose(desk)
    count, written_s = 0, 0.0
    with file.open(encoding="utf-8") as lines:
        while batch := [json.loads(line) for line in islice(lines, BATCH)]:
            start = time.perf_counter()
            desk.do(record, pattern, batch)
            written_s += time.perf_counter() - start
            count += len(batch)
    desk.store.close()
    return {"n": count, "local_write": written_s}


def record(act: Act, pattern: Json, batch: list[Json]) -> None:
    """Register the person of each record and write the dose down."""
    for one in batch:
        patient = registration.register_patient(act, _patient(one["person"]))
        body = _dose(act, pattern, patient, one["dose"])
        act.append("immunization.recorded", body, person=patient.patient_id)


def _patient(person: Json) -> Patient:
    birth_on, number = date.fromisoformat(person["birth"]), person["idno"]
    if birth_on > date(2026, 11, 1):  # the common workload counts days without end
        birth_on = birth_on.replace(year=1920 + birth_on.year % 100, day=min(birth_on.day, 28))
        first17 = f"{number[:6]}{birth_on:%Y%m%d}{number[14:17]}"
        number = first17 + check_digit(first17)
    [anybody] = residents(1, date(2026, 11, 1))
    return replace(
        anybody, patient_id="", name=person["name"], birth_on=birth_on, document_number=number,
        document_type="citizen_card", sex=Sex.MALE if person["sex"] == "M" else Sex.FEMALE,
        phone=person["phone"], address=person["addr"],
        guardian=Guardian("陈知雨", "母亲", "10078038634") if is_minor(birth_on, date(2026, 11, 1)) else None,
    )  # fmt: skip


def _dose(act: Act, pattern: Json, patient: Patient, dose: Json) -> Json:
    at = datetime.fromisoformat(dose["time"]).astimezone(UTC)
    began = datetime.fromisoformat(pattern["occurred_at"])
    checks = [
        [item, how, by, instant_text(at + (datetime.fromisoformat(when) - began))]
        for item, how, by, when in pattern["checks"]
    ]
    snapshot = {
        "name": patient.name, "sex": str(patient.sex), "birth_on": patient.birth_on.isoformat(),
        "document_type": str(patient.document_type), "document_number": patient.document_number,
    }  # fmt: skip
    own = {
        "patient": snapshot, "patient_id": patient.patient_id, "immunization_id": act.new_id(),
        "checks": checks, "occurred_at": instant_text(at), "vial_opened_at": instant_text(at),
        "observe_until": instant_text(at + timedelta(minutes=30)), "lot_number": dose["lot"],
        "expires_on": dose["expiry"], "trace_code": dose["trace"], "dose_number": dose["dose_no"],
    }  # fmt: skip
    return pattern | own


def desk_at(folder: Path) -> Desk:
    """Return the desk of a site in a folder, set up if it is new."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "store.db"
    new = not path.exists()
    store = Store(path, KEY, create=new)
    if new:
        practice.fill(Desk(store, SystemClock(), os.urandom, DESK), 20)
    return desk_on(store)


def desk_on(store: Store) -> Desk:
    """Return the desk of a site that is set up."""
    desk = Desk(store, SystemClock(), os.urandom, DESK)
    desk.user = practice.MANAGER
    return desk


def dose_of(folder: Path) -> Json:
    """Return the body of a real dose, given at a site made in a folder."""
    desk = desk_at(folder)
    try:
        return pattern_dose(desk)
    finally:
        desk.store.close()


def pattern_dose(desk: Desk) -> Json:
    """Return the body of the first dose given here; the visit is walked if there was none."""
    stream = journal.current_stream(desk.read())
    found = _first_dose(list(journal.entries(desk.read(), stream)))
    if found is None:
        product = get_product(desk.read(), PRODUCT)
        injection = Injection(product.body_site, product.route)
        for patient_id in grown_ups(desk, 5):
            encounter_id = bring_to_dose(desk, patient_id, vials(desk)[0])
            if encounter_id is not None:
                return desk.do(immunization.record_immunization, encounter_id, injection)
    assert found is not None, "nothing stands against a grown-up"
    return found


def _first_dose(entries: list[Entry]) -> Json | None:
    doses: Iterator[Event] = (entry.event for entry in entries if entry.event.kind == "immunization.recorded")
    first = next(doses, None)
    return first.body if first else None
