"""The multi-dose vials that stand open at the site: which may still be used, and until when."""

from datetime import UTC, datetime

from sqlite_utils import Database

from app.domain.clock import local_day
from app.domain.refusals import Refusal
from app.domain.vial import CodeSource, Vial, check_usable, discard_at
from app.storage import catalogue, needle


def open_vials(db: Database, session_id: str, now: datetime) -> list[Vial]:
    """Return the opened vials of a session that have doses and time left, the most urgent first (TRC-2)."""
    opened = (_vial(db, code) for code in needle.opened_codes(db, session_id))
    usable = [vial for vial in opened if vial is not None and _is_usable(vial, now)]
    return sorted(usable, key=lambda vial: discard_at(vial) or datetime.max.replace(tzinfo=UTC))


def _vial(db: Database, code: str) -> Vial | None:
    pack = catalogue.find_pack(db, code)
    lot = catalogue.find_lot(db, pack.lot_id) if pack else None
    if pack is None or lot is None:
        return None
    return needle.build_vial(db, code, CodeSource.SCANNED, "", lot, pack.doses)


def _is_usable(vial: Vial, now: datetime) -> bool:
    try:
        check_usable(vial, now, local_day(now))
    except Refusal:
        return False
    return True
