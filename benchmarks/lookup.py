"""Row 13: finding people by whatever was typed, beside the raw indexed query; typing until painted."""

import sys
from random import Random
from time import thread_time

from PySide6.QtCore import Qt

from app.storage import patients
from app.workflows.finding import find_people
from benchmarks.at_desk import AtDesk, at_desk
from benchmarks.figures import Figure, p50, p99, send, timed, verdict

PEOPLE, TYPED_EACH, TYPED_IN_WINDOW = 300, 5, 60


def main(people: int, doses: int) -> None:
    """Measure and send."""
    random = Random(5)
    with at_desk(people, doses) as desk:
        desk.sign_in()
        rows = _somebody(desk, random, people)
        raw, stored, found = _search(desk, random, rows)
        painted, processor = _type(desk, random, rows)
    ratio = p99(stored) / p99(raw)
    beside = f"one raw look-up by index p50 {p50(raw):.2f}, p99 {p99(raw):.2f} ms"
    send(
        [
            Figure(
                "13", f"search as typed, 20 people read ({people:,} people)", _spread(stored), beside,
                f"{ratio:.1f}x at p99", "p99 <= 5 ms", "p99 <= 5x raw",
                verdict(must=p99(stored) <= 5, aim=ratio <= 5),
            ),
            Figure(
                "13", "the same with marks, visits and advice for each", _spread(found), beside,
                f"{p99(found) / p99(raw):.1f}x at p99", "-", "-", "-",
            ),
            Figure(
                "13", "a key in the search box: list painted",
                f"{_spread(painted)}; processor {_spread(processor)}", "-", "-",
                "p99 <= 33 ms", "p99 <= 16 ms", verdict(must=p99(painted) <= 33, aim=p99(painted) <= 16),
            ),
        ]
    )  # fmt: skip


def _somebody(desk: AtDesk, random: Random, people: int) -> list[tuple[str, str, str, str]]:
    query = "select name, birth_on, document_number, phone from patient where rowid = ?"
    places = [random.randrange(1, people + 1) for _ in range(PEOPLE)]
    return [desk.bench.read().execute(query, [place]).fetchone() for place in places]


def _search(
    desk: AtDesk, random: Random, rows: list[tuple[str, str, str, str]]
) -> tuple[list[float], list[float], list[float]]:
    """Return the times of the raw look-up, of the search, and of the search with all the list shows."""
    db, today = desk.bench.read(), desk.bench.desk.today()
    raw: list[float] = []
    stored: list[float] = []
    found: list[float] = []

    def look_up(number: str) -> None:
        db.execute(
            "select body from patient where document_type = 'citizen_card' and document_number = ?", [number]
        ).fetchone()

    for row in rows * TYPED_EACH:
        words, other = _typed(random, row), random.choice(rows)
        raw.append(timed(lambda number=other[2]: look_up(number)))  # type: ignore[misc]
        stored.append(timed(lambda words=words: patients.search(db, words, 20)))  # type: ignore[misc]
        found.append(timed(lambda words=_typed(random, other): find_people(db, words, today)))  # type: ignore[misc]
    return raw, stored, found


def _type(
    desk: AtDesk, random: Random, rows: list[tuple[str, str, str, str]]
) -> tuple[list[float], list[float]]:
    """Return what each key took from the press to the painted list, and of it the screen thread's work."""
    desk.window.activateWindow()
    desk.shell.go_to("registration", None)
    desk.settle()
    times: list[float] = []
    processor: list[float] = []
    for row in rows[:TYPED_IN_WINDOW]:
        digits = _digits(random, row)
        for digit in digits:
            start = thread_time()
            times.append(timed(lambda digit=digit: _press(desk, digit)))  # type: ignore[misc]
            processor.append((thread_time() - start) * 1000)
        desk.typist.press(Qt.Key.Key_Escape)
        desk.settle()
    return times, processor


def _press(desk: AtDesk, key: str) -> None:
    desk.press(key)
    desk.paint()


def _digits(random: Random, row: tuple[str, str, str, str]) -> str:
    _, birth_on, document, phone = row
    return random.choice((birth_on.replace("-", ""), document[-6:-1], phone[-4:]))


def _typed(random: Random, row: tuple[str, str, str, str]) -> str:
    """Return what a nurse might type for this person."""
    name, birth_on, document, phone = row
    return random.choice(
        (name, birth_on.replace("-", ""), document[-4:], document[-6:], phone[-4:], document)
    )


def _spread(times: list[float]) -> str:
    return f"p50 {p50(times):.2f}, p99 {p99(times):.2f} ms"


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
