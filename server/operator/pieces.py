"""The pieces the operator's pages are made of: tables, tags, figures and notes."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from server.operator.markup import Filling, Markup, fill
from server.operator.quality import Rate
from server.operator.sights import LISTED
from server.operator.texts import FIELDS, age, instant

AMBER, RED = timedelta(hours=20), timedelta(hours=24)
"""A dose is at the centre within 24 hours; four hours before that somebody should look."""

TAG = '<span class="tag {tone}">{text}</span>'
TABLE = '<div class="card {kind}"><table><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table></div>'
CELL = '<td class="{kind}">{value}</td>'


def facts(figures: Mapping[str, int]) -> Markup:
    """Return large figures with their names."""
    cards = [
        fill('<div class="fact"><b>{count}</b><span>{name}</span></div>', name=name, count=count)
        for name, count in figures.items()
    ]
    return fill('<div class="facts">{cards}</div>', cards=cards)


def table(heads: Sequence[str], rows: Sequence[Markup], empty: str, kind: str = "") -> Markup:
    """Return a table; a head that begins with ``#`` stands over numbers. Without rows, a sentence."""
    if not rows:
        return fill('<div class="card note">{empty}</div>', empty=empty)
    cells = [
        fill('<th class="{kind}">{head}</th>',
             kind="number" if head.startswith("#") else "", head=head.lstrip("#"))
        for head in heads
    ]  # fmt: skip
    return fill(TABLE, heads=cells, rows=rows, kind=kind)


def row(*cells: tuple[str, Filling]) -> Markup:
    """Return a row of a table from (kind of cell, what is in it)."""
    return fill("<tr>{cells}</tr>", cells=[fill(CELL, kind=kind, value=value) for kind, value in cells])


def rates(counted: Mapping[str, Rate]) -> Markup:
    """Return a table of rates."""
    rows = [
        row(("", name), ("number", rate.count), ("number", rate.of), ("number", rate.percent))
        for name, rate in counted.items()
    ]
    return table(("数什么", "#个数", "#总数", "#比率"), rows, "", "rates")


def named(counted: Mapping[str, Rate]) -> dict[str, Rate]:
    """Return rates of fields by the words for the fields."""
    return {FIELDS[name]: rate for name, rate in counted.items()}


def note(text: str) -> Markup:
    """Return a line that explains."""
    return fill('<p class="note">{text}</p>', text=text)


def more(*lists: Sequence[object], order: str = "最新的") -> Markup:
    """Return what is to be said when a list is longer than is shown."""
    full = any(len(rows) >= LISTED for rows in lists)
    return note(f"每张表只列出{order} {LISTED} 条。") if full else fill("")


def tag(text: str, tone: str) -> Markup:
    """Return words on a tint."""
    return fill(TAG, text=text, tone=tone)


def seen(at: datetime | None) -> str:
    """Return an instant, or that there was none."""
    return instant(at) or "从未"


def contact(at: datetime | None, now: datetime) -> Markup:
    """Return how long ago an instant was, green, amber or red."""
    if at is None:
        return tag("从未联系", "warning")
    quiet = now - at
    tone = "danger" if quiet > RED else "warning" if quiet > AMBER else "success"
    return fill("{tag}<small>{at}</small>", tag=tag(age(at, now), tone), at=instant(at))


def waiting(events: int | None) -> Filling:
    """Return how many events wait, nothing where that is not known."""
    return None if events is None else count(events, "warning")


def count(number: int, tone: str) -> Filling:
    """Return a number, on a tint unless it is 0."""
    return tag(str(number), tone) if number else 0


def revoked(at: datetime) -> Markup:
    """Return that a device was revoked, and when."""
    return fill("{tag}<small>{at}</small>", tag=tag("已停用", ""), at=instant(at))


def device(device_id: str) -> Markup:
    """Return a device's id as one that is compared, not read."""
    return fill("<code>{device_id}</code>", device_id=device_id)


def reason(sentence: str, *names: str) -> Markup:
    """Return a sentence and, small, the names support knows it by."""
    return fill("{sentence}<small>{names}</small>", sentence=sentence, names=" · ".join(filter(None, names)))
