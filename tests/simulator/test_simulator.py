"""Whatever happens, a dose a screen called saved is at the centre once, and both sides agree (SYN-1, SYN-5).

The law speaks of machines whose disk survived. A dose that was called delivered is at the centre even if its
disk died, unless the centre itself was restored.
"""

from datetime import UTC, datetime

import pytest

from tests.simulator.machine import LawBroken
from tests.simulator.mutants import MUTANTS
from tests.simulator.world import World

FIXED = 0
DATED = int(f"{datetime.now(UTC):%Y%m%d}") * 1_000_000
"""New seeds every day; the id of the test names them."""
CHUNK = 100
CHUNKS = [base + CHUNK * number for base in (FIXED, DATED) for number in range(10)]
"""In many tests, so that the workers share them."""
LONG_CHUNK = 1000
LONG_CHUNKS = [base + LONG_CHUNK * number for base in (FIXED, DATED) for number in range(1, 11)]
MUTANT_SEEDS = 400
CATCHING = {
    "ack before commit": 48, "old streams not listed": 3, "receipts believed for ever": 1,
    "carried on in two transactions": 99, "parts at its receipts": 44, "incarnation alone": 1,
    "nothing offered": 49, "positions alone": 49, "feed apart from the journal": 13,
    "position before findings": 4, "findings by number": 225, "no end of a refusal": 144,
}  # fmt: skip
"""The seed that caught a mutant when it was first looked for, tried before all; 0 caught the others."""


def obey(first: int, count: int) -> None:
    for seed in range(first, first + count):
        try:
            World(seed).run()
        except LawBroken as law:
            pytest.fail(f"{law}\nagain with: ./dev sim --seeds 1 --from {seed}")


@pytest.mark.parametrize("first", CHUNKS, ids="seeds from {}".format)
def test_no_dose_is_lost_or_doubled_whatever_the_schedule(first: int) -> None:
    obey(first, CHUNK)


@pytest.mark.long
@pytest.mark.parametrize("first", LONG_CHUNKS, ids="seeds from {}".format)
def test_no_dose_is_lost_or_doubled_in_thousands_of_schedules(first: int) -> None:
    obey(first, LONG_CHUNK)


@pytest.mark.parametrize("name", MUTANTS)
def test_a_protocol_with_one_rule_broken_is_caught(name: str) -> None:
    for seed in (CATCHING.get(name, 0), *range(MUTANT_SEEDS)):
        try:
            World(seed, MUTANTS[name]).run()
        except LawBroken:
            return
    pytest.fail(f"{MUTANT_SEEDS} seeds found nothing wrong with: {name}")


def story(seed: int) -> list[str]:
    world = World(seed)
    world.run()
    return [event.id for event in world.centre.projected]


def test_a_seed_tells_the_same_story_every_time() -> None:
    assert story(6) == story(6) != story(7)
