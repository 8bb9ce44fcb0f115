"""The room is entered late: naming what it makes loads none of what makes it."""

import subprocess
import sys

ENTRIES = (
    "certificate_sheet ticket observation_slip screening_form form_texts refusals page bitmap escpos".split()
)
HEAVY = ("reportlab", "PIL", "pypinyin", "zxingcpp", "barcode", "cryptography", "cbor2")


def test_the_entries_of_the_room_load_no_drawing_library() -> None:
    entered = "; ".join(f"import app.documents.{entry}" for entry in ENTRIES)
    told = f"{entered}; import sys; print([name for name in {HEAVY} if name in sys.modules])"
    assert subprocess.check_output([sys.executable, "-c", told], text=True).strip() == "[]"


def test_signing_and_verifying_load_no_drawing_library() -> None:
    told = "import app.documents.hcert, app.documents.verifier, sys; "
    told += "print([name for name in ('reportlab', 'PIL', 'pypinyin') if name in sys.modules])"
    assert subprocess.check_output([sys.executable, "-c", told], text=True).strip() == "[]"
