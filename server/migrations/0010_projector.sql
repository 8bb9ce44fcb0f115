-- How far a projector that reads more of an event than the one before has read the journal once more. What came in
-- after its row was made was projected as it came. A reference table.

create table projector (
    version integer primary key,
    device_id text not null default '',     -- read up to here, in the order of the journal's key
    epoch text not null default '',
    seq bigint not null default 0,
    done_at timestamptz                     -- null as long as something is left
);
