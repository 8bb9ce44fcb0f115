"""Wrong tries cost time that no restart, no clock and no deleted file gives back (SEC-2)."""

import sys
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from app.domain.passwords import TooManyTries
from app.storage.attempts import FILE, Attempts, TriesUnwritable, first_attempts
from tests.clocks import ManualClock
from tests.strategies import seeded_random
from tests.workflows.copied_site import quick_folder

SECRET = bytes(range(32))
WHO = "u-zhoumin"


class Machine:
    """A machine with its clock; every asking is a program started anew."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.clock = folder, ManualClock()
        self.random = seeded_random(1)
        first_attempts(folder, SECRET, self.random)

    @property
    def attempts(self) -> Attempts:
        return Attempts(self.folder, lambda: SECRET, self.clock, self.random)

    def fail(self, times: int = 1, who: str = WHO) -> None:
        """Try wrongly as soon as one may."""
        for _ in range(times):
            self.clock.go(self.wait(who))
            self.attempts.begin(who)

    def wait(self, who: str = WHO) -> int:
        """Return how many seconds this person would be held back, trying nothing."""
        before = (self.folder / FILE).read_bytes() if (self.folder / FILE).exists() else None
        try:
            self.attempts.begin(who)
        except TooManyTries as refusal:
            return refusal.seconds
        if before is not None:
            (self.folder / FILE).write_bytes(before)
        return 0


@pytest.fixture
def machine() -> Iterator[Machine]:
    with quick_folder() as folder:
        yield Machine(Path(folder))


def test_five_wrong_passwords_cost_a_minute_then_two(machine: Machine) -> None:
    machine.fail(4)
    assert machine.wait() == 0
    machine.fail()
    assert machine.wait() == 60
    machine.clock.go(seconds=59)
    assert machine.wait() == 1
    machine.clock.go(seconds=1)
    machine.fail()
    assert machine.wait() == 120


@pytest.mark.parametrize(
    "trick",
    [
        lambda clock: clock.jump(timedelta(days=400)),
        lambda clock: clock.jump(timedelta(days=-400)),
        lambda clock: clock.reboot(),
        lambda clock: (clock.reboot(), clock.jump(timedelta(days=1))),
    ],
)
def test_neither_the_clock_nor_a_restart_shortens_the_wait(
    machine: Machine, trick: Callable[[ManualClock], object]
) -> None:
    machine.fail(8)
    machine.clock.go(seconds=1)
    trick(machine.clock)
    assert machine.wait() >= 8 * 60 - 5


def test_a_wait_goes_on_after_a_restart_and_ends(machine: Machine) -> None:
    machine.fail(5)
    machine.clock.reboot()
    assert machine.wait() == 55
    machine.clock.go(seconds=55)
    assert machine.wait() == 0


def test_trying_while_one_waits_costs_nothing_more(machine: Machine) -> None:
    machine.fail(5)
    assert [machine.wait() for _ in range(20)] == [60] * 20


def test_the_plug_pulled_in_the_middle_of_a_try_saves_nothing(machine: Machine) -> None:
    """``begin`` alone is what a killed program leaves."""
    machine.fail(5)
    assert machine.wait() == 60


def test_the_right_password_ends_all_of_it(machine: Machine) -> None:
    machine.fail(4)
    machine.attempts.begin(WHO)
    machine.attempts.succeed(WHO)
    machine.fail(4)
    assert machine.wait() == 0
    assert [one.staff_id for one in machine.attempts.tally().tries] == [WHO] * 8


def test_one_persons_wrong_tries_do_not_hold_the_others_back(machine: Machine) -> None:
    machine.fail(6 - 1)
    assert machine.wait("u-zhaoqinghe") == 0


def test_many_people_tried_a_few_times_each_are_held_back_together(machine: Machine) -> None:
    for number in range(5):
        machine.fail(4, f"u-{number}")
    assert machine.wait("u-new") == 60


def test_what_was_not_the_passwords_fault_is_taken_back(machine: Machine) -> None:
    machine.fail(4)
    machine.attempts.begin(WHO)
    machine.attempts.take_back(WHO)
    assert machine.wait() == 0
    assert len(machine.attempts.tally().tries) == 4


def test_a_deleted_file_costs_everybody_a_minute_and_is_told(machine: Machine) -> None:
    machine.fail(3)
    (machine.folder / FILE).unlink()
    assert machine.wait("u-anybody") == 60
    machine.clock.go(seconds=60)
    machine.attempts.begin("u-anybody")
    machine.attempts.succeed("u-anybody")
    assert [one.why for one in machine.attempts.tally().tries] == ["missing"]


def test_deleting_the_file_again_and_again_leaves_one_try_a_minute(machine: Machine) -> None:
    for number in range(3):
        (machine.folder / FILE).unlink()
        assert machine.wait() == 60
        machine.clock.go(seconds=60)
        machine.attempts.begin(f"u-{number}")
        assert machine.wait("u-another") == 60
        machine.clock.go(seconds=60)


@pytest.mark.parametrize("edit", [b"", b"{}", b"[1]", b'{"version": 1, "mac": "00"}', b"\xff\xfe", b"null"])
def test_an_edited_file_costs_everybody_a_minute_and_is_told(machine: Machine, edit: bytes) -> None:
    (machine.folder / FILE).write_bytes(edit)
    assert machine.wait() == 60
    assert [one.why for one in machine.attempts.tally().tries] == ["changed"]


def test_one_number_changed_is_noticed(machine: Machine) -> None:
    machine.fail(6)
    path = machine.folder / FILE
    path.write_bytes(path.read_bytes().replace(b'"u-zhoumin": 6', b'"u-zhoumin": 0'))
    machine.clock.go(minutes=3)
    assert machine.wait() == 60
    assert machine.attempts.tally().tries[-1].why == "changed"


def test_a_file_sealed_by_another_machine_is_none_of_ours(machine: Machine) -> None:
    first_attempts(machine.folder, bytes(32), machine.random)
    assert machine.wait() == 60


def test_what_was_told_is_told_no_more(machine: Machine) -> None:
    machine.fail(2)
    tally = machine.attempts.tally()
    machine.fail()
    machine.attempts.settle(tally, tally.serial)
    assert [one.serial for one in machine.attempts.tally().tries] == [3]


def test_thousands_of_tries_do_not_fill_the_disk(machine: Machine) -> None:
    for number in range(205):
        machine.clock.go(minutes=31)
        machine.attempts.begin(f"u-{number % 100}")
    tally = machine.attempts.tally()
    assert (len(tally.tries), tally.untold) == (200, 5)
    assert (machine.folder / FILE).stat().st_size < 50_000


def test_where_no_try_can_be_counted_none_is_made_and_that_is_a_sentence(machine: Machine) -> None:
    """SEC-3: a disk that is read-only or broken is told in words, not a crash behind "正在核对"."""
    (machine.folder / "attempts.new").mkdir()
    with pytest.raises(TriesUnwritable) as caught:
        machine.attempts.begin(WHO)
    assert caught.value.technical == "EISDIR"


@pytest.mark.skipif(sys.platform != "linux", reason="/dev/full")
def test_on_a_full_disk_tries_are_counted_in_the_room_there_is(machine: Machine) -> None:
    """A disk that is full keeps nobody out who knows the password, and lets nobody guess for nothing."""
    (machine.folder / "attempts.new").symlink_to("/dev/full")
    machine.fail(6)
    assert machine.wait() > 0
    assert machine.attempts.tally().serial == 6
    machine.clock.go(machine.wait())
    machine.attempts.begin(WHO)
    machine.attempts.succeed(WHO)
    assert machine.wait() == 0
