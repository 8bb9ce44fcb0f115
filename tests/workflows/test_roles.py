"""Every act is tried by every role: who may not is refused and nothing is written (SITE-8, STF-1, SEC-6)."""

import inspect
import pkgutil
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from importlib import import_module
from typing import Any

import pytest

from app import workflows
from app.domain.audit import Purpose
from app.domain.catalogue import BodySite, LotStatus, PackLevel
from app.domain.checklist import Item, NotConsented, OtherPersonsDocument
from app.domain.codes import TraceCode
from app.domain.conditions import ConditionForm
from app.domain.delivery import Delivery, Paper
from app.domain.journal import Stream
from app.domain.observation import ClockInDoubt, Look
from app.domain.past_doses import Evidence, PastDoseForm
from app.domain.people import Patient, Sex
from app.domain.permissions import ACTS, NotPermitted
from app.domain.readiness import Need
from app.domain.refusals import Refusal
from app.domain.relay import RelayRole, RelaySetting
from app.domain.review import JudgedField, PairReason
from app.domain.safekeeping import BackupPlan
from app.domain.shifts import Duty, Part
from app.domain.staff import EmergencyTraining, Role, StaffMember, TrainingCertificate
from app.domain.stock_count import Place
from app.domain.vial import CodeSource
from app.domain.visit import WrongStep
from app.practice.site import SITE, STAFF
from app.storage import journal, patients
from app.storage.catalogue import get_product
from app.storage.conditions import statements_of
from app.storage.reviews import FieldReview, PairReview
from app.storage.safekeeping import LastDrill
from app.workflows import (
    audit,
    certificates,
    conditions,
    correction,
    credentials,
    deliveries,
    entry_check,
    identity,
    immunization,
    needle,
    observation,
    past_doses,
    readiness,
    registration,
    relay,
    reviewing,
    safekeeping,
    schedules,
    screening,
    shifts,
    site_setup,
    staff,
    staff_register,
    stock,
    stock_count,
)
from app.workflows.correction import Correction
from app.workflows.desk import Act, NobodySignedIn, open_first_stream
from app.workflows.needle import HandEntry
from app.workflows.screening import ConsentForm
from tests.clocks import ManualClock
from tests.factories import CONSENT, MANAGER, NURSE, QUESTIONS, all_no
from tests.factories import DOCTOR as DOCTOR_ID
from tests.workflows.brought_packs import brought, pack_text
from tests.workflows.copied_site import CopiedSite
from tests.workflows.test_immunization import LEFT_ARM

REGISTRAR, DOCTOR = Role.REGISTRAR, Role.DOCTOR
EVERYBODY = frozenset(Role)


@dataclass(frozen=True)
class Scene:
    """A site with something of everything, for the acts to be tried on."""

    site: CopiedSite
    patient_id: str
    waiting: str
    """A visit in the queue."""
    given: str
    """A dose that counts."""
    observed: str
    """Its visit."""


def scene(site: CopiedSite) -> Scene:
    record = site.vaccinated()
    waiting = site.ready(site.patient(index=1))
    return Scene(
        site, record["patient_id"], waiting.encounter_id, record["immunization_id"], record["encounter_id"]
    )


Arguments = Callable[[Scene], tuple[Any, ...]]


def patient_of(scene: Scene) -> Any:
    return patients.get_patient(scene.site.desk.read(), scene.patient_id)


def hand_entry(scene: Scene) -> HandEntry:
    return HandEntry(CodeSource.UNREADABLE, "标签破损", "FLU4-1", "X", date(2027, 1, 1))


def stated(scene: Scene) -> str:
    """Return a condition of the person that stands."""
    for one in statements_of(scene.site.desk.read(), scene.patient_id):
        if one.stands:
            return one.condition_id
    scene.site.as_user(DOCTOR_ID)
    return scene.site.desk.do(conditions.record_condition, scene.patient_id, ConditionForm("severe_reaction"))


PAST_DOSE = PastDoseForm("HepB", date(2026, 11, 20), 1, Evidence.BOOKLET)


