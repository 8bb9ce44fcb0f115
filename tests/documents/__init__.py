"""Paper and certificates."""
