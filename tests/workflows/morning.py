"""A morning at a site: everything people can do, sensible or not, through the real acts."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, TypeVar

from app.domain.catalogue import BodySite, LotStatus, PackLevel
from app.domain.checklist import PERSON_ITEMS, Injection, Item
from app.domain.clock import instant_text
from app.domain.codes import TraceCode
from app.domain.conditions import ConditionForm
from app.domain.observation import Look
from app.domain.people import Guardian
from app.domain.refusals import Refusal
from app.domain.screening import Decision, Plan
from app.domain.stock_count import Cause, Explained
from app.domain.vial import CodeSource
from app.practice.people import residents
from app.storage import catalogue, journal, projections, stock_counts
from app.storage.conditions import statements_of
from app.storage.encounters import get_encounter
from app.storage.patients import get_patient
from app.storage.receipts import put_receipts
from app.workflows import (
    certificates,
    conditions,
    identity,
    immunization,
    needle,
    observation,
    registration,
    screening,
    site_setup,
    stock,
    stock_count,
)
from app.workflows.correction import Correction, correct_immunization
from app.workflows.desk import Act
from app.workflows.needle import HandEntry
from app.workflows.screening import ConsentForm
from tests.factories import CONSENT, DOCTOR, MANAGER, NURSE, QUESTIONS, all_no
from tests.workflows.copied_site import CopiedSite, everything

P = ParamSpec("P")
T = TypeVar("T")
PRODUCTS = ("FLU4-1", "IPV-5", "RAB-1")


class Morning:
    """A site at work; ``number`` picks among what there is, the newest first."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.site = CopiedSite(folder)
        self.patients = [self.site.patient(index=index).patient_id for index in range(8)]
        self.visits: list[str] = []
        self.doses: list[str] = []
        self.seed = 100
        self.vial = 0

    def act(
        self, staff_id: str, act: Callable[Concatenate[Act, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T | None:
        """Do something as somebody; a refusal is an answer, and writes nothing."""
        if self.site.desk.user is None or self.site.desk.user.staff_id != staff_id:
            self.site.as_user(staff_id)
        before = self.entries()
        try:
            return self.site.desk.do(act, *args, **kwargs)
        except Refusal:
            assert self.entries() == before, "a refused act writes nothing"
            return None

    def entries(self) -> int:
        (count,) = self.site.desk.read().execute("select max(position) from journal").fetchone()
        return int(count)

    def visit(self, number: int) -> str:
        return self.visits[-1 - number % len(self.visits)]

    def person(self, number: int) -> str:
        return self.patients[number % len(self.patients)]

    # Before the needle

    def register(self, number: int) -> None:
        self.seed += 1
        (person,) = residents(1, self.site.desk.today(), seed=self.seed)
        if registered := self.act(NURSE, registration.register_patient, person):
            self.patients.append(registered.patient_id)

    def amend(self, number: int) -> None:
        patient = get_patient(self.site.desk.read(), self.person(number))
        phone, name = f"1000000000{number}", ("曾丽", "单于乐", "王𬭎", "古丽·买买提")[number]
        guardian = patient.guardian or Guardian("某人", "母亲", phone)
        amended = replace(patient, phone=phone, name=name, guardian=guardian)
        self.act(NURSE, registration.amend_patient, amended, reason="写错了")

    def open_visit(self, number: int) -> None:
        if visit := self.act(NURSE, registration.open_visit, self.person(number)):
            self.visits.append(visit.encounter_id)

    def call_off(self, number: int) -> None:
        self.act(NURSE, registration.cancel_visit, self.visit(number), "改天再来")

    def screen(self, number: int, product: str = "IPV-5", decision: Decision = Decision.PROCEED) -> None:
        review_on = self.site.desk.today() + timedelta(days=7)
        form = replace(
            all_no(product), decision=decision, reason="发热", advice="一周后再来", review_on=review_on
        )
        self.act(DOCTOR, screening.record_screening, self.visit(number), form, QUESTIONS)

    def screen_for_three(self, number: int) -> None:
        form = replace(all_no(PRODUCTS[0]), also=tuple(Plan(product, 1) for product in PRODUCTS[1:]))
        self.act(DOCTOR, screening.record_screening, self.visit(number), form, QUESTIONS)

    def consent_to_one(self, number: int, place: int = 0, *, agreed: bool = True) -> None:
        form = ConsentForm(
            CONSENT, agreed, "家属", "母亲", reason="再想想", product_code=PRODUCTS[(number + place) % 3]
        )
        self.act(DOCTOR, screening.record_consent, self.visit(number), form)

    def decline_one(self, number: int) -> None:
        self.consent_to_one(number, agreed=False)

    def advise_against(self, number: int) -> None:
        self.screen(number, decision=(Decision.DEFER, Decision.DO_NOT)[number % 2])

    def state_condition(self, number: int) -> None:
        code = ("pregnant", "preterm", "immune_deficient", "past_disease")[number]
        self.act(DOCTOR, conditions.record_condition, self.person(number), ConditionForm(code))

    def correct_condition(self, number: int) -> None:
        for one in statements_of(self.site.desk.read(), self.person(number))[:1]:
            form = ConditionForm(one.code, note="更正") if number % 2 else None
            stated = (one.patient_id, one.condition_id, form, "复查")
            self.act(DOCTOR, conditions.amend_condition, *stated)

    def consent(self, number: int) -> None:
        self.act(
            DOCTOR,
            screening.record_consent,
            self.visit(number),
            ConsentForm(CONSENT, True, "家属", "母亲"),
        )

    def decline(self, number: int) -> None:
        declined = ConsentForm(CONSENT, False, "家属", "母亲", reason="再想想")
        self.act(DOCTOR, screening.record_consent, self.visit(number), declined)

    # At the needle

    def call(self, number: int) -> None:
        self.act(NURSE, needle.call_ticket, self.visit(number))

    def call_elsewhere(self, number: int) -> None:
        self.site.desk.name = "接种台 2"
        self.call(number)
        self.site.desk.name = "接种台 1"

    def show_document(self, number: int) -> None:
        db = self.site.desk.read()
        shown = get_patient(db, get_encounter(db, self.visit(number)).patient_id).document_number
        self.act(NURSE, identity.check_identity, self.visit(number), shown if number else "10010119900101000")

    def scan(self, number: int, product: str = "IPV-5") -> None:
        code = TraceCode(self.site.vials(product)[self.vial % 60])
        self.act(NURSE, needle.scan_vial, self.visit(number), code, CodeSource.SCANNED)

    def scan_expired(self, number: int) -> None:
        code = TraceCode(self.site.vials("IPV-5", expired=True)[number])
        self.act(NURSE, needle.scan_vial, self.visit(number), code, CodeSource.SCANNED)

    def enter_by_hand(self, number: int) -> None:
        code = None if number % 2 else "89008080009999999999"
        product = PRODUCTS[number % 3]
        entry = HandEntry(CodeSource.UNREADABLE, "标签破损", product, "HAND-1", date(2027, 1, 1), code)
        self.act(NURSE, needle.enter_vial, self.visit(number), entry, self.site.beside())

    def put_away(self, number: int) -> None:
        self.act(NURSE, needle.put_vial_away, self.visit(number), "换瓶")

    def confirm(self, number: int) -> None:
        self.act(NURSE, needle.confirm_item, self.visit(0), PERSON_ITEMS[number])

    def tick_anything(self, number: int) -> None:
        self.act(NURSE, needle.confirm_item, self.visit(number), list(Item)[number * 2])

    def withdraw(self, number: int) -> None:
        self.act(NURSE, needle.withdraw_item, self.visit(0), PERSON_ITEMS[number])

    def choose_arm(self, number: int) -> None:
        self.act(NURSE, needle.choose_body_site, self.visit(number), list(BodySite)[number])

    def send_back(self, number: int) -> None:
        to = ("queue", "doctor")[number % 2]
        self.act(NURSE, needle.return_visit, self.visit(number), to, "想再问问医生")

    def record(self, number: int) -> None:
        view = needle.needle_view(self.site.desk.read(), self.visit(number), self.site.desk.now())
        if view.planned and view.body_site:
            injection = Injection(view.body_site, view.planned.route)
            record = self.act(NURSE, immunization.record_immunization, self.visit(number), injection)
            if record:
                self.doses.append(record["immunization_id"])

    # Whole ways

    def come_to_the_queue(self, product: str) -> None:
        self.patients.insert(0, self.patients.pop())
        self.open_visit(0)
        if self.visits:
            self.screen(0, product)
            self.consent(0)

    def come_to_the_needle(self, product: str, *, new_vial: bool) -> None:
        """At a needle of their own, so that nobody who is left standing is in the way."""
        self.come_to_the_queue(product)
        self.vial += new_vial
        self.site.desk.name = f"接种台 {len(self.visits)}"
        if self.visits:
            self.call(0)
            self.scan(0, product)

    def come_for_three(self, doses: int) -> None:
        """As far as the queue with three planned, then the first so many of them."""
        self.patients.insert(0, self.patients.pop())
        self.open_visit(0)
        if not self.visits:
            return
        self.screen_for_three(0)
        for place in range(3):
            self.consent_to_one(0, place)
        self.site.desk.name = f"接种台 {len(self.visits)}"
        self.call(0)
        for product in PRODUCTS[:doses]:
            self.vial += 1
            self.scan(0, product)
            for place in range(len(PERSON_ITEMS)):
                self.confirm(place)
            self.record(0)

    def come_to_the_dose(self, product: str, *, new_vial: bool) -> None:
        self.come_to_the_needle(product, new_vial=new_vial)
        if self.visits:
            for place in range(len(PERSON_ITEMS)):
                self.confirm(place)
            self.record(0)

    # After the dose

    def undo(self, number: int) -> None:
        if self.doses:
            dose = self.doses[-1 - number % len(self.doses)]
            self.act(NURSE, immunization.undo_immunization, dose)

    def correct(self, number: int) -> None:
        if self.doses:
            dose = self.doses[-1 - number % len(self.doses)]
            self.act(MANAGER, immunization.void_immunization, dose, "录入错误", self.site.beside())

    def correct_a_detail(self, number: int) -> None:
        if self.doses:
            dose = self.doses[-1 - number % len(self.doses)]
            told = Correction(list(BodySite)[number], number + 1)
            if record := self.act(MANAGER, correct_immunization, dose, told, "记录时选错"):
                self.doses.append(record["immunization_id"])

    def release(self, number: int) -> None:
        self.act(NURSE, observation.release, self.visit(number), tuple(Look))

    def leave_early(self, number: int) -> None:
        self.act(NURSE, observation.leave_early, self.visit(number), "赶车")

    def sit_down_again(self, number: int) -> None:
        self.act(NURSE, observation.reopen, self.visit(number))

    def alarm(self, number: int) -> None:
        self.act(NURSE, observation.raise_alarm, self.visit(number), ("皮疹", "呼吸困难")[number % 2])

    def close_alarm(self, number: int) -> None:
        self.act(DOCTOR, observation.close_alarm, self.visit(number))

    def describe(self, number: int) -> None:
        self.act(NURSE, observation.amend_adverse_event, self.visit(number), {"course": "好转"})

    def certify(self, number: int) -> None:
        for patient_id in self.patients[:4]:
            if facts := self.act(NURSE, certificates.prepare_certificate, patient_id):
                self.act(NURSE, certificates.issue_and_print, patient_id, facts, "HC1:TEST", "key-1", "pdf")

    # Time, the manager, the machine

    def let_time_pass(self, number: int) -> None:
        self.site.clock.go(minutes=(1, 6, 31, 1440)[number])
        self.site.desk.do(observation.mark_clock)

    def set_the_clock_wrong(self, number: int) -> None:
        self.site.clock.jump(timedelta(hours=(-5, 2, -5, 2)[number]))
        doubt = self.site.desk.do(observation.mark_clock)
        if doubt and number > 1:
            self.act(NURSE, observation.confirm_clock, doubt)

    def start_again(self, number: int) -> None:
        self.site.close()
        self.site.clock.reboot()
        self.seed += 1
        self.site = CopiedSite(self.folder, clock=self.site.clock, seed=self.seed)

    def put_a_pack_aside(self, number: int) -> None:
        self.act(NURSE, stock.quarantine_pack, self.site.vials(PRODUCTS[number % 3])[self.vial % 60], "破损")

    def let_a_pack_go(self, number: int) -> None:
        aside = catalogue.packs_aside(self.site.desk.read())
        code = aside[number % len(aside)].code if aside else "1"
        self.act(MANAGER, stock.release_pack, code, "复核合格", self.site.beside())

    def name_a_code(self, number: int) -> None:
        """Some are named twice, and put right."""
        code, level = TraceCode(f"{7_000_000 + number // 2}{0:013d}"), list(PackLevel)[number % 3]
        said = code, PRODUCTS[number % 3], level, [5, 1, 10, 100][number], self.site.beside()
        self.act(MANAGER, stock.map_code, *said)

    def change_a_lot(self, number: int) -> None:
        lot = next(lot for lot in self.site.stock if lot.product_code == "RAB-1")
        change = lot.lot_id, list(LotStatus)[number % 3], "通知", self.site.beside()
        self.act(MANAGER, site_setup.change_lot_status, *change)

    def count_the_fridge(self, number: int) -> None:
        """One lot is a dose short as often as not; now and then nobody is there to sign beside."""
        db = self.site.desk.read()
        self.act(MANAGER, stock_count.begin_count)
        short = stock_counts.count_lines(db)[number].key
        for _ in range(2):
            for line in stock_counts.count_lines(db):
                if not line.is_counted:
                    doses = max(0, line.book - (number % 2 if line.key == short else 0))
                    whole, rest = divmod(doses, line.product.doses_per_pack)
                    self.act(MANAGER, stock_count.count_lot, line.key, whole, rest)
            self.act(MANAGER, stock_count.compare_count)
        causes = {short: Explained(Cause.UNKNOWN, "查过出入库单")}
        second = self.site.beside() if number else None
        self.act(MANAGER, stock_count.confirm_count, causes, second)

    def begin_another_session(self, number: int) -> None:
        self.act(MANAGER, site_setup.close_session, self.visits)
        self.act(MANAGER, site_setup.open_session, "专场")

    def receive_receipts(self, number: int) -> None:
        db, at = self.site.desk.read(), instant_text(self.site.desk.now())
        stream = journal.current_stream(db)
        rows = [(entry.event.seq, at) for entry in journal.entries(db, stream)]
        self.site.store.write(lambda transaction: put_receipts(transaction.db, stream, rows))


def check_consistency(site: CopiedSite) -> None:
    """Everything that must hold at any time, whatever people did."""
    db = site.desk.read()
    live = everything(db)
    count = site.store.write(lambda transaction: projections.rebuild(transaction.db))
    assert everything(db) == live
    assert sum(journal.verify(db).values()) == count
    assert db.execute("pragma foreign_key_check").fetchall() == []
    for event in journal.events(db):
        if event.kind == "immunization.recorded":
            check_dose(event.body)


def check_dose(record: dict[str, Any]) -> None:
    """No dose without its eleven checks, each with how, who and when (VER-1)."""
    assert [item for item, *_ in record["checks"]] == [str(item) for item in Item]
    assert all(how and by and at for _, how, by, at in record["checks"])
