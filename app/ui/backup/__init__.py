"""The backup page: where copies go, when the last was made and tried, and the recovery key."""
