-- The journal as devices wrote it, how far each stream reaches, who the devices are, and what the events say.
-- Every key contains the column its table would be distributed by (docs/sync.md, The centre); the tables of
-- codes, devices and sites would be reference tables.

create table centre (
    incarnation text primary key,   -- a new one after a restore from backup
    began_at timestamptz not null
);

create table enrolment_code (
    code_hash bytea primary key,
    site text not null,
    expires_at timestamptz not null,
    used_by text                    -- the one device it has let in
);

create table device (
    device_id text primary key,
    token_hash bytea not null unique,
    enrolled_at timestamptz not null,
    revoked_at timestamptz
);

create table device_site (          -- the sites a device may speak for
    device_id text not null,
    site text not null,
    primary key (device_id, site)
);

create table device_cursor (        -- distributed by device_id
    device_id text not null,
    epoch text not null,
    acked bigint not null,
    head bytea not null,            -- the chain's hash at acked
    heard_at timestamptz not null,
    primary key (device_id, epoch)
);

create table journal (              -- distributed by device_id
    device_id text not null,
    epoch text not null,
    seq bigint not null,
    event_id uuid not null,
    kind text not null,
    person_id uuid,
    hlc bigint not null,
    received_at timestamptz not null,
    data bytea not null,            -- the bytes as first written
    hash bytea not null,
    primary key (device_id, epoch, seq)
);

create table event_home (           -- distributed by event_id: where each event was first seen
    event_id uuid primary key,
    device_id text not null,
    epoch text not null,
    seq bigint not null
);

create table semantic_error (       -- distributed by device_id: journalled, but not what it should say
    device_id text not null,
    epoch text not null,
    seq bigint not null,
    field text not null,
    reason text not null,
    primary key (device_id, epoch, seq, field)
);

-- Projections: each facet of a row remembers the newest event that spoke of it, so that the order of arrival
-- never matters.

create table person (               -- distributed by person_id
    person_id uuid primary key,
    name text, name_hlc bigint, name_by uuid,
    sex text, sex_hlc bigint, sex_by uuid,
    birth_on date, birth_on_hlc bigint, birth_on_by uuid,
    document_type text, document_type_hlc bigint, document_type_by uuid,
    document_number text, document_number_hlc bigint, document_number_by uuid
);

create table immunization (         -- distributed by person_id
    person_id uuid not null,
    immunization_id uuid not null,
    encounter_id text,
    vaccine_code text,
    product_code text,
    lot_number text,
    expires_on date,
    trace_code text,
    dose_number integer,
    occurred_at timestamptz,
    recorded_hlc bigint, recorded_by uuid,
    void_reason text,
    voided_hlc bigint, voided_by uuid,
    primary key (person_id, immunization_id)
);

create table adverse_event (        -- distributed by person_id
    person_id uuid not null,
    adverse_event_id uuid not null,
    immunization_id uuid,
    drafted_hlc bigint, drafted_by uuid,
    primary key (person_id, adverse_event_id)
);
