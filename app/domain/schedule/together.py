"""Several vaccines at one visit: which go together today and where, which wait until when (APP-8).

Sources: the conflicts of the packs, NIP2021 同时接种原则 (GEN-4 to GEN-6 of the truth tables). That programme
vaccines go before the others unless rabies or tetanus is urgent is not verified. The doctor decides.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from app.domain.catalogue import BodySite, Product, Route
from app.domain.refusals import Refusal
from app.domain.schedule.pack import Conflict, Form, Given, Pack
from app.domain.schedule.packs import Rules

URGENT = frozenset({"RAB", "RIG", "TT", "TIG", "TAT"})
"""After a bite or a wound: these wait for nothing (rabies and tetanus, vaccine and immunoglobulin)."""


@dataclass(frozen=True)
class Shot:
    """One vaccine that might be given today."""

    vaccine_code: str
    programme: bool = True
    product: Product | None = None
    """The one at hand: it tells where it may go in; None when none is known."""


@dataclass(frozen=True)
class Placed:
    """One that goes today."""

    shot: Shot
    body_site: BodySite | None
    """None: the leaflet says where."""
    shares: bool = False
    """Another one goes into the same limb: keep them apart."""


@dataclass(frozen=True)
class Waiting:
    """One that must not go today."""

    shot: Shot
    because: str
    """The vaccine code of what it waits for, given before or going today."""
    until: date | None
    """The first day on which it may go; None: the rules name no day, it must only not be today."""


@dataclass(unsafe_hash=True)
class NotTogether(Refusal):
    """Two vaccines that must not be given on one day."""

    vaccine_name: str
    """The one that waits."""
    because: str
    """The name of what it waits for."""
    until: date | None
    """The first day on which it may go, where the rules name one."""


@dataclass(unsafe_hash=True)
class SeriesTwice(Refusal):
    """Two vaccines against one disease at one visit: one of them is given."""

    vaccine_name: str
    because: str


@dataclass(frozen=True)
class VisitPlan:
    """What today may bring."""

    together: tuple[Placed, ...]
    """By precedence: urgent, programme, others; the order given among equals."""
    waiting: tuple[Waiting, ...]
    apart_until: date | None = None
    """Those together that keep each other waiting otherwise: what is left out today waits until then."""


def plan_visit(
    wanted: Sequence[Shot], history: Sequence[tuple[str, date]], rules: Rules, on: date
) -> VisitPlan:
    """Return what may go together on the day ``on``; ``history`` is (vaccine code, day) of what was given.

    Who comes later in precedence waits, never who comes before.
    """
    together: list[Placed] = []
    waiting: list[Waiting] = []
    for shot in sorted(wanted, key=_precedence):
        found = _waits_for_history(shot, history, rules, on) or _waits_for_today(shot, together, rules, on)
        if found is not None:
            waiting.append(found)
        else:
            together.append(_place(shot, together))
    return VisitPlan(tuple(together), tuple(waiting), _apart_until(together, rules, on))


def arrange(
    wanted: Sequence[Shot], rules: Rules, on: date, given: Sequence[Placed] = ()
) -> tuple[Placed, ...]:
    """Return what a doctor wants to give at one visit, by precedence and each with its body site.

    ``given`` went in at this visit before. Raises SeriesTwice or NotTogether.
    """
    placed = list(given)
    for shot in sorted(wanted, key=_precedence):
        for other in placed:
            if shot.vaccine_code == other.shot.vaccine_code or _share_antigen(shot, other.shot, rules):
                raise SeriesTwice(_name(shot), _name(other.shot))
            if found := _waits_for_today(shot, [other], rules, on):
                raise NotTogether(_name(shot), _name(other.shot), found.until)
        placed.append(_place(shot, placed))
    return tuple(placed[len(given) :])


def _name(shot: Shot) -> str:
    return shot.product.vaccine_name if shot.product else shot.vaccine_code


def _share_antigen(one: Shot, other: Shot, rules: Rules) -> bool:
    antigens = [
        {held.antigen for held in known.antigens}
        for shot in (one, other)
        if (known := rules.vaccines.get(shot.vaccine_code))
    ]
    return len(antigens) == 2 and not antigens[0].isdisjoint(antigens[1])


def _precedence(shot: Shot) -> int:
    return 0 if shot.vaccine_code in URGENT else 1 if shot.programme else 2


def _waits_for_history(
    shot: Shot, history: Sequence[tuple[str, date]], rules: Rules, on: date
) -> Waiting | None:
    ends = [
        (conflict.end.after(day, pack.arithmetic), code)
        for code, day in history
        for pack, conflict in _conflicts(Shot(code), shot, rules)
        if conflict.begin.after(day, pack.arithmetic) <= on < conflict.end.after(day, pack.arithmetic)
    ]
    if not ends:
        return None
    until, code = max(ends)
    return Waiting(shot, code, until)


def _waits_for_today(shot: Shot, together: Sequence[Placed], rules: Rules, on: date) -> Waiting | None:
    for placed in together:
        for pack, conflict in _conflicts(placed.shot, shot, rules):
            if conflict.begin.after(on, pack.arithmetic) <= on:
                return Waiting(shot, placed.shot.vaccine_code, conflict.end.after(on, pack.arithmetic))
        for pack, conflict in _conflicts(shot, placed.shot, rules):
            if conflict.begin.after(on, pack.arithmetic) <= on:  # it would undo what goes before it
                return Waiting(shot, placed.shot.vaccine_code, None)
    return None


def _apart_until(together: Sequence[Placed], rules: Rules, on: date) -> date | None:
    ends = (
        conflict.end.after(on, pack.arithmetic)
        for one in together
        for other in together
        if one is not other
        for pack, conflict in _conflicts(one.shot, other.shot, rules)
    )
    return max(ends, default=None)


def _conflicts(before: Shot, after: Shot, rules: Rules) -> Iterator[tuple[Pack, Conflict]]:
    earlier, later = _kinds(before, rules), _kinds(after, rules)
    for pack, conflict in rules.conflicts:
        if earlier.isdisjoint(conflict.previous) or later.isdisjoint(conflict.current):
            continue
        if later.isdisjoint(conflict.unless_given):
            yield pack, conflict


def _kinds(shot: Shot, rules: Rules) -> frozenset[str]:
    """Return the code and the classes by which a conflict may name it; the product tells of unknown ones."""
    known, product = rules.vaccines.get(shot.vaccine_code), shot.product
    if known is not None:
        form, given = known.form, known.given
    elif product is not None:
        form = Form.LIVE if product.live else Form.INACTIVATED
        given = Given.ORAL if product.route is Route.ORAL else Given.INJECTED
    else:
        return frozenset({shot.vaccine_code, "@any"})
    return frozenset({shot.vaccine_code, "@any", f"@{form}", f"@{form}_{given}"})


def _place(shot: Shot, together: Sequence[Placed]) -> Placed:
    """Return it in the least used limb that its product allows, the proposed one first."""
    if shot.product is None:
        return Placed(shot, None)
    proposed = shot.product.body_site
    allowed = dict.fromkeys((proposed, *shot.product.body_sites))
    used = [placed.body_site for placed in together]
    body_site = min(allowed, key=used.count)
    return Placed(shot, body_site, shares=body_site is not BodySite.MOUTH and body_site in used)
