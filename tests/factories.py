"""What tests build a site from: the practice site in miniature, and a visit brought to any step."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cache
from itertools import islice
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from app.domain.checklist import PERSON_ITEMS, Injection
from app.domain.codes import TraceCode
from app.domain.journal import Json
from app.domain.people import Patient, is_minor
from app.domain.readiness import Need, missing
from app.domain.screening import QUESTION_IDS, SELF, Answer, Decision, Plan, QuestionAnswer, ScreeningForm
from app.domain.vial import CodeSource
from app.domain.visit import Encounter
from app.practice import site as practice
from app.storage import encounters, patients
from app.storage.catalogue import get_product
from app.storage.readiness import newest_readiness
from app.storage.staff import find_staff
from app.storage.store import Store
from app.workflows import immunization, needle, registration, screening, sign_in
from app.workflows.credentials import set_badge
from app.workflows.desk import Desk, SecondPerson
from app.workflows.readiness import check_readiness
from app.workflows.screening import ConsentForm, FormText
from tests.clocks import ManualClock

KEY = bytes(range(32))
NURSE, DOCTOR, OBSERVER, MANAGER = "u-zhoumin", "u-zhaoqinghe", "u-xulingyi", "u-suwanqing"
QUESTIONS = FormText("screening-questions", "2023", "0" * 64)
CONSENT = FormText("consent-programme", "1", "0" * 64)


@cache
def _filled(people: int, boxes: int, at: datetime) -> tuple[bytes, list[practice.StockedLot]]:
    """Return a filled database and what is in its fridge; made once a process, copied for each test."""
    with TemporaryDirectory() as folder:
        database = Path(folder) / "store.db"
        store = Store(database, KEY, create=True)
        stock = practice.fill(Desk(store, ManualClock(at), Random(5).randbytes, "准备"), people, boxes)
        store.close()
        return database.read_bytes(), stock


@dataclass
class SmallSite:
    """A practice site with few people, its clock in the test's hand."""

    folder: Path
    people: int = 30
    clock: ManualClock = field(default_factory=ManualClock)
    boxes: int = practice.BOXES_PER_LOT
    """Of each lot in the fridge: what a site has to pack and others to read."""

    def __post_init__(self) -> None:
        database = self.folder / "store.db"
        content, self.stock = _filled(self.people, self.boxes, self.clock.now())
        database.write_bytes(content)
        self.random: Callable[[int], bytes] = Random(7).randbytes
        self.store = Store(database, KEY, create=True)  # a copy just made is not looked at first
        self.desk = Desk(self.store, self.clock, self.random, "接种台 1")
        self.as_user(NURSE)

    def as_user(self, staff_id: str) -> None:
        """Let somebody else sign in at the desk."""
        sign_in.sign_in(self.desk, staff_id)

    def beside(self, staff_id: str = DOCTOR) -> SecondPerson:
        """Return a colleague who has just shown who they are, good for one act."""
        member = find_staff(self.desk.read(), staff_id)
        assert member is not None, "a colleague of the site"
        return SecondPerson(member, self.clock.monotonic())

    def badge(self, staff_id: str = DOCTOR) -> str:
        """Return the badge of a colleague, who has signed in today, as it is scanned."""
        user = self.desk.user
        assert user is not None
        self.as_user(staff_id)
        set_badge(self.desk, f"BADGE-{staff_id}")
        self.as_user(user.staff_id)
        return f"BADGE-{staff_id}"

    def vials(self, product_code: str, *, expired: bool = False) -> list[str]:
        """Return vial codes of a product, of its good lot or its expired one."""
        today = self.desk.today()
        lots = [lot for lot in self.stock if lot.product_code == product_code]
        return next(lot.vial_codes for lot in lots if (lot.expires_on < today) is expired)

    def patient(self, *, min_months: int = 240, index: int = 0) -> Patient:
        """Return a resident of at least this age, and no older than sixty."""
        from app.domain.people import age_on

        db = self.desk.read()
        ids = [row[0] for row in db.execute("select patient_id from patient order by rowid")]
        everybody = (patients.get_patient(db, patient_id) for patient_id in ids)
        of_age = (
            person
            for person in everybody
            if min_months <= age_on(person.birth_on, self.desk.today()).months <= 720
        )
        return next(islice(of_age, index, None))

    def registered(self, patient: Patient | None = None) -> Encounter:
        """Return a visit with a queue number."""
        self.as_user(NURSE)
        return self.desk.do(registration.open_visit, (patient or self.patient()).patient_id)

    def open_day(self) -> None:
        """Make the check of the four for today, unless it is made, as before the day's first person."""
        known = newest_readiness(self.desk.read())
        if missing(known, self.desk.today()):
            self.desk.do(check_readiness, tuple(Need), practice.kit(self.desk.today()))

    def ready(self, patient: Patient | None = None, product_code: str = "FLU4-1", *also: str) -> Encounter:
        """Return a visit that is screened and consented, for one vaccine or several."""
        patient = patient or self.patient()
        encounter = self.registered(patient)
        self.as_user(DOCTOR)
        form = replace(all_no(product_code), also=tuple(Plan(code, 1) for code in also))
        self.desk.do(screening.record_screening, encounter.encounter_id, form, QUESTIONS)
        relation = "母亲" if is_minor(patient.birth_on, self.desk.today()) else SELF
        for code in (product_code, *also):
            consent = ConsentForm(CONSENT, True, "家属", relation, product_code=code)
            self.desk.do(screening.record_consent, encounter.encounter_id, consent)
        self.as_user(NURSE)
        return encounters.get_encounter(self.desk.read(), encounter.encounter_id)

    def at_needle(self, patient: Patient | None = None, product_code: str = "FLU4-1") -> Encounter:
        """Return a visit called to this desk."""
        self.open_day()
        encounter = self.ready(patient, product_code)
        return self.desk.do(needle.call_ticket, encounter.encounter_id)

    def checked(
        self, patient: Patient | None = None, product_code: str = "FLU4-1", vial: int = 0
    ) -> Encounter:
        """Return a visit whose vial is scanned and whose items are all confirmed."""
        encounter = self.at_needle(patient, product_code)
        code = TraceCode(self.vials(product_code)[vial])
        self.desk.do(needle.scan_vial, encounter.encounter_id, code, CodeSource.SCANNED)
        for item in PERSON_ITEMS:
            self.desk.do(needle.confirm_item, encounter.encounter_id, item)
        return encounter

    def give(self, encounter_id: str, product_code: str, vial: int = 0) -> Json:
        """Return the record of one dose, whole, of a visit that stands at this needle."""
        code = TraceCode(self.vials(product_code)[vial])
        self.desk.do(needle.scan_vial, encounter_id, code, CodeSource.SCANNED)
        for item in PERSON_ITEMS:
            self.desk.do(needle.confirm_item, encounter_id, item)
        view = needle.needle_view(self.desk.read(), encounter_id, self.desk.now())
        assert view.planned is not None, "the visit has a plan"
        injection = Injection(view.body_site or view.planned.body_site, view.planned.route)
        return self.desk.do(immunization.record_immunization, encounter_id, injection)

    def vaccinated(self, patient: Patient | None = None, product_code: str = "FLU4-1", vial: int = 0) -> Json:
        """Return the record of a dose just given."""
        encounter = self.checked(patient, product_code, vial)
        product = get_product(self.desk.read(), product_code)
        injection = Injection(product.body_site, product.route)
        return self.desk.do(immunization.record_immunization, encounter.encounter_id, injection)

    def close(self) -> None:
        """Close the store."""
        self.store.close()


def all_no(product_code: str = "FLU4-1", dose_number: int = 1) -> ScreeningForm:
    """Return a screening with eleven times 否 and the advice to vaccinate."""
    answers = tuple(QuestionAnswer(question_id, Answer.NO) for question_id in QUESTION_IDS)
    plan = Plan(product_code, dose_number)
    return ScreeningForm(answers, Decision.PROCEED, plan=plan, signed_by="家属", signer_relation="本人")
