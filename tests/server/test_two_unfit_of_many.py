"""A machine with two bad records among many: all the others arrive, and the two are named (SYN-1)."""

from random import Random

import pytest

from app.domain.journal import NotCanonical, link
from app.storage.journal import current_stream
from app.storage.store import Transaction
from app.sync import wire
from server.database import Database
from server.ingest import Job
from tests.server.desk import admit_device, number, peer_of, take
from tests.server.test_unfit import OUT_OF_SCOPE
from tests.simulator.machine import Disk, Machine, Rules
from tests.simulator.world import ELSEWHERE
from tests.sync.local_journal import SITE


class Direct:
    """The way of a machine's requests to the centre's transaction, over the real encoding."""

    def __init__(self, database: Database, device_id: str) -> None:
        self._database, self._device_id = database, device_id

    def exchange(self, request: bytes) -> bytes:
        (answer,) = take(self._database, [Job(peer_of(self._device_id), request)])
        assert isinstance(answer, wire.Answer)
        return wire.encode_answer(answer)

    def cancel(self) -> None: ...

    def close(self) -> None: ...


def write_what_is_no_event(transaction: Transaction) -> None:
    """Let the next entry of a journal be bytes that no program writes."""
    db, stream = transaction.db, current_stream(transaction.db)
    place = [stream.device_id, stream.epoch]
    seq, head = db.execute(
        "select head_seq, head_hash from stream where device_id = ? and epoch = ?", place
    ).fetchone()
    data = b'{"body":{"dose":0}, "id":1}'
    row = [*place, seq + 1, "no event", "note.made", data, link(head, data)]
    columns = "device_id, epoch, seq, event_id, kind, data, hash"
    db.execute(f"insert into journal ({columns}) values (?, ?, ?, ?, ?, ?, ?)", row)
    db.execute(
        "update stream set head_seq = ?, head_hash = ? where device_id = ? and epoch = ?",
        [seq + 1, row[-1], *place],
    )


def settle(machine: Machine) -> None:
    """Sync until there is something to wait for, in as many pushes as that takes."""
    machine.engine.wake(forced=True)
    assert any(machine.engine.step() for _ in range(5000))
    assert machine.at_rest()


def check_all_but_two(database: Database, good: int) -> None:
    device_id = "0192f0c0-0000-7000-8000-00000000abcd"
    admit_device(database, device_id)
    line = Direct(database, device_id)
    machine = Machine(Disk(), device_id, line, Rules(), Random(3), letters=False)
    machine.install()
    for dose in range(1, good + 2):
        machine.record(dose, ELSEWHERE if dose == good // 3 else SITE)
        if dose == good // 2:
            machine.store.write(write_what_is_no_event)
    settle(machine)
    assert machine.delivered() == set(range(1, good + 2)) - {good // 3}
    refused = machine.disk.database.execute("select seq, name, reason from refused_entry order by seq")
    assert refused.fetchall() == [
        (good // 3, *OUT_OF_SCOPE), (good // 2 + 1, NotCanonical.__name__, "KeyError"),
    ]  # fmt: skip
    assert number(database, "select count(*) from event_home") == good
    assert number(database, "select count(*) from journal") == good + 2
    machine.record(good + 2)
    settle(machine)
    assert good + 2 in machine.delivered(), "the next sync works"
    admit_device(database, device_id, ELSEWHERE)
    settle(machine)
    assert good // 3 in machine.delivered()
    machine.disk.wipe()


def test_all_but_two_of_a_hundred_arrive_and_the_two_are_listed_with_their_reason(
    database: Database,
) -> None:
    """SYN-1: from a machine's journal over its engine and the wire to the centre's tables, and back."""
    check_all_but_two(database, 98)


@pytest.mark.long
def test_all_but_two_of_ten_thousand_arrive_and_the_two_are_listed_with_their_reason(
    database: Database,
) -> None:
    check_all_but_two(database, 9998)
