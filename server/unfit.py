"""Events whose envelope cannot be filed: their bytes keep their place in the journal, nothing waits for them.

Nothing follows from such an event until it is judged again and can be filed: its device was given the site,
it came by another way as well (another device offered it, its own brought it in another stream), or a newer
release reads it. Its device is told.
"""

import json
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from app.domain.journal import Entry, Event, Stream, decode
from app.domain.unfit import ADMITTED, ENVELOPE
from app.sync.pages import Finding
from app.sync.unfit import UnfitRun, unfit_runs
from server import journal
from server.database import Database
from server.devices import Device
from server.feed import signed
from server.feedback import numbered
from server.filing import file_admitted, says_the_same
from server.stream import UNFIT, SiteOutOfScope, Unfit, read_fit


def keep_unfit(database: Database, unfit: Sequence[Unfit], now: datetime) -> None:
    """Write down what cannot be filed, received at ``now``, and that it cannot."""
    journal.add_unfit(database, unfit, now)
    named = [(one, Finding(event_id, ENVELOPE, one.name)) for one in unfit if (event_id := one.event_id)]
    told: dict[str, list[Finding]] = {}
    for one, finding in named:
        told.setdefault(one.stream.device_id, []).append(finding)
    places = {device_id: iter(reached) for device_id, reached in numbered(database, told).items()}
    rows = []
    for one in unfit:
        row: dict[str, object] = {
            "device_id": one.stream.device_id, "epoch": one.stream.epoch, "seq": one.seq,
            "name": one.name, "reason": one.reason, "event_id": one.event_id, "site": one.site,
        }  # fmt: skip
        if one.event_id:
            reached = next(places[one.stream.device_id])
            row |= {"pos": reached.pos, "digest": signed(reached.digest)}
        rows.append(row)
    database.execute(
        """
        insert into unfit_entry (device_id, epoch, seq, name, reason, event_id, site, pos, digest)
        select * from json_to_recordset(%s) as x(device_id text, epoch text, seq bigint, name text,
            reason text, event_id uuid, site text, pos bigint, digest bigint)
        """,
        (json.dumps(rows),),
    )


def read_unfit(database: Database, stream: Stream, after: int, last: int) -> tuple[UnfitRun, ...]:
    """Return what is not filed of the entries after ``after`` up to ``last``, as runs."""
    rows = database.execute(
        """
        select seq, name, reason from unfit_entry where device_id = %s and epoch = %s
        and seq > %s and seq <= %s and admitted_at is null order by seq
        """,
        (stream.device_id, stream.epoch, after, last),
    )
    return unfit_runs((seq, name, reason) for seq, name, reason in rows)


def admit(database: Database, device_id: str, now: datetime) -> int:
    """File what could not be filed of a device and can be now, as if it had come now; return how much.

    For whoever changes the sites of a device, and for a release that reads more. Once more changes nothing.
    """
    with database.transaction():
        # Pushes of the device wait here, and whoever else does the same.
        database.execute(
            "select from device_cursor where device_id = %s order by epoch for update", (device_id,)
        )
        fit = _fit_now(database, device_id, _sites_of(database, device_id, now))
        if fit:
            file_admitted(database, fit, now)
            _note_admitted(database, device_id, fit, now)
    return len(fit)


def admit_beyond(database: Database, device: Device, now: datetime) -> int:
    """Do so for a device that came with a certificate which does not name all of its sites."""
    more = _sites_of(database, device.device_id, now) - device.sites
    return admit(database, device.device_id, now) if more else 0


def admit_twice_brought(database: Database, device_ids: Collection[str], now: datetime) -> int:
    """Do so for devices that brought an event in two streams, and one of them could be filed."""
    rows = database.execute(
        """
        select distinct unfit_entry.device_id from unfit_entry join event_home using (event_id)
        where unfit_entry.device_id = any(%s) and admitted_at is null order by 1
        """,
        (list(device_ids),),
    )
    return _admit_each(database, rows.fetchall(), now)


def admit_known(database: Database, event_ids: Collection[str], now: datetime) -> int:
    """Do so for whoever brought one of these events before, and it was unfit: it is filed by now."""
    rows = database.execute(
        """
        select distinct device_id from unfit_entry
        where admitted_at is null and event_id = any(%s::uuid[]) order by device_id
        """,
        (list(event_ids),),
    )
    return _admit_each(database, rows.fetchall(), now)


def admit_all(database: Database, now: datetime) -> int:
    """File what can be filed now of every device; return how much."""
    rows = database.execute(
        "select distinct device_id from unfit_entry where admitted_at is null order by device_id"
    )
    return _admit_each(database, rows.fetchall(), now)


def _admit_each(database: Database, devices: Sequence[tuple[str]], now: datetime) -> int:
    return sum(admit(database, device_id, now) for (device_id,) in devices)


def _sites_of(database: Database, device_id: str, now: datetime) -> frozenset[str]:
    """Return the sites a device may speak for by any of its certificates that are good."""
    rows = database.execute(
        """
        select distinct unnest(c.sites) from device_certificate c join device d using (device_id)
        where device_id = %s and c.expires_at > %s and c.revoked_at is null and d.revoked_at is null
        """,
        (device_id, now),
    )
    return frozenset(site for (site,) in rows)


def _fit_now(database: Database, device_id: str, sites: frozenset[str]) -> list[Entry]:
    rows = database.execute(
        """
        select epoch, seq, data, hash from unfit_entry join journal using (device_id, epoch, seq)
        where device_id = %s and admitted_at is null order by epoch, seq
        """,
        (device_id,),
        binary=True,
    )
    fit = []
    for epoch, seq, data, digest in rows:
        try:
            event = read_fit(data, seq, sites)
        except SiteOutOfScope:
            event = decode(data)
            if not _is_filed(database, event):
                continue
        except UNFIT:
            continue
        fit.append(Entry(Stream(device_id, epoch), event, data, digest))
    return fit


def _is_filed(database: Database, event: Event) -> bool:
    """Return whether an event came by another way: of one that other devices knew it is an offer."""
    first = journal.read_first(database, event.id)
    return first is not None and says_the_same(event, decode(first[1]))


def _note_admitted(database: Database, device_id: str, fit: Sequence[Entry], now: datetime) -> None:
    """Say so to the device: the finding goes to the end, with another reason."""
    told = {device_id: [Finding(entry.event.id, ENVELOPE, ADMITTED) for entry in fit]}
    rows: list[Mapping[str, object]] = [
        {
            "epoch": entry.stream.epoch, "seq": entry.event.seq, "event_id": entry.event.id,
            "pos": reached.pos, "digest": signed(reached.digest),
        }
        for entry, reached in zip(fit, numbered(database, told)[device_id], strict=True)
    ]  # fmt: skip
    database.execute(
        """
        update unfit_entry u set admitted_at = %s, event_id = x.event_id, pos = x.pos, digest = x.digest
        from json_to_recordset(%s) as x(epoch text, seq bigint, event_id uuid, pos bigint, digest bigint)
        where u.device_id = %s and (u.epoch, u.seq) = (x.epoch, x.seq)
        """,
        (now, json.dumps(rows), device_id),
    )
