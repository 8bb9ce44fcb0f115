"""Tests of server.operator."""
