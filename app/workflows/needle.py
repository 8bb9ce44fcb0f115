"""At the needle (接种): the ticket is called, the vial presented, the checklist confirmed item by item."""

from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlite_utils import Database

from app.domain.catalogue import BodySite, Lot, PackLevel, Product
from app.domain.checklist import (
    CheckFacts,
    CheckResult,
    Confirmation,
    Item,
    check_confirmable,
    check_screened,
    evaluate,
)
from app.domain.codes import Gs1Code, TraceCode, kind_of
from app.domain.journal import Json
from app.domain.people import Patient, age_on
from app.domain.refusals import Refusal
from app.domain.vial import CartonScanned, CodeSource, Vial, check_age, check_planned, check_usable
from app.domain.visit import Encounter, PlannedDose, TicketUnknown, VisitState, require_state
from app.storage import catalogue, encounters, needle, planned_doses
from app.storage.connecting import one_instant
from app.workflows.desk import Act, Case, SecondPerson, staff_name
from app.workflows.needle_facts import check_facts, check_no_reaction
from app.workflows.readiness import require_site_ready
from app.workflows.stock_search import find_in_stock

AT_NEEDLE = (VisitState.READY, VisitState.AT_STATION)


@dataclass(frozen=True)
class NeedleView:
    """Everything the vaccination screen shows of one visit."""

    encounter: Encounter
    patient: Patient
    planned: Product | None
    dose_number: int | None
    body_site: BodySite | None
    vial: Vial | None
    facts: CheckFacts
    results: tuple[CheckResult, ...]
    identity: Confirmation | None = None
    """Who compared the person's own document, and when; None while only the ticket says who it is."""
    vial_second: str = ""
    """The name of who looked at a vial entered by hand as well."""
    doses: tuple[tuple[PlannedDose, Product], ...] = ()
    """All that was agreed to at this visit, given or not, in the order of the plan."""

    @property
    def same_limb(self) -> tuple[Product, ...]:
        """Return what has gone, or is to go, into the body site of this dose beside it."""
        return tuple(
            product
            for dose, product in self.doses
            if self.planned is not None
            and product.product_code != self.planned.product_code
            and dose.body_site is self.body_site is not BodySite.MOUTH
        )


@dataclass(frozen=True)
class Judged:
    """What a ticket or a vial comes to, before anything of it is written."""

    encounter: Encounter
    patient: Patient
    vial: Vial | None = None
    """The vial that was scanned; None for a ticket."""


@dataclass(frozen=True)
class HandEntry:
    """A vial whose code could not be scanned, entered the guided way (ux.md rule 14); always flagged."""

    source: CodeSource
    reason: str
    product_code: str
    lot_number: str
    expires_on: date
    trace_code: str | None = None
    """As typed twice or read from the webcam; None when nobody can read it."""


@dataclass(unsafe_hash=True)
class OtherPersonAtNeedle(Refusal):
    """Another ticket is still at this needle: finish or send back first."""

    ticket_number: str
    scanned_ticket: str


@dataclass(unsafe_hash=True)
class NobodyAtNeedle(Refusal):
    """A vial was scanned before a ticket."""


@dataclass(unsafe_hash=True)
class EntryReasonMissing(Refusal):
    """A vial entered by hand needs a reason, product, lot number and expiry."""


@dataclass(unsafe_hash=True)
class LotFactsDiffer(Refusal):
    """What was typed differs from what the delivery says of this lot."""

    lot_number: str
    typed: date
    on_file: date


@dataclass(unsafe_hash=True)
class CodeOfOtherProduct(Refusal):
    """The code of a vial entered by hand is of a kind that belongs to another product."""

    trace_code: str
    planned: str
    on_file: str
    specification: str


@dataclass(unsafe_hash=True)
class CodeOfOtherLot(Refusal):
    """The code typed for a vial is in stock, under another lot than the one typed."""

    trace_code: str
    typed: str
    on_file: str


