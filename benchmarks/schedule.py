"""What is due for one person, a class, everybody by night: processor time, beside JSON of the histories."""

import json
import os
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, replace
from datetime import date, timedelta
from functools import partial
from random import Random

from app.domain.people import Sex
from app.domain.schedule.answers import SeriesStatus
from app.domain.schedule.engine import forecast
from app.domain.schedule.history import Dose, Subject
from app.domain.schedule.packs import Packs
from app.storage.schedules import read_packs
from benchmarks.figures import Figure, p50, p99, send, verdict

ON = date(2026, 3, 14)
CHILDREN, CLASS, EVERYBODY, ROUNDS = 40, 1000, 200_000, 3
ASKED_BY_NIGHT = 20_000
"""Children really asked for the due list; the rest is the same again."""
Person = tuple[Subject, tuple[Dose, ...]]


def main() -> None:
    """Measure and send."""
    packs = Packs([pack for pack in read_packs()[0] if pack.on_by_default])
    random = Random(11)
    grown = [_grow(random, packs, age) for age in range(1, 9) for _ in range(CHILDREN // 8)]
    people = [_moved(random.choice(grown), random.randrange(300)) for _ in range(CLASS)]
    ours: list[float] = []
    again: list[float] = []
    for person in people:
        ours.append(_processor(partial(_ask, person, packs)))
        again.append(_processor(partial(_round_trip, person[1])))
    pupils = [person for person in people if len(person[1]) >= 15]
    pupils = [pupils[place % len(pupils)] for place in range(CLASS)]
    whole = (
        min(sum(_processor(partial(_ask, person, packs)) for person in pupils) for _ in range(ROUNDS)) / 1000
    )
    doses = sum(len(person[1]) for person in people) / CLASS
    beside = f"JSON of the history and back p50 {p50(again):.3f} ms"
    reckoned = sum(ours) / CLASS * EVERYBODY / 60_000
    workers = os.cpu_count() or 1
    night = _due_list(grown, workers) * EVERYBODY / ASKED_BY_NIGHT / 60
    send(
        [
            Figure(
                "-", f"what is due for one person, {doses:.0f} doses on average",
                f"p50 {p50(ours):.2f}, p99 {p99(ours):.2f} ms", beside, f"{p50(ours) / p50(again):.0f}x",
                "p99 <= 5 ms", "-", verdict(must=p99(ours) <= 5, aim=False),
            ),
            Figure(
                "-", f"a class of {CLASS:,} with 15 doses and more, best of {ROUNDS}",
                f"{whole:.2f} s", "-", "-", "<= 2 s", "-",
                verdict(must=whole <= 2, aim=False),
            ),
            Figure(
                "-", f"due list of {EVERYBODY:,} children in {workers} processes ({ASKED_BY_NIGHT:,} asked)",
                f"{night:.1f} min", f"one process, reckoned from {CLASS:,}: {reckoned:.1f} min",
                f"{night / reckoned:.2f}x", "-", "-", "-",
            ),
        ]
    )  # fmt: skip


def _due_list(grown: Sequence[Person], workers: int) -> float:
    """Return the seconds of processor time that each of several processes spends on all who are asked."""
    with ProcessPoolExecutor(workers, initializer=_begin, initargs=(tuple(grown),)) as pool:
        asked = list(pool.map(_due, range(ASKED_BY_NIGHT // CLASS)))
    assert any(due for due, _ in asked), "somebody is always due"
    return sum(seconds for _, seconds in asked) / workers


_night: tuple[Packs, Sequence[Person]]


def _begin(grown: Sequence[Person]) -> None:
    global _night
    _night = Packs([pack for pack in read_packs()[0] if pack.on_by_default]), grown


def _due(seed: int) -> tuple[int, float]:
    """Return how many of a thousand children have something due, and the seconds of processor time."""
    packs, grown = _night
    random = Random(seed)
    people = [_moved(random.choice(grown), random.randrange(300)) for _ in range(CLASS)]
    start = time.process_time()
    due = sum(any(_is_due(line.recommended_on) for line in forecast(*one, packs, ON)) for one in people)
    return due, time.process_time() - start


def _is_due(day: date | None) -> bool:
    return day is not None and day <= ON


def _processor(work: Callable[[], object]) -> float:
    """Return the milliseconds of processor time: nothing here waits for anything."""
    start = time.process_time()
    work()
    return (time.process_time() - start) * 1000


def _ask(person: Person, packs: Packs) -> None:
    forecast(*person, packs, ON)


def _round_trip(history: Sequence[Dose]) -> None:
    json.loads(json.dumps([asdict(dose) for dose in history], default=str))


def _grow(random: Random, packs: Packs, age: int) -> Person:
    """Return a child who came, mostly, when something was due, and sometimes late."""
    birth = ON - timedelta(age * 365 + random.randrange(300))
    child, history, day = Subject(birth, random.choice([Sex.MALE, Sex.FEMALE])), list[Dose](), birth
    while day <= ON:
        due = [
            one
            for one in forecast(child, history, packs, day)
            if one.status is SeriesStatus.NOT_COMPLETE and one.vaccines and one.recommended_on
        ]
        today = [one for one in due if one.recommended_on and one.recommended_on <= day]
        history += [Dose(one.vaccines[0].vaccine_code, day) for one in today]
        later = [one.recommended_on for one in due if one.recommended_on and one.recommended_on > day]
        if not later:
            break
        day = min(later) + timedelta(random.choice([0, 0, 1, 5, 20]))
    return child, tuple(history)


def _moved(person: Person, days: int) -> Person:
    """Return somebody the same age but for some days."""
    child, history = person
    by = timedelta(-days)
    return (
        replace(child, birth_on=child.birth_on + by),
        tuple(replace(dose, given_on=dose.given_on + by) for dose in history),
    )


if __name__ == "__main__":
    main()
