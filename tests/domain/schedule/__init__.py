"""Tests of the schedule: packs, engine, conformance."""
