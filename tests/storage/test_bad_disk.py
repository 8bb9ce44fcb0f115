"""The disk fails under the encrypted store: at call k the power goes, the device is faulty, the room is gone.

What was called saved is there, nothing is there twice, and the program says no instead of falling (TRC-1).
"""

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from tests.storage.bad_disk import called, judge, run
from tests.workflows.copied_site import CopiedSite, quick_folder

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="strace injects the faults")


@pytest.fixture
def folder() -> Iterator[Path]:
    with quick_folder() as memory:
        site = Path(memory) / "site"
        CopiedSite(site).close()
        yield site


def check_kill(folder: Path, call: str, number: int) -> bool:
    lines = run(folder, [f"{call}:signal=SIGKILL:when={number}"])
    assert judge(folder, lines) <= 1, "at most the act in hand was committed unsaid"
    return ("closed",) not in lines


@pytest.mark.parametrize(("call", "number"), [("pwrite64", 402), ("fsync", 9)])
def test_killed_at_a_call_to_the_disk_the_store_keeps_all_it_called_saved(
    folder: Path, call: str, number: int
) -> None:
    assert check_kill(folder, call, number)


def check_error(folder: Path, faults: Sequence[str], refusal: str) -> None:
    lines = run(folder, faults)
    assert judge(folder, lines) == 0, "what was refused is not there"
    assert set(called(lines, "refused")) == {refusal}
    assert len(called(lines, "dose")) == 3, "and it went on"
    assert lines[-1] == ("closed",)


def test_a_faulty_disk_is_a_refusal_and_the_work_goes_on(folder: Path) -> None:
    faults = ["pwrite64:error=EIO:when=45+431", "fsync:error=EIO:when=11+29"]
    check_error(folder, faults, "StoreUnwritable")


def test_a_disk_that_stays_full_is_a_refusal_until_there_is_room(folder: Path) -> None:
    check_error(folder, ["pwrite64:error=ENOSPC:when=60..75"], "StoreFull")


def test_the_reserve_makes_room_for_the_act_in_hand_and_says_so(folder: Path) -> None:
    lines = run(folder, ["pwrite64:error=ENOSPC:when=45+431"])
    assert judge(folder, lines) == 0
    assert ("StoreOnReserve",) in lines
    assert not called(lines, "refused"), "no act was lost"
    assert len(called(lines, "dose")) == 3


@pytest.mark.parametrize(("calls", "opens"), [("1", True), ("1+", False)])
def test_a_full_disk_at_the_start_is_no_damaged_store(folder: Path, calls: str, opens: bool) -> None:
    """The reserve makes room to open; without any room the refusal does not speak of damage."""
    lines = run(folder, [f"pwrite64:error=ENOSPC:when={calls}"], doses=0)
    assert lines == ([("ready",), ("closed",)] if opens else [("refused", "StoreUnwritable")])


@pytest.mark.long
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("first", range(1, 900, 100))
def test_killed_at_any_call_to_the_disk(first: int) -> None:
    for number in range(first, first + 100, 7):
        for call in ("pwrite64", "fsync") if number < 50 else ("pwrite64",):
            with quick_folder() as memory:
                site = Path(memory) / "site"
                CopiedSite(site).close()
                check_kill(site, call, number)


@pytest.mark.long
@pytest.mark.timeout(3600)
@pytest.mark.parametrize(("error", "refusal"), [("EIO", "StoreUnwritable"), ("ENOSPC", "StoreFull")])
def test_a_disk_that_fails_for_a_while_from_any_call_on(error: str, refusal: str) -> None:
    for number in range(40, 800, 19):
        with quick_folder() as memory:
            site = Path(memory) / "site"
            CopiedSite(site).close()
            lines = run(site, [f"pwrite64:error={error}:when={number}..{number + 9}"])
            assert judge(site, lines) == 0
            assert set(called(lines, "refused")) <= {refusal}
            assert lines[-1] == ("closed",)
