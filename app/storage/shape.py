"""The tables, as SQL, by step: the journal, its projections, and what never leaves this machine."""

COMPLETED, VOIDED = "completed", "entered-in-error"
"""``immunization.status``: the dose counts, or it was entered in error."""

RECORD_0001 = (
    """create table stream (
        device_id text not null, epoch text not null,
        head_seq integer not null, head_hash blob not null, hlc integer not null,
        opened_at text not null, is_current integer not null,
        primary key (device_id, epoch)) strict, without rowid""",
    """create table journal (
        position integer primary key,
        device_id text not null, epoch text not null, seq integer not null,
        event_id text not null unique, kind text not null,
        data blob not null, hash blob not null,
        unique (device_id, epoch, seq)) strict""",
    """create index journal_refused on journal (kind)
        where kind in ('vial.refused', 'identity.refused')""",
    """create index journal_dose on journal (device_id, epoch, seq)
        where kind = 'immunization.recorded'""",
    """create trigger journal_is_never_changed before update on journal
        begin select raise(abort, 'the journal is append-only'); end""",
    """create trigger journal_is_never_deleted before delete on journal
        begin select raise(abort, 'the journal is append-only'); end""",
)

PROJECTIONS_0001 = (
    "create table site (site_id text primary key, body text not null) strict",
    """create table staff (staff_id text primary key, name text not null, title text not null,
        roles text not null) strict""",
    """create table product (product_code text primary key, vaccine_code text not null, gtin text,
        code_prefix text, body text not null) strict""",
    """create table lot (lot_id text primary key, product_code text not null references product,
        lot_number text not null, expires_on text not null, status text not null,
        status_reason text not null, unique (product_code, lot_number)) strict""",
    """create table pack_code (code text primary key, level text not null, parent_code text,
        lot_id text not null references lot, doses integer not null) strict, without rowid""",
    "create index pack_code_lot on pack_code (lot_id)",
    "create index pack_code_parent on pack_code (parent_code)",
    "create table put_aside (code text primary key) strict, without rowid",
    """create table session (session_id text primary key, name text not null,
        opened_at text not null, closed_at text) strict""",
    "create index session_open on session (opened_at) where closed_at is null",
    """create table patient (patient_id text primary key, name text not null, sex text not null,
        birth_on text not null, document_type text not null, document_number text not null,
        phone text not null, body text not null, registered_at text not null,
        unique (document_type, document_number)) strict""",
    """create table search_term (term text not null, patient_id text not null,
        primary key (term, patient_id)) strict, without rowid""",
    "create index search_term_patient on search_term (patient_id)",
    """create table encounter (encounter_id text primary key,
        session_id text not null references session, patient_id text not null references patient,
        ticket_seq integer not null, ticket_number text not null, ticket_token text not null unique,
        registered_at text not null, temperature text, cancelled integer not null default 0,
        decision text, consented integer, called_at text, called_by text not null default '',
        desk text not null default '', vaccinated integer not null default 0,
        ended integer not null default 0, ended_early integer not null default 0,
        plan_product text, plan_dose_number integer, body_site text,
        returned_because text not null default '',
        state text not null, unique (session_id, ticket_seq)) strict""",
    "create index encounter_state on encounter (session_id, state, ticket_seq)",
    "create index encounter_patient on encounter (patient_id)",
    """create table screening (screening_id text primary key,
        encounter_id text not null references encounter, decision text not null,
        performer text not null, recorded_at text not null, superseded integer not null default 0,
        body text not null) strict""",
    "create index screening_encounter on screening (encounter_id)",
    """create table consent (consent_id text primary key,
        encounter_id text not null references encounter, agreed integer not null,
        text_id text not null, text_version text not null, text_sha256 text not null,
        recorded_at text not null, body text not null) strict""",
    "create index consent_encounter on consent (encounter_id)",
    """create table check_mark (encounter_id text not null references encounter, item text not null,
        confirmed_by text not null, confirmed_at text not null,
        primary key (encounter_id, item)) strict, without rowid""",
    """create table needle_vial (encounter_id text primary key references encounter,
        trace_code text, source text not null, reason text not null,
        product_code text not null references product, lot_id text, lot_number text not null,
        expires_on text not null, doses integer not null,
        presented_by text not null, presented_at text not null) strict""",
    """create table immunization (immunization_id text primary key,
        encounter_id text not null references encounter, patient_id text not null references patient,
        vaccine_code text not null, lot_number text not null, trace_code text,
        occurred_at text not null, status text not null, void_reason text not null default '',
        event_id text not null, body text not null) strict""",
    "create index immunization_patient on immunization (patient_id, occurred_at)",
    "create index immunization_encounter on immunization (encounter_id)",
    "create index immunization_event on immunization (event_id)",
    "create index immunization_code on immunization (trace_code) where trace_code is not null",
    """create table observation (encounter_id text primary key references encounter,
        immunization_id text not null references immunization,
        started_at text not null, due_at text not null, ended_at text, ended_by text not null default '',
        ended_early integer not null default 0, end_note text not null default '',
        alarm_at text, alarm_by text not null default '', alarm_signs text not null default '',
        alarm_closed_at text, alarm_closed_by text not null default '') strict""",
    "create index observation_open on observation (due_at) where ended_at is null",
    """create table adverse_event (adverse_event_id text primary key,
        immunization_id text not null references immunization, encounter_id text not null,
        status text not null, recorded_at text not null, body text not null) strict""",
    "create index adverse_event_encounter on adverse_event (encounter_id)",
    """create table certificate (number text primary key, patient_id text not null references patient,
        version integer not null, issued_at text not null, superseded integer not null default 0,
        body text not null) strict""",
    "create index certificate_patient on certificate (patient_id, version)",
    """create table certificate_print (serial text primary key,
        number text not null references certificate, printed_at text not null, printed_by text not null,
        target text not null, masked integer not null) strict""",
    "create index certificate_print_number on certificate_print (number)",
    """create table sign_in (event_id text primary key, staff_id text not null, desk text not null,
        at text not null) strict""",
)

