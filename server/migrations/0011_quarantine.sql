-- Bundles of devices that are not in good standing, kept apart until an operator decides.

create table quarantine (           -- distributed by device_id
    device_id text not null,
    digest bytea not null,          -- of the requests: the same bundle handed in again is the same row
    standing text not null,         -- why: DeviceRevoked or CertificateExpired
    handed_in_at timestamptz not null,
    handed_in_by text not null,     -- the operator, or the device that brought it
    made_at timestamptz not null,   -- on the device's clock, as all that is sealed
    sites text not null,
    revoked_at timestamptz,
    events integer not null,
    doses integer not null,
    sealed_before integer not null, -- of the events: covered by a seal of before the revocation
    first_wall timestamptz,         -- when the first and the last event were written
    last_wall timestamptz,
    fingerprint bytea not null,     -- of the certificate it was signed under
    requests bytea[] not null,      -- frames, as the device would have posted them
    decided_at timestamptz,
    decided_by text,
    accepted boolean,
    reason text,
    primary key (device_id, digest)
);
