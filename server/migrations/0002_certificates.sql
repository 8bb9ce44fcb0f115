-- Devices come in by certificates of the centre's own authority. Whoever came in by a token enrols anew: a token
-- proved nothing that a certificate could be made from. Reference tables, like those they replace.

drop table device_site;             -- a certificate names its sites
alter table device drop column token_hash;

drop table enrolment_code;
create table enrolment_code (
    code_id bytea primary key,      -- both are derived from the code, which is kept nowhere
    code_key bytea not null,
    site text not null,
    issued_at timestamptz not null,
    expires_at timestamptz not null,
    fingerprint bytea               -- of the certificate it has brought, once used
);

create table device_certificate (
    fingerprint bytea primary key,  -- SHA-256 of the certificate
    device_id text not null,
    sites text[] not null,          -- as the certificate names them
    public_key bytea not null,
    certificate bytea not null,     -- DER
    issued_at timestamptz not null,
    expires_at timestamptz not null,
    revoked_at timestamptz
);
create index on device_certificate (device_id);