def copied(scene: Scene) -> str:
    """Return a dose of the person that was copied from the booklet."""
    for dose in past_doses.copied_doses(scene.site.desk.read(), scene.patient_id):
        return str(dose["immunization_id"])
    scene.site.as_user(DOCTOR_ID)
    form = replace(PAST_DOSE, vaccine_code="MMR")
    return scene.site.desk.do(past_doses.record_past_dose, scene.patient_id, form)


NOW = ManualClock().now()
DOUBT = ClockInDoubt(NOW, NOW)

PERSON = Patient(
    "0190a0b0-0000-7000-8000-000000000001", "陈知雨", Sex.FEMALE, date(2020, 2, 29), "citizen_card",
    "100101202002290021", "10078038634", "云溪镇", "学龄前儿童",
)  # fmt: skip
FIELD_REVIEW = FieldReview(PERSON, PERSON, JudgedField.NAME, "陈雨", NOW)
PAIR_REVIEW = PairReview(PERSON, PERSON, PairReason.NAMESAKE, NOW)

NEW_STREAM = Stream("0190a0b0-0000-7000-8000-00000000e00f", "00112233445566ff")

DELIVERY = Delivery("FLU4-1", "NEW-2", date(2028, 1, 1), 1, "县疾控", "5", frozenset(Paper), "批签 1")

