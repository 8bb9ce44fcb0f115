"""Figures for a monitoring system, in Prometheus' text format; names devices' sites and no person.

What the database knows is the same in every process of a centre (take the maximum, not the sum); what a
process knows of itself is its own.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from server.database import Database
from server.health import UNAVAILABLE
from server.operator.sights import STOPPED, see_sites

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
ESCAPES = str.maketrans({"\\": r"\\", '"': r"\"", "\n": r"\n"})
COUNTS = f"""
select
    (select coalesce(sum(acked), 0)::bigint from device_cursor) as events,
    (select count(*) from {STOPPED} r) as refused,
    (select count(*) from unfit_entry where admitted_at is null) as unfit,
    (select count(*) from semantic_error) as flagged,
    (select count(*) from device where revoked_at is null) as devices,
    (select count(*) from look_up) as look_ups,
    (select count(*) from projector where done_at is null) as reprojecting
"""


Samples = Mapping[tuple[str, ...], float]


@dataclass(frozen=True)
class Metric:
    """One family: a name, what it is, and its samples by label values."""

    name: str
    kind: str
    """``counter`` or ``gauge``."""
    help: str
    samples: Samples
    labels: tuple[str, ...] = ()


@dataclass
class Gauges:
    """What one process knows of itself."""

    connections: Callable[[], int] = lambda: 0
    queued: Callable[[], int] = lambda: 0
    """Requests that wait to be journalled and projected."""
    lag_s: Callable[[], float] = lambda: 0.0
    """Seconds the oldest of them has waited."""
    health: Callable[[], str] = lambda: UNAVAILABLE
    declined: Counter[str] = field(default_factory=Counter)
    """Requests refused as a whole, by the refusal's name."""


def render(metrics: Iterable[Metric]) -> str:
    """Return the text of metrics."""
    lines: list[str] = []
    for metric in metrics:
        lines += [f"# HELP {metric.name} {metric.help}", f"# TYPE {metric.name} {metric.kind}"]
        for values, sample in metric.samples.items():
            pairs = ",".join(
                f'{label}="{value.translate(ESCAPES)}"'
                for label, value in zip(metric.labels, values, strict=True)
            )
            lines.append(f"{metric.name}{'{' + pairs + '}' if pairs else ''} {float(sample)}")
    return "\n".join(lines) + "\n"


def of_process(gauges: Gauges) -> list[Metric]:
    """Return what the process knows of itself."""
    declined: Samples = {(name,): float(count) for name, count in sorted(gauges.declined.items())}
    return [
        _one(
            "vaxpost_open_connections",
            "gauge",
            "Connections of devices to this process.",
            gauges.connections(),
        ),
        _one("vaxpost_queued_requests", "gauge", "Requests waiting in this process.", gauges.queued()),
        _one(
            "vaxpost_projector_lag_seconds",
            "gauge",
            "Age of the oldest request not yet journalled and projected; both are one commit.",
            gauges.lag_s(),
        ),
        Metric(
            "vaxpost_declined_requests_total",
            "counter",
            "Requests this process refused as a whole.",
            declined,
            ("name",),
        ),
    ]


def of_database(database: Database, now: datetime) -> list[Metric]:
    """Return what the centre's tables say."""
    row = database.execute(COUNTS.encode()).fetchone()
    assert row is not None, "counts always come"
    events, refused, unfit, flagged, devices, look_ups, reprojecting = row
    sites = see_sites(database)
    heard: Samples = {(site.site,): (now - site.heard_at).total_seconds() for site in sites if site.heard_at}
    waiting: Samples = {(site.site,): float(site.waiting) for site in sites if site.waiting is not None}
    return [
        _one("vaxpost_events_received_total", "counter", "Events in the journal.", events),
        _one("vaxpost_events_refused", "gauge", "Events that streams stop at.", refused),
        _one("vaxpost_events_unfit", "gauge", "Events whose bytes are kept and cannot be filed.", unfit),
        _one("vaxpost_semantic_errors_total", "counter", "Fields that are not what they should be.", flagged),
        _one("vaxpost_devices", "gauge", "Devices in good standing.", devices),
        _one(
            "vaxpost_reprojecting",
            "gauge",
            "1 while the journal is read once more after an upgrade.",
            reprojecting,
        ),
        _one("vaxpost_look_ups_total", "counter", "Online look-ups.", look_ups),
        Metric(
            "vaxpost_last_contact_age_seconds",
            "gauge",
            "Since any device of the site last called; absent before the first call.",
            heard,
            ("site",),
        ),
        Metric(
            "vaxpost_waiting_events",
            "gauge",
            "Events the site's devices still held when they last called.",
            waiting,
            ("site",),
        ),
    ]


def _one(name: str, kind: str, text: str, sample: float) -> Metric:
    return Metric(name, kind, text, {(): sample})
