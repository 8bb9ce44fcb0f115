"""Tests of the certificate page."""
