"""Trains the dictionary of a codec on the practice site: ``python -m benchmarks.train_dictionary 2|3 FILE``.

The files in ``resources/sync`` were made by this and are pinned by their hash: the two ends of a sync may be
years apart, so another dictionary needs another codec number. The people in it are invented.
"""

import sys
from collections.abc import Iterator, Sequence
from datetime import timedelta
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import zstandard

from app.domain.checklist import Injection
from app.domain.journal import Entry
from app.practice import site as practice
from app.storage import journal
from app.storage.catalogue import get_product
from app.storage.store import Store
from app.sync import codec as columns
from app.sync import short, wire
from app.sync.columns import fold
from app.sync.frame import lines_of
from app.sync.seal import sealer
from app.workflows import immunization, observation
from app.workflows.desk import Desk
from benchmarks.visit import PRODUCT, bring_to_dose, grown_ups, vials
from tests.clocks import ManualClock

DICTIONARY_BYTES = 64 << 10
PEOPLE = 400
RUNS = {2: (1, 1, 2, 2, 3, 5, 12), 3: (1,)}
"""By codec how many events the samples carry: small messages are what a dictionary is for."""


def main(codec: int, path: Path) -> None:
    """Write the dictionary."""
    samples: list[bytes | bytearray | memoryview[int]] = [
        columns.compressible(fold(lines)) if codec == 2 else short.compressible(b"\n".join(lines))
        for lines in _messages(_entries(), RUNS[codec])
    ]
    made = zstandard.train_dictionary(DICTIONARY_BYTES, samples, level=19)
    path.write_bytes(made.as_bytes())


def _entries() -> list[Entry]:
    """Return the journal of a day at the practice site."""
    clock, random = ManualClock(), Random(2)
    with TemporaryDirectory() as folder:
        store = Store(Path(folder) / "store.db", bytes(32), create=True)
        desk = Desk(store, clock, random.randbytes, "接种台 1")
        practice.fill(desk, PEOPLE)
        desk.user = practice.MANAGER
        product = get_product(desk.read(), PRODUCT)
        injection = Injection(product.body_site, product.route)
        codes = vials(desk)
        for patient_id, code in zip(grown_ups(desk, len(codes)), codes, strict=False):
            clock.go(random.randrange(20_000, 400_000) / 1000)
            encounter_id = bring_to_dose(desk, patient_id, code)
            if encounter_id is not None:
                clock.go(random.randrange(5_000, 90_000) / 1000)
                desk.do(immunization.record_immunization, encounter_id, injection)
                clock.go(random.randrange(5_000, 90_000) / 1000)
                desk.do(observation.leave_early, encounter_id, "家属坚持离开")
        entries = list(journal.entries(desk.read(), journal.current_stream(desk.read())))
        store.close()
    return entries


def _messages(entries: list[Entry], runs: Sequence[int]) -> Iterator[list[bytes]]:
    """Yield the lines of requests with few events, and of the answers to them."""
    random = Random(3)
    key = random.randbytes(32)
    for start in range(len(entries)):
        size = random.choice(runs)
        run = entries[start : start + size]
        stream, first, last = run[0].stream, run[0].event.seq, run[-1].event.seq
        hello = wire.Hello(stream.device_id, {stream.epoch: last})
        head, events = run[-1].hash, tuple(entry.data for entry in run)
        seal = sealer(key)(stream, last, head, ManualClock().now())
        push = wire.Push(stream.epoch, first - 1, random.randbytes(32), head, events, seal)
        yield lines_of(wire.encode_request(wire.Request(hello, push)))
        yield lines_of(wire.encode_request(wire.Request(hello)))
        at = ManualClock().now() + timedelta(milliseconds=random.randrange(10**9))
        receipts = (wire.ReceiptRun(first, last, at),)
        incarnation = random.randbytes(8).hex()
        ack = wire.Ack(stream.epoch, last, head, receipts)
        yield lines_of(wire.encode_answer(wire.Answer(wire.Welcome(incarnation, at), ack)))
        standings = {stream.epoch: wire.Standing(last, head)}
        yield lines_of(wire.encode_answer(wire.Answer(wire.Welcome(incarnation, at, standings))))


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]))
