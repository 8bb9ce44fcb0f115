-- What counts of the fridge found more or less than the books said, in doses; distributed by site.

create table stock_movement (
    site text not null,
    movement_id uuid not null,          -- of the event that told it
    lot_id uuid, place text, doses integer, moved_hlc bigint, moved_by uuid,
    primary key (site, movement_id)
);
create index stock_movement_lot on stock_movement (site, lot_id);
