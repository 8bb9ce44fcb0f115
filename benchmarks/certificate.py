"""A certificate from the click to the PDF: read, sign, draw; beside one bare reportlab page."""

import io
import sys
from dataclasses import replace
from datetime import UTC, datetime

from app.documents.certificate_sheet import Paper
from app.documents.trust import Identity, issue_certificate, make_root, make_signing_key, request_certificate
from app.ui.certificate.making import make_certificate
from app.workflows.certificates import prepare_certificate
from app.workflows.desk import Desk
from benchmarks.big_site import copied_site
from benchmarks.figures import Figure, p50, p99, send, timed

ROUNDS = 100


def main(people: int, doses: int) -> None:
    """Measure and send."""
    with copied_site(people, doses) as desk:
        signer = _signer()
        query = "select patient_id from immunization where status = 'completed' order by rowid desc limit ?"
        ids = [row[0] for row in desk.read().execute(query, [ROUNDS + 1])]
        first = timed(lambda: _click(desk, signer, ids[0]))
        ours: list[float] = []
        bare: list[float] = []
        for patient_id in ids[1:]:
            ours.append(timed(lambda patient_id=patient_id: _click(desk, signer, patient_id)))  # type: ignore[misc]
            bare.append(timed(_bare_page))
    send(
        [
            Figure(
                "-", "certificate: click to PDF", f"p50 {p50(ours):.1f}, p99 {p99(ours):.1f} ms",
                f"bare reportlab page, one Latin line {p50(bare):.2f} ms", f"{p50(ours) / p50(bare):.0f}x",
                "-", "-", f"first of a start {first:.0f} ms",
            )
        ]
    )  # fmt: skip


def _signer() -> Identity:
    now = datetime.now(UTC)
    root, key = make_root("benchmark", now), make_signing_key()
    return Identity(key, issue_certificate(root, request_certificate(key, "site", "device"), now))


def _click(desk: Desk, signer: Identity, patient_id: str) -> None:
    facts = desk.do(prepare_certificate, patient_id)
    make_certificate(replace(facts, practice=False), signer, Paper.A5)


def _bare_page() -> None:
    from reportlab.pdfgen.canvas import Canvas

    canvas = Canvas(io.BytesIO(), pagesize=(420, 595))
    canvas.drawString(72, 300, "certificate")
    canvas.save()


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
