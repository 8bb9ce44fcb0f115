"""A site that was really founded a moment ago: a profile, its first manager, and nothing else."""

from app.domain.journal import Stream
from app.domain.site import Site
from app.domain.staff import Role, StaffMember
from app.storage.store import Store
from app.workflows.desk import Desk
from app.workflows.site_setup import found_site
from tests.factories import KEY, SmallSite
from tests.strategies import seeded_random

MANAGER = StaffMember("u-suwanqing", "苏晚晴", "负责人", frozenset(Role))
SITE = Site("1001010001", "云溪镇卫生院", "100101", "0350-000 0126")


class FoundedSite(SmallSite):
    """Its manager is at the desk; nobody is on file, nothing in the fridge."""

    def __post_init__(self) -> None:
        self.stock, self.random = [], seeded_random(11)
        self.store = Store(self.folder / "store.db", KEY, create=True)
        self.desk = Desk(self.store, self.clock, self.random, "接种台 1")
        self.desk.user = MANAGER
        stream = Stream("0190a0b0-0000-7000-8000-00000000f00d", "00112233445566ff")
        self.desk.do(found_site, stream, SITE, MANAGER)
