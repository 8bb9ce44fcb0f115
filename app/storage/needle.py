"""What stands at the needle for one visit: the vial presented and the items confirmed."""

from dataclasses import replace
from datetime import date, datetime

from sqlite_utils import Database

from app.domain.catalogue import Lot
from app.domain.checklist import VIAL_ITEMS, Confirmation, Item
from app.domain.clock import CHINA, epoch_ms, read_instant
from app.domain.journal import Event
from app.domain.vial import CodeSource, Vial
from app.domain.visit import VisitState
from app.storage import catalogue, immunizations, planned_doses

IDENTITY = "identity"
"""The mark beside the eleven items: the person's document was compared."""


def put_vial(db: Database, event: Event) -> None:
    """Keep the vial presented; what was confirmed of another vial no longer counts."""
    body = event.body
    db.execute(
        "insert or replace into needle_vial values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            body["encounter_id"], body["trace_code"], body["source"], body["reason"], body["product_code"],
            body["lot_id"], body["lot_number"], body["expires_on"], body["doses"], event.user,
            body["presented_at"], body.get("approved_by", ""),
        ],
    )  # fmt: skip
    _forget(db, body["encounter_id"], *VIAL_ITEMS)


def put_vial_away(db: Database, event: Event) -> None:
    """Keep that the vial was put down again."""
    _clear(db, event.body["encounter_id"])


def put_dose(db: Database, event: Event) -> None:
    """Keep a dose; the next one of the visit asks for a vial of its own, and for what is confirmed of it.

    A correction is no further dose: whatever stands at the needle meanwhile stays.
    """
    immunizations.put_recorded(db, event)
    encounter_id = event.body["encounter_id"]
    if "corrects" not in event.body and planned_doses.open_doses(db, encounter_id):
        _clear(db, encounter_id)


def _clear(db: Database, encounter_id: str) -> None:
    db.execute("delete from needle_vial where encounter_id = ?", [encounter_id])
    _forget(db, encounter_id, *VIAL_ITEMS)


def put_confirmed(db: Database, event: Event) -> None:
    """Keep who confirmed an item and when."""
    body = event.body
    db.execute(
        "insert or replace into check_mark values (?, ?, ?, ?)",
        [body["encounter_id"], body["item"], event.user, body["confirmed_at"]],
    )


def put_withdrawn(db: Database, event: Event) -> None:
    """Keep that a confirmation was taken back."""
    _forget(db, event.body["encounter_id"], event.body["item"])


def put_body_site(db: Database, event: Event) -> None:
    """Keep the body site chosen for this visit."""
    planned_doses.put_body_site(db, event.body["encounter_id"], event.body["body_site"])


def put_identity(db: Database, event: Event) -> None:
    """Keep who compared the person's document with the record."""
    body = event.body
    db.execute(
        "insert or replace into check_mark values (?, ?, ?, ?)",
        [body["encounter_id"], IDENTITY, event.user, body["verified_at"]],
    )


def find_vial(db: Database, encounter_id: str) -> tuple[Vial, str, datetime] | None:
    """Return the vial, who presented it and when; its lot and use as they stand now."""
    row = db.execute(
        """select trace_code, source, reason, product_code, lot_id, lot_number, expires_on, doses,
        presented_by, presented_at, approved_by from needle_vial where encounter_id = ?""",
        [encounter_id],
    ).fetchone()
    if row is None:
        return None
    code, source, reason, product_code, lot_id, lot_number, expires_on, doses, by, at, second = row
    shown = Lot("", product_code, lot_number, date.fromisoformat(expires_on))
    lot = (catalogue.find_lot(db, lot_id) if lot_id else None) or shown
    # Of the date on the vial and the one of the delivery the earlier counts.
    lot = replace(lot, expires_on=min(lot.expires_on, shown.expires_on))
    vial = build_vial(db, code, CodeSource(source), reason, lot, doses, second)
    return vial, by, read_instant(at)


def build_vial(
    db: Database, code: str | None, source: CodeSource, reason: str, lot: Lot, doses: int, second: str = ""
) -> Vial:
    """Return a vial with its use so far."""
    used, opened_at = immunizations.use_of_code(db, code) if code else (0, None)
    return Vial(
        trace_code=code,
        source=source,
        reason=reason,
        product=catalogue.get_product(db, lot.product_code),
        lot=lot,
        doses=doses,
        doses_used=used,
        opened_at=opened_at,
        quarantined=catalogue.is_put_aside(db, code) if code else False,
        approved_by=second,
    )


def confirmations(db: Database, encounter_id: str) -> dict[Item, Confirmation]:
    """Return what persons have confirmed so far."""
    rows = db.execute(
        "select item, confirmed_by, confirmed_at from check_mark where encounter_id = ?", [encounter_id]
    )
    return {Item(item): Confirmation(by, read_instant(at)) for item, by, at in rows if item != IDENTITY}


def identity(db: Database, encounter_id: str) -> Confirmation | None:
    """Return who compared the person's document with the record, or None."""
    row = db.execute(
        "select confirmed_by, confirmed_at from check_mark where encounter_id = ? and item = ?",
        [encounter_id, IDENTITY],
    ).fetchone()
    return Confirmation(row[0], read_instant(row[1])) if row else None


def waiting_by_product(db: Database, session_id: str) -> dict[str, int]:
    """Return how many people of a session are ready for each product."""
    rows = db.execute(
        """select product_code, count(*) from encounter join planned_dose using (encounter_id)
        where session_id = ? and state = ? and immunization_id is null and planned_dose.consented
        group by 1""",
        [session_id, VisitState.READY],
    )
    return dict(rows.fetchall())


def opened_codes(db: Database, session_id: str) -> list[str]:
    """Return the codes of multi-dose packs from which doses of a session count."""
    rows = db.execute(
        """select distinct trace_code from immunization join encounter using (encounter_id)
        where session_id = ? and status = ? and trace_code is not null
        and json_extract(body, '$.doses_per_pack') > 1""",
        [session_id, immunizations.COMPLETED],
    )
    return [code for (code,) in rows.fetchall()]


def refused_this_month(db: Database, refusal: str, now: datetime) -> int:
    """Return how often a refusal was noted at the needle since the first of the month in China.

    The kinds stand in the SQL itself so that the partial index on the journal serves it.
    """
    first = now.astimezone(CHINA).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    (count,) = db.execute(
        """select count(*) from journal where kind in ('vial.refused', 'identity.refused')
        and json_extract(cast(data as text), '$.wall') >= ?
        and json_extract(cast(data as text), '$.body.refusal') = ?""",
        [epoch_ms(first), refusal],
    ).fetchone()
    return int(count)


def _forget(db: Database, encounter_id: str, *items: str) -> None:
    marks = ", ".join("?" for _ in items)
    db.execute(f"delete from check_mark where encounter_id = ? and item in ({marks})", [encounter_id, *items])
