"""Tests of the screening page on real windows and a real store."""