PROJECTED_TABLES = (
    "site", "staff", "product", "code_mapping", "lot", "pack_code", "put_aside", "delivery", "session",
    "patient", "search_term", "same_person", "dose_elsewhere", "field_review", "pair_review", "judgement",
    "encounter", "screening", "consent", "check_mark", "needle_vial", "immunization", "observation",
    "planned_dose", "adverse_event", "certificate", "certificate_print", "sign_in", "training_certificate",
    "training_round", "emergency_training", "shift", "hand_over", "readiness", "condition", "stock_count",
    "stock_movement", "pack_taken",
)  # fmt: skip
"""Every projection, referenced tables first: rebuilding empties them from the end."""

LOCAL_0001 = (
    """create table receipt (device_id text not null, epoch text not null, seq integer not null,
        event_id text not null, received_at text not null,
        primary key (device_id, epoch, seq)) strict, without rowid""",
    "create index receipt_event on receipt (event_id)",
    "create table secret (name text primary key, value blob not null) strict",
    "create table setting (name text primary key, value text not null) strict",
    """create table clock_mark (id integer primary key check (id = 1), wall_at text not null,
        monotonic real not null) strict""",
)

CARRIED_0002 = (
    "alter table stream add column kept integer",
    """create table carried (
        device_id text not null, epoch text not null, seq integer not null,
        event_id text not null, kind text not null,
        data blob not null, hash blob not null,
        primary key (device_id, epoch, seq)) strict""",
    "create index carried_event on carried (event_id)",
    """create trigger carried_is_never_changed before update on carried
        begin select raise(abort, 'the journal is append-only'); end""",
    """create trigger carried_is_never_deleted before delete on carried
        begin select raise(abort, 'the journal is append-only'); end""",
    """create view stream_entry as
        select device_id, epoch, seq, event_id, kind, data, hash from journal
        union all select device_id, epoch, seq, event_id, kind, data, hash from carried""",
)
"""An event stands in ``journal`` once, where it was first written; ``carried`` holds its entry in a later
stream. ``stream.kept``: what stands after this number goes up in a later stream; null for all of it."""

SEALS_0006 = (
    """create table seal (device_id text not null, epoch text not null, seq integer not null,
        head blob not null, sealed_at integer not null, algorithm text not null, public_key blob not null,
        signature blob not null, primary key (device_id, epoch, seq)) strict, without rowid""",
)
"""The seals made hour by hour over what had not gone up yet; ``sealed_at`` in milliseconds since 1970."""

ACCOUNTS_0007 = (
    "alter table staff add column removed integer not null default 0",
    "alter table sign_in add column means text not null default 'password'",
    "create index sign_in_staff on sign_in (staff_id, at)",
    """create table training_certificate (staff_id text primary key references staff, number text not null,
        issuer text not null, expires_on text not null) strict""",
    """create table shift (day text not null, part text not null, staff_id text not null, duty text not null,
        primary key (day, part, staff_id)) strict, without rowid""",
    """create table hand_over (event_id text primary key, given_by text not null, taken_by text not null,
        desk text not null, at text not null, body text not null) strict""",
    "create index hand_over_at on hand_over (at)",
    """create table credential (staff_id text primary key, changed_at text not null,
        must_change integer not null, former text not null, pin text, pin_failures integer not null default 0,
        badge text) strict""",
)
"""``credential`` stays on this machine: since when a password stands, whether its owner must change it, and
the hashes of it, of those before, of a PIN and of a badge."""

