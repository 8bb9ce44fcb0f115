"""Words of the status line."""

from datetime import datetime

from app.domain.clock import CHINA


def last_sync_words(last_receipt_at: datetime | None) -> str:
    """Return when the centre last receipted something (``上次同步 08:15``)."""
    if last_receipt_at is None:
        return "尚未同步"
    return f"上次同步 {last_receipt_at.astimezone(CHINA):%H:%M}"
