-- What is wrong with a device's own events is told to it: in one order, numbered, with a digest like a feed's.

create table feedback_head (        -- distributed by device_id; the row whoever adds a finding has to hold
    device_id text primary key,
    pos bigint not null,
    digest bigint not null          -- over everything up to pos, as a signed number
);

alter table semantic_error
    add column pos bigint,          -- null for what a device only offered: it is told to nobody
    add column digest bigint;       -- over everything up to here
create unique index semantic_error_pos on semantic_error (device_id, pos);

-- What was found before there was anybody to tell it to.

with earlier as (
    select device_id, epoch, seq, field,
        row_number() over found as pos,
        sum(('x' || encode(substr(sha256(convert_to(j.event_id || ' ' || field || ' ' || reason, 'utf8')), 1, 8), 'hex')
            )::bit(64)::bigint::numeric) over found as total
    from semantic_error e join journal j using (device_id, epoch, seq)
    where epoch <> 'offered'
    window found as (partition by device_id order by received_at, epoch, seq, field)
)
update semantic_error e set pos = earlier.pos,
    digest = (mod(mod(total, 18446744073709551616) + 27670116110564327424, 18446744073709551616)
        - 9223372036854775808)::bigint
from earlier
where (e.device_id, e.epoch, e.seq, e.field) = (earlier.device_id, earlier.epoch, earlier.seq, earlier.field);

insert into feedback_head
select distinct on (device_id) device_id, pos, digest
from semantic_error where pos is not null order by device_id, pos desc;
