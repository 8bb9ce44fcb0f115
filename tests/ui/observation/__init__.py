"""Tests of the observation station."""
