"""Figures: medians and tails, and the line of the table they make."""

import json
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass


@dataclass(frozen=True)
class Figure:
    """One measured thing beside its yardstick; times in milliseconds, lower is better."""

    row: str
    """Of the targets in the performance notes."""
    what: str
    ours: str
    yardstick: str
    ratio: str
    must: str
    aim: str
    met: str


def timed(work: Callable[[], object]) -> float:
    """Return how many milliseconds ``work`` took."""
    start = time.perf_counter()
    work()
    return (time.perf_counter() - start) * 1000


def p50(times: list[float]) -> float:
    """Return the median."""
    return statistics.median(times)


def p99(times: list[float]) -> float:
    """Return the 99th percentile."""
    return statistics.quantiles(times, n=100, method="inclusive")[98]


def verdict(*, must: bool, aim: bool) -> str:
    """Return which of the two targets was met."""
    return "aim" if aim else ("must" if must else "**missed**")


def send(figures: list[Figure]) -> None:
    """Hand figures to the process that asked for them."""
    print(json.dumps([asdict(figure) for figure in figures], ensure_ascii=False))


def ask(module: str, *arguments: str) -> list[Figure]:
    """Run one benchmark in a fresh process and return its figures."""
    command = [sys.executable, "-m", f"benchmarks.{module}", *arguments]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    if run.returncode:
        raise RuntimeError(f"{module} failed:\n{run.stderr[-2000:]}")
    return [Figure(**figure) for figure in json.loads(run.stdout.strip().splitlines()[-1])]
