"""A site with many residents and doses in a real encrypted store, made once and kept under build/."""

import json
import os
import sys
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path

from app.devices.system_clock import SystemClock
from app.domain.clock import instant_text
from app.domain.people import Patient
from app.practice import site as practice
from app.practice.people import residents
from app.storage.store import Store
from app.workflows import registration
from app.workflows.desk import Act, Desk

KEY = bytes(range(32))
FOLDER = Path(__file__).parents[1] / "build" / "benchmarks"
BATCH = 1000


def open_site(people: int, doses: int) -> Desk:
    """Return a desk at a site with so many people and doses; the first call takes minutes."""
    folder = FOLDER / f"{people}-{doses}"
    done = folder / "done.json"
    if not done.exists():
        folder.mkdir(parents=True, exist_ok=True)
        for leftover in folder.glob("store.db*"):
            leftover.unlink()
        desk = Desk(Store(folder / "store.db", KEY, create=True), SystemClock(), os.urandom, "接种台 1")
        _fill(desk, people, doses)
        desk.store.close()
        done.write_text(json.dumps({"people": people, "doses": doses}))
    desk = Desk(Store(folder / "store.db", KEY), SystemClock(), os.urandom, "接种台 1")
    desk.user = practice.MANAGER
    return desk


def _fill(desk: Desk, people: int, doses: int) -> None:
    practice.fill(desk, 0)
    desk.user = practice.MANAGER
    everybody = iter(residents(people, desk.today(), seed=11))
    ids: list[str] = []
    while batch := list(islice(everybody, BATCH)):
        ids += desk.do(_register, batch)
        sys.stderr.write(f"\r{len(ids)} people")
    for start in range(0, doses, BATCH):
        desk.do(_give, ids, start, min(BATCH, doses - start))
        sys.stderr.write(f"\r{start} doses     ")


def _register(act: Act, people: list[Patient]) -> list[str]:
    return [registration.register_patient(act, patient).patient_id for patient in people]


def _give(act: Act, ids: list[str], start: int, count: int) -> None:
    """Append the events a dose leaves behind, of some past session, without walking every key of it."""
    session = act.session.session_id
    for number in range(start, start + count):
        at = datetime(2026, 1, 5, 1, tzinfo=UTC) + timedelta(minutes=number)
        patient_id, encounter_id = ids[number * 7 % len(ids)], act.new_id()
        act.append(
            "encounter.opened",
            {
                "encounter_id": encounter_id, "session_id": session, "patient_id": patient_id,
                "ticket_seq": number + 1, "ticket_number": f"B{number:06d}", "ticket_token": f"{number:010d}",
                "registered_at": instant_text(at), "temperature": None,
            },
            person=patient_id,
        )  # fmt: skip
        act.append(
            "immunization.recorded", _dose(act, encounter_id, patient_id, number, at), person=patient_id
        )
        act.append(
            "observation.ended",
            {"encounter_id": encounter_id, "ended_at": instant_text(at), "early": False, "note": ""},
            person=patient_id,
        )


def _dose(act: Act, encounter_id: str, patient_id: str, number: int, at: datetime) -> dict[str, object]:
    product = _PRODUCT
    return {
        "immunization_id": act.new_id(), "encounter_id": encounter_id, "patient_id": patient_id,
        "vaccine_code": product.vaccine_code, "vaccine_name": product.vaccine_name,
        "full_name": product.full_name, "specification": product.specification,
        "market_holder": product.market_holder, "lot_number": "202501A1", "expires_on": "2027-01-31",
        "trace_code": f"8900808{number + 2_000_000:013d}", "occurred_at": instant_text(at),
        "dose_number": 1, "series_doses": 1, "observe_until": instant_text(at + timedelta(minutes=30)),
        "site_name": practice.SITE.name, "performer_name": "周敏", "session_id": act.session.session_id,
        "dose_quantity_ml": "0.5", "route": "intramuscular", "body_site": "left_arm",
    }  # fmt: skip


_PRODUCT = practice.products()[7]
