"""One patient on one day, with the history in order: what every step asks."""

from collections.abc import Sequence
from datetime import date
from typing import Protocol, TypeVar

from app.domain.schedule.duration import Arithmetic, Duration
from app.domain.schedule.history import Dose, Subject
from app.domain.schedule.pack import Pack, Vaccine
from app.domain.schedule.packs import Packs, Rules


class Record:
    """One dose of the history, in its place by date."""

    __slots__ = ("code", "day", "dose", "entry", "place", "rules")

    def __init__(self, place: int, entry: int, dose: Dose, rules: Rules) -> None:
        self.place, self.entry, self.dose = place, entry, dose
        self.day, self.code = dose.given_on, dose.vaccine_code
        self.rules = rules
        """Those in force on its day."""


class _Dated(Protocol):
    """A rule with a first and a last day."""

    @property
    def valid_from(self) -> date | None: ...
    @property
    def valid_to(self) -> date | None: ...


DatedT = TypeVar("DatedT", bound=_Dated)


class Case:
    """The patient, the day, the rules, and the doses that can have been given."""

    def __init__(self, patient: Subject, history: Sequence[Dose], packs: Packs, on: date) -> None:
        self.patient, self.packs, self.on = patient, packs, on
        self.birth_on = patient.birth_on
        self.rules = packs.on(on)
        self.observed = {one.code: one for one in patient.observations if one.holds(on)}
        ordered = sorted(enumerate(history), key=lambda entered: _order(entered[1]))
        self.history = [
            Record(place, entry, dose, packs.on(dose.given_on)) for place, (entry, dose) in enumerate(ordered)
        ]
        self.records = [one for one in self.history if self.birth_on <= one.day <= on]
        """Without those before birth or in the future: these count for nothing."""
        self.by_antigen = self._by_antigen()
        self._ages: tuple[dict[int, date], dict[int, date]] = {}, {}

    def age_day(self, age: Duration, pack: Pack) -> date:
        """Return the day on which the patient reaches an age."""
        days = self._ages[pack.arithmetic is Arithmetic.CDSI]
        found = days.get(id(age))  # the packs keep every length alive; hashing one costs more than adding it
        if found is None:
            found = days[id(age)] = age.after(self.birth_on, pack.arithmetic)
        return found

    def vaccine(self, record: Record) -> Vaccine | None:
        """Return what a dose was, by the pack of its day or by today's."""
        return record.rules.vaccines.get(record.code) or self.rules.vaccines.get(record.code)

    def _by_antigen(self) -> dict[str, list[Record]]:
        """The doses that hold an antigen at the age at which they were given."""
        found: dict[str, list[Record]] = {}
        for record in self.records:
            vaccine = self.vaccine(record)
            for one in vaccine.antigens if vaccine else ():
                if one.begin_age is None and one.end_age is None:
                    found.setdefault(one.antigen, []).append(record)
                else:
                    arithmetic = _arithmetic(record.rules, one.antigen)
                    begun = (
                        one.begin_age is None or one.begin_age.after(self.birth_on, arithmetic) <= record.day
                    )
                    over = (
                        one.end_age is not None and one.end_age.after(self.birth_on, arithmetic) <= record.day
                    )
                    if begun and not over:
                        found.setdefault(one.antigen, []).append(record)
        return found

    def within_ages(self, day: date, begin: Duration | None, end: Duration | None, pack: Pack) -> bool:
        """Return whether a day is at ``begin`` or later and before ``end``."""
        if begin is not None and day < self.age_day(begin, pack):
            return False
        return end is None or day < self.age_day(end, pack)


def _arithmetic(rules: Rules, antigen: str) -> Arithmetic:
    held = rules.antigens.get(antigen)
    return held[0].arithmetic if held else Arithmetic.CIVIL_CODE


def in_force(rules: Sequence[DatedT], day: date) -> Sequence[DatedT]:
    """Return those that hold on a day."""
    if not rules or (len(rules) == 1 and rules[0].valid_from is None and rules[0].valid_to is None):
        return rules
    return [
        rule
        for rule in rules
        if (rule.valid_from is None or rule.valid_from <= day)
        and (rule.valid_to is None or day <= rule.valid_to)
    ]


def _order(dose: Dose) -> tuple[date, str, str, str, str, str, str]:
    """By date, then by content: the order of entry must not matter."""
    return (
        dose.given_on,
        dose.vaccine_code,
        dose.product_code or "",
        dose.market_holder or "",
        dose.sub_standard or "",
        dose.quantity_ml or "",
        dose.immunization_id,
    )
