"""Opening the day: somebody looks at the four, or a manager answers for what is missing (SITE-9)."""

from collections.abc import Collection, Sequence
from datetime import date

from sqlite_utils import Database

from app.domain.readiness import (
    KitItem,
    KitItemIncomplete,
    Need,
    OverrideReasonMissing,
    missing,
    require_ready,
)
from app.storage.readiness import newest_readiness
from app.workflows.desk import Act, SecondPerson


def check_readiness(act: Act, seen: Collection[Need], kit: Sequence[KitItem]) -> tuple[Need, ...]:
    """Record what somebody saw of the four today; returns what is still missing.

    Raises KitItemIncomplete.
    """
    act.require("check_readiness")
    for item in kit:
        if not item.name.strip():
            raise KitItemIncomplete(item.name)
    body = {
        "day": act.today.isoformat(),
        "seen": [str(need) for need in Need if need in seen],
        "kit": [[item.name.strip(), item.expires_on.isoformat()] for item in kit],
        "at": act.at,
    }
    act.append("readiness.checked", body)
    return missing(newest_readiness(act.db), act.today)


def override_readiness(act: Act, reason: str, second: SecondPerson | None = None) -> None:
    """Let the day begin without all four: the manager who is signed in answers for it, and a second person.

    Raises OverrideReasonMissing, SecondPersonNeeded or SecondPersonIsFirst.
    """
    act.require("override_readiness")
    if not reason.strip():
        raise OverrideReasonMissing()
    lacking = missing(newest_readiness(act.db), act.today)
    body = {
        "day": act.today.isoformat(),
        "missing": [str(need) for need in lacking],
        "reason": reason.strip(),
        "at": act.at,
        "approved_by": act.require_second("override_readiness", second).staff_id,
    }
    act.append("readiness.overridden", body)


def require_site_ready(db: Database, day: date) -> None:
    """Pass when the day may begin; raises NotReady."""
    require_ready(newest_readiness(db), day)
