-- An event whose envelope cannot be filed keeps its place in the stream: its bytes stand in the journal, where the
-- chain holds them, and nothing follows from them. Nothing is known of it then but what stands here.

alter table journal alter column event_id drop not null, alter column kind drop not null,
    alter column hlc drop not null;     -- null as long as the event is not filed

create table unfit_entry (          -- distributed by device_id
    device_id text not null,
    epoch text not null,
    seq bigint not null,
    name text not null,             -- of the refusal, and its reason
    reason text not null,
    event_id uuid,                  -- this and the site as far as the bytes tell them
    site text,
    admitted_at timestamptz,        -- when it was filed after all: the cause had gone
    pos bigint,                     -- among the findings of its device; null while nobody can name the event
    digest bigint,
    primary key (device_id, epoch, seq)
);
create unique index unfit_entry_pos on unfit_entry (device_id, pos);
