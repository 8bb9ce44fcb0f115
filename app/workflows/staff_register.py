"""The register of qualified staff 资格名册: who is trained, and until when (STF-4, STF-10)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlite_utils import Database

from app.domain.audit import Purpose
from app.domain.staff import (
    EmergencyTraining,
    StaffMember,
    Training,
    TrainingCertificate,
    TrainingRounds,
    training_on,
)
from app.storage.shifts import shifts_on
from app.storage.staff import all_staff, find_emergency_training, find_training, training_rounds
from app.workflows.audit import export
from app.workflows.desk import Act

GOOD = frozenset({Training.VALID, Training.ENDING})
"""How a training stands that counts today."""


@dataclass(frozen=True)
class Qualified:
    """One who works here and what they were trained in."""

    member: StaffMember
    certificate: TrainingCertificate | None
    emergency: EmergencyTraining | None


@dataclass(frozen=True)
class RegisterCounts:
    """How many people of a register count on a day."""

    certified: int
    """With a training certificate good that day, ``ending`` among them."""
    ending: int
    emergency: int
    """Who can handle a reaction."""
    rounds: TrainingRounds


def register_of(db: Database) -> tuple[Qualified, ...]:
    """Return everybody who works here, in the order they were added."""
    return tuple(
        Qualified(one, find_training(db, one.staff_id), find_emergency_training(db, one.staff_id))
        for one in all_staff(db)
    )


def register_counts(db: Database, register: Sequence[Qualified], day: date) -> RegisterCounts:
    """Return how many of a register count on a day, and the rounds that certificates name."""
    stands = [training_on(one.certificate, day) for one in register]
    return RegisterCounts(
        certified=sum(how in GOOD for how in stands),
        ending=stands.count(Training.ENDING),
        emergency=sum(training_on(one.emergency, day) in GOOD for one in register),
        rounds=training_rounds(db),
    )


def who_handles_reactions(db: Database, today: date) -> tuple[str, ...]:
    """Return the names of those on duty today whose emergency training is good (STF-10).

    Where nobody is planned for the day everybody who works here counts as on duty.
    """
    on_duty = {staff_id for shift in shifts_on(db, today) for staff_id, _ in shift.duties}
    return tuple(
        one.member.name
        for one in register_of(db)
        if training_on(one.emergency, today) in GOOD and (not on_duty or one.member.staff_id in on_duty)
    )


def export_register(act: Act, purpose: Purpose, words: str) -> None:
    """Keep, before it is written, that the register leaves the program, and why; raises ReasonTooShort."""
    act.require("export_register")
    export(act, "人员资格名册", purpose, words)
