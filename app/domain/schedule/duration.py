"""Lengths of time as the schedules write them, and the two ways to count them from a day."""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import cache


class Arithmetic(StrEnum):
    """What a period of months does when the month has no such day (docs/decisions/0014)."""

    CIVIL_CODE = "civil_code"
    """民法典 art. 202: the last day of the month. 31 January and a month is 28 or 29 February."""
    CDSI = "cdsi"
    """CDSi CALCDT-5: the first day of the next month. 31 January and a month is 1 March."""


_UNITS = {"day": (0, 1), "week": (0, 7), "month": (1, 0), "year": (12, 0)}
_TERM = re.compile(r"\s*([+-]?)\s*(\d+)\s*(day|week|month|year)s?\s*")
_FOR_EVER = date(2999, 12, 31)


@dataclass(frozen=True, slots=True)
class Duration:
    """Months first, then days, as ``6 months - 4 days``; both may be negative."""

    months: int
    days: int

    def after(self, day: date, arithmetic: Arithmetic) -> date:
        """Return the day this length after ``day``; never later than the last day of 2999."""
        if self.months:
            day = add_months(day, self.months, arithmetic)
        if not self.days:
            return day
        if day.year >= _FOR_EVER.year:
            return _FOR_EVER
        return day + timedelta(self.days)

    def __str__(self) -> str:
        return _said(self.months, self.days)


@cache
def _said(months: int, days: int) -> str:
    sign = -1 if months < 0 else 1
    years, rest = divmod(abs(months), 12)
    terms = [(sign * years, "year"), (sign * rest, "month"), (days, "day")]
    said = [f"{'-' if n < 0 else '+'} {abs(n)} {unit}{'' if abs(n) == 1 else 's'}" for n, unit in terms if n]
    return " ".join(said).removeprefix("+ ") or "0 days"


def add_months(day: date, months: int, arithmetic: Arithmetic) -> date:
    """Return the corresponding day so many months on, by the rule given for days that do not exist."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if year >= _FOR_EVER.year:
        return _FOR_EVER
    if year < 1:
        return date.min
    month += 1
    if day.day <= 28:
        return date(year, month, day.day)
    last = monthrange(year, month)[1]
    if day.day <= last:
        return date(year, month, day.day)
    if arithmetic is Arithmetic.CIVIL_CODE:
        return date(year, month, last)
    return date(year, month + 1, 1)  # December has 31 days: there is always a next month


@cache
def read_duration(text: str) -> Duration:
    """Return what ``6 months - 4 days`` says; ValueError for anything else."""
    months = days = place = 0
    while place < len(text):
        term = _TERM.match(text, place)
        if not term or (place > 0) != bool(term[1]):
            raise ValueError(text)
        number = int(term[2]) * (-1 if term[1] == "-" else 1)
        by_month, by_day = _UNITS[term[3]]
        months, days = months + number * by_month, days + number * by_day
        place = term.end()
    if not text:
        raise ValueError(text)
    return Duration(months, days)
