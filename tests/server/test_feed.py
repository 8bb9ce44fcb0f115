"""The feed of an area: one order, nothing missed, nobody else's (SYN-2, SEC-1)."""
