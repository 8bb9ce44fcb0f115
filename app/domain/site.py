"""The vaccination site: what it is called and what it has decided for itself."""

from dataclasses import dataclass
from datetime import date

from app.domain.clock import local_day, read_instant
from app.domain.refusals import Refusal


@dataclass(frozen=True)
class Site:
    """The place and its settings (domain.md, Appendix A holds the defaults)."""

    site_id: str
    name: str
    region_code: str
    enquiry_phone: str
    observation_minutes: int = 30
    takes_temperature: bool = False
    emergency_card: str = ""
    """The site's own approved emergency card, as text; the program never computes a dose (domain.md §7.5)."""
    emergency_card_approval: str = ""
    paired_hospital: str = ""
    paired_hospital_phone: str = ""
    practice: bool = False
    password_days: int = 90
    """How long a password stands; at a practice site it is never changed."""
    lock_minutes: int = 10
    """After how long without a hand at the desk it locks itself; 0 for never."""


@dataclass(unsafe_hash=True)
class SiteNameMissing(Refusal):
    """Certificates and slips carry the site's name and its telephone."""


@dataclass(frozen=True)
class Session:
    """One vaccinating day or outreach."""

    session_id: str
    name: str
    opened_at: str
    closed_at: str | None = None


@dataclass(unsafe_hash=True)
class SessionCarriedOver(Refusal):
    """The session under way began on an earlier day: refuses nothing, is said until it is closed.

    A site may work through the night (APP-4), so it is never closed by itself.
    """

    name: str
    opened_on: date
    managers: tuple[str, ...] = ()


def opened_on(session: Session) -> date:
    """Return the day in China on which a session began."""
    return local_day(read_instant(session.opened_at))


def is_carried_over(session: Session, today: date) -> bool:
    """Return whether a session runs on from an earlier day."""
    return opened_on(session) < today
