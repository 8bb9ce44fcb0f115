"""Setting a site up: its profile, products, lots, codes and sessions."""

from dataclasses import dataclass
from datetime import date

from app.domain.catalogue import LotStatus, PackCode, Product
from app.domain.journal import Stream
from app.domain.leaflet import check_leaflet
from app.domain.refusals import Refusal
from app.domain.site import Session, Site
from app.domain.staff import StaffMember
from app.storage.catalogue import find_lot_by_number, product_body
from app.storage.journal import open_stream
from app.storage.site import running_session, site_body
from app.workflows.desk import Act, SecondPerson
from app.workflows.needle import LotFactsDiffer
from app.workflows.staff import add_staff


@dataclass(unsafe_hash=True)
class SessionAlreadyOpen(Refusal):
    """A session is under way: a second one would give out its queue numbers again."""

    name: str


def configure_site(act: Act, site: Site) -> None:
    """Record the site's profile."""
    act.require("configure_site")
    act.append("site.configured", site_body(site))


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

    To block is one person's decision, to let it be used again takes two: raises SecondPersonNeeded.
    """
    act.require("change_lot_status")
    body = {"lot_id": lot_id, "status": str(status), "reason": reason}
    if status is LotStatus.IN_USE:
        body["approved_by"] = act.require_second("change_lot_status", second).staff_id
    act.append("lot.status_changed", body)


def open_session(act: Act, name: str) -> Session:
    """Record that a vaccinating day or outreach begins; raises SessionAlreadyOpen."""
    act.require("open_session")
    if running := running_session(act.db):
        raise SessionAlreadyOpen(running.name)
    session = Session(act.new_id(), name, act.at)
    act.append("session.opened", {"session_id": session.session_id, "name": name, "opened_at": act.at})
    return session


def close_session(act: Act) -> None:
    """Record that the running session is over."""
    act.require("close_session")
    act.append("session.closed", {"session_id": act.session.session_id, "closed_at": act.at})
