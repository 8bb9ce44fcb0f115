"""Tests of the staff page."""
