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
