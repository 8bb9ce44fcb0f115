"""What the safety of a site's data still wants: a plan, a fresh backup, a recovery key, a drill."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from app.domain.generations import Generations

DRILL_EVERY = timedelta(days=31)


class Want(StrEnum):
    """What is missing, the most urgent first."""

    PLAN = "plan"
    BACKUP = "backup"
    RECOVERY_KEY = "recovery_key"
    DRILL = "drill"


@dataclass(frozen=True)
class BackupPlan:
    """Where backups go and how often."""

    folder: str
    every_hours: int = 1
    generations: Generations = field(default_factory=Generations)

    @property
    def every(self) -> timedelta:
        """How long a backup is fresh."""
        return timedelta(hours=self.every_hours)


@dataclass(frozen=True)
class Kept:
    """How the data of a site is kept safe."""

    plan: BackupPlan | None
    backed_up_at: datetime | None
    """The newest whole copy."""
    drilled_at: datetime | None
    """When a copy last passed the drill."""
    has_recovery_key: bool

    def wanting(self, now: datetime) -> Want | None:
        """Return what is wanting most.

        A backup is late after twice the time set; a clock that was set back makes nothing late.
        """
        if self.plan is None:
            return Want.PLAN
        if self.backed_up_at is None or now - self.backed_up_at > 2 * self.plan.every:
            return Want.BACKUP
        if not self.has_recovery_key:
            return Want.RECOVERY_KEY
        if self.drilled_at is None or now - self.drilled_at > DRILL_EVERY:
            return Want.DRILL
        return None

    def next_at(self) -> datetime | None:
        """Return when the next backup is due, None without a plan or before the first: at once."""
        return self.backed_up_at + self.plan.every if self.plan and self.backed_up_at else None

    def is_due(self, now: datetime) -> bool:
        """Return whether a backup is to be made now; one from the future was made by a wrong clock."""
        if self.plan is None:
            return False
        return self.backed_up_at is None or not timedelta(0) <= now - self.backed_up_at < self.plan.every
