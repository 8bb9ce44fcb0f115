"""A case as the outside asks it: read from JSON, strict in its shape, patient with its history."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from app.domain.people import Sex
from app.domain.refusals import Refusal
from app.domain.schedule.choosing import DEFAULT_PACKS
from app.domain.schedule.history import SUB_STANDARD, Dose, Observed, Subject
from app.domain.schedule.packs import Packs

SEXES = {"male": Sex.MALE, "female": Sex.FEMALE, "unknown": Sex.UNKNOWN}


@dataclass(unsafe_hash=True)
class CaseUnreadable(Refusal):
    """The case is not what it has to be."""

    path: str
    """Where, as ``history[2].date``; empty for the whole."""
    reason: str
    """``not_readable``, ``not_json``, ``wrong_type``, ``field_missing``, ``unknown_field``, ``not_a_date`` or
    ``not_a_choice``."""
    found: str = ""


@dataclass(frozen=True, slots=True)
class AskedCase:
    """Who, on what day, by which packs, and what was given."""

    subject: Subject
    on: date
    packs: tuple[str, ...]
    """Names with edition, as ``cn-nip-2021``, or ``default`` for all that are on by default."""
    history: tuple[Dose, ...]


def read_case(text: str) -> AskedCase:
    """Return the case that a JSON text is; refuses with CaseUnreadable. Impossible histories pass."""
    try:
        content = json.loads(text)
    except ValueError as error:
        raise CaseUnreadable("", "not_json", str(error)) from None
    known = {"birth_date", "sex", "on", "pack", "history", "conditions"}
    case = _object(content, "", known, {"birth_date", "sex", "on", "history"})
    sex = _text(case["sex"], "sex")
    if sex not in SEXES:
        raise CaseUnreadable("sex", "not_a_choice", sex)
    observed = tuple(
        _observed(said, f"conditions[{place}]")
        for place, said in enumerate(_list(case.get("conditions") or [], "conditions"))
    )
    history = tuple(
        _dose(said, f"history[{place}]") for place, said in enumerate(_list(case["history"], "history"))
    )
    subject = Subject(_day(case["birth_date"], "birth_date"), SEXES[sex], observed)
    return AskedCase(subject, _day(case["on"], "on"), _packs(case.get("pack")), history)


def check_conditions(case: AskedCase, packs: Packs) -> None:
    """Pass conditions that the packs know, for one left out in silence is a danger; raises CaseUnreadable."""
    known = {kind.code for pack in packs.packs for kind in pack.observations}
    for place, observed in enumerate(case.subject.observations):
        if observed.code not in known:
            raise CaseUnreadable(f"conditions[{place}]", "not_a_choice", observed.code)


def _packs(said: Any) -> tuple[str, ...]:
    names = said if isinstance(said, list) and said else [said or DEFAULT_PACKS]
    return tuple(_text(name, "pack") for name in names)


def _dose(said: Any, path: str) -> Dose:
    dose = _object(said, path, {"vaccine", "date", "product", "sub_standard"}, {"vaccine", "date"})
    product, spoilt = dose.get("product"), dose.get("sub_standard")
    if spoilt is not None and spoilt not in SUB_STANDARD:
        raise CaseUnreadable(f"{path}.sub_standard", "not_a_choice", str(spoilt))
    return Dose(
        _text(dose["vaccine"], f"{path}.vaccine"),
        _day(dose["date"], f"{path}.date"),
        None if product is None else _text(product, f"{path}.product"),
        sub_standard=spoilt,
    )


def _observed(said: Any, path: str) -> Observed:
    if isinstance(said, str):
        return Observed(said)
    seen = _object(said, path, {"code", "on", "until"}, {"code"})
    days = {
        name: None if seen.get(name) is None else _day(seen[name], f"{path}.{name}")
        for name in ("on", "until")
    }
    return Observed(_text(seen["code"], f"{path}.code"), days["on"], days["until"])


def _object(said: Any, path: str, known: set[str], needed: set[str]) -> Mapping[str, Any]:
    if not isinstance(said, dict):
        raise CaseUnreadable(path, "wrong_type", "an object")
    for name in said:
        if name not in known:
            raise CaseUnreadable(path, "unknown_field", str(name))
    for name in sorted(needed - said.keys()):
        raise CaseUnreadable(path, "field_missing", name)
    return said


def _list(said: Any, path: str) -> list[Any]:
    if not isinstance(said, list):
        raise CaseUnreadable(path, "wrong_type", "a list")
    return said


def _text(said: Any, path: str) -> str:
    if not isinstance(said, str) or not said.strip():
        raise CaseUnreadable(path, "wrong_type", "text")
    return said.strip()


def _day(said: Any, path: str) -> date:
    try:
        return date.fromisoformat(_text(said, path))
    except ValueError:
        raise CaseUnreadable(path, "not_a_date", str(said)) from None
