-- A long run says how many positions it has, so that runs of another length are never taken for it. They are made
-- again from the feed as soon as nobody hands anything in.

drop table feed_block;

create table feed_block (           -- distributed by area
    area text not null,
    start bigint not null,          -- the run holds the positions start + 1 to start + length
    length bigint not null,
    lines bytea not null,           -- the condensed text, squeezed; empty: the run is sent as its events
    primary key (area, start, length)
);
