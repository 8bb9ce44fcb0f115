"""The fridge 库存: lots, deliveries, what is put aside, and the catalogue."""
