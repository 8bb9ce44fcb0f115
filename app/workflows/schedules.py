"""Taking a rule pack in: two people answer for it, and a pack that is not good changes nothing (VER-9)."""

from dataclasses import dataclass
from pathlib import Path

from sqlite_utils import Database

from app.domain.refusals import Refusal
from app.domain.schedule.pack import Layer
from app.domain.schedule.pack_standing import Change, PackPlace, changes, places
from app.domain.schedule.refusals import PackOfOtherPlace
from app.storage import schedules
from app.storage.packs_taken import TakenPack, packs_taken
from app.storage.schedules import Brought
from app.storage.site import get_site
from app.workflows.desk import Act, Desk, SecondPerson
from app.workflows.forecast import packs_at_hand, packs_in_use, packs_read, packs_refused, use_packs


@dataclass(frozen=True)
class PacksNow:
    """The packs of this program today, for whoever looks after them."""

    places: tuple[PackPlace, ...]
    taken: dict[str, TakenPack]
    """By name with edition; the others came with the program."""
    refused: tuple[Refusal, ...]
    """Files that are not used, and why; the last good pack of that name stays in force."""


def packs_now(desk: Desk) -> PacksNow:
    """Return which packs stand how today."""
    today = desk.today()
    stand = places(packs_at_hand(), packs_in_use().on(today), today)
    return PacksNow(stand, packs_taken(desk.read()), packs_refused())


def look_at(desk: Desk, file: Path) -> tuple[Brought, tuple[Change, ...]]:
    """Return the pack of a file that somebody brought, and what taking it would change.

    Raises PackUnreadable, PackBroken, PackUnsigned or PackOfOtherPlace; nothing is written.
    """
    brought = schedules.read_brought(file)
    _must_be_of_here(desk.read(), brought)
    return brought, changes(packs_at_hand(), brought.pack, desk.today())


def take_pack(act: Act, brought: Brought, folder: Path, second: SecondPerson | None = None) -> None:
    """Put what was looked at beside the packs of the site, with a doctor as the second person.

    ``folder``: the data folder of the site. Raises PackOfOtherPlace, SecondPersonNeeded or PackNotKept; the
    last good pack of this name stays then.
    """
    act.require("take_pack")
    _must_be_of_here(act.db, brought)
    doctor = act.require_second("take_pack", second)
    pack = brought.pack
    signed = pack.signed_off_by
    assert signed is not None, "unsigned packs are not brought"
    act.append(
        "schedule.taken",
        {
            "pack": pack.pack,
            "edition": pack.edition,
            "title": pack.title,
            "status": str(pack.status),
            "on_by_default": pack.on_by_default,
            "signed_off_by": signed.name,
            "signed_on": signed.on.isoformat(),
            "sha256": brought.sha256,
            "approved_by": doctor.staff_id,
            "recorded_at": act.at,
        },
    )
    schedules.keep_pack(brought, schedules.site_folder(folder))  # last: what fails here is not on record


def use_packs_of(db: Database, folder: Path) -> tuple[Refusal, ...]:
    """Use the packs of a site as far as people took them; return why others are not used."""
    return use_packs(folder, _vouched(db))


def hold_to_record(db: Database, folder: Path) -> tuple[Refusal, ...]:
    """Hold the packs read before the store was open to what people took; return why some are not used.

    What was read and nobody vouches for is left out now; what a restore put there meanwhile is read.
    """
    return packs_refused() if packs_read() == _vouched(db) else use_packs_of(db, folder)


def _vouched(db: Database) -> dict[str, str]:
    return {name: one.sha256 for name, one in packs_taken(db).items()}


def _must_be_of_here(db: Database, brought: Brought) -> None:
    site, region = get_site(db), brought.pack.region
    if not region.holds_at(site.site_id, site.region_code):
        wanted = {Layer.NATIONAL: "CN", Layer.PROVINCE: site.region_code, Layer.SITE: site.site_id}
        raise PackOfOtherPlace(brought.file, brought.line_of("region"), region.code, wanted[region.layer])
