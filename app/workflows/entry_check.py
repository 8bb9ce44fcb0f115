"""The check at kindergarten and school (入托入学查验) of one person or a list (APP-8, SEC-4, SEC-5)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from sqlite_utils import Database

from app.domain.audit import Access, Purpose
from app.domain.entry_check import EntryCheck, EntryVerdict, check_entry
from app.domain.people import Patient
from app.domain.refusals import Refusal
from app.storage import patients
from app.workflows.audit import export
from app.workflows.class_list import ListedChild
from app.workflows.desk import Act
from app.workflows.forecast import forecast_of


class Differing(StrEnum):
    """What of a row differs from the record under its number."""

    NAME = "name"
    BIRTH_DATE = "birth_date"


@dataclass(unsafe_hash=True)
class NobodyOnFile(Refusal):
    """No record here has this document number; a name alone finds nobody."""


@dataclass(unsafe_hash=True)
class SeveralOnFile(Refusal):
    """Several records have this document number, and nothing says which."""

    count: int


@dataclass(frozen=True)
class MatchedChild:
    """A row and whose record it is; neither check nor dose has been looked at."""

    listed: ListedChild
    patient: Patient | None
    differs: tuple[Differing, ...] = ()
    refusal: Refusal | None = None


@dataclass(frozen=True)
class CheckedChild:
    """A row with its check, or with why there is none."""

    matched: MatchedChild
    check: EntryCheck | None
    refusal: Refusal | None

    @property
    def verdict(self) -> EntryVerdict | None:
        """Return what it comes to: doubtful as well where list and record differ; None without a check."""
        if self.check is None:
            return None
        return EntryVerdict.DOUBTFUL if self.matched.differs else self.check.verdict


def match_children(db: Database, listed: Sequence[ListedChild]) -> tuple[MatchedChild, ...]:
    """Return the rows in their order, each with the one record of its number or why there is none."""
    return tuple(_match(db, child) for child in listed)


def _match(db: Database, child: ListedChild) -> MatchedChild:
    if child.refusal is not None:
        return MatchedChild(child, None, refusal=child.refusal)
    found = patients.find_by_number(db, child.number)
    if len(found) != 1:
        why = SeveralOnFile(len(found)) if found else NobodyOnFile()
        return MatchedChild(child, None, refusal=why)
    (patient,) = found
    differs = []
    if child.name != patient.name:
        differs.append(Differing.NAME)
    if child.birth_on not in (None, patient.birth_on):
        differs.append(Differing.BIRTH_DATE)
    return MatchedChild(child, patient, tuple(differs))


def check_class(act: Act, matched: Sequence[MatchedChild], list_name: str, why: str) -> None:
    """Keep, before anything is shown, that these children's records leave as a list: who, what, why.

    One line for the list and one for each child; raises NotPermitted.
    """
    act.require("check_class")
    export(act, f"入托入学查验名单 {list_name}", Purpose.ENTRY_CHECK, why)
    for one in matched:
        if one.patient is not None:
            act.note(Access.EXPORTED, one.patient.patient_id, Purpose.ENTRY_CHECK, words=list_name)


def print_entry_check(act: Act, patient_id: str) -> None:
    """Keep that one person's check is printed for them: the check is the reason (SEC-5)."""
    act.require("print_entry_check")
    act.note(Access.PRINTED, patient_id, Purpose.ENTRY_CHECK, words="入托入学查验结果")


def check_children(db: Database, matched: Sequence[MatchedChild], on: date) -> Iterator[CheckedChild]:
    """Yield the rows in their order, judged one by one: a list is long, and somebody watches."""
    return (check_child(db, one, on) for one in matched)


def check_child(db: Database, matched: MatchedChild, on: date) -> CheckedChild:
    """Return one row judged on the day ``on``."""
    if matched.patient is None:
        return CheckedChild(matched, None, matched.refusal)
    try:
        return CheckedChild(matched, check_person(db, matched.patient, on), None)
    except Refusal as refusal:
        return CheckedChild(matched, None, refusal)


def check_person(db: Database, patient: Patient, on: date) -> EntryCheck:
    """Return somebody's check; raises TooOldForEntryCheck."""
    forecast = forecast_of(db, patient, on)
    evaluations = [judged for _, judged in forecast.doses]
    return check_entry(patient.birth_on, evaluations, forecast.lines, forecast.rules, on)
