"""One visit through the ordinary acts, up to the moment before the dose."""

from datetime import timedelta

from app.domain.checklist import PERSON_ITEMS
from app.domain.codes import TraceCode
from app.domain.permissions import may_second
from app.domain.readiness import Need, missing
from app.domain.refusals import Refusal
from app.domain.staff import TrainingCertificate
from app.domain.vial import CodeSource
from app.practice.site import kit
from app.storage.readiness import newest_readiness
from app.storage.staff import all_staff
from app.workflows import needle, registration, screening
from app.workflows.desk import Desk, SecondPerson
from app.workflows.readiness import check_readiness
from app.workflows.staff import certify_staff
from tests.factories import CONSENT, QUESTIONS, all_no

PRODUCT = "FLU4-1"


def grown_ups(desk: Desk, count: int) -> list[str]:
    """Return the ids of so many people between eighteen and sixty who have had no dose yet."""
    rows = desk.read().execute(
        """select patient_id from patient where birth_on between date('now', '-60 years') and
        date('now', '-18 years') and not exists (select 1 from immunization
        where immunization.patient_id = patient.patient_id) order by rowid limit ?""",
        [count],
    )
    return [patient_id for (patient_id,) in rows]


def vials(desk: Desk) -> list[str]:
    """Return the codes of the vials of the product that can be used."""
    rows = desk.read().execute(
        """select code from pack_code join lot using (lot_id) where product_code = ? and level = '1'
        and expires_on > date('now', '+1 day') and not exists (select 1 from immunization
        where trace_code = code) order by code""",
        [PRODUCT],
    )
    return [code for (code,) in rows]


def open_day(desk: Desk) -> None:
    """Let whoever is signed in inject today: trained, and the check of the four made; once a day."""
    if not missing(newest_readiness(desk.read()), desk.today()):
        return
    training = TrainingCertificate("1", "benchmark", desk.today() + timedelta(days=365))
    assert desk.user is not None, "somebody has signed in"
    desk.do(certify_staff, desk.user.staff_id, training)
    desk.do(check_readiness, tuple(Need), kit(desk.today()))


def second_person(desk: Desk) -> SecondPerson:
    """Return a colleague who stands by the voiding of a dose."""
    first = desk.user
    assert first is not None, "somebody has signed in"
    colleagues = (one for one in all_staff(desk.read()) if may_second(one, "void_immunization", first))
    return SecondPerson(next(colleagues), desk.clock.monotonic())


def bring_to_queue(desk: Desk, patient_id: str) -> str | None:
    """Return the visit of a person who is screened and has agreed; None whom the rules keep out."""
    try:
        encounter_id = desk.do(registration.open_visit, patient_id).encounter_id
        desk.do(screening.record_screening, encounter_id, all_no(PRODUCT), QUESTIONS)
    except Refusal:
        return None
    desk.do(screening.record_consent, encounter_id, screening.ConsentForm(CONSENT, True, "家属", "本人"))
    return encounter_id


def bring_to_dose(desk: Desk, patient_id: str, code: str) -> str | None:
    """Return the visit of a person who is called, with every item confirmed; None whom the rules keep out."""
    encounter_id = bring_to_queue(desk, patient_id)
    if encounter_id is not None:
        open_day(desk)
        desk.do(needle.call_ticket, encounter_id)
        desk.do(needle.scan_vial, encounter_id, TraceCode(code), CodeSource.SCANNED)
        for item in PERSON_ITEMS:
            desk.do(needle.confirm_item, encounter_id, item)
    return encounter_id
