"""Staff in the store: who they are, how they are trained, when they signed in."""

import json
from collections.abc import Sequence
from datetime import date

from sqlite_utils import Database

from app.domain.journal import Event
from app.domain.staff import EmergencyTraining, Role, StaffMember, TrainingCertificate, TrainingRounds


def staff_body(member: StaffMember) -> dict[str, object]:
    """Return a member of staff as the body of ``staff.added`` and ``staff.amended``."""
    return {
        "staff_id": member.staff_id,
        "name": member.name,
        "title": member.title,
        "roles": sorted(member.roles),
    }


def put_staff(db: Database, event: Event) -> None:
    """Keep a member of staff as last stated; who is added again works here again."""
    body = event.body
    db.execute(
        """insert into staff (staff_id, name, title, roles) values (?, ?, ?, ?)
            on conflict do update set name = excluded.name, title = excluded.title, roles = excluded.roles,
            removed = 0""",
        [body["staff_id"], body["name"], body["title"], json.dumps(body["roles"])],
    )


def put_removed(db: Database, event: Event) -> None:
    """Keep that a member of staff works here no longer."""
    db.execute("update staff set removed = 1 where staff_id = ?", [event.body["staff_id"]])


def put_training(db: Database, event: Event) -> None:
    """Keep the training certificate recorded last, and the round of each certificate there ever was.

    A certificate recorded again under its number puts its round right. Events of before rounds were asked
    for name none.
    """
    body = event.body
    known_round = body.get("round", "")
    db.execute(
        "insert or replace into training_certificate values (?, ?, ?, ?, ?, ?)",
        [
            body["staff_id"], body["number"], body["issuer"], body["expires_on"], known_round,
            body.get("passed_on"),
        ],
    )  # fmt: skip
    own = [body["staff_id"], body["number"]]
    if known_round:
        db.execute("insert or replace into training_round values (?, ?, ?)", [*own, known_round])
    else:
        db.execute("update training_round set round = '' where staff_id = ? and number = ?", own)


def put_emergency_training(db: Database, event: Event) -> None:
    """Keep the emergency training recorded last."""
    body = event.body
    db.execute(
        "insert or replace into emergency_training values (?, ?, ?)",
        [body["staff_id"], body["trained_on"], body["expires_on"]],
    )


_MEMBER = "select staff_id, name, title, roles, removed from staff"


def find_staff(db: Database, staff_id: str) -> StaffMember | None:
    """Return a member of staff, removed or not, or None."""
    row = db.execute(f"{_MEMBER} where staff_id = ?", [staff_id]).fetchone()
    return _member(row) if row else None


def find_by_name(db: Database, name: str) -> StaffMember | None:
    """Return the first member of staff of this name, removed or not, or None."""
    row = db.execute(f"{_MEMBER} where name = ? order by rowid", [name]).fetchone()
    return _member(row) if row else None


def all_staff(db: Database) -> list[StaffMember]:
    """Return everybody who works here, in the order they were added."""
    return [_member(row) for row in db.execute(f"{_MEMBER} where not removed order by rowid")]


def find_training(db: Database, staff_id: str) -> TrainingCertificate | None:
    """Return the training certificate of a member of staff, or None."""
    row = db.execute(
        "select number, issuer, expires_on, round, passed_on from training_certificate where staff_id = ?",
        [staff_id],
    ).fetchone()
    if row is None:
        return None
    passed_on = date.fromisoformat(row[4]) if row[4] else None
    return TrainingCertificate(row[0], row[1], date.fromisoformat(row[2]), row[3], passed_on)


def find_emergency_training(db: Database, staff_id: str) -> EmergencyTraining | None:
    """Return the emergency training of a member of staff, or None."""
    row = db.execute(
        "select trained_on, expires_on from emergency_training where staff_id = ?", [staff_id]
    ).fetchone()
    return EmergencyTraining(date.fromisoformat(row[0]), date.fromisoformat(row[1])) if row else None


def training_rounds(db: Database) -> TrainingRounds:
    """Return the rounds named by the certificates of everybody who works or worked here."""
    row = db.execute(
        "select count(distinct round), count(distinct staff_id) from training_round where round <> ''"
    ).fetchone()
    return TrainingRounds(row[0], row[1])


def put_sign_in(db: Database, event: Event) -> None:
    """Keep who signed in where, and by what."""
    body = event.body
    db.execute(
        "insert into sign_in (event_id, staff_id, desk, at, means) values (?, ?, ?, ?, ?)",
        [event.id, event.user, event.desk, body["at"], body.get("means", "password")],
    )


def _member(row: Sequence[str]) -> StaffMember:
    roles = frozenset(Role(role) for role in json.loads(row[3]))
    return StaffMember(row[0], row[1], row[2], roles, bool(row[4]))
