"""A certificate from the click to the PDF: prepare, sign, draw; beside one bare reportlab page."""

import io
import sys
from dataclasses import replace
from datetime import UTC, datetime

from app.documents.certificate_sheet import Paper
from app.documents.trust import Identity, issue_certificate, make_root, make_signing_key, request_certificate
from app.ui.certificate.making import make_certificate
from app.workflows.certificates import prepare_certificate
from benchmarks.big_site import open_site
from benchmarks.figures import Figure, p50, p99, send, timed

ROUNDS = 100


def main(people: int, doses: int) -> None:
    """Measure and send."""
    desk = open_site(people, doses)
    now = datetime.now(UTC)
    root, key = make_root("benchmark", now), make_signing_key()
    signer = Identity(key, issue_certificate(root, request_certificate(key, "site", "device"), now))
    query = "select distinct patient_id from immunization where status = 'completed' limit ?"
    ids = [row[0] for row in desk.read().execute(query, [ROUNDS])]

    def click(patient_id: str) -> None:
        facts = desk.do(prepare_certificate, patient_id)
        make_certificate(replace(facts, practice=False), signer, Paper.A5)

    first = timed(lambda: click(ids[0]))
    ours = [timed(lambda patient_id=patient_id: click(patient_id)) for patient_id in ids[1:]]  # type: ignore[misc]
    bare = [timed(_bare_page) for _ in range(ROUNDS)]
    desk.store.close()
    send(
        [
            Figure(
                "-", "certificate: click to PDF", f"p50 {p50(ours):.1f}, p99 {p99(ours):.1f} ms",
                f"bare reportlab page, one Latin line {p50(bare):.2f} ms", f"{p50(ours) / p50(bare):.0f}x",
                "-", "-", f"first after start {first:.0f} ms",
            )
        ]
    )  # fmt: skip


def _bare_page() -> None:
    from reportlab.pdfgen.canvas import Canvas

    canvas = Canvas(io.BytesIO(), pagesize=(420, 595))
    canvas.drawString(72, 300, "certificate")
    canvas.save()


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
