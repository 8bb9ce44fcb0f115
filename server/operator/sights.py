"""What the operator's pages show of the centre's tables: counts, instants and reasons, never a person."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from psycopg.rows import class_row

from server.database import Database

LISTED = 200
"""Rows of a long list; the page says when there are more."""

DEVICE_SITES = "(select distinct device_id, unnest(sites) as site from device_certificate)"
"""Which sites each device speaks for: ``device_id``, ``site``."""

STOPPED = """
(select r.* from refused_event r left join device_cursor c using (device_id, epoch)
 where r.seq > coalesce(c.acked, 0))
"""
"""Refused events that their streams still wait at."""
UNFIT = "(select * from unfit_entry where admitted_at is null)"
"""What cannot be filed."""


@dataclass(frozen=True)
class SiteSight:
    """A site by what its devices in good standing did."""

    site: str
    devices: int
    heard_at: datetime | None
    """When any of them last called."""
    quiet_since: datetime | None
    """When the one silent for longest last called; None if one never did."""
    waiting: int | None
    """Events not yet here, as the devices told when they last called; None if none ever called."""
    events: int
    refused: int
    unfit: int
    flagged: int


@dataclass(frozen=True)
class DeviceSight:
    """A device, in good standing or not."""

    device_id: str
    sites: str
    enrolled_at: datetime
    heard_at: datetime | None
    waiting: int | None
    events: int
    revoked_at: datetime | None


@dataclass(frozen=True)
class RefusedSight:
    """An event the centre cannot take; its stream waits there, the device keeps it."""

    device_id: str
    sites: str
    epoch: str
    seq: int
    name: str
    reason: str
    refused_at: datetime
    waiting: int | None


@dataclass(frozen=True)
class UnfitSight:
    """An event whose bytes are in the journal and cannot be filed."""

    device_id: str
    sites: str
    epoch: str
    seq: int
    name: str
    reason: str
    site: str | None
    """Of the event; None if its bytes do not tell."""
    received_at: datetime


@dataclass(frozen=True)
class FlaggedSight:
    """An event in the journal whose meaning is not what it should be."""

    device_id: str
    sites: str
    epoch: str
    seq: int
    kind: str
    field: str
    reason: str
    received_at: datetime


@dataclass(frozen=True)
class CodeSight:
    """An enrolment code that may still let a device in; the code itself is not kept."""

    code_id: bytes
    site: str
    expires_at: datetime


@dataclass(frozen=True)
class LookUpSight:
    """One online look-up; of the people only how many."""

    asked_at: datetime
    device_id: str
    site: str
    user_id: str
    reason: str
    people: int
    doses: int


@dataclass(frozen=True)
class AreaSight:
    """A site and the area it stands in."""

    site: str
    area: str
    """The site's own name until it was put into one."""
    neighbours: int
    """Other sites of the area."""
    shared: int
    """Events in the area's feed."""


