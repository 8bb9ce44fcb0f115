"""Tests of the audit page and of the question why."""
