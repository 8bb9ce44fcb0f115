-- What devices sign: the key each is known by, and the newest seal of each stream.

create table device_key (
    device_id text primary key,
    algorithm text not null,
    public_key bytea not null,
    first_seen_at timestamptz not null
);

create table seal (                 -- distributed by device_id
    device_id text not null,
    epoch text not null,
    seq bigint not null,
    head bytea not null,            -- the chain's hash at seq: the seal signs everything before it
    sealed_at timestamptz not null, -- on the device's clock
    algorithm text not null,
    signature bytea not null,
    primary key (device_id, epoch)
);
