-- Long runs of a feed, as what their events come to: made when a device far behind first asks for one.

create table feed_block (           -- distributed by area
    area text not null,
    start bigint not null,          -- the run is start + 1 … start + BLOCK
    lines bytea not null,           -- its text, a line each, compressed; empty if it cannot be sent so
    primary key (area, start)
);
