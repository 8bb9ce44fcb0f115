"""The power goes at any moment, un-synced writes are lost or torn: what was called saved is there (TRC-1)."""

import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random

import pytest
from sqlcipher3.dbapi2 import DatabaseError

from app.storage.store import StoreUnreadable
from tests.storage.bad_disk import judge
from tests.storage.power_loss import FILES, Call, Disk, Loss, record
from tests.workflows.copied_site import CopiedSite, quick_folder

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="strace records the calls")


@dataclass(frozen=True)
class Recording:
    """A site before its doses, and every call that followed."""

    before: Path
    calls: list[Call]

    def lose_power(self, folder: Path, moment: int, loss: Loss, random: Random) -> Disk:
        """Leave in a folder what the disk holds after so many calls; return what was going on."""
        disk = Disk({"store.db": bytearray((self.before / "store.db").read_bytes())})
        for call in self.calls[:moment]:
            disk.take(call)
        folder.mkdir()
        shutil.copy(self.before / "stock", folder)
        for name, content in disk.after(loss, random).items():
            (folder / name).write_bytes(content)
        return disk


def recorded(folder: Path, doses: int) -> Recording:
    before, site = folder / "before", folder / "site"
    CopiedSite(before).close()
    shutil.copytree(before, site)
    return Recording(before, record(site, folder / "trace", doses))


@pytest.fixture(scope="module")
def recording() -> Iterator[Recording]:
    with quick_folder() as folder:
        yield recorded(Path(folder), 3)


def check(recording: Recording, seed: int, loss: Loss) -> None:
    random = Random(f"{seed} {loss.value}")
    with quick_folder() as memory:
        folder = Path(memory) / "after"
        disk = recording.lose_power(folder, random.randrange(len(recording.calls)), loss, random)
        assert judge(folder, disk.said()) <= 1, "at most the act in hand was committed unsaid"


def check_all(recording: Recording, times: int, loss: Loss) -> None:
    for seed in range(times):
        check(recording, seed, loss)


@pytest.mark.parametrize("loss", Loss)
def test_what_was_called_saved_outlives_a_power_loss(recording: Recording, loss: Loss) -> None:
    check_all(recording, 8, loss)


def test_a_store_that_does_not_wait_for_the_disk_is_caught(recording: Recording) -> None:
    hasty = Recording(recording.before, [call for call in recording.calls if call.name != "fsync"])
    with pytest.raises((AssertionError, DatabaseError, StoreUnreadable)):
        check_all(hasty, 20, Loss.SOME)


@pytest.mark.long
@pytest.mark.timeout(3600)
def test_hundreds_of_power_losses_over_checkpoints_lose_nothing() -> None:
    with quick_folder() as folder:
        recording = recorded(Path(folder), 12)
        assert sum(call == Call("fsync", FILES[0]) for call in recording.calls) > 1, "checkpoints in between"
        for loss in Loss:
            check_all(recording, 200, loss)
