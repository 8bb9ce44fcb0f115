"""What is wrong with events: listed beside the journal and told to the device that wrote them.

Findings stand in one order for each device, numbered under a locked row, with a digest like a feed's: a
device that heard another history (of a centre since restored) is told all of them again.
"""

import json
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from itertools import accumulate

from app.domain.feed import START, FeedPosition
from app.domain.journal import Entry
from app.domain.unfit import ADMITTED, ENVELOPE
from app.sync.pages import MAX_FINDINGS, Feedback, Finding
from server.database import Database
from server.feed import position, signed
from server.offers import OFFERED
from server.projection import SemanticError

Marked = Sequence[tuple[Entry, SemanticError]]


def add_findings(database: Database, marked: Marked) -> None:
    """List what is wrong with entries that are new in the journal.

    What a device offered of others is listed for the operator and told to nobody: who offers cannot mend it.
    """
    by_device: dict[str, dict[tuple[str, int, str], tuple[Entry, SemanticError]]] = defaultdict(dict)
    for entry, error in marked:
        key = (entry.stream.epoch, entry.event.seq, error.field)
        by_device[entry.stream.device_id].setdefault(key, (entry, error))
    own = {
        device: [
            Finding(entry.event.id, field, error.reason)
            for (epoch, _, field), (entry, error) in found.items()
            if epoch != OFFERED
        ]
        for device, found in by_device.items()
    }
    places = {device: iter(reached) for device, reached in numbered(database, own).items()}
    rows = []
    for device_id, found in by_device.items():
        for (epoch, seq, field), (_, error) in found.items():
            row: dict[str, object] = {"device_id": device_id, "epoch": epoch, "seq": seq, "field": field}
            row["reason"] = error.reason
            if epoch != OFFERED:
                reached = next(places[device_id])
                row |= {"pos": reached.pos, "digest": signed(reached.digest)}
            rows.append(row)
    database.execute(
        """
        insert into semantic_error (device_id, epoch, seq, field, reason, pos, digest)
        select * from json_to_recordset(%s) as x(
            device_id text, epoch text, seq bigint, field text, reason text, pos bigint, digest bigint)
        """,
        (json.dumps(rows),),
    )


def numbered(
    database: Database, told: Mapping[str, Sequence[Finding]]
) -> Mapping[str, Sequence[FeedPosition]]:
    """Add findings to those of each device; return the position after each.

    The rows of ``feedback_head`` stay locked until the transaction ends.
    """
    heads = _lock_heads(database, [device_id for device_id, findings in told.items() if findings])
    reached = {
        device_id: list(accumulate(told[device_id], _after, initial=head))
        for device_id, head in heads.items()
    }
    _move_heads(database, {device_id: positions[-1] for device_id, positions in reached.items()})
    return {device_id: positions[1:] for device_id, positions in reached.items()}


def _after(position: FeedPosition, finding: Finding) -> FeedPosition:
    return position.after([finding.data])


def read_feedback(database: Database, device_id: str, heard: FeedPosition) -> Feedback | None:
    """Return what a device has not heard yet, None if it has heard all."""
    row = database.execute(
        "select pos, digest from feedback_head where device_id = %s", (device_id,)
    ).fetchone()
    if heard == (position(*row) if row else START):
        return None
    anew = heard != START and not _is_ours(database, device_id, heard)
    start = START if anew else heard
    rows = database.execute(
        _FINDINGS,
        {
            "device": device_id, "start": start.pos, "limit": MAX_FINDINGS, "envelope": ENVELOPE,
            "admitted": ADMITTED,
        },
    ).fetchall()  # fmt: skip
    findings = tuple(Finding(str(event_id), field, reason) for _, _, event_id, field, reason in rows)
    return Feedback(position(*rows[-1][:2]) if rows else start, findings, anew)


_FINDINGS = """
(select e.pos, e.digest, j.event_id, e.field, e.reason
    from semantic_error e join journal j using (device_id, epoch, seq)
    where device_id = %(device)s and e.pos > %(start)s order by e.pos limit %(limit)s)
union all
(select pos, digest, event_id, %(envelope)s, case when admitted_at is null then name else %(admitted)s end
    from unfit_entry where device_id = %(device)s and pos > %(start)s order by pos limit %(limit)s)
order by pos limit %(limit)s
"""


def _is_ours(database: Database, device_id: str, heard: FeedPosition) -> bool:
    row = database.execute(
        """
        select pos, digest from semantic_error where device_id = %(device)s and pos = %(heard)s
        union all select pos, digest from unfit_entry where device_id = %(device)s and pos = %(heard)s
        """,
        {"device": device_id, "heard": heard.pos},
    ).fetchone()
    return row is not None and position(*row) == heard


def _lock_heads(database: Database, devices: Collection[str]) -> dict[str, FeedPosition]:
    """Return where the findings of devices end, locked until the transaction ends, always in one order."""
    rows = database.execute(
        """
        insert into feedback_head (device_id, pos, digest)
        select device_id, 0, 0 from unnest(%s::text[]) as x(device_id)
        on conflict (device_id) do update set pos = feedback_head.pos returning device_id, pos, digest
        """,
        (sorted(devices),),
    )
    return {device_id: position(pos, digest) for device_id, pos, digest in rows}


def _move_heads(database: Database, heads: Mapping[str, FeedPosition]) -> None:
    for device_id, head in sorted(heads.items()):
        database.execute(
            "update feedback_head set pos = %s, digest = %s where device_id = %s",
            (head.pos, signed(head.digest), device_id),
        )
