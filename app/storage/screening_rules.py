"""The file of the screening rules that comes with the program."""

import json
from functools import cache
from pathlib import Path

from app.domain.raised import ScreeningRule, ScreeningRules, Weight

SHIPPED = Path(__file__).parents[2] / "resources" / "screening" / "rules.json"


@cache
def screening_rules(file: Path = SHIPPED) -> ScreeningRules:
    """Return the rules of a file; its shape is resources/screening/rules.schema.json."""
    content = json.loads(file.read_text("utf-8"))
    return ScreeningRules(
        content["edition"],
        content["signed_off_by"],
        tuple(
            ScreeningRule(
                rule_id=said["rule_id"],
                question_id=said["question_id"],
                weight=Weight(said["weight"]),
                ask=said["ask"],
                source=said["source"],
                verified=said["verified"],
                vaccines=tuple(said.get("vaccines", ())),
                live={"live": True, "inactivated": False}.get(said.get("form")),
                oral={"oral": True, "injected": False}.get(said.get("given")),
                wait_days=said.get("wait_days"),
                wait_months=said.get("wait_months"),
            )
            for said in content["rules"]
        ),
    )
