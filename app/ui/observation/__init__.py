"""Observation (留观): the board of rings, release, leaving early, the alarm and the report that follows."""
