"""Which table keeps what an event says; and how all of them are rebuilt from the journal."""

from collections.abc import Callable
from hashlib import sha256

from sqlcipher3 import dbapi2
from sqlite_utils import Database

from app.domain.condensed import MISFIT, Condensed, condense
from app.domain.journal import Event
from app.storage import (
    catalogue,
    certificates,
    conditions,
    deliveries,
    elsewhere,
    encounters,
    feed,
    immunizations,
    journal,
    needle,
    observations,
    packs_taken,
    patients,
    readiness,
    reviews,
    screenings,
    search_terms,
    shifts,
    site,
    staff,
    stock_counts,
)
from app.storage.elsewhere import put_elsewhere
from app.storage.shape import PROJECTED_TABLES

Projection = Callable[[Database, Event], None]

PROJECTIONS: dict[str, Projection] = {
    "site.configured": site.put_site,
    "staff.added": staff.put_staff,
    "staff.amended": staff.put_staff,
    "staff.removed": staff.put_removed,
    "staff.certified": staff.put_training,
    "staff.emergency_trained": staff.put_emergency_training,
    "shift.planned": shifts.put_shift,
    "shift.handed_over": shifts.put_hand_over,
    "session.opened": site.put_session,
    "session.closed": site.put_session_closed,
    "user.signed_in": staff.put_sign_in,
    "product.added": catalogue.put_product,
    "lot.received": catalogue.put_lot,
    "lot.status_changed": catalogue.put_lot_status,
    "pack_codes.related": catalogue.put_pack_codes,
    "delivery.received": deliveries.put_delivery,
    "stock.counted": stock_counts.put_counted,
    "stock.adjusted": stock_counts.put_adjusted,
    "pack.quarantined": catalogue.put_pack_quarantined,
    "pack.released": catalogue.put_pack_released,
    "code.mapped": catalogue.put_code_mapping,
    "patient.registered": patients.put_registered,
    "patient.amended": reviews.put_amended,
    "patient.judged": reviews.put_judged,
    "condition.recorded": conditions.put_recorded,
    "past_dose.recorded": elsewhere.put_copied,
    "past_dose.withdrawn": elsewhere.put_copied,
    "encounter.opened": encounters.put_opened,
    "encounter.cancelled": encounters.put_cancelled,
    "encounter.called": encounters.put_called,
    "encounter.returned": encounters.put_returned,
    "screening.recorded": screenings.put_screening,
    "consent.recorded": screenings.put_consent,
    "vial.presented": needle.put_vial,
    "vial.put_away": needle.put_vial_away,
    "check.confirmed": needle.put_confirmed,
    "check.withdrawn": needle.put_withdrawn,
    "body_site.chosen": needle.put_body_site,
    "identity.verified": needle.put_identity,
    "immunization.recorded": needle.put_dose,
    "immunization.voided": immunizations.put_voided,
    "observation.ended": observations.put_ended,
    "observation.reopened": observations.put_reopened,
    "observation.alarmed": observations.put_alarm,
    "observation.alarm_closed": observations.put_alarm_closed,
    "clock.confirmed": observations.put_clock_confirmed,
    "adverse_event.drafted": observations.put_adverse_event,
    "readiness.checked": readiness.put_checked,
    "readiness.overridden": readiness.put_overridden,
    "certificate.issued": certificates.put_issued,
    "certificate.printed": certificates.put_printed,
    "schedule.taken": packs_taken.put_taken,
}
"""Kinds without a table (``vial.refused``, ``identity.refused``, of passwords) live in the journal alone."""


def project(db: Database, event: Event) -> None:
    """Bring the tables up to date with one event; unknown kinds are kept in the journal untouched."""
    if put := PROJECTIONS.get(event.kind):
        put(db, event)


def project_again(db: Database, event: Event) -> None:
    """Bring the tables up to date with an event of before, as far as they let it.

    What a restored device lost comes back behind what it recorded since: a ticket number may be taken, a
    person known from elsewhere by now. People and doses then count as those of other sites do.
    """
    db.execute("savepoint again")
    try:
        project(db, event)
    except (dbapi2.IntegrityError, *MISFIT):
        db.execute("rollback to again")
        put_elsewhere(db, condense([event]))
    db.execute("release again")


def fingerprints(db: Database) -> dict[str, int]:
    """Return a number for the content of each projection, whatever the order of its rows."""
    return {table: _fingerprint(db, table) for table in PROJECTED_TABLES}


def _fingerprint(db: Database, table: str) -> int:
    rows = db.execute(f"select * from {table}")
    return sum(int.from_bytes(sha256(repr(row).encode("utf-8", "replace")).digest()) for row in rows)


def rebuild(db: Database) -> int:
    """Empty every projection and fill it again; returns how many events of the journal were read.

    What came from elsewhere takes part in the order in which it came.

    The caller runs it in one transaction, so that a power cut leaves the old tables.
    """
    for table in reversed(PROJECTED_TABLES):
        db.execute(f"delete from {table}")
    search_terms.forget_put_off(db)
    count = 0
    pages = feed.arrivals(db)
    arrived_after, others = next(pages, _NO_PAGE)
    for position, event in journal.placed_events(db):
        while arrived_after < position:
            put_elsewhere(db, others)
            arrived_after, others = next(pages, _NO_PAGE)
        project_again(db, event)
        count += 1
    while arrived_after < _NO_PAGE[0]:
        put_elsewhere(db, others)
        arrived_after, others = next(pages, _NO_PAGE)
    search_terms.catch_up(db)
    return count


def changed_by_rebuild(db: Database) -> tuple[int, list[str]]:
    """Rebuild; return how many events were read and which tables had said something else before.

    What was only put off is no difference, and is made up for first.
    """
    search_terms.catch_up(db)
    before = fingerprints(db)
    count = rebuild(db)
    after = fingerprints(db)
    return count, [table for table in after if after[table] != before[table]]


_NO_PAGE: tuple[float, Condensed] = (float("inf"), Condensed())