AUDIT_0008 = (
    """create table audit (seq integer primary key, at text not null, staff_id text not null,
        desk text not null, access text not null, patient_id text, purpose text, words text not null,
        source text not null, hash blob not null) strict""",
    "create index audit_patient on audit (patient_id, seq) where patient_id is not null",
    "create index audit_staff on audit (staff_id, seq)",
    "create index audit_access on audit (access, seq)",
    """create trigger audit_is_never_changed before update on audit
        begin select raise(abort, 'the audit trail is append-only'); end""",
    """create trigger audit_is_never_deleted before delete on audit
        begin select raise(abort, 'the audit trail is append-only'); end""",
)
"""Who looked at, printed or let pass what, and why (app/domain/audit.py); stays on this machine."""

PLANNED_DOSES_0014 = (
    """create table planned_dose (encounter_id text not null references encounter, place integer not null,
        product_code text not null, dose_number integer not null, body_site text not null,
        consented integer, immunization_id text references immunization,
        primary key (encounter_id, place)) strict, without rowid""",
    """create index planned_dose_immunization on planned_dose (immunization_id)
        where immunization_id is not null""",
    """insert into planned_dose select encounter_id, 1, plan_product, plan_dose_number, body_site, consented,
        (select immunization_id from immunization where immunization.encounter_id = encounter.encounter_id
            and status = 'completed') from encounter
        where plan_product is not null and plan_dose_number is not null and body_site is not null""",
    "alter table encounter drop column plan_product",
    "alter table encounter drop column plan_dose_number",
    "alter table encounter drop column body_site",
    "alter table observation add column clock_moved integer not null default 0",
)
"""``planned_dose``: every dose the standing screening plans, and each that was given.
``observation.clock_moved``: a confirmed clock has moved the timers, so they no longer follow from a dose."""

READINESS_0009 = (
    """create table readiness (day text primary key, seen text not null, kit text not null,
        checked_by text not null, overridden_by text not null, reason text not null) strict""",
)
"""The daily check of the four (app/domain/readiness.py)."""

SECOND_PEOPLE_0010 = (
    "alter table audit add column second_id text not null default ''",
    "alter table needle_vial add column approved_by text not null default ''",
    "alter table readiness add column approved_by text not null default ''",
    "alter table immunization add column voided_by text not null default ''",
    "alter table immunization add column void_approved_by text not null default ''",
    """update immunization set voided_by = coalesce(told.who, '') from (
        select cast(data as text) ->> '$.user' as who, cast(data as text) ->> '$.body.immunization_id' as dose
        from journal where kind = 'immunization.voided') told where immunization_id = told.dose""",
    "alter table put_aside add column reason text not null default ''",
    "alter table put_aside add column put_by text not null default ''",
    "alter table put_aside add column put_at text not null default ''",
    """update put_aside set reason = coalesce(told.reason, ''), put_by = coalesce(told.who, ''),
        put_at = coalesce(told.at, '') from (
        select cast(data as text) ->> '$.body.code' as code, cast(data as text) ->> '$.body.reason' as reason,
        cast(data as text) ->> '$.user' as who, cast(data as text) ->> '$.body.at' as at,
        min(position) from journal where kind = 'pack.quarantined' group by 1) told
        where put_aside.code = told.code""",
    "create index put_aside_at on put_aside (put_at)",
    """create table code_mapping (code text primary key, product_code text not null references product,
        level text not null, doses integer not null, mapped_by text not null, approved_by text not null,
        mapped_at text not null) strict, without rowid""",
)
"""``approved_by``: the second person of an act. ``put_aside`` says why, and ``code_mapping`` what two people
said of an unknown code: a GTIN-14 or the 7 digits of a drug identification code."""

DELIVERIES_0013 = (
    """create table delivery (delivery_id text primary key, lot_id text not null references lot,
        received_at text not null, received_by text not null, body text not null) strict""",
    "create index delivery_lot on delivery (lot_id)",
    """create index immunization_lot on immunization (lot_number, json_extract(body, '$.product_code'))
        where status = 'completed'""",
)
"""What came in (app/domain/delivery.py), and the doses of a lot found by it."""

