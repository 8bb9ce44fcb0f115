"""Row 11: one dose through rules, journal and projections, beside one bare encrypted transaction."""

import sys
from functools import partial
from itertools import cycle
from pathlib import Path

from app.domain.checklist import Injection
from app.domain.journal import Json
from app.storage.catalogue import get_product
from app.storage.connecting import connect
from app.workflows import immunization
from app.workflows.desk import Desk
from benchmarks.big_site import KEY, copied_site
from benchmarks.figures import Figure, p50, p99, send, timed, verdict
from benchmarks.visit import PRODUCT, bring_to_dose, grown_ups, second_person, vials

ROUNDS = 300
BODY = "x" * 2000
"""As long as a dose's own record."""


def main(people: int, doses: int) -> None:
    """Measure and send."""
    with copied_site(people, doses) as desk:
        ours, bare = _measure(desk)
    ratio = p50(ours) / p50(bare)
    send(
        [
            Figure(
                "11", f"one dose committed ({people:,} people, {doses:,} doses)",
                f"p50 {p50(ours):.2f}, p99 {p99(ours):.2f} ms",
                f"bare SQLCipher transaction p50 {p50(bare):.2f}, p99 {p99(bare):.2f} ms",
                f"{ratio:.1f}x", "p50 <= 5x", "p50 <= 3x, p99 <= 25 ms",
                verdict(must=ratio <= 5, aim=ratio <= 3 and p99(ours) <= 25),
            )
        ]
    )  # fmt: skip


def _measure(desk: Desk) -> tuple[list[float], list[float]]:
    """Return the times of our dose and of the bare one, turn by turn on the same disk."""
    raw = connect(Path(desk.store.path).with_name("bare.db"), KEY, writable=True)
    raw.conn.execute("create table dose (id integer primary key, body text not null) strict")

    def bare_dose() -> None:
        raw.conn.execute("begin immediate")
        raw.conn.execute("insert into dose (body) values (?)", [BODY])
        raw.conn.execute("commit")

    product = get_product(desk.read(), PRODUCT)
    injection = Injection(product.body_site, product.route)
    codes = cycle(vials(desk))  # no real vial is drawn from three hundred times
    ours: list[float] = []
    bare: list[float] = []
    for patient_id in grown_ups(desk, 2 * ROUNDS):
        encounter_id = bring_to_dose(desk, patient_id, next(codes))
        if encounter_id is None:
            continue
        records: list[Json] = []
        ours.append(timed(partial(_dose, desk, encounter_id, injection, records)))
        bare.append(timed(bare_dose))
        desk.do(immunization.void_immunization, records[0]["immunization_id"], "测量", second_person(desk))
        if len(ours) == ROUNDS:
            break
    raw.conn.close()
    return ours, bare


def _dose(desk: Desk, encounter_id: str, injection: Injection, records: list[Json]) -> None:
    records.append(desk.do(immunization.record_immunization, encounter_id, injection))


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
