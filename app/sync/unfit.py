"""How an ack names what the centre keeps and cannot file: as runs, for one cause meets many neighbours."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from app.sync.fields import as_items, as_number, as_text
from app.sync.frame import MAX_EVENTS, MessageMalformed


@dataclass(frozen=True)
class UnfitRun:
    """Neighbouring events whose bytes the centre has and cannot file, all for one reason."""

    first_seq: int
    last_seq: int
    name: str
    """Of the refusal."""
    reason: str


def unfit_runs(told: Iterable[tuple[int, str, str]]) -> tuple[UnfitRun, ...]:
    """Return (seq, name, reason), in order, as runs."""
    runs: list[UnfitRun] = []
    for seq, name, reason in told:
        last = runs[-1] if runs else None
        if last is not None and (last.last_seq + 1, last.name, last.reason) == (seq, name, reason):
            runs[-1] = UnfitRun(last.first_seq, seq, name, reason)
        else:
            runs.append(UnfitRun(seq, seq, name, reason))
    return tuple(runs)


def unfit_within(runs: Iterable[UnfitRun], first: int, last: int) -> Mapping[int, tuple[str, str]]:
    """Return by number, from ``first`` to ``last``, why an event is not filed: the refusal and its reason."""
    return {
        seq: (run.name, run.reason)
        for run in runs
        for seq in range(max(run.first_seq, first), min(run.last_seq, last) + 1)
    }


def unfit_items(runs: Iterable[UnfitRun]) -> list[list[object]]:
    """Return runs as JSON."""
    return [[run.first_seq, run.last_seq, run.name, run.reason] for run in runs]


def read_unfit(raw: object) -> tuple[UnfitRun, ...]:
    """Return the runs that ``unfit_items`` wrote; raises MessageMalformed."""
    rows: Sequence[object] = as_items(raw, "unfit")
    if len(rows) > MAX_EVENTS:
        raise MessageMalformed("unfit")
    return tuple(_read_run(row) for row in rows)


def _read_run(raw: object) -> UnfitRun:
    first, last, name, reason = as_items(raw, "unfit", (4,))
    run = UnfitRun(
        as_number(first, "unfit"), as_number(last, "unfit"), as_text(name, "unfit"), as_text(reason, "unfit")
    )
    if not 1 <= run.first_seq <= run.last_seq:
        raise MessageMalformed("unfit")
    return run
