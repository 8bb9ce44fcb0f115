"""A site that was really founded a moment ago: a profile, its first manager, and nothing else."""

from pathlib import Path

from app.domain.journal import Stream
from app.domain.site import Site
from app.domain.staff import Role, StaffMember
from app.storage.store import Store
from app.workflows.desk import Desk
from app.workflows.sign_in import sign_in
from app.workflows.site_setup import found_site
from tests.clocks import ManualClock
from tests.factories import KEY
from tests.strategies import seeded_random

MANAGER = StaffMember("u-suwanqing", "苏晚晴", "负责人", frozenset(Role))
SITE = Site("1001010001", "云溪镇卫生院", "100101", "0350-000 0126")


class FoundedSite:
    """Its manager is at the desk."""

    def __init__(self, folder: Path) -> None:
        self.clock, random = ManualClock(), seeded_random(11)
        self.store = Store(folder / "store.db", KEY, create=True)
        self.desk = Desk(self.store, self.clock, random, "接种台 1")
        self.desk.user = MANAGER
        stream = Stream("0190a0b0-0000-7000-8000-00000000f00d", "00112233445566ff")
        self.desk.do(found_site, stream, SITE, MANAGER)

    def as_user(self, staff_id: str) -> None:
        """Let somebody else sign in at the desk."""
        sign_in(self.desk, staff_id)

    def close(self) -> None:
        """Close the store."""
        self.store.close()
