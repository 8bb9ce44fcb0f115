"""The practice centre on this machine: up in a moment, gone without a trace, and back after any death."""

import os
import select
import signal
import socket
import ssl
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from random import Random

import httpx
import psutil  # type: ignore[import-untyped]
import pytest

from app.sync.engine import SyncEngine
from app.sync.enrolment import enrol
from app.sync.http import HttpTransport
from app.sync.identity import Identity, make_identity, make_request, new_key
from app.sync.state import Idle
from server.practice import LOG_NAME, PracticeAddress, PracticeCentre, PracticeCentreNotStarted
from server.tls import AUTHORITY
from tests.server.made_cluster import copy_cluster
from tests.sync.local_journal import SITE, LocalJournal

PATIENCE_S = 30


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "practice"


@pytest.fixture
def made(folder: Path) -> Path:
    """A folder whose database was made before."""
    copy_cluster(folder / "postgres")
    return folder


@pytest.fixture
def centre(folder: Path) -> Iterator[PracticeCentre]:
    centre = PracticeCentre(folder, SITE)
    yield centre
    centre.stop()


def family(pid: int) -> list[int]:
    """Return the process and all it started."""
    process = psutil.Process(pid)
    return [pid, *(child.pid for child in process.children(recursive=True))]


def wait_until_gone(pids: list[int]) -> None:
    """Return when none of the processes runs any more."""
    for pid in pids:
        try:
            watched = os.pidfd_open(pid)
        except ProcessLookupError:
            continue
        try:
            assert select.select([watched], [], [], PATIENCE_S)[0], f"process {pid} is still running"
        finally:
            os.close(watched)


def enter(address: PracticeAddress, journal: LocalJournal) -> Identity:
    key = new_key()
    line = HttpTransport(address.url, None, journal.clock)
    try:
        return make_identity(key, enrol(line, address.code, make_request(key, journal.device_id)))
    finally:
        line.close()


def sync(line: HttpTransport, journal: LocalJournal) -> None:
    engine = SyncEngine(journal.device_id, journal, line, journal.clock, Random(1).randbytes)
    while engine.step() == 0:
        pass
    assert isinstance(engine.state, Idle)


def count_events(address: PracticeAddress, folder: Path) -> int:
    trust = ssl.create_default_context(cafile=str(folder / "tls" / AUTHORITY))
    return int(httpx.get(f"{address.url}/v1/summary", trust_env=False, verify=trust).json()["events"])


def test_a_device_enrols_by_the_code_and_its_events_stay_through_a_restart(
    centre: PracticeCentre, folder: Path
) -> None:
    """SYN-1, SEC-1, CRT-2. Between stop and start nothing of it runs."""
    journal = LocalJournal(seed=1)
    address = centre.start()
    identity = enter(address, journal)
    assert identity.sites == {SITE}
    line = HttpTransport(address.url, identity, journal.clock)
    journal.record_many(3)
    sync(line, journal)
    line.close()
    pids = family(centre.pid)
    assert len(pids) > 2
    centre.stop()
    assert not any(psutil.pid_exists(pid) for pid in pids), "after stop nothing of it runs"
    centre.stop()
    again = centre.start()
    line = HttpTransport(again.url, identity, journal.clock)
    journal.record_many(2)
    sync(line, journal)
    line.close()
    assert count_events(again, folder) == 5
    assert again.code != address.code


@pytest.mark.long
def test_killed_with_all_it_started_it_comes_back(centre: PracticeCentre, folder: Path) -> None:
    centre.start()
    pids = family(centre.pid)
    for pid in pids:
        with suppress(ProcessLookupError):  # who has lost their parent may be gone already
            os.kill(pid, signal.SIGKILL)
    wait_until_gone(pids)
    centre.stop()
    assert count_events(centre.start(), folder) == 0


@pytest.mark.skipif(sys.platform != "linux", reason="the kernel tells the database only on Linux")
def test_killed_alone_it_takes_its_database_with_it_and_comes_back(
    centre: PracticeCentre, made: Path
) -> None:
    centre.start()
    pids = family(centre.pid)
    os.kill(centre.pid, signal.SIGKILL)
    wait_until_gone(pids)
    centre.stop()
    assert count_events(centre.start(), made) == 0


def test_it_ends_when_the_program_that_started_it_is_killed(made: Path) -> None:
    program = (
        "import sys\n"
        "from pathlib import Path\n"
        "from server.practice import PracticeCentre\n"
        "centre = PracticeCentre(Path(sys.argv[1]), 'site')\n"
        "centre.start()\n"
        "print(centre.pid, flush=True)\n"
        "input()"
    )
    parent = subprocess.Popen(
        [sys.executable, "-c", program, str(made)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert parent.stdout is not None
    assert parent.stdin is not None
    pids = family(int(parent.stdout.readline()))
    parent.kill()
    parent.wait()
    wait_until_gone(pids)
    parent.stdout.close()
    parent.stdin.close()


@pytest.mark.long
def test_told_to_end_before_it_serves_it_ends_all_the_same(folder: Path) -> None:
    folder.mkdir()
    command = [sys.executable, "-m", "server.practice_process", str(folder), SITE]
    run = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, check=True, timeout=60)
    port = int(run.stdout.rsplit(b":", 2)[1].split(b'"')[0])
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port))


def test_a_broken_installation_is_told_with_its_log(centre: PracticeCentre, folder: Path) -> None:
    (folder / "postgres" / "data").mkdir(parents=True)
    with pytest.raises(PracticeCentreNotStarted) as refused:
        centre.start()
    assert refused.value == PracticeCentreNotStarted(str(folder.resolve() / LOG_NAME))


@pytest.mark.long
def test_making_the_database_is_begun_anew_when_it_was_cut_off(centre: PracticeCentre, folder: Path) -> None:
    half = folder / "postgres" / "data.making"
    half.mkdir(parents=True)
    (half / "PG_VERSION").write_text("18")
    assert count_events(centre.start(), folder) == 0
