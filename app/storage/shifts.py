"""The shift roster and the hand-overs in the store."""

import json
from datetime import date

from sqlite_utils import Database

from app.domain.journal import Event
from app.domain.shifts import Duty, HandOver, OpenWork, Part, Shift


def put_shift(db: Database, event: Event) -> None:
    """Keep who is on one part of a day; what was planned before for it goes."""
    body = event.body
    db.execute("delete from shift where day = ? and part = ?", [body["day"], body["part"]])
    for staff_id, duty in body["duties"]:
        db.execute("insert into shift values (?, ?, ?, ?)", [body["day"], body["part"], staff_id, duty])


def shifts_on(db: Database, day: date) -> list[Shift]:
    """Return the three parts of a day, leaders first; a part nobody is planned for is empty."""
    rows = db.execute(
        "select part, staff_id, duty from shift where day = ? order by duty, staff_id", [day.isoformat()]
    ).fetchall()
    return [
        Shift(day, part, tuple((staff_id, Duty(duty)) for name, staff_id, duty in rows if name == part))
        for part in Part
    ]


def put_hand_over(db: Database, event: Event) -> None:
    """Keep a hand-over."""
    body = event.body
    db.execute(
        "insert into hand_over values (?, ?, ?, ?, ?, ?)",
        [event.id, event.user, body["taken_by"], event.desk, body["at"], json.dumps(body)],
    )


def last_hand_overs(db: Database, limit: int) -> list[HandOver]:
    """Return the newest hand-overs first."""
    rows = db.execute(
        "select given_by, taken_by, desk, at, body from hand_over order by at desc limit ?", [limit]
    )
    return [_hand_over(*row) for row in rows]


def _hand_over(given_by: str, taken_by: str, desk: str, at: str, body: str) -> HandOver:
    said = json.loads(body)
    work = OpenWork(**{name: tuple(codes) for name, codes in said["open"].items()})
    return HandOver(given_by, taken_by, desk, at, said["note"], work)
