"""The site and its sessions in the store."""

import json
from dataclasses import asdict
from functools import lru_cache

from sqlite_utils import Database

from app.domain.journal import Event
from app.domain.site import Session, Site


def site_body(site: Site) -> dict[str, object]:
    """Return a site as the body of ``site.configured``."""
    return asdict(site)


def put_site(db: Database, event: Event) -> None:
    """Keep the newest settings, of one site."""
    db.execute("delete from site")
    db.execute("insert into site values (?, ?)", [event.body["site_id"], json.dumps(event.body)])


def find_site(db: Database) -> Site | None:
    """Return this site, or None before it is set up."""
    row = db.execute("select body from site").fetchone()
    return _site(row[0]) if row else None


def get_site(db: Database) -> Site:
    """Return this site; there is exactly one."""
    (body,) = db.execute("select body from site").fetchone()
    return _site(body)


@lru_cache(maxsize=4)
def _site(body: str) -> Site:
    """Every act reads the site, emergency card and all; the text is the key, so a change is read anew."""
    return Site(**json.loads(body))


def put_session(db: Database, event: Event) -> None:
    """Keep a session that opened."""
    db.execute(
        "insert into session values (?, ?, ?, null)",
        [event.body["session_id"], event.body["name"], event.body["opened_at"]],
    )


def put_session_closed(db: Database, event: Event) -> None:
    """Keep a session's end."""
    db.execute(
        "update session set closed_at = ? where session_id = ?",
        [event.body["closed_at"], event.body["session_id"]],
    )


def running_session(db: Database) -> Session | None:
    """Return the session under way, or None."""
    row = db.execute(
        "select session_id, name, opened_at from session where closed_at is null order by opened_at desc"
    ).fetchone()
    return Session(*row) if row else None


def newest_sessions(db: Database, limit: int) -> list[Session]:
    """Return the sessions that began last, the newest first."""
    rows = db.execute(
        "select session_id, name, opened_at, closed_at from session order by opened_at desc limit ?", [limit]
    )
    return [Session(*row) for row in rows]