def judge_call(case: Case, encounter_id: str) -> Judged:
    """Judge whether a person may be called to this needle now; raises what ``call_ticket`` raises."""
    case.require("call_ticket")
    case.require_training()
    require_site_ready(case.db, case.today)
    encounter = encounters.get_encounter(case.db, encounter_id)
    require_state(encounter, *AT_NEEDLE)
    for other in encounters.queue(case.db, encounter.session_id, VisitState.AT_STATION):
        if other.encounter_id != encounter_id and other.desk == case.desk_name:
            raise OtherPersonAtNeedle(other.ticket_number, encounter.ticket_number)
    facts = check_facts(case.db, encounter)
    check_screened(facts, case.now)
    return Judged(encounter, facts.patient)


def call_ticket(act: Act, encounter_id: str) -> Encounter:
    """Call a person to this needle; raises WrongStep, OtherPersonAtNeedle or what the screening lacks.

    Whoever's training certificate is missing or has run out calls nobody (STF-1); nobody is called before
    the day's check of the four (SITE-9).
    """
    person = judge_call(act, encounter_id).patient.patient_id
    act.append("encounter.called", {"encounter_id": encounter_id, "called_at": act.at}, person=person)
    return encounters.get_encounter(act.db, encounter_id)


def return_visit(act: Act, encounter_id: str, to: str, reason: str) -> None:
    """Send the person back: ``to`` the "queue", or to the "doctor" who then screens anew.

    To the doctor also from the queue: whose screening is of another day cannot be called first.
    """
    act.require("return_visit")
    encounter = encounters.get_encounter(act.db, encounter_id)
    require_state(encounter, *(AT_NEEDLE if to == "doctor" else (VisitState.AT_STATION,)))
    act.append(
        "encounter.returned",
        {"encounter_id": encounter_id, "to": to, "reason": reason, "returned_at": act.at},
        person=encounter.patient_id,
    )


def judge_vial(case: Case, encounter_id: str, code: TraceCode | Gs1Code, source: CodeSource) -> Judged:
    """Judge a scanned vial by the stock, the plan and every hard fact; raises what ``scan_vial`` raises."""
    case.require("scan_vial")
    encounter = _at_station(case, encounter_id)
    vial = scanned_vial(case.db, code, source)
    return Judged(encounter, _check_hard_facts(case, encounter, vial).patient, vial)


def scan_vial(act: Act, encounter_id: str, code: TraceCode | Gs1Code, source: CodeSource) -> Vial:
    """Match a scanned code with the stock and the plan, and present the vial; raises every hard fact.

    A refused vial is recorded by ``note_refused_vial``; nothing else changes. The vial that is presented
    already may be scanned again: what was confirmed of it stands.
    """
    judged = judge_vial(act, encounter_id, code, source)
    vial = judged.vial
    assert vial is not None, "a code stands for a vial, or the judgement refuses"
    presented = needle.find_vial(act.db, encounter_id)
    if vial.trace_code is None or presented is None or presented[0] != vial:
        _present(act, judged.encounter, vial)
    return vial


def enter_vial(act: Act, encounter_id: str, entry: HandEntry, second: SecondPerson | None = None) -> Vial:
    """Present a vial whose code could not be scanned: flagged, with a reason, under the same hard facts.

    No machine has compared it with the stock, so a second person does; raises SecondPersonNeeded or
    SecondPersonIsFirst, after every hard fact.
    """
    act.require("enter_vial")
    encounter = _at_station(act, encounter_id)
    if not (entry.reason.strip() and entry.lot_number.strip()):
        raise EntryReasonMissing()
    lot = catalogue.find_lot_by_number(act.db, entry.product_code, entry.lot_number.strip())
    if lot and lot.expires_on != entry.expires_on:
        raise LotFactsDiffer(lot.lot_number, entry.expires_on, lot.expires_on)
    _check_typed_code(act.db, entry)
    vial = entered_vial(act.db, entry)
    _check_hard_facts(act, encounter, vial)
    vial = replace(vial, approved_by=act.require_second("enter_vial", second).staff_id)
    _present(act, encounter, vial)
    return vial