TRIED: dict[Callable[..., Any], Arguments] = {
    registration.register_patient: lambda s: (patient_of(s),),
    registration.amend_patient: lambda s: (patient_of(s),),
    reviewing.decide_field: lambda s: (FIELD_REVIEW, True),
    reviewing.decide_pair: lambda s: (PAIR_REVIEW, True),
    registration.open_visit: lambda s: (s.patient_id,),
    registration.cancel_visit: lambda s: (s.waiting, "改天"),
    screening.record_screening: lambda s: (s.waiting, all_no(), QUESTIONS),
    screening.record_consent: lambda s: (s.waiting, ConsentForm(CONSENT, True, "家属", "本人")),
    conditions.record_condition: lambda s: (s.patient_id, ConditionForm("preterm")),
    conditions.amend_condition: lambda s: (s.patient_id, stated(s), None, "记错了"),
    past_doses.record_past_dose: lambda s: (s.patient_id, PAST_DOSE),
    past_doses.withdraw_past_dose: lambda s: (s.patient_id, copied(s), "抄错了"),
    needle.call_ticket: lambda s: (s.waiting,),
    needle.return_visit: lambda s: (s.waiting, "doctor", "问"),
    needle.scan_vial: lambda s: (s.waiting, TraceCode("0" * 20), CodeSource.SCANNED),
    needle.enter_vial: lambda s: (s.waiting, hand_entry(s)),
    needle.put_vial_away: lambda s: (s.waiting, "换瓶"),
    needle.note_refused_vial: lambda s: (s.waiting, "code", NotConsented()),
    stock.quarantine_pack: lambda s: ("code", "破损"),
    stock.release_pack: lambda s: ("code", "复核合格"),
    stock.map_code: lambda s: (TraceCode("0" * 20), "FLU4-1", PackLevel.UNIT, 1),
    needle.confirm_item: lambda s: (s.waiting, Item.BOOKLET),
    needle.withdraw_item: lambda s: (s.waiting, Item.BOOKLET),
    needle.choose_body_site: lambda s: (s.waiting, BodySite.LEFT_ARM),
    identity.check_identity: lambda s: (s.waiting, "100101199001010000"),
    identity.note_other_document: lambda s: (s.waiting, OtherPersonsDocument("A002", "1*", "2*", "", "")),
    immunization.record_immunization: lambda s: (s.waiting, LEFT_ARM),
    immunization.undo_immunization: lambda s: (s.given,),
    immunization.void_immunization: lambda s: (s.given, "录入错误"),
    correction.correct_immunization: lambda s: (s.given, Correction(BodySite.RIGHT_ARM), "记录时选错"),
    observation.release: lambda s: (s.observed, tuple(Look)),
    observation.leave_early: lambda s: (s.observed, "赶车"),
    observation.reopen: lambda s: (s.observed,),
    observation.raise_alarm: lambda s: (s.observed, "皮疹"),
    observation.amend_adverse_event: lambda s: (s.observed, {"course": "好转"}),
    observation.close_alarm: lambda s: (s.observed,),
    observation.confirm_clock: lambda s: (DOUBT,),
    certificates.prepare_certificate: lambda s: (s.patient_id,),
    certificates.issue_certificate: lambda s: (s.patient_id, facts_of(s), None, None),
    certificates.record_print: lambda s: issued(s),
    certificates.issue_and_print: lambda s: (s.patient_id, facts_of(s), None, None, "pdf"),
    certificates.issue_and_save: lambda s: (
        s.patient_id,
        facts_of(s),
        None,
        None,
        Purpose.CERTIFICATE,
        "",
    ),
    site_setup.found_site: lambda s: (NEW_STREAM, SITE, STAFF[-1]),
    site_setup.configure_site: lambda s: (SITE,),
    site_setup.enrol_device: lambda s: ("https://centre.example",),
    staff.add_staff: lambda s: (STAFF[0],),
    staff.amend_staff: lambda s: (STAFF[0],),
    staff.certify_staff: lambda s: (NURSE, TrainingCertificate("1", "疾控", date(2029, 1, 1))),
    staff.train_for_emergencies: lambda s: (NURSE, EmergencyTraining(NOW.date(), date(2029, 1, 1))),
    staff.remove_staff: lambda s: (NURSE,),
    shifts.plan_day: lambda s: (NOW.date(), {Part.MORNING: {NURSE: Duty.ON_DUTY}}),
    shifts.hand_over: lambda s: (None, ""),
    credentials.reset_password: lambda s: (NURSE, "1$8$1$c2FsdA==$aGFzaA=="),
    site_setup.add_product: lambda s: (get_product(s.site.desk.read(), "FLU4-1"),),
    site_setup.receive_lot: lambda s: ("FLU4-1", "NEW-1", "2028-01-01"),
    site_setup.relate_codes: lambda s: (s.site.stock[0].lot_id, []),
    deliveries.receive_delivery: lambda s: (DELIVERY,),
    site_setup.change_lot_status: lambda s: (s.site.stock[0].lot_id, LotStatus.RECALLED, "通知"),
    stock_count.begin_count: lambda s: (),
    stock_count.count_pack: lambda s: (TraceCode("0" * 20),),
    stock_count.count_lot: lambda s: ((s.site.stock[0].lot_id, Place.SHELF), 1),
    stock_count.compare_count: lambda s: (),
    stock_count.confirm_count: lambda s: ({},),
    site_setup.open_session: lambda s: ("夜场",),
    site_setup.close_session: lambda s: (),
    readiness.check_readiness: lambda s: (tuple(Need), ()),
    readiness.override_readiness: lambda s: ("救护车在途",),
    schedules.take_pack: lambda s: (brought(s.site, pack_text())[0], s.site.folder),
    relay.choose_relay: lambda s: (RelaySetting(RelayRole.LEAD),),
    safekeeping.choose_plan: lambda s: (BackupPlan("/media"),),
    safekeeping.record_drill: lambda s: (LastDrill("", "2026-11-23T01:00:00.000Z", True, 80, 30, 1),),
    staff_register.export_register: lambda s: (Purpose.INSPECTION, ""),
    audit.read_record: lambda s: (s.patient_id,),
    audit.ask_centre: lambda s: ("100101199001010000", "外地来补种"),
    audit.note_print: lambda s: ("预检表", s.patient_id),
    entry_check.print_entry_check: lambda s: (s.patient_id,),
    entry_check.check_class: lambda s: ((), "名单.xlsx", "学校来函"),
    audit.export_trail: lambda s: ("", Purpose.INSPECTION, ""),
    audit.export: lambda s: ("清单", Purpose.INSPECTION, ""),
}
"""Every act, and with what it is tried; who may is said by the table of the program."""

