-- The feed of each area: in one order what its sites tell each other. A site stands in the area of its own name
-- until it is put into another; the table of sites is a reference table.

create table site_area (
    site text primary key,
    area text not null
);

create table area_head (            -- distributed by area; the row whoever adds to the feed has to hold
    area text primary key,
    pos bigint not null,
    digest bigint not null          -- over everything up to pos, as a signed number
);

create table area_feed (            -- distributed by area
    area text not null,
    pos bigint not null,
    device_id text not null,        -- where the event stands in the journal
    epoch text not null,
    seq bigint not null,
    digest bigint not null,         -- over everything up to here
    primary key (area, pos)
);

-- What came in before there was a feed.

create temporary table earlier on commit drop as
select coalesce(convert_from(data, 'utf8')::json ->> 'site', '') as area,
    row_number() over (
        partition by convert_from(data, 'utf8')::json ->> 'site' order by j.received_at, j.device_id, j.epoch, j.seq
    ) as pos,
    j.device_id, j.epoch, j.seq,
    ('x' || encode(substr(sha256(data), 1, 8), 'hex'))::bit(64)::bigint as mark
from journal j join event_home h
    on (h.event_id, h.device_id, h.epoch, h.seq) = (j.event_id, j.device_id, j.epoch, j.seq)
where kind in ('patient.registered', 'patient.amended', 'immunization.recorded', 'immunization.voided',
    'adverse_event.drafted');

insert into area_feed
select area, pos, device_id, epoch, seq,
    (mod(mod(total, 18446744073709551616) + 27670116110564327424, 18446744073709551616)
        - 9223372036854775808)::bigint
from (select *, sum(mark::numeric) over (partition by area order by pos) as total from earlier) summed
where area <> '';

insert into area_head
select distinct on (area) area, pos, digest from area_feed order by area, pos desc;
