"""The JSON Schemas of the commands (docs/schemas), each read and checked once a process."""

import json
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import FormatChecker, validators
from jsonschema.protocols import Validator

SCHEMAS = Path(__file__).parents[1] / "docs/schemas"


@cache
def schema(name: str) -> dict[str, Any]:
    """Return the schema of a command, such as ``check-id``."""
    content: dict[str, Any] = json.loads((SCHEMAS / f"{name}.json").read_text("utf-8"))
    return content


@cache
def _validator(name: str) -> Validator:
    kind = validators.validator_for(schema(name))
    kind.check_schema(schema(name))
    return kind(schema(name), format_checker=FormatChecker())


def must_fit(answer: Any, name: str) -> None:
    """Pass if the answer is as the command's schema says; raises jsonschema.ValidationError."""
    _validator(name).validate(answer)
