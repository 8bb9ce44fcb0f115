-- A feed by runs: one row for what was added at once from one stream, where each event had a row of its own.

set local statement_timeout = 0;
set local work_mem = '64MB';

alter table area_feed rename to area_position;
alter table area_position rename constraint area_feed_pkey to area_position_pkey;

create table area_feed (            -- distributed by area
    area text not null,
    last_pos bigint not null,       -- of its last event; the first stands behind the last of the row before
    device_id text not null,        -- the stream in whose journal its events stand
    epoch text not null,
    seqs bigint[] not null,         -- where they stand in it, rising; at most 2000
    digests bytea not null,         -- over everything up to each of them, eight bytes each
    primary key (area, last_pos)
);

-- Digests look like chance: to compress them costs more than to write them. A piece of them is read alone.
alter table area_feed alter seqs set storage external, alter digests set storage external;

-- What was added event by event: a row ends before another stream, a number that does not rise, and where 2000 are full.

insert into area_feed
select area, max(pos), min(device_id), min(epoch),
    array_agg(seq order by pos), string_agg(int8send(digest), '' order by pos)
from (
    select *, count(*) filter (where begins) over (partition by area order by pos) as run
    from (
        select *, (pos % 2000 = 1 or seq <= lag(seq) over own
            or (device_id, epoch) is distinct from (lag(device_id) over own, lag(epoch) over own)) as begins
        from area_position window own as (partition by area order by pos)
    ) placed
) counted
group by area, run;

drop table area_position;
