"""A clerk in a process of its own: the same answers, and no harm when it dies."""

import pickle
import signal
from collections.abc import Iterator
from dataclasses import fields
from datetime import UTC, datetime
from pathlib import Path

import psutil  # type: ignore[import-untyped]
import pytest

from app.domain.refusals import Refusal
from app.sync import wire
from app.sync.frame import MessageTooLarge
from server.clerk import Clerk, Reply, RoomLacking
from server.clerk_process import ClerkProcess
from server.database import Database
from server.devices import DeviceUnknown
from server.ingest import Job
from server.peer import Peer
from server.web import STATUS
from tests.server.centre_process import CentreProcess, held
from tests.server.desk import admit, job_of, push_of
from tests.sync.local_journal import LocalJournal

AT = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
ENDS_S = 30


@pytest.fixture
def clerk(dsn: str, database: Database) -> Iterator[ClerkProcess]:
    """Return a clerk in a process of its own, at a migrated database."""
    clerk = ClerkProcess(dsn, "0" * 16)
    clerk.make_ready(AT)
    yield clerk
    clerk.close()


def enrolled(database: Database, seed: int) -> LocalJournal:
    journal = LocalJournal(seed)
    admit(database, journal)
    journal.record_many(3)
    return journal


def acked(reply: Reply) -> int:
    assert isinstance(reply, bytes)
    answer = wire.decode_answer(reply)
    assert isinstance(answer, wire.Answer)
    assert isinstance(answer.push, wire.Ack)
    return answer.push.acked


def test_it_answers_as_one_in_this_process_does_and_dies_without_harm(
    database: Database, dsn: str, clerk: ClerkProcess
) -> None:
    journal, stranger = enrolled(database, 1), LocalJournal(2)
    jobs = [job_of(journal, push_of(journal)), job_of(stranger), Job(Peer("3", b""), b"x")]
    judged: list[bool] = []
    replies = clerk.take(jobs, AT, lambda: judged.append(True))
    assert acked(replies[0]) == 3
    assert replies[1:] == [DeviceUnknown(), DeviceUnknown()]
    assert judged == [True], "and then somebody else may read"
    here = Clerk(dsn, "0" * 16)
    assert here.take(jobs, AT, lambda: None) == replies
    here.close()

    journal.record()
    again = [job_of(journal, push_of(journal, 3))]
    process = next(
        child for child in psutil.Process().children() if "server.clerk_process" in child.cmdline()
    )
    process.kill()
    process.wait(ENDS_S)
    assert clerk.take(again, AT, lambda: None) == [RoomLacking()], "the device comes back"
    assert acked(clerk.take(again, AT, lambda: None)[0]) == 4
    assert held(database, journal) == [entry.data for entry in journal.entries[journal.stream]]


@pytest.mark.parametrize("how", [signal.SIGKILL, pytest.param(signal.SIGTERM, marks=pytest.mark.long)])
def test_clerks_end_with_the_centre_however_it_ends(dsn: str, tmp_path: Path, how: signal.Signals) -> None:
    centre = CentreProcess(dsn, tmp_path / "log", practice=False).start()
    journal = LocalJournal(1)
    journal.record_many(3)
    line = centre.transport(journal)
    assert acked(line.exchange(job_of(journal, push_of(journal)).frame)) == 3
    line.close()
    clerks = psutil.Process(centre.pid).children()
    assert len(clerks) == 4
    (centre.stop if how is signal.SIGTERM else centre.kill)()
    _, alive = psutil.wait_procs(clerks, ENDS_S)
    assert alive == []


def test_every_refusal_of_the_centre_goes_from_process_to_process() -> None:
    """By its facts: what a refusal was made with, it is made with again."""
    made: list[Refusal] = [RoomLacking(), MessageTooLarge(part="frame", limit=8)]
    made += [kind(*["reason"] * len(fields(kind))) for kind in STATUS]
    assert [pickle.loads(pickle.dumps(refusal)) for refusal in made] == made
