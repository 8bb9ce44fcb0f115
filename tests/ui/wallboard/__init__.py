"""Tests of the wall board."""
