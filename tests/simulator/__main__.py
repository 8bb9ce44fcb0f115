"""Runs many seeds: ``./dev sim --seeds 100000 --from 0``; a seed that breaks the law is named."""

import argparse
import sys
import time

from tests.simulator.machine import LawBroken
from tests.simulator.world import World

TOLD_EVERY = 1000


def main() -> int:
    """Run the seeds; return how the process should end."""
    parser = argparse.ArgumentParser(prog="./dev sim", description=__doc__)
    parser.add_argument("--seeds", type=int, default=10_000, help="how many")
    parser.add_argument("--from", type=int, default=0, dest="first", help="the first of them")
    options = parser.parse_args()
    started, messages, broken = time.monotonic(), 0, 0
    for done, seed in enumerate(range(options.first, options.first + options.seeds), start=1):
        world = World(seed)
        try:
            world.run()
        except LawBroken as law:
            broken += 1
            print(f"seed {seed}: {law}", flush=True)
        messages += world.line.messages
        if done % TOLD_EVERY == 0 or done == options.seeds:
            rate = done / (time.monotonic() - started)
            print(f"{done} seeds, {messages} messages, {broken} broken, {rate:.0f} seeds/s", flush=True)
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
