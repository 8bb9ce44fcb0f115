"""A data folder as a manager founded it a moment ago, with a nurse beside: for commands that ask who may."""

from pathlib import Path

from app.domain.journal import Stream
from app.domain.staff import Role, StaffMember
from app.storage.keys import SlotOwner
from app.storage.opening import create_store
from app.storage.store import Store
from app.workflows.desk import Desk
from app.workflows.site_setup import found_site
from app.workflows.staff import add_staff
from tests.clocks import ManualClock
from tests.factories import NURSE
from tests.strategies import seeded_random
from tests.workflows.founded_site import MANAGER, SITE

PASSWORD, DEVICE = "lianxi-2026", "0190a0b0-0000-7000-8000-00000000e001"
USER = MANAGER.staff_id


def found_folder(folder: Path) -> Path:
    """Make it; the manager and the nurse have the same password."""
    random = seeded_random(3)
    owners = [SlotOwner(USER, MANAGER.name, MANAGER.title), SlotOwner(NURSE, "周敏", "护士")]

    def begin(store: Store) -> None:
        desk = Desk(store, ManualClock(), random, "准备")
        desk.do_as(MANAGER, found_site, Stream(DEVICE, "00112233445566ff"), SITE, MANAGER)
        nurse = StaffMember(NURSE, "周敏", "护士", frozenset({Role.REGISTRAR, Role.VACCINATOR}))
        desk.do_as(MANAGER, add_staff, nurse)

    create_store(folder, owners, PASSWORD, random, use_keyring=False, fill=begin).close()
    return folder
