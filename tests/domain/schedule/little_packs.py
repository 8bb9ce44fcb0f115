"""Small packs for one question each, written as the JSON of a pack, and words to ask with."""

import json
from collections.abc import Sequence
from datetime import date
from typing import Any

from app.domain.people import Sex
from app.domain.schedule.answers import (
    Assessment,
    DoseEvaluation,
    DoseStatus,
    GroupForecast,
    SeriesStatus,
)
from app.domain.schedule.engine import assess
from app.domain.schedule.history import Dose, Observed, Subject
from app.domain.schedule.pack import Pack
from app.domain.schedule.packs import Packs
from app.domain.schedule.reading import read_pack

BORN = date(2025, 3, 10)
Json = dict[str, Any]


def dose(vaccine: str = "V", **fields: Any) -> Json:
    """A target dose of one vaccine; ``min`` and ``max`` are ages, ``gap`` is the interval from the last."""
    ages = {
        name: fields.pop(name) for name in ("min", "abs_min", "earliest", "latest", "max") if name in fields
    }
    said: Json = {"preferable": [{"vaccine": vaccine}]}
    if ages:
        said["ages"] = [ages]
    if "gap" in fields:
        said["intervals"] = [{"from_previous": True, "min": fields.pop("gap")}]
    return said | fields


def series(*doses: Json, series_id: str = "s", group: str = "A", **fields: Any) -> Json:
    """A series of the group ``A``, the default of its series group."""
    selection = {"default": True} | fields.pop("selection", {})
    return {
        "series_id": series_id,
        "title": series_id,
        "group": group,
        "doses": list(doses),
        "selection": selection,
    } | fields


def antigen(*of_it: Json, name: str = "A", **fields: Any) -> Json:
    """An antigen with its series."""
    return {"antigen": name, "series": list(of_it)} | fields


def pack(*antigens: Json, vaccines: Sequence[Json] = (), **fields: Any) -> Pack:
    """A pack in force since 2000; vaccine ``V`` protects from ``A``."""
    named = [one["antigen"] for one in antigens]
    content = {
        "pack": "little",
        "edition": "1",
        "title": "",
        "source": {"title": "written for a test"},
        "status": "unverified",
        "valid_from": "2000-01-01",
        "vaccines": list(vaccines) or [{"code": "V", "antigens": [{"antigen": "A"}]}],
        "groups": [{"group": name, "antigens": [name]} for name in named],
        "antigens": list(antigens),
    } | fields
    return read_pack(json.dumps(content), "little.json")


def vaccine(code: str, *antigens: str, **fields: Any) -> Json:
    """A vaccine with its antigens."""
    return {"code": code, "antigens": [{"antigen": name} for name in antigens]} | fields


def given(*doses: tuple[str, str] | Dose) -> list[Dose]:
    """Doses as (code, date)."""
    return [one if isinstance(one, Dose) else Dose(one[0], date.fromisoformat(one[1])) for one in doses]


def ask(
    packs: Pack | Sequence[Pack],
    *doses: tuple[str, str] | Dose,
    on: str = "2026-03-14",
    sex: Sex = Sex.FEMALE,
    born: date = BORN,
    observed: Sequence[Observed | str] = (),
) -> Assessment:
    """Return the whole answer for somebody."""
    seen = tuple(Observed(one) if isinstance(one, str) else one for one in observed)
    used = Packs([packs] if isinstance(packs, Pack) else packs)
    return assess(Subject(born, sex, seen), given(*doses), used, date.fromisoformat(on))


def line(answer: Assessment, group: str = "A") -> GroupForecast:
    """Return the line of a group."""
    return next(one for one in answer.forecasts if one.group == group)


def statuses(answer: Assessment) -> list[str]:
    """Return the status of every dose."""
    return [str(one.status) for one in answer.evaluations]


def why(one: DoseEvaluation | GroupForecast) -> set[str]:
    """Return the names of the reasons."""
    return {reason.name for reason in one.reasons}


def next_on(answer: Assessment, group: str = "A") -> tuple[date | None, ...]:
    """Return earliest, recommended, past due and latest of a group."""
    one = line(answer, group)
    return one.earliest_on, one.recommended_on, one.past_due_on, one.latest_on


VALID, NOT_VALID = str(DoseStatus.VALID), str(DoseStatus.NOT_VALID)
EXTRANEOUS, SUB_STANDARD = str(DoseStatus.EXTRANEOUS), str(DoseStatus.SUB_STANDARD)
COMPLETE, NOT_COMPLETE = SeriesStatus.COMPLETE, SeriesStatus.NOT_COMPLETE
