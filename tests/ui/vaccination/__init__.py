"""Tests of the vaccination station on real windows and a real store."""
