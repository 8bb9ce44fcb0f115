"""The rule packs that ship, read once for all tests of a process: they are values."""

from app.storage.schedules import read_packs

PACKS = read_packs()[0]
