"""Health and metrics: what monitoring reads, and that it names no person."""

import re

import httpx
import psycopg
from hypothesis import given, settings
from hypothesis import strategies as st

from server.database import Database
from server.health import CHANGED, READ_ONLY, READY, UNAVAILABLE, check_health
from server.metrics import Gauges, Metric, render
from tests.clocks import ManualClock
from tests.server.centre_process import CentreProcess
from tests.server.desk import admit, push
from tests.server.operator.visitor import Visitor
from tests.server.wired_site import WiredSite
from tests.sync.local_journal import SITE, LocalJournal

SAMPLE = re.compile(r'([a-z_]+)(?:\{([a-z]+)="((?:[^"\\\n]|\\["\\n])*)"\})? (\S+)')
PERSON = "0192f0c0-0000-7000-8000-000000000001"


def samples(text: str) -> dict[tuple[str, str], float]:
    """Read the text format; every line has to be understood."""
    found = {}
    for line in text.splitlines():
        if not line.startswith("# "):
            match = SAMPLE.fullmatch(line)
            assert match, line
            value = match[3] or ""
            value = re.sub(r"\\(.)", lambda escape: "\n" if escape[1] == "n" else escape[1], value)
            found[match[1], value] = float(match[4])
    return found


@settings(max_examples=50)
@given(st.text(alphabet='"\\\nn{}= a', max_size=20), st.floats(allow_nan=False))
def test_any_label_and_any_number_can_be_read_back(label: str, number: float) -> None:
    text = render([Metric("x", "gauge", "An x.", {(label,): number}, ("site",))])
    assert samples(text.replace("\r", "")) == {("x", label): number}


def test_metrics_tell_what_came_what_was_refused_and_how_long_a_site_is_silent(
    visitor: Visitor, database: Database, clock: ManualClock, gauges: Gauges
) -> None:
    admit(database, journal := LocalJournal(seed=1))
    journal.record("patient.registered", {"patient_id": PERSON, "name": "甲", "sex": "1"}, person=PERSON)
    journal.append(journal.event("note.made", {}, site="elsewhere"))
    push(database, journal, at=clock.now())
    gauges.declined["DeviceUnknown"] += 2
    gauges.connections = lambda: 7
    clock.go(minutes=2)
    text = visitor.client.get("/metrics").text
    found = samples(text)
    assert found["vaxpost_events_received_total", ""] == 2
    assert found["vaxpost_events_refused", ""] == 0
    assert found["vaxpost_events_unfit", ""] == 1
    assert found["vaxpost_semantic_errors_total", ""] == 1
    assert found["vaxpost_waiting_events", SITE] == 0
    assert found["vaxpost_last_contact_age_seconds", SITE] == 120
    assert found["vaxpost_declined_requests_total", "DeviceUnknown"] == 2
    assert found["vaxpost_open_connections", ""] == 7
    assert found["vaxpost_projector_lag_seconds", ""] == 0
    assert not {"甲", PERSON, journal.device_id} & set(re.split(r'["\s]', text))


def test_every_metric_is_described(visitor: Visitor) -> None:
    text = visitor.client.get("/metrics").text
    described = set(re.findall(r"# TYPE (\w+) (?:counter|gauge)", text))
    assert described == set(re.findall(r"# HELP (\w+) .+\.", text))
    assert {name for name, _ in samples(text)} <= described


def test_without_its_database_the_process_still_tells_of_itself(
    visitor: Visitor, dsn: str, postgres: str, database: Database
) -> None:
    database.close()
    name = dsn.rsplit("/", 1)[1]
    with psycopg.connect(postgres, autocommit=True) as admin:
        admin.execute(f"alter database {name} allow_connections false".encode())
        found = samples(visitor.client.get("/metrics").text)
        health = visitor.client.get("/v1/health")
        page = visitor.client.get("/sign-in")
        admin.execute(f"alter database {name} allow_connections true".encode())
    assert ("vaxpost_open_connections", "") in found
    assert ("vaxpost_devices", "") not in found
    assert (health.status_code, health.json()) == (503, {"status": UNAVAILABLE})
    assert page.status_code == 503


def test_ready_is_a_database_that_takes_writes_and_is_the_one_it_was(dsn: str, database: Database) -> None:
    name = dsn.rsplit("/", 1)[1]
    assert check_health(dsn, "00" * 8) == READY
    database.execute(f"alter database {name} set default_transaction_read_only = on".encode())
    assert check_health(dsn, "00" * 8) == READ_ONLY
    assert check_health(dsn, "11" * 8) == CHANGED
    database.execute("set transaction_read_only = off; drop table centre cascade")
    assert check_health(dsn, "00" * 8) == UNAVAILABLE


def test_the_running_centre_counts_its_connections_and_what_it_declined(centre: CentreProcess) -> None:
    site = WiredSite(centre, LocalJournal(seed=1))
    site.journal.record_many(3)
    site.sync()
    with centre.client() as nobody:
        assert nobody.post("/v1/sync").status_code == 401
    found = samples(httpx.get(f"{centre.operator_url}/metrics", trust_env=False).text)
    assert found["vaxpost_events_received_total", ""] == 3
    assert found["vaxpost_open_connections", ""] >= 1
    assert found["vaxpost_declined_requests_total", "DeviceUnknown"] == 1
    site.close()
