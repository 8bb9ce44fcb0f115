"""The daily check of the four in the store: the newest one of a day counts (app/domain/readiness.py)."""

import json
from datetime import date

from sqlite_utils import Database

from app.domain.journal import Event
from app.domain.readiness import KitItem, Need, Readiness


def put_checked(db: Database, event: Event) -> None:
    """Keep what was seen; what a manager had answered for before is to be answered for again."""
    body = event.body
    db.execute(
        """insert or replace into readiness (day, seen, kit, checked_by, overridden_by, reason)
        values (?, ?, ?, ?, '', '')""",
        [body["day"], json.dumps(body["seen"]), json.dumps(body["kit"]), event.user],
    )


def put_overridden(db: Database, event: Event) -> None:
    """Keep who let the day begin, with whom, and why."""
    body = event.body
    db.execute(
        """insert into readiness (day, seen, kit, checked_by, overridden_by, reason, approved_by)
        values (?, '[]', '[]', '', ?, ?, ?)
        on conflict do update set overridden_by = excluded.overridden_by, reason = excluded.reason,
        approved_by = excluded.approved_by""",
        [body["day"], event.user, body["reason"], body.get("approved_by", "")],
    )


def newest_readiness(db: Database) -> Readiness | None:
    """Return the check of the last day that had one, or None."""
    row = db.execute(
        """select day, seen, kit, checked_by, overridden_by, reason, approved_by from readiness
        order by day desc limit 1"""
    ).fetchone()
    if row is None:
        return None
    day, seen, kit, checked_by, overridden_by, reason, approved_by = row
    return Readiness(
        date.fromisoformat(day),
        frozenset(Need(need) for need in json.loads(seen)),
        tuple(KitItem(name, date.fromisoformat(until)) for name, until in json.loads(kit)),
        checked_by, overridden_by, reason, approved_by,
    )  # fmt: skip
