-- What each site has in stock: its products and lots, the packs of its deliveries, the doses it used. All are
-- distributed by site; each facet of a row remembers the newest event that spoke of it. What came in before is
-- filled in by `python -m server.admin reproject`.

create table stock_product (
    site text not null,
    product_code text not null,
    vaccine_code text, vaccine_name text, market_holder text, stated_hlc bigint, stated_by uuid,
    primary key (site, product_code)
);

create table stock_lot (
    site text not null,
    lot_id uuid not null,
    product_code text, lot_number text, expires_on date, received_hlc bigint, received_by uuid,
    status text, status_reason text, changed_hlc bigint, changed_by uuid,
    primary key (site, lot_id)
);

create table stock_pack (
    site text not null,
    code text not null,
    lot_id uuid, level text, parent_code text, doses integer, related_hlc bigint, related_by uuid,
    aside_reason text, put_aside_hlc bigint, put_aside_by uuid,
    primary key (site, code)
);
create index stock_pack_inside on stock_pack (site, parent_code) where parent_code is not null;

create table stock_dose (
    site text not null,
    immunization_id uuid not null,
    product_code text, lot_number text, trace_code text, occurred_at timestamptz, used_hlc bigint, used_by uuid,
    voided_hlc bigint, voided_by uuid,
    primary key (site, immunization_id)
);
