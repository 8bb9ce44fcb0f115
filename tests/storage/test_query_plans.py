"""No query of a working day scans a table that grows (performance.md, row 13)."""

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlite_utils import Database

from app.domain.codes import TraceCode
from app.domain.condensed import condense
from app.domain.visit import VisitState
from app.storage import (
    catalogue,
    certificates,
    encounters,
    immunizations,
    needle,
    observations,
    patients,
    receipts,
    screenings,
    stock_counts,
    unfit,
    unsent,
)
from app.storage import site as sites
from app.storage.deliveries import arrivals_of, stock, usable_lots
from app.storage.elsewhere import put_elsewhere
from app.storage.journal import current_stream
from app.storage.store import Store, Transaction
from app.storage.versions import versions_of
from app.workflows import observation, screening
from app.workflows.finding import find_people, standings_of
from app.workflows.forecast import forecast_of
from app.workflows.needle import needle_view
from app.workflows.open_vials import open_vials
from app.workflows.ready_line import waiting_line
from app.workflows.stock_count import begin_count, count_is_due, count_pack
from tests.factories import MANAGER
from tests.storage.test_elsewhere import one_dose
from tests.workflows.morning import Morning

GROWS = frozenset(
    {
        "journal", "carried", "receipt_run", "patient", "search_term", "encounter", "screening", "consent",
        "check_mark", "needle_vial", "immunization", "observation", "adverse_event", "certificate",
        "certificate_print", "sign_in", "pack_code", "put_aside", "feed_page", "same_person",
        "dose_elsewhere", "judgement", "delivery", "hand_over", "shift", "audit", "planned_dose",
        "condition", "stock_movement",
    }
)  # fmt: skip
"""Tables with a row for every person, dose, pack or event."""
SMALL = frozenset(
    {
        "site", "staff", "product", "lot", "session", "stream", "secret", "setting", "clock_mark", "feed",
        "feedback", "finding", "field_review", "pair_review", "seal", "credential", "training_certificate",
        "training_round", "emergency_training",
        "readiness", "code_mapping", "stock_count", "count_begun", "count_line", "count_pack", "pack_taken",
        "unfit_entry",
    }
)  # fmt: skip


class Listener:
    """Hears every statement of every connection of a store, with its parameters."""

    def __init__(self) -> None:
        self.heard: dict[str, Any] = {}

    def __call__(self, sql: str, parameters: Any) -> None:
        self.heard.setdefault(" ".join(sql.split()), parameters)


def listen(store: Store, listener: Listener) -> None:
    store.read()._tracer = listener

    def on_the_writer(transaction: Transaction) -> None:
        transaction.db._tracer = listener

    store.write(on_the_writer)


def scans(db: Database, sql: str, parameters: Any) -> set[str]:
    """Return which tables that grow a statement walks through from end to end."""
    plan = db.conn.execute(f"explain query plan {sql}", parameters or []).fetchall()
    found = set()
    for *_, detail in plan:
        match = re.match(r"SCAN (\w+)(?: USING (?:COVERING )?INDEX (\w+))?$", detail)
        if match and match[1] in GROWS and match[2] not in PARTIAL:
            found.add(f"{detail}: {sql}")
    return found


PARTIAL = frozenset({"observation_open"})
"""Indexes of the few rows that are open: walking through one reads no more than what is open."""
READS_EVERYTHING = frozenset(
    {
        "select data from journal order by position",
        "select device_id, epoch from journal group by 1, 2 order by min(position)",
        "select count(*) from patient",
        "select 1 from judgement limit 1",
    }
)
"""Said in so many words to read all of it: rebuilding, verifying, counting; or whether there is any of it."""


@pytest.fixture
def day(tmp_path: Path) -> Iterator[tuple[Morning, Listener]]:
    """A working day with everything in it, and all that was asked of the store."""
    morning, listener = Morning(tmp_path), Listener()
    listen(morning.site.store, listener)
    work(morning)
    look(morning)
    yield morning, listener
    morning.site.close()


def work(morning: Morning) -> None:
    for product in ("FLU4-1", "IPV-5", "IPV-5"):
        morning.come_to_the_dose(product, new_vial=product == "FLU4-1")
    morning.come_to_the_needle("RAB-1", new_vial=True)
    for deed in (
        "register amend scan_expired enter_by_hand put_a_pack_aside let_a_pack_go name_a_code "
        "show_document withdraw put_away send_back screen consent call choose_arm undo alarm describe "
        "close_alarm change_a_lot set_the_clock_wrong receive_receipts correct let_time_pass certify "
        "advise_against decline"
    ).split():
        for number in range(4):
            getattr(morning, deed)(number)
    morning.come_to_the_dose("RAB-1", new_vial=True)
    morning.act(MANAGER, begin_count)
    morning.act(MANAGER, count_pack, TraceCode(morning.site.vials("RAB-1")[40]))
    for deed in ("leave_early", "sit_down_again", "release", "call_off"):
        getattr(morning, deed)(0)
    morning.begin_another_session(0)
    _, told = one_dose()
    morning.site.store.write(lambda transaction: put_elsewhere(transaction.db, condense(told)))


