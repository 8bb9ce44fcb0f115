"""The JSON Schema of a pack as the dataclasses say it; run as a module it writes resources/schedules."""

import ast
import inspect
import json
from dataclasses import MISSING, fields, is_dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path
from types import NoneType
from typing import Any, get_args, get_origin, get_type_hints

from app.domain.schedule.duration import Duration
from app.domain.schedule.pack import Pack

FILE = Path(__file__).parents[3] / "resources/schedules/pack.schema.json"
DURATION = r"^\d+ (day|week|month|year)s?( [+-] \d+ (day|week|month|year)s?)*$"
PLAIN: dict[Any, dict[str, Any]] = {
    str: {"type": "string"},
    bool: {"type": "boolean"},
    int: {"type": "integer"},
    date: {"type": "string", "format": "date"},
    Duration: {"$ref": "#/$defs/Duration"},
}


def pack_schema() -> dict[str, Any]:
    """Return the schema, descriptions taken from the docstrings of the fields."""
    defs: dict[str, Any] = {
        "Duration": {
            "description": "As '6 months - 4 days': months and years first, then weeks and days.",
            "type": "string",
            "pattern": DURATION,
        }
    }
    root = _record(Pack, defs)
    root["properties"]["$schema"] = {"type": "string"}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "pack.schema.json",
        "title": "A rule pack of the vaccination schedule",
        **root,
        "$defs": dict(sorted(defs.items())),
    }


def _record(kind: Any, defs: dict[str, Any]) -> dict[str, Any]:
    hints, told = get_type_hints(kind), _docstrings(kind)
    properties = {}
    for field in fields(kind):
        said = _shape(hints[field.name], defs)
        properties[field.name] = {"description": told[field.name], **said} if field.name in told else said
    required = [field.name for field in fields(kind) if field.default is MISSING]
    return {
        "description": inspect.cleandoc(kind.__doc__ or ""),
        "type": "object",
        "additionalProperties": False,
        **({"required": required} if required else {}),
        "properties": properties,
    }


def _shape(kind: Any, defs: dict[str, Any]) -> dict[str, Any]:
    if NoneType in get_args(kind):
        return {"anyOf": [_shape(get_args(kind)[0], defs), {"type": "null"}]}
    if get_origin(kind) is tuple:
        return {"type": "array", "items": _shape(get_args(kind)[0], defs)}
    if kind in PLAIN:
        return PLAIN[kind]
    if kind.__name__ not in defs:
        defs[kind.__name__] = {}
        defs[kind.__name__] = _record(kind, defs) if is_dataclass(kind) else _choice(kind)
    return {"$ref": f"#/$defs/{kind.__name__}"}


def _choice(kind: type[StrEnum]) -> dict[str, Any]:
    told = _docstrings(kind)
    names = [f"{one.value}: {told[one.name]}" if one.name in told else one.value for one in kind]
    return {"description": "\n".join([inspect.cleandoc(kind.__doc__ or ""), *names]), "enum": list(kind)}


def _docstrings(kind: type) -> dict[str, str]:
    """Return what stands under each field or member."""
    body = ast.parse(inspect.getsource(kind)).body[0]
    assert isinstance(body, ast.ClassDef)
    told = {}
    for before, after in zip(body.body, body.body[1:], strict=False):
        if isinstance(after, ast.Expr) and isinstance(after.value, ast.Constant):
            target = (
                before.target if isinstance(before, ast.AnnAssign) else getattr(before, "targets", [None])[0]
            )
            if isinstance(target, ast.Name):
                told[target.id] = inspect.cleandoc(str(after.value.value))
    return told


def schema_text() -> str:
    """Return the file's content."""
    return json.dumps(pack_schema(), ensure_ascii=False, indent=2) + "\n"


if __name__ == "__main__":
    FILE.write_text(schema_text(), "utf-8")
