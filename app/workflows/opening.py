"""What a site needs before its first dose, and how the day's session stands (SITE-9, STF-1)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlite_utils import Database

from app.domain.readiness import NotReady
from app.domain.site import Session, SessionCarriedOver, is_carried_over, opened_on
from app.domain.staff import Role, StaffMember, training_on
from app.domain.visit import VisitState
from app.storage import encounters, immunizations
from app.storage.catalogue import all_products
from app.storage.deliveries import usable_lots
from app.storage.readiness import newest_readiness
from app.storage.site import running_session
from app.storage.staff import all_staff, find_training
from app.workflows.desk import NoSession, names_of
from app.workflows.readiness import require_site_ready
from app.workflows.staff_register import GOOD, who_handles_reactions


@dataclass(frozen=True)
class DayNow:
    """How far a day has come."""

    vaccinators: tuple[str, ...]
    """With a training certificate good today."""
    doctors: tuple[str, ...]
    rescuers: tuple[str, ...]
    """On duty, trained to handle a reaction; nobody is a warning and bars nothing (STF-10)."""
    managers: tuple[str, ...]
    keepers: tuple[str, ...]
    """Who may receive a delivery: stock keepers and managers."""
    products: int
    lots: int
    """From which may be injected today."""
    not_ready: NotReady | None
    """What the check of the four still lacks."""
    overridden: bool
    session: Session | None
    carried_over: bool
    counts: Mapping[VisitState, int]
    doses: int


def day_now(db: Database, today: date) -> DayNow:
    """Return how far the day has come."""
    people = all_staff(db)
    session, known = running_session(db), newest_readiness(db)
    try:
        require_site_ready(db, today)
        lacking = None
    except NotReady as refusal:
        lacking = refusal
    return DayNow(
        vaccinators=tuple(one.name for one in people if _may_inject(db, one, today)),
        doctors=tuple(one.name for one in people if Role.DOCTOR in one.roles),
        rescuers=who_handles_reactions(db, today),
        managers=names_of(db, Role.MANAGER),
        keepers=tuple(one.name for one in people if one.roles & {Role.STOCK_KEEPER, Role.MANAGER}),
        products=len(all_products(db)),
        lots=usable_lots(db, today),
        not_ready=lacking,
        overridden=bool(known and known.day == today and known.overridden_by),
        session=session,
        carried_over=session is not None and is_carried_over(session, today),
        counts=encounters.counts(db, session.session_id) if session else {},
        doses=immunizations.recorded_today(db, session.session_id) if session else 0,
    )


def session_notice(db: Database, today: date) -> NoSession | SessionCarriedOver | None:
    """Return what everybody at the desk has to know of the session, None where it is of today."""
    session = running_session(db)
    if session is None:
        return NoSession(names_of(db, Role.MANAGER))
    if is_carried_over(session, today):
        return SessionCarriedOver(session.name, opened_on(session), names_of(db, Role.MANAGER))
    return None


def _may_inject(db: Database, member: StaffMember, today: date) -> bool:
    return Role.VACCINATOR in member.roles and training_on(find_training(db, member.staff_id), today) in GOOD
