"""The tables of what others recorded and of what the centre said, as SQL, by step."""

FEED_0003 = (
    """create table feed (area text primary key, pos integer not null, digest blob not null) strict""",
    """create table feed_page (page_id integer primary key, area text not null,
        base_pos integer not null, base_digest blob not null,
        next_pos integer not null, next_digest blob not null,
        own_count integer not null, own_digest blob not null,
        packed blob not null, arrived_after integer not null, condensed integer not null,
        standing integer not null default 1, offered integer not null default 0) strict""",
    "create index feed_page_end on feed_page (area, next_pos) where standing",
    """create index feed_page_to_offer on feed_page (page_id)
        where not standing and not offered and not condensed""",
    """create trigger feed_page_is_never_deleted before delete on feed_page
        begin select raise(abort, 'the feed is append-only'); end""",
)
"""What others recorded, page by page as it came (``packed``), and how far each area's feed is held.
``arrived_after``: this device's own events up to that ``journal.position`` were there before it.
``condensed``: what is packed is what the events come to, not the events.
``standing`` 0: no longer part of the feed at the centre, but seen."""

ELSEWHERE_0003 = (
    "alter table patient add column hlc integer not null default 0",
    """update patient set hlc = told.hlc from (select cast(data as text) ->> '$.body.patient_id' as who,
        max(cast(data as text) ->> '$.hlc') as hlc from journal
        where kind in ('patient.registered', 'patient.amended') group by 1) told where patient_id = who""",
    """create table same_person (patient_id text primary key, kept_id text not null references patient)
        strict, without rowid""",
    "create index same_person_kept on same_person (kept_id)",
    """create table dose_elsewhere (immunization_id text primary key, patient_id text, vaccine_code text,
        vaccine_name text, product_code text, dose_number integer, lot_number text, trace_code text,
        site_name text, occurred_at text, voided integer not null default 0) strict, without rowid""",
    "create index dose_elsewhere_patient on dose_elsewhere (patient_id, occurred_at)",
    """create index dose_elsewhere_code on dose_elsewhere (trace_code)
        where trace_code is not null""",
)
"""``same_person``: a record made elsewhere of somebody who has one here (one document, one person)."""

FEEDBACK_0004 = (
    """create table finding (event_id text not null, field text not null, reason text not null,
        primary key (event_id, field)) strict, without rowid""",
    """create table feedback (id integer primary key check (id = 1), pos integer not null,
        digest blob not null) strict""",
)
"""``finding``: a field of an event of this device that is not what it should be, as the centre told;
``feedback``: how far this device has heard."""

REVIEW_0005 = (
    """create table field_review (patient_id text not null references patient, field text not null,
        value text not null, hlc integer not null, body text not null,
        primary key (patient_id, field, value)) strict, without rowid""",
    """create table pair_review (low_id text not null, high_id text not null, here_id text not null,
        reason text not null, hlc integer not null, body text not null,
        primary key (low_id, high_id)) strict, without rowid""",
    """create table judgement (low_id text not null, high_id text not null, is_one integer not null,
        kept_id text not null, hlc integer not null, event_id text not null,
        judged_by text not null, judged_at text not null,
        primary key (low_id, high_id)) strict, without rowid""",
    "create index judgement_high on judgement (high_id)",
    "create index patient_namesake on patient (birth_on, name)",
)
"""``field_review``: a value of a field that the record as it stands was written without knowing of.
``pair_review``: two records to be compared; ``here_id`` was here before, ``body`` is what came of the other.
``judgement``: what people decided on pairs, the newest on each."""

UNFIT_0025 = (
    """create table unfit_entry (device_id text not null, epoch text not null, seq integer not null,
        event_id text not null, name text not null, reason text not null,
        primary key (device_id, epoch, seq)) strict, without rowid""",
    """create view refused_entry as select * from unfit_entry where not exists (select 1 from finding
        where finding.event_id = unfit_entry.event_id and field = 'envelope'
        and finding.reason = 'admitted')""",
)
"""``unfit_entry``: what the centre keeps and could not file; ``refused_entry``: and has not filed since."""
