-- What the operators of the centre see and do, how each device was last heard, and who looked whom up.

create table device_contact (       -- distributed by device_id
    device_id text primary key,
    heard_at timestamptz not null,
    waiting bigint not null         -- events it had and the centre had not when it last spoke
);

create table refused_event (        -- distributed by device_id: the event a stream last had to stop at
    device_id text not null,
    epoch text not null,
    seq bigint not null,
    name text not null,
    reason text not null,
    refused_at timestamptz not null,
    primary key (device_id, epoch)
);

create table look_up (              -- distributed by device_id: who asked for whose record, and why
    device_id text not null,
    look_up_id uuid not null,
    site text not null,
    user_id text not null,
    reason text not null,
    asked_hash bytea not null,      -- SHA-256 of what was asked for
    people uuid[] not null,         -- whose records were shown
    doses integer not null,
    asked_at timestamptz not null,
    primary key (device_id, look_up_id)
);

create index person_by_document on person (document_number);

create table operator (
    name text primary key,
    password_hash text not null,    -- Argon2id, with its own salt and costs
    added_at timestamptz not null,
    withdrawn_at timestamptz
);

create table operator_session (
    token_hash bytea primary key,
    name text not null,
    began_at timestamptz not null,
    seen_at timestamptz not null
);

create table sign_in_failure (      -- names as hashes: a password is easily typed into the wrong field
    name_hash bytea primary key,
    failures integer not null,
    failed_at timestamptz not null
);

create table operator_act (
    act_id uuid primary key,
    done_at timestamptz not null,
    name text not null,
    act text not null,
    subject text not null
);
create index operator_act_by_time on operator_act (done_at);
