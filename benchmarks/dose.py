"""Rows 11: one dose through rules, journal and projections, beside one bare encrypted transaction."""

import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from app.domain.checklist import PERSON_ITEMS, Injection
from app.domain.codes import TraceCode
from app.domain.vial import CodeSource
from app.storage.catalogue import get_product
from app.storage.store import connect
from app.workflows import immunization, needle, registration, screening
from benchmarks.big_site import KEY, open_site
from benchmarks.figures import Figure, p50, p99, send, timed, verdict
from tests.factories import CONSENT, QUESTIONS, all_no

PRODUCT = "FLU4-1"
ROUNDS = 300


def main(people: int, doses: int) -> None:
    """Measure and send."""
    desk = open_site(people, doses)
    ids = [row[0] for row in desk.read().execute("select patient_id from patient order by rowid limit 20000")]
    product = get_product(desk.read(), PRODUCT)
    codes = [
        row[0]
        for row in desk.read().execute(
            "select code from pack_code join lot using (lot_id) where product_code = ? and level = '1' "
            "and expires_on > '2026-12-31' order by code limit 1",
            [PRODUCT],
        )
    ]
    ours: list[float] = []
    bare: list[float] = []
    with TemporaryDirectory() as folder:
        raw = connect(Path(folder) / "bare.db", KEY, writable=True)
        raw.execute("create table dose (id integer primary key, body text not null) strict")
        body = "x" * 2000

        def bare_dose() -> None:
            raw.conn.execute("begin immediate")
            raw.conn.execute("insert into dose (body) values (?)", [body])
            raw.conn.execute("commit")

        candidates = iter(ids)
        while len(ours) < ROUNDS:
            encounter_id = _bring_to_needle(desk, next(candidates), codes[0])
            if encounter_id is None:
                continue
            injection = Injection(product.body_site, product.route)
            record: list[dict[str, object]] = []
            ours.append(
                timed(lambda e=encounter_id, i=injection: record.append(  # type: ignore[misc]
                    desk.do(immunization.record_immunization, e, i)
                ))
            )  # fmt: skip
            bare.append(timed(bare_dose))
            desk.do(immunization.void_immunization, str(record[0]["immunization_id"]), "测量")
            desk.do(needle.return_visit, encounter_id, "queue", "测量")
        raw.conn.close()
    desk.store.close()
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


def _bring_to_needle(desk, patient_id: str, code: str) -> str | None:  # type: ignore[no-untyped-def]
    from app.domain.refusals import Refusal

    try:
        encounter_id = desk.do(registration.open_visit, patient_id).encounter_id
        desk.do(screening.record_screening, encounter_id, all_no(PRODUCT), QUESTIONS)
    except Refusal:
        return None
    desk.do(screening.record_consent, encounter_id, screening.ConsentForm(CONSENT, True, "家属", "本人"))
    desk.do(needle.call_ticket, encounter_id)
    desk.do(needle.scan_vial, encounter_id, TraceCode(code), CodeSource.SCANNED)
    for item in PERSON_ITEMS:
        desk.do(needle.confirm_item, encounter_id, item)
    return str(encounter_id)


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