def look(morning: Morning) -> None:
    """Ask everything a screen asks."""
    db, now = morning.site.desk.read(), morning.site.desk.now()
    today, session = morning.site.desk.today(), sites.running_session(db)
    assert session is not None
    (patient_id, encounter_id), code = (
        (morning.patients[0], morning.visits[0]),
        morning.site.vials("IPV-5")[0],
    )
    patient = patients.get_patient(db, patient_id)
    lot = morning.site.stock[0]
    pack = catalogue.find_pack(db, code)
    assert pack is not None
    assert pack.parent_code is not None
    answers = [
        patients.search(db, "zeng"),
        patients.find_by_document(db, patient.document_type, patient.document_number),
        patients.find_by_number(db, patient.document_number),
        patients.find_namesakes(db, patient.name, patient.birth_on),
        versions_of(db, patient_id),
        encounters.queue(db, session.session_id, *VisitState),
        encounters.counts(db, session.session_id),
        encounters.find_by_token(db, "0000000000"),
        encounters.newest_visit(db, session.session_id, patient_id),
        encounters.newest_tickets(db, session.session_id, 5),
        immunizations.of_patient(db, patient_id),
        immunizations.receipted_of_patient(db, patient_id),
        immunizations.of_encounter(db, encounter_id),
        immunizations.receipted_at(db, encounter_id),
        immunizations.use_of_code(db, code),
        immunizations.recorded_today(db, session.session_id),
        observations.board(db, session.session_id, now - timedelta(minutes=30)),
        observations.seated(db),
        observations.find_seat(db, encounter_id),
        observations.find_adverse_event(db, encounter_id),
        catalogue.children_of(db, pack.parent_code),
        catalogue.find_lot_by_number(db, lot.product_code, lot.lot_number),
        screenings.newest_of_patients(db, [patient_id, patient_id]),
        screenings.superseded_record(db, encounter_id),
        screenings.consent_record(db, encounter_id),
        certificates.newest_of(db, patient_id),
        certificates.vaccinated_in(db, session.session_id),
        certificates.prints_of(db, patient_id),
        certificates.prints_void(db, patient_id),
        certificates.prints_stating(db, patient_id, patient_id),
        immunizations.recorded_here(db, patient_id),
        needle.waiting_by_product(db, session.session_id),
        needle.refused_this_month(db, "LotExpired", now),
        receipts.upload_counts(db),
        unsent.unsent_counts(db, now - timedelta(hours=20), now - timedelta(hours=24)),
        unsent.unsent_records(db, 0, 100),
        unsent.find_unsent(db, current_stream(db).epoch, 3),
        unsent.waiting_behind(db, current_stream(db).epoch, 3),
        receipts.doses_of_session(db, session.session_id),
        receipts.pending(db, current_stream(db), 3, 10),
        unfit.refused_entries(db, 10),
        unfit.refused_places(db),
        unfit.refused_doses(db),
        receipts.hash_at(db, current_stream(db), 3),
        find_people(db, patient.name, today),
        find_people(db, patient.document_number, today),
        standings_of(db, [patient_id, patient_id]),
        screening.returned_because(db, encounter_id),
        forecast_of(db, patient, today).next_doses,
        *(needle_view(db, visit, now) for visit in morning.visits),
        waiting_line(db, session.session_id),
        open_vials(db, session.session_id, now),
        observation.hall(db, now),
        stock(db),
        arrivals_of(db, lot.lot_id),
        usable_lots(db, today),
        stock_counts.count_lines(db),
        stock_counts.units_in(db, pack.parent_code),
        stock_counts.movements_of(db, lot.lot_id) == [],
        stock_counts.last_count(db) is None,
        count_is_due(db, today) is False,
    ]
    assert answers


def test_no_statement_of_a_working_day_scans_a_table_that_grows(day: tuple[Morning, Listener]) -> None:
    morning, listener = day
    assert len(listener.heard) > 80
    db = morning.site.desk.read()
    found = set()
    for sql, parameters in listener.heard.items():
        if re.match(r"(select|insert|update|delete|with)\b", sql) and sql not in READS_EVERYTHING:
            found |= scans(db, sql, parameters)
    assert not found, "\n".join(sorted(found))


def test_every_table_is_known_as_growing_or_small(day: tuple[Morning, Listener]) -> None:
    morning, _ = day
    rows = morning.site.desk.read().execute("select name from sqlite_master where type = 'table'")
    assert {name for (name,) in rows if not name.startswith(("sqlite_", "_sqlite_"))} == GROWS | SMALL


def test_a_scan_would_be_seen(day: tuple[Morning, Listener]) -> None:
    morning, _ = day
    db = morning.site.desk.read()
    assert scans(db, "select * from patient where phone = ?", ["1"])
    assert not scans(db, "select * from patient where patient_id = ?", ["1"])
