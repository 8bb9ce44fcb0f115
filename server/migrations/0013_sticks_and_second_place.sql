-- The newest reply made on the operator's pages for a device without a line, until it was fetched for its stick.

create table stick_reply (          -- distributed by device_id
    device_id text not null,
    made_at timestamptz not null,
    made_by text not null,          -- the operator
    file_name text not null,        -- of the bundle, as it was uploaded
    sites text not null,
    standing text not null,         -- of the device; empty in good standing
    outcome text not null,
    events integer not null,        -- in the bundle
    held integer not null,          -- of them: in the journal
    reply bytea not null,           -- encrypted for the device alone
    primary key (device_id)
);

-- How far the write-ahead log had come, and when: once it lies in a second place up to there, so does every
-- event received before.
create table wal_mark (
    lsn pg_lsn primary key,
    segment text not null,          -- the file of the log it is in, without its timeline
    made_at timestamptz not null,
    received_to timestamptz not null, -- whatever was received by then was committed at the mark
    events bigint not null,         -- held when it was made
    is_last boolean not null,       -- nothing has come since the mark before: no further one is needed
    safe boolean not null           -- it lies in a second place
);
