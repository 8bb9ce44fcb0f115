"""How every command answers: JSON for programs, Chinese lines for people, the exit status for both."""

import json
import sys
from collections.abc import Callable
from datetime import date, datetime
from functools import wraps
from typing import Any, NoReturn

import click

from app.devices.system_clock import SystemClock
from app.domain.clock import local_day
from app.domain.refusals import Refusal
from app.ui.texts import sentence_of

ACCEPTED, REFUSED = 0, 1


class Day(click.ParamType[date]):
    """A date written YYYY-MM-DD."""

    name = "date"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """Return the date, or end with a usage error."""
        try:
            return datetime.strptime(value, "%Y-%m-%d").date()  # noqa: DTZ007
        except (TypeError, ValueError):
            self.fail(f"{value!r} 不是日期，应写作 2026-03-14。", param, ctx)


def today() -> date:
    """Return the date in China by the clock of the machine."""
    return local_day(SystemClock().now())


def accept(facts: dict[str, object], lines: list[str], *, as_json: bool) -> NoReturn:
    """Write what was found and leave with status 0."""
    _write({"accepted": True, **facts}, lines, as_json=as_json)
    sys.exit(ACCEPTED)


def refuse(refusal: Refusal, *, as_json: bool) -> NoReturn:
    """Write why not and leave with status 1."""
    message = str(sentence_of(refusal))
    facts = {
        "accepted": False,
        "refusal": type(refusal).__name__,
        "facts": refusal.facts(),
        "message": message,
    }
    _write(facts, [message], as_json=as_json)
    sys.exit(REFUSED)


def answering(work: Callable[..., NoReturn]) -> Callable[..., None]:
    """Give a command the option ``--json``; a refusal is the answer."""

    @click.option("--json", "as_json", is_flag=True, help="输出 JSON。")
    @wraps(work)
    def command(as_json: bool, **own: Any) -> None:
        try:
            work(as_json, **own)
        except Refusal as refusal:
            refuse(refusal, as_json=as_json)

    return command


def _write(facts: dict[str, object], lines: list[str], *, as_json: bool) -> None:
    # Arguments may hold bytes that are no UTF-8: they are shown as \udcXX, which is how JSON writes them.
    text = json.dumps(facts, ensure_ascii=False, default=str) if as_json else "\n".join(lines)
    safe = text.encode("utf-8", "backslashreplace")
    click.echo(safe if as_json else safe.decode("utf-8"))