def entered_vial(db: Database, entry: HandEntry) -> Vial:
    """Return the vial an entry by hand speaks of, unjudged."""
    lot = catalogue.find_lot_by_number(db, entry.product_code, entry.lot_number.strip())
    lot = lot or Lot("", entry.product_code, entry.lot_number.strip(), entry.expires_on)
    doses = catalogue.get_product(db, entry.product_code).doses_per_pack
    return needle.build_vial(db, entry.trace_code or None, entry.source, entry.reason.strip(), lot, doses)


def _check_typed_code(db: Database, entry: HandEntry) -> None:
    """Hold a typed code to what its delivery says, or its kind.

    Raises CartonScanned, CodeOfOtherLot or CodeOfOtherProduct.
    """
    if entry.trace_code and catalogue.find_pack(db, entry.trace_code):
        lot, _, code = find_in_stock(db, TraceCode(entry.trace_code))
        if (lot.product_code, lot.lot_number) != (entry.product_code, entry.lot_number.strip()):
            raise CodeOfOtherLot(str(code), entry.lot_number.strip(), lot.lot_number)
    elif entry.trace_code and (kind := kind_of(entry.trace_code)):
        named = catalogue.find_product_of(db, kind)
        if named and named[1] is not PackLevel.UNIT:
            raise CartonScanned(entry.trace_code, named[1])
        if named and named[0].product_code != entry.product_code:
            planned = catalogue.get_product(db, entry.product_code).vaccine_name
            raise CodeOfOtherProduct(entry.trace_code, planned, named[0].vaccine_name, named[0].specification)


def scanned_vial(db: Database, code: TraceCode | Gs1Code, source: CodeSource) -> Vial:
    """Return the vial a code stands for in the stock, unjudged; raises CartonScanned or CodeNotInStock."""
    lot, doses, text = find_in_stock(db, code)
    reason = _NO_SERIAL if text is None else "" if source is CodeSource.SCANNED else str(source)
    return needle.build_vial(db, text, source, reason, lot, doses)


_NO_SERIAL = "no_serial"
"""The reason kept with a vial whose GS1 code names its lot alone."""


def put_vial_away(act: Act, encounter_id: str, reason: str) -> None:
    """Record that the vial is put down for another (换瓶)."""
    act.require("put_vial_away")
    encounter = _at_station(act, encounter_id)
    act.append(
        "vial.put_away",
        {"encounter_id": encounter_id, "reason": reason, "at": act.at},
        person=encounter.patient_id,
    )


def note_refused_vial(act: Act, encounter_id: str, code: str, refusal: Refusal) -> int:
    """Record that a vial was stopped, by which hard fact; returns how often that came this month.

    The count is shown to supervisors (ux.md rule 10). A vial presented before is put away: the one in the
    nurse's hand now is another.
    """
    act.require("note_refused_vial")
    encounter = encounters.get_encounter(act.db, encounter_id)
    name = type(refusal).__name__
    act.append(
        "vial.refused",
        {"encounter_id": encounter_id, "code": code, "refusal": name, "at": act.at},
        person=encounter.patient_id,
    )
    at_station = encounter.state is VisitState.AT_STATION
    if at_station and not isinstance(refusal, CartonScanned) and needle.find_vial(act.db, encounter_id):
        put_vial_away(act, encounter_id, name)
    return needle.refused_this_month(act.db, name, act.now)


