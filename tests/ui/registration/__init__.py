"""Tests of the registration page on real windows and a real store."""