WITHOUT_A_ROLE = {
    safekeeping.record_key_change,
    open_first_stream,
    audit.seal_trail,
    observation.mark_clock,
}
"""The machine's own: they write no event."""


def facts_of(scene: Scene) -> Any:
    scene.site.as_user(MANAGER)
    return scene.site.desk.do(certificates.prepare_certificate, scene.patient_id)


def issued(scene: Scene) -> tuple[Any, ...]:
    facts = facts_of(scene)
    scene.site.desk.do(certificates.issue_certificate, scene.patient_id, facts, None, None)
    return scene.patient_id, facts, "pdf"


def entries(site: CopiedSite) -> int:
    return site.desk.read()["journal"].count


def refusal_of(site: CopiedSite, act: Callable[..., Any], given: tuple[Any, ...]) -> Refusal | None:
    """Return why an act is not done, None where it is."""
    try:
        site.desk.do(act, *given)
    except Refusal as refusal:
        return refusal
    return None


def test_every_act_of_the_program_is_in_the_table() -> None:
    found: set[object] = set()
    for module in pkgutil.iter_modules(workflows.__path__):
        for name, function in inspect.getmembers(
            import_module(f"app.workflows.{module.name}"), inspect.isfunction
        ):
            first = next(iter(inspect.signature(function).parameters.values()), None)
            if not name.startswith("_") and first is not None and first.annotation in (Act, "Act"):
                found.add(function)
    assert found == {*TRIED, *WITHOUT_A_ROLE}


def test_who_may_not_is_refused_every_act_and_writes_nothing(site: CopiedSite) -> None:
    stage = scene(site)
    for act, arguments in TRIED.items():
        allowed = ACTS[act.__name__].roles
        for role in sorted(EVERYBODY - allowed):
            given = arguments(stage)
            before = entries(site)
            site.desk.user = StaffMember("u-other", "某人", "", frozenset({role}))
            refusal = refusal_of(site, act, given)
            assert isinstance(refusal, NotPermitted), f"{role} and {act.__name__}"
            assert set(refusal.allowed) == allowed, act.__name__
            assert entries(site) == before, f"{role} wrote by {act.__name__}"


@pytest.mark.parametrize("act", TRIED, ids=lambda act: act.__name__)
def test_each_role_does_what_is_its_own(act: Callable[..., Any], site: CopiedSite) -> None:
    arguments = TRIED[act]
    stage = scene(site)
    for role in sorted(ACTS[act.__name__].roles):
        given = arguments(stage)
        site.desk.user = StaffMember("u-other", "某人", "", frozenset({role}))
        assert not isinstance(refusal_of(site, act, given), NotPermitted), role


def test_nobody_does_anything_without_signing_in(site: CopiedSite) -> None:
    stage = scene(site)
    for act, arguments in TRIED.items():
        given = arguments(stage)
        site.desk.user = None
        before = entries(site)
        assert isinstance(refusal_of(site, act, given), NobodySignedIn | WrongStep), act.__name__
        assert entries(site) == before, act.__name__


def test_one_person_of_a_village_team_holds_several_roles(site: CopiedSite) -> None:
    site.desk.user = StaffMember("u-village", "村医", "乡村医生", frozenset({REGISTRAR, DOCTOR}))
    visit = site.desk.do(registration.open_visit, site.patient().patient_id)
    site.desk.do(screening.record_screening, visit.encounter_id, all_no(), QUESTIONS)
    site.clock.go(minutes=1)
    with pytest.raises(NotPermitted):
        site.desk.do(needle.call_ticket, visit.encounter_id)


def test_who_answers_is_written_into_every_entry(site: CopiedSite) -> None:
    site.vaccinated()
    events = list(journal.events(site.desk.read()))
    assert all(event.user and event.desk for event in events)
    known = {member.staff_id for member in STAFF}
    assert {event.user for event in events} <= known
