"""The 24-hour rule: a dose is with the centre within a day of its injection (N2023 9.2.4)."""

from datetime import datetime, timedelta
from enum import StrEnum

UPLOAD_WITHIN = timedelta(hours=24)
WARN_AFTER = timedelta(hours=20)


class UploadAge(StrEnum):
    """How a dose without a receipt stands against the rule."""

    IN_TIME = "in-time"
    SOON = "soon"
    """From 20 hours after the injection."""
    OVERDUE = "overdue"
    """From 24 hours after the injection."""


def upload_age(occurred_at: datetime, now: datetime) -> UploadAge:
    """Return how a dose given at ``occurred_at`` and not receipted stands at ``now``."""
    if now - occurred_at >= UPLOAD_WITHIN:
        return UploadAge.OVERDUE
    return UploadAge.SOON if now - occurred_at >= WARN_AFTER else UploadAge.IN_TIME
