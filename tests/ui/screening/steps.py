"""What a doctor does at the screening page, as keys."""

from datetime import date

from app.domain.journal import Json
from app.domain.people import Patient
from app.domain.visit import Encounter
from app.storage import screenings
from app.ui.screening.examination import Examination
from app.ui.screening.product_list import ProductRow
from tests.factories import DOCTOR
from tests.ui.registration.people import register, somebody
from tests.ui.registration.rig import DeskRig

WOMAN_BORN = date(1992, 5, 6)
ALL_NO = ("2",) * 11
SIGNED = ("F11", "F12")


def come(rig: DeskRig, patient: Patient | None = None) -> Encounter:
    """Register somebody and let them take a number; the doctor is at the desk again."""
    person = register(rig.site, patient or somebody())
    visit = rig.site.registered(person)
    rig.site.as_user(DOCTOR)
    rig.settle()
    return visit


def woman() -> Patient:
    """Return somebody to whom question 10 is put."""
    return somebody("沈知夏", born=WOMAN_BORN, sequence=22)


def begin(rig: DeskRig, patient: Patient | None = None) -> Encounter:
    """Bring somebody in front of the doctor by their ticket."""
    visit = come(rig, patient)
    rig.scan_ticket(visit)
    return visit


def examination(rig: DeskRig) -> Examination:
    """Return the view of the questions and the decision."""
    return rig.screening.examination


def product_key(rig: DeskRig, product_code: str) -> str:
    """Return the digit printed on a product's row."""
    products = examination(rig).decision.products
    rows = [row for row in products.findChildren(ProductRow) if row.isVisibleTo(products)]
    enabled = [row.product.product_code for row in rows if row.isEnabled()]
    return str(enabled.index(product_code) + 1)


def screened(rig: DeskRig, patient: Patient | None = None, product_code: str = "FLU4-1") -> Encounter:
    """Screen somebody as healthy for a product; the notice is at the front."""
    visit = begin(rig, patient)
    rig.press(*ALL_NO[: len(examination(rig).draft.unanswered())], "Alt+1")
    rig.press(product_key(rig, product_code), *SIGNED, "Enter")
    return visit


def record(rig: DeskRig, visit: Encounter) -> Json:
    """Return the screening that stands."""
    found = screenings.screening_record(rig.bench.read(), visit.encounter_id)
    assert found is not None, "nothing is recorded"
    return found


def answers(rig: DeskRig, visit: Encounter) -> dict[str, str]:
    """Return what was recorded for each question."""
    return {question_id: answer for question_id, answer, _ in record(rig, visit)["answers"]}
