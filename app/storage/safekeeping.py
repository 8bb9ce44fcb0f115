"""What this machine remembers of its backups: the plan, the last copy, the last drill."""

import json
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlite_utils import Database

from app.domain.clock import instant_text, read_instant
from app.domain.generations import Generations
from app.domain.safekeeping import BackupPlan
from app.storage.local import get_setting, put_setting

PLAN, LAST, DRILL = "backup.plan", "backup.last", "backup.drill"


@dataclass(frozen=True)
class LastDrill:
    """What the last drill came to."""

    at: str
    made_at: str
    """Of the copy."""
    passed: bool
    entries: int = 0
    people: int = 0
    doses: int = 0
    fault: str = ""
    """Name of what was wrong; of a drill that was passed, what is wrong beside the store."""


def find_plan(db: Database) -> BackupPlan | None:
    """Return where backups go, or None before anybody chose."""
    text = get_setting(db, PLAN)
    if not text:
        return None
    content = json.loads(text)
    return BackupPlan(**{**content, "generations": Generations(**content["generations"])})


def put_plan(db: Database, plan: BackupPlan) -> None:
    """Keep where backups go."""
    put_setting(db, PLAN, json.dumps(asdict(plan)))


def last_backup_at(db: Database) -> datetime | None:
    """Return when the newest whole copy was made."""
    text = get_setting(db, LAST)
    return read_instant(text) if text else None


def put_last_backup(db: Database, at: datetime) -> None:
    """Keep when a copy was made."""
    put_setting(db, LAST, instant_text(at))


def find_drill(db: Database) -> LastDrill | None:
    """Return the last drill, or None."""
    text = get_setting(db, DRILL)
    return LastDrill(**json.loads(text)) if text else None


def put_drill(db: Database, drill: LastDrill) -> None:
    """Keep what a drill came to."""
    put_setting(db, DRILL, json.dumps(asdict(drill)))
