"""From the text of a pack to a ``Pack``, or a refusal with file, line and path."""

import json
import re
from collections.abc import Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from datetime import date
from enum import StrEnum
from functools import cache, lru_cache
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

from app.domain.schedule.checking import Fault, faults_of
from app.domain.schedule.duration import Duration, read_duration
from app.domain.schedule.pack import Pack, PackStatus
from app.domain.schedule.positions import Path, line_of
from app.domain.schedule.refusals import PackBroken, PackUnsigned

_DATE = re.compile(r"\d{4}-\d\d-\d\d")
_KINDS = {str: "text", bool: "true or false", int: "a whole number"}


@lru_cache(64)
def read_pack(text: str, file: str, *, signed: bool = False) -> Pack:
    """Return the pack that ``text`` is; ``file`` is named in the refusal.

    Refuses with ``PackBroken`` or ``PackUnsigned``; ``signed``: also one that does not say it is in force.
    A text read before is remembered: each sign-in reads all again, and whoever takes one.
    """
    try:
        content = json.loads(text, object_pairs_hook=_members)
    except json.JSONDecodeError as error:
        raise PackBroken(file, error.lineno, "", "not_json", error.msg) from None
    try:
        pack: Pack = _read(content, Pack, ())
        for fault in faults_of(pack):
            raise fault
    except Fault as fault:
        line = line_of(text, fault.path)
        raise PackBroken(file, line, path_text(fault.path), fault.reason, fault.found) from None
    if pack.signed_off_by is None and (signed or pack.status is PackStatus.IN_FORCE):
        raise PackUnsigned(file, line_of(text, ("status",)), pack.pack, pack.edition)
    return pack


def path_text(path: Path) -> str:
    """Return a path as ``antigens[2].series``."""
    return "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path).removeprefix(".")


class _Members(dict[str, Any]):
    """A JSON object that remembers a field written twice."""

    twice: str | None = None


def _members(pairs: list[tuple[str, Any]]) -> _Members:
    members = _Members(pairs)
    if len(members) < len(pairs):
        names = [name for name, _ in pairs]
        members.twice = next(name for name in names if names.count(name) > 1)
    return members


@cache
def _shape(kind: type) -> tuple[Mapping[str, Any], Mapping[str, Field[Any]]]:
    return get_type_hints(kind), {field.name: field for field in fields(kind)}


def _read(value: Any, kind: Any, path: Path) -> Any:
    origin = get_origin(kind)
    if origin in (Union, UnionType):
        if value is None:
            return None
        return _read(value, next(part for part in get_args(kind) if part is not NoneType), path)
    if origin is tuple:
        if not isinstance(value, list):
            raise Fault(path, "wrong_type", "a list")
        member = get_args(kind)[0]
        return tuple(_read(item, member, (*path, number)) for number, item in enumerate(value))
    if is_dataclass(kind) and kind is not Duration:
        return _read_record(value, kind, path)
    return _read_plain(value, kind, path)


def _read_record(value: Any, kind: Any, path: Path) -> Any:
    if not isinstance(value, _Members):
        raise Fault(path, "wrong_type", "an object")
    if value.twice is not None:
        raise Fault((*path, value.twice), "field_twice", value.twice)
    hints, known = _shape(kind)
    for name in value:
        if name not in known and not (name == "$schema" and not path):
            raise Fault((*path, name), "unknown_field", name)
    for name, field in known.items():
        if name not in value and field.default is MISSING:
            raise Fault(path, "field_missing", name)
    return kind(**{name: _read(value[name], hints[name], (*path, name)) for name in known if name in value})


def _read_plain(value: Any, kind: Any, path: Path) -> Any:
    if kind in _KINDS:
        if type(value) is not kind:
            raise Fault(path, "wrong_type", _KINDS[kind])
        return value
    if not isinstance(value, str):
        raise Fault(path, "wrong_type", "text")
    try:
        if kind is Duration:
            return read_duration(value)
        if kind is date:
            return date.fromisoformat(value if _DATE.fullmatch(value) else "")
        return kind(value)
    except ValueError:
        reasons = {Duration: "not_a_duration", date: "not_a_date"}
        choices = "|".join(kind) if issubclass(kind, StrEnum) else ""
        raise Fault(path, reasons.get(kind, "not_a_choice"), f"{value} {choices}".strip()) from None
