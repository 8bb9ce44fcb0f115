"""Setting a site up: its profile, products, lots, codes and sessions."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from sqlite_utils import Database

from app.domain.catalogue import LotStatus, PackCode, Product
from app.domain.journal import Stream
from app.domain.leaflet import check_leaflet
from app.domain.refusals import Refusal
from app.domain.site import Session, Site
from app.domain.staff import StaffMember
from app.domain.visit import Encounter, VisitState
from app.storage import encounters
from app.storage.catalogue import find_lot_by_number, product_body
from app.storage.journal import open_stream
from app.storage.observations import seated
from app.storage.site import running_session, site_body
from app.workflows.desk import Act, SecondPerson
from app.workflows.needle import LotFactsDiffer
from app.workflows.shifts import WAITING
from app.workflows.staff import add_staff


@dataclass(unsafe_hash=True)
class SessionAlreadyOpen(Refusal):
    """A session is under way: a second one would give out its queue numbers again."""

    name: str


@dataclass(unsafe_hash=True)
class LotReasonMissing(Refusal):
    """Why a lot is blocked or let be used again is asked for years later."""


@dataclass(unsafe_hash=True)
class SessionNameMissing(Refusal):
    """A session is found again by its name."""


@dataclass(unsafe_hash=True)
class PeopleStillHere(Refusal):
    """Nobody is left behind in observation or at a needle; ticket numbers."""

    observing: tuple[str, ...]
    called: tuple[str, ...]


@dataclass(unsafe_hash=True)
class VisitsStillWaiting(Refusal):
    """People wait who were not seen by whoever closes the session; ticket numbers."""

    tickets: tuple[str, ...]


SESSION_CLOSED = "收诊"
"""Why a visit ended that still waited when its session was closed."""


def configure_site(act: Act, site: Site) -> None:
    """Record the site's profile."""
    act.require("configure_site")
    act.append("site.configured", site_body(site))


def enrol_device(act: Act, centre: str) -> None:
    """Record at which centre this device is enrolled: there goes what is recorded from now on (SEC-4)."""
    act.require("enrol_device")
    act.append("device.enrolled", {"centre": centre, "at": act.at})


def found_site(act: Act, stream: Stream, site: Site, manager: StaffMember) -> None:
    """Begin the journal of a new site with its profile and its first manager, who does this act."""
    act.require("found_site")
    open_stream(act.db, stream, act.at)
    configure_site(act, site)
    add_staff(act, manager)


def add_product(act: Act, product: Product) -> None:
    """Record a product of the catalogue; raises LeafletUnclear."""
    act.require("add_product")
    check_leaflet(product.product_code, product.leaflet)
    act.append("product.added", product_body(product))


def receive_lot(act: Act, product_code: str, lot_number: str, expires_on: str) -> str:
    """Record a lot that came in; returns its id. ``expires_on`` is an ISO date, usable through that day.

    A lot that has come in before is the same lot; raises LotFactsDiffer if it then had another expiry.
    """
    act.require("receive_lot")
    if known := find_lot_by_number(act.db, product_code, lot_number):
        if known.expires_on.isoformat() != expires_on:
            raise LotFactsDiffer(lot_number, date.fromisoformat(expires_on), known.expires_on)
        return known.lot_id
    lot_id = act.new_id()
    act.append(
        "lot.received",
        {
            "lot_id": lot_id,
            "product_code": product_code,
            "lot_number": lot_number,
            "expires_on": expires_on,
        },
    )
    return lot_id


def relate_codes(act: Act, lot_id: str, codes: list[PackCode]) -> None:
    """Record the relation file of a delivery: which codes belong to the lot and which pack holds which."""
    act.require("relate_codes")
    rows = [[pack.code, str(pack.level), pack.parent_code, pack.doses] for pack in codes]
    act.append("pack_codes.related", {"lot_id": lot_id, "codes": rows})


def change_lot_status(
    act: Act, lot_id: str, status: LotStatus, reason: str, second: SecondPerson | None = None
) -> None:
    """Record a quarantine, a recall or a release of a whole lot.

    To block is one person's decision, to let it be used again takes two: raises LotReasonMissing or
    SecondPersonNeeded.
    """
    act.require("change_lot_status")
    if not reason.strip():
        raise LotReasonMissing()
    body = {"lot_id": lot_id, "status": str(status), "reason": reason.strip()}
    if status is LotStatus.IN_USE:
        body["approved_by"] = act.require_second("change_lot_status", second).staff_id
    act.append("lot.status_changed", body)


def open_session(act: Act, name: str) -> Session:
    """Record that a vaccinating day or outreach begins; raises SessionNameMissing or SessionAlreadyOpen."""
    act.require("open_session")
    if not name.strip():
        raise SessionNameMissing()
    if running := running_session(act.db):
        raise SessionAlreadyOpen(running.name)
    session = Session(act.new_id(), name.strip(), act.at)
    body = {"session_id": session.session_id, "name": session.name, "opened_at": act.at}
    act.append("session.opened", body)
    return session


def close_session(act: Act, ending: Collection[str] = ()) -> None:
    """Record that the running session is over, and with it the visits that still wait.

    ``ending``: the waiting visits the user has seen and lets end. Raises PeopleStillHere while anybody sits
    in observation or stands at a needle, VisitsStillWaiting for whoever is not among ``ending``.
    """
    act.require("close_session")
    session = act.session
    left = still_here(act.db, session.session_id)
    if left.observing or left.called:
        raise PeopleStillHere(left.observing, tuple(visit.ticket_number for visit in left.called))
    if unseen := [visit.ticket_number for visit in left.waiting if visit.encounter_id not in ending]:
        raise VisitsStillWaiting(tuple(unseen))
    for visit in left.waiting:
        body = {"encounter_id": visit.encounter_id, "reason": SESSION_CLOSED, "cancelled_at": act.at}
        act.append("encounter.cancelled", body, person=visit.patient_id)
    act.append("session.closed", {"session_id": session.session_id, "closed_at": act.at})


@dataclass(frozen=True)
class StillHere:
    """Who has not gone when a session is to be closed."""

    observing: tuple[str, ...]
    """Ticket numbers, of whatever session."""
    called: tuple[Encounter, ...]
    waiting: tuple[Encounter, ...]


def still_here(db: Database, session_id: str) -> StillHere:
    """Return who has not gone."""
    visits = encounters.queue(db, session_id, VisitState.AT_STATION, *WAITING)
    return StillHere(
        observing=tuple(seat.ticket_number for seat in seated(db)),
        called=tuple(visit for visit in visits if visit.state is VisitState.AT_STATION),
        waiting=tuple(visit for visit in visits if visit.state is not VisitState.AT_STATION),
    )