SITES = f"""
with held as (select device_id, sum(acked)::bigint as events from device_cursor group by 1),
    stopped as (select device_id, count(*) as refused from {STOPPED} r group by 1),
    kept as (select device_id, count(*) as unfit from {UNFIT} u group by 1),
    marked as (select device_id, count(distinct (epoch, seq)) as flagged from semantic_error group by 1)
select s.site,
    count(*) filter (where d.revoked_at is null) as devices,
    max(c.heard_at) filter (where d.revoked_at is null) as heard_at,
    case when bool_and(c.heard_at is not null) filter (where d.revoked_at is null)
        then min(c.heard_at) filter (where d.revoked_at is null) end as quiet_since,
    (sum(c.waiting) filter (where d.revoked_at is null))::bigint as waiting,
    coalesce(sum(h.events), 0)::bigint as events,
    coalesce(sum(r.refused) filter (where d.revoked_at is null), 0)::bigint as refused,
    coalesce(sum(k.unfit), 0)::bigint as unfit,
    coalesce(sum(m.flagged), 0)::bigint as flagged
from {DEVICE_SITES} s join device d using (device_id)
    left join device_contact c using (device_id) left join held h using (device_id)
    left join stopped r using (device_id) left join marked m using (device_id)
    left join kept k using (device_id)
group by s.site order by quiet_since nulls first, s.site
"""
SITES_OF = f"""
(select string_agg(s.site, ' ' order by s.site) from {DEVICE_SITES} s where s.device_id = {{}}.device_id)
"""
DEVICES = f"""
select d.device_id, {SITES_OF.format("d")} as sites, d.enrolled_at, c.heard_at, c.waiting,
    coalesce((select sum(acked) from device_cursor u where u.device_id = d.device_id), 0)::bigint as events,
    d.revoked_at
from device d left join device_contact c using (device_id)
order by d.revoked_at is not null, sites, d.device_id
"""
REFUSED = f"""
select r.device_id, {SITES_OF.format("r")} as sites, r.epoch, r.seq, r.name, r.reason, r.refused_at, c.waiting
from {STOPPED} r left join device_contact c using (device_id)
order by r.refused_at desc, r.device_id, r.epoch limit %s
"""
KEPT = f"""
select u.device_id, {SITES_OF.format("u")} as sites, u.epoch, u.seq, u.name, u.reason, u.site, j.received_at
from {UNFIT} u join journal j using (device_id, epoch, seq)
order by j.received_at desc, u.device_id, u.epoch, u.seq limit %s
"""
FLAGGED = f"""
select e.device_id, {SITES_OF.format("e")} as sites, e.epoch, e.seq, j.kind, e.field, e.reason, j.received_at
from semantic_error e join journal j using (device_id, epoch, seq)
order by j.received_at desc, e.device_id, e.epoch, e.seq, e.field limit %s
"""
CODES = """
select code_id, site, expires_at from enrolment_code
where fingerprint is null and expires_at > %s order by expires_at desc
"""
AREAS = f"""
with stands as (
    select s.site, coalesce(a.area, s.site) as area
    from (select distinct site from {DEVICE_SITES} d union select site from site_area) s
        left join site_area a using (site)
)
select site, area, count(*) over (partition by area) - 1 as neighbours, coalesce(pos, 0) as shared
from stands left join area_head using (area) order by area, site
"""
LOOK_UPS = """
select asked_at, device_id, site, user_id, reason, cardinality(people) as people, doses
from look_up order by asked_at desc, look_up_id desc limit %s
"""


def see_sites(database: Database) -> Sequence[SiteSight]:
    """Return every site that has or had a device, the one silent for longest first."""
    with database.cursor(row_factory=class_row(SiteSight)) as cursor:
        return cursor.execute(SITES.encode()).fetchall()


def see_devices(database: Database) -> Sequence[DeviceSight]:
    """Return every device, revoked ones last."""
    with database.cursor(row_factory=class_row(DeviceSight)) as cursor:
        return cursor.execute(DEVICES.encode()).fetchall()


def see_refused(database: Database, limit: int = LISTED) -> Sequence[RefusedSight]:
    """Return the events that streams wait at, newest first."""
    with database.cursor(row_factory=class_row(RefusedSight)) as cursor:
        return cursor.execute(REFUSED.encode(), (limit,)).fetchall()


def see_unfit(database: Database, limit: int = LISTED) -> Sequence[UnfitSight]:
    """Return what cannot be filed, newest first."""
    with database.cursor(row_factory=class_row(UnfitSight)) as cursor:
        return cursor.execute(KEPT.encode(), (limit,)).fetchall()


def see_flagged(database: Database, limit: int = LISTED) -> Sequence[FlaggedSight]:
    """Return the semantic errors, newest first."""
    with database.cursor(row_factory=class_row(FlaggedSight)) as cursor:
        return cursor.execute(FLAGGED.encode(), (limit,)).fetchall()


def see_codes(database: Database, now: datetime) -> Sequence[CodeSight]:
    """Return the codes that are open."""
    with database.cursor(row_factory=class_row(CodeSight)) as cursor:
        return cursor.execute(CODES, (now,)).fetchall()


def see_areas(database: Database) -> Sequence[AreaSight]:
    """Return every site with its area, area by area."""
    with database.cursor(row_factory=class_row(AreaSight)) as cursor:
        return cursor.execute(AREAS.encode()).fetchall()


def see_look_ups(database: Database, limit: int = LISTED) -> Sequence[LookUpSight]:
    """Return the newest online look-ups, newest first."""
    with database.cursor(row_factory=class_row(LookUpSight)) as cursor:
        return cursor.execute(LOOK_UPS, (limit,)).fetchall()