TERMS_0015 = (
    "alter table patient add column terms text not null default '[]'",
    """update patient set terms = (select json_group_array(term) from (select term from search_term
        where search_term.patient_id = patient.patient_id order by term))""",
    "drop index search_term_patient",
)
"""``terms``: what a person is found by, as a JSON array. It names the rows to take back when the record
changes; an index for that was a third of the writing of a new person, and half of the room."""

CONDITIONS_0012 = (
    """create table condition (condition_id text primary key, patient_id text not null, code text not null,
        title text not null, since text, until text, note text not null, status text not null,
        supersedes text, reason text not null, recorded_at text not null, recorded_by text not null)
        strict, without rowid""",
    "create index condition_patient on condition (patient_id, recorded_at)",
    "create index condition_superseded on condition (supersedes) where supersedes is not null",
)
"""Every statement of a special condition (app/domain/conditions.py), of this site and of its area."""

STOCK_COUNTS_0016 = (
    """create table stock_count (count_id text primary key, counted_at text not null,
        counted_by text not null, approved_by text not null, body text not null) strict""",
    """create table stock_movement (event_id text primary key, lot_id text not null references lot,
        place text not null, doses integer not null, reason text not null, count_id text not null,
        moved_at text not null) strict""",
    "create index stock_movement_lot on stock_movement (lot_id, moved_at)",
    """create table count_begun (id integer primary key check (id = 1), count_id text not null,
        begun_at text not null, begun_by text not null) strict""",
    """create table count_line (lot_id text not null, place text not null, typed integer,
        typed_book integer, told integer, agreed integer not null, numbers text not null,
        primary key (lot_id, place)) strict, without rowid""",
    """create table count_pack (code text primary key, doses integer not null, used integer not null)
        strict, without rowid""",
)
"""``stock_movement``: what a count found more or less than the books said, in doses. The last three stay on
this machine and hold the count under way; ``count_pack``: doses found in a pack, and used of it by then."""

PACKS_TAKEN_0019 = (
    """create table pack_taken (name text primary key, sha256 text not null, taken_by text not null,
        approved_by text not null, taken_at text not null) strict, without rowid""",
    """insert or replace into pack_taken
        select (body ->> '$.pack') || '-' || (body ->> '$.edition'), body ->> '$.sha256', who,
            coalesce(body ->> '$.approved_by', ''), body ->> '$.recorded_at'
        from (select cast(data as text) -> '$.body' as body, cast(data as text) ->> '$.user' as who
            from journal where kind = 'schedule.taken' order by position)""",
)
"""The rule packs that the site took, by name with edition: who did, and the digest of the file."""

VERSIONS_0021 = (
    """create index journal_person on journal (cast(data as text) ->> 'person')
        where kind in ('patient.registered', 'patient.amended')""",
)
"""What was said of a person here, by whom and why, is found without reading the whole journal."""

RECEIPTS_0024 = (
    """create table receipt_run (device_id text not null, epoch text not null, last_seq integer not null,
        received_at text not null, primary key (device_id, epoch, last_seq)) strict, without rowid""",
    """insert into receipt_run select device_id, epoch, seq, received_at from (
        select *, lead(received_at) over (partition by device_id, epoch order by seq) as next from receipt)
        where next is not received_at""",
    "drop table receipt",
)
"""The receipts, which leave no gap in a stream: what stands behind the run before, up to ``last_seq``, was
received at one instant."""

TRAINING_0023 = (
    "alter table training_certificate add column round text not null default ''",
    "alter table training_certificate add column passed_on text",
    """create table training_round (staff_id text not null references staff, number text not null,
        round text not null, primary key (staff_id, number)) strict, without rowid""",
    """create table emergency_training (staff_id text primary key references staff,
        trained_on text not null, expires_on text not null) strict""",
)
"""``training_round``: the central training round of every certificate that ever named one, by its number;
empty where the same certificate was recorded again without."""

NUMBERS_0026 = (
    "alter table search_term rename to search_term_before",
    """create table search_term (term text not null, patient_id blob not null,
        primary key (term, patient_id)) strict, without rowid""",
    """insert into search_term select term, unhex(patient_id, '-') from search_term_before
        left join patient using (patient_id) where term not in
        ('#' || document_number, lower(document_number), replace(birth_on, '-', '')) order by 1, 2""",
    "drop table search_term_before",
    """update patient set terms = (select json_group_array(value) from json_each(terms)
        where value not in ('#' || document_number, lower(document_number), replace(birth_on, '-', '')))""",
)
"""Birth dates and whole numbers are found in the record itself, so no terms of their own are needed; beside a
term an id stands in its sixteen bytes."""
