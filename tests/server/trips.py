"""Sticks on their way between a site without a line and its centre, while others of the area record."""

from app.domain.feed import START, FeedPosition
from app.storage import feed
from app.sync.store_inbox import StoreInbox
from server.database import Database
from tests.server.carried_site import CarriedSite
from tests.server.desk import number, push
from tests.storage.other_site import AREA
from tests.sync.local_journal import LocalJournal


def give(database: Database, giver: LocalJournal, count: int, lot_number: str = "X") -> None:
    """Let doses come to the centre."""
    (local,) = giver.streams()
    for _ in range(count):
        giver.record("immunization.recorded", {"lot_number": lot_number})
    push(database, giver, local.last_seq)


def place(carried: CarriedSite) -> FeedPosition:
    return feed.positions(carried.site.store.read()).get(AREA, START)


def end(database: Database) -> int:
    return number(database, f"select coalesce(max(pos), 0) from area_head where area = '{AREA}'")


class Trips:
    """Replies of several trips, none of them read."""

    def __init__(self, carried: CarriedSite, giver: LocalJournal) -> None:
        database, self.carried = carried.database, carried
        first = carried.pack()
        give(database, giver, 3)
        self.files = [carried.carry(first)]
        carried.take(self.files[0])
        second = carried.pack()
        give(database, giver, 3)
        self.files.append(carried.carry(second))
        give(database, giver, 3)
        self.files += [carried.carry(second), carried.carry(first)]
        self.ends = [end(database) - 6, end(database) - 3, end(database), end(database)]
        self.starts = [0, end(database) - 6, end(database) - 6, 0]

    def forget(self) -> None:
        """Let the device stand where it stood before."""

        StoreInbox(self.carried.site.store, self.carried.site.clock).withdraw(AREA, START)
