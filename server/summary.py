"""What has reached the centre, in numbers; names nobody."""

from psycopg.rows import dict_row

from server.database import Database

LISTED_ERRORS = 100

COUNTS = """
select
    (select count(*) from device) as devices,
    (select count(*) from device_cursor) as streams,
    (select count(*) from journal) as events,
    (select count(*) from person) as people,
    (select count(*) from immunization where recorded_hlc is not null and voided_hlc is null)
        as immunizations,
    (select count(*) from immunization where voided_hlc is not null) as voided,
    (select count(*) from adverse_event) as adverse_events,
    (select count(*) from semantic_error) as semantic_errors,
    (select count(*) from unfit_entry where admitted_at is null) as unfit
"""
KINDS = "select kind, count(*) as events from journal where kind is not null group by kind order by kind"
ERRORS = """
select e.device_id, e.epoch, e.seq, j.kind, e.field, e.reason
from semantic_error e join journal j using (device_id, epoch, seq)
order by e.device_id, e.epoch, e.seq, e.field limit %s
"""


def summarise(database: Database) -> dict[str, object]:
    """Return counts by name, ``kinds`` (events by kind) and ``errors`` (the first semantic errors)."""
    with database.cursor(row_factory=dict_row) as cursor:
        counts = cursor.execute(COUNTS).fetchone() or {}
        kinds = {row["kind"]: row["events"] for row in cursor.execute(KINDS)}
        errors = cursor.execute(ERRORS, (LISTED_ERRORS,)).fetchall()
    return {**counts, "kinds": kinds, "errors": errors}
