"""The centre: HTTP in, PostgreSQL, the journal of every device."""
