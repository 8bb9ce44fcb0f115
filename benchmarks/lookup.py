"""Row 13: finding people by whatever was typed, beside the raw indexed query under the same encryption."""

import sys
from random import Random

from app.storage import patients
from benchmarks.big_site import open_site
from benchmarks.figures import Figure, p50, p99, send, timed, verdict

ROUNDS = 1500


def main(people: int, doses: int) -> None:
    """Measure and send."""
    desk = open_site(people, doses)
    db = desk.read()
    random = Random(5)
    positions = [random.randrange(people) for _ in range(ROUNDS)]
    rows = [
        db.execute(
            "select name, birth_on, document_number, phone from patient limit 1 offset ?", [at]
        ).fetchone()
        for at in positions[:300]
    ]
    typed = [_typed(random, row) for row in rows for _ in range(ROUNDS // len(rows))]
    numbers = [row[2] for row in rows]
    raw: list[float] = []
    ours: list[float] = []
    for number, words in enumerate(typed):
        document = numbers[number % len(numbers)]
        raw.append(
            timed(
                lambda document=document: db.execute(  # type: ignore[misc]
                    "select body from patient where document_type = 'citizen_card' and document_number = ?",
                    [document],
                ).fetchone()
            )
        )
        ours.append(timed(lambda words=words: patients.search(db, words, 20)))  # type: ignore[misc]
    desk.store.close()
    ratio = p99(ours) / p99(raw)
    send(
        [
            Figure(
                "13", f"search as typed, 20 hits shown ({people:,} people)",
                f"p50 {p50(ours):.2f}, p99 {p99(ours):.2f} ms",
                f"one raw look-up by index p50 {p50(raw):.2f}, p99 {p99(raw):.2f} ms",
                f"{ratio:.1f}x", "p99 <= 5 ms", "p99 <= 5x raw",
                verdict(must=p99(ours) <= 5, aim=ratio <= 5),
            )
        ]
    )  # fmt: skip


def _typed(random: Random, row: tuple[str, str, str, str]) -> str:
    """Return what a nurse might type for this person."""
    name, birth_on, document, phone = row
    return random.choice(
        (name, birth_on.replace("-", ""), document[-4:], document[-6:], phone[-4:], document)
    )


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