def confirm_item(act: Act, encounter_id: str, item: Item) -> None:
    """Record that a person saw what only a person can see; refuses out of the official order (VER-1).

    Who confirmed first and when stands: the same key again changes nothing.
    """
    act.require("confirm_item")
    encounter = _at_station(act, encounter_id)
    facts = check_facts(act.db, encounter)
    check_confirmable(item, facts)
    if item in facts.confirmations:
        return
    act.append(
        "check.confirmed",
        {"encounter_id": encounter_id, "item": str(item), "confirmed_at": act.at},
        person=encounter.patient_id,
    )


def withdraw_item(act: Act, encounter_id: str, item: Item) -> None:
    """Take a confirmation back; both stay in the journal."""
    act.require("withdraw_item")
    encounter = _at_station(act, encounter_id)
    act.append(
        "check.withdrawn",
        {"encounter_id": encounter_id, "item": str(item), "at": act.at},
        person=encounter.patient_id,
    )


def choose_body_site(act: Act, encounter_id: str, body_site: BodySite) -> None:
    """Choose another body site than the product's usual one."""
    act.require("choose_body_site")
    encounter = _at_station(act, encounter_id)
    act.append(
        "body_site.chosen",
        {"encounter_id": encounter_id, "body_site": str(body_site), "at": act.at},
        person=encounter.patient_id,
    )


def person_at_needle(db: Database, session_id: str, desk: str) -> Encounter | None:
    """Return whom this desk has called and not finished; of several (a dose was undone) the last called."""
    here = [
        encounter
        for encounter in encounters.queue(db, session_id, VisitState.AT_STATION)
        if encounter.desk == desk
    ]
    return max(here, key=lambda encounter: encounter.called_at or encounter.registered_at, default=None)


def find_ticket(db: Database, token: str) -> Encounter:
    """Return the visit a scanned ticket names; raises TicketUnknown."""
    encounter = encounters.find_by_token(db, token)
    if encounter is None:
        raise TicketUnknown(token)
    return encounter


def needle_view(db: Database, encounter_id: str, now: datetime) -> NeedleView:
    """Return everything the screen shows, the checklist as it stands at ``now``."""
    with one_instant(db):
        encounter = encounters.get_encounter(db, encounter_id)
        facts = check_facts(db, encounter)
        identity = needle.identity(db, encounter_id)
        vial_second = facts.vial.approved_by if facts.vial else ""
        doses = [
            (dose, catalogue.get_product(db, dose.product_code))
            for dose in planned_doses.all_doses(db, encounter_id)
            if dose.consented
        ]
    return NeedleView(
        encounter, facts.patient, facts.planned, facts.dose_number, facts.body_site, facts.vial, facts,
        evaluate(facts, now), identity, staff_name(db, vial_second) if vial_second else "", tuple(doses),
    )  # fmt: skip


def _at_station(case: Case, encounter_id: str) -> Encounter:
    encounter = encounters.get_encounter(case.db, encounter_id)
    require_state(encounter, VisitState.AT_STATION)
    return encounter


def _check_hard_facts(case: Case, encounter: Encounter, vial: Vial) -> CheckFacts:
    facts = check_facts(case.db, encounter, vial.product.product_code)
    check_screened(facts, case.now)
    check_no_reaction(case.db, encounter.encounter_id)
    if facts.planned:
        check_planned(vial, facts.planned)
    check_usable(vial, case.now, case.today)
    check_age(vial.product, age_on(facts.patient.birth_on, case.today))
    return facts


def _present(act: Act, encounter: Encounter, vial: Vial) -> None:
    body: Json = {
        "encounter_id": encounter.encounter_id,
        "trace_code": vial.trace_code,
        "source": str(vial.source),
        "reason": vial.reason,
        "product_code": vial.product.product_code,
        "lot_id": vial.lot.lot_id or None,
        "lot_number": vial.lot.lot_number,
        "expires_on": vial.lot.expires_on.isoformat(),
        "doses": vial.doses,
        "presented_at": act.at,
    }
    if vial.approved_by:
        body["approved_by"] = vial.approved_by
    act.append("vial.presented", body, person=encounter.patient_id)
