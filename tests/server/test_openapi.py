"""The description tells of every endpoint and no other; rubbish gets an answer it tells of, never a 500."""

import json
import zlib
from collections.abc import Iterator
from datetime import UTC, datetime
from urllib.parse import urlencode

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.applications import Starlette
from starlette.routing import Route

from app.sync.dictionary import DICTIONARY
from app.sync.frame import MAGIC
from app.sync.lookup import LookUp, encode_look_up
from server.metrics import Gauges
from server.openapi import DEVICE, ENDPOINTS, FRAME, OPERATOR, Endpoint, describe
from server.operator.forms import COOKIE, csrf_token
from server.operator.web import make_desk
from server.web import make_app
from tests.clocks import ManualClock
from tests.server.centre_process import CentreProcess
from tests.server.desk import AUTHORITY
from tests.server.operator.visitor import Visitor, put_operator
from tests.sync.local_journal import SITE, LocalJournal

LETTERS = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | LETTERS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(LETTERS, inner, max_size=3),
    max_leaves=6,
)


def routes(app: Starlette) -> set[tuple[str, str]]:
    return {
        (method, route.path)
        for route in app.routes
        if isinstance(route, Route)
        for method in (route.methods or set()) - {"HEAD"}
    }


def described(port: str, *, practice: bool) -> set[tuple[str, str]]:
    return {
        (endpoint.method, endpoint.path)
        for endpoint in ENDPOINTS
        if endpoint.port == port and (practice or not endpoint.practice)
    }


@pytest.mark.parametrize("practice", [False, True])
def test_every_endpoint_of_the_devices_is_described_and_no_other(dsn: str, practice: bool) -> None:
    assert routes(make_app(dsn, AUTHORITY, practice=practice)) == described(DEVICE, practice=practice)


def test_every_endpoint_of_the_operator_is_described_and_no_other(dsn: str) -> None:
    assert routes(make_desk(dsn, ManualClock().now, Gauges(), AUTHORITY)) == described(
        OPERATOR, practice=False
    )


def test_the_description_is_served_and_whole(shared_centre: CentreProcess) -> None:
    told = httpx.get(f"{shared_centre.operator_url}/v1/openapi.json", trust_env=False).json()
    assert told == describe()
    assert {(method.upper(), path) for path, item in told["paths"].items() for method in item} == {
        (endpoint.method, endpoint.path) for endpoint in ENDPOINTS
    }
    assert told["paths"]["/v1/health"]["get"]["tags"] == [DEVICE, OPERATOR]


def packed(payload: bytes) -> bytes:
    squeezer = zlib.compressobj(zdict=DICTIONARY)
    return MAGIC + b"\x01\x01" + squeezer.compress(payload) + squeezer.flush()


def frames(device_id: str) -> st.SearchStrategy[bytes]:
    """Rubbish at every depth: no frame, a frame of no text, of other text, of nearly the right message."""
    hello = st.fixed_dictionaries({}, optional={"device_id": st.just(device_id) | JSON, "tips": JSON})
    push = st.dictionaries(st.sampled_from(["epoch", "after", "after_hash", "head", "count"]), JSON)
    lookup = st.dictionaries(st.sampled_from([*vars(LookUp("", "", "", "", "")), "x"]), JSON)
    header = st.fixed_dictionaries(
        {}, optional={"hello": hello | JSON, "push": push, "lookup": lookup, "enrol": JSON, "renew": JSON}
    )
    lines = st.builds(
        lambda first, rest: b"\n".join([json.dumps(first).encode(), *rest]),
        header,
        st.lists(st.binary(max_size=30), max_size=2),
    )
    asked = encode_look_up(LookUp(SITE, "u", "1", "x", "why"))
    flipped = st.integers(0, len(asked) * 8 - 1).map(
        lambda bit: (int.from_bytes(asked, "big") ^ 1 << bit).to_bytes(len(asked), "big")
    )
    return st.binary(max_size=60) | st.binary(max_size=60).map(packed) | lines.map(packed) | flipped


JOURNAL = LocalJournal(seed=41)
FRAMES = frames(JOURNAL.device_id)


@pytest.fixture
def device(shared_centre: CentreProcess) -> Iterator[httpx.Client]:
    """Return the line of an enrolled device."""
    with shared_centre.client(shared_centre.identity_of(JOURNAL)) as client:
        yield client


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.data())
def test_rubbish_from_an_enrolled_device_gets_an_answer_that_is_described(
    device: httpx.Client, data: st.DataObject
) -> None:
    """Sync.md, *Bad input*; the centre's log stays without a trace (see ``shared_centre``)."""
    endpoint = data.draw(st.sampled_from([e for e in ENDPOINTS if e.port == DEVICE and e.body == FRAME]))
    status = device.post(endpoint.path, content=data.draw(FRAMES)).status_code
    assert status in endpoint.answers
    assert status < 500


@pytest.fixture
def operator(shared_centre: CentreProcess) -> Iterator[Visitor]:
    visitor = Visitor(shared_centre.operator_url)
    with shared_centre.database() as database:
        database.execute("delete from operator")
        put_operator(database)
        visitor.wear(database, datetime.now(UTC))
    yield visitor
    visitor.close()


SLOW = {"/sign-in", "/password", "/sign-out"}
"""They look at passwords, which is slow, or end the session."""


def fields_of(endpoint: Endpoint) -> st.SearchStrategy[dict[str, str]]:
    names = st.sampled_from([*endpoint.fields, "x"])
    return st.dictionaries(names, st.text(max_size=20).filter(str.isprintable) | LETTERS, max_size=4)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.data())
def test_rubbish_at_the_operators_port_gets_an_answer_that_is_described(
    operator: Visitor, data: st.DataObject
) -> None:
    quick = [e for e in ENDPOINTS if e.port == OPERATOR and e.path not in SLOW]
    endpoint = data.draw(st.sampled_from(quick))
    csrf = {"csrf": csrf_token(operator.client.cookies[COOKIE])}
    form = st.builds(lambda given: urlencode({**given, **csrf}).encode(), fields_of(endpoint))
    body = data.draw(form | st.binary(max_size=60)) if endpoint.body else b""
    query = data.draw(st.just("") | LETTERS)
    answer = operator.client.request(endpoint.method, endpoint.path, content=body, params={"q": query})
    assert answer.status_code in endpoint.answers
    assert answer.status_code < 500


@pytest.mark.parametrize("path", sorted(SLOW))
@pytest.mark.parametrize("text", ["", "\ud7ff\x7f\r\n", "\0", "9" * 5000])
def test_rubbish_where_passwords_are_looked_at_is_refused(operator: Visitor, path: str, text: str) -> None:
    names = ("name", "password", "new_password", "again")
    form = {"csrf": csrf_token(operator.client.cookies[COOKIE]), **dict.fromkeys(names, text)}
    answer = operator.client.post(path, data=form)
    assert answer.status_code in {e.path: e for e in ENDPOINTS if e.method == "POST"}[path].answers
    assert answer.status_code < 500


def test_another_method_is_not_allowed(shared_centre: CentreProcess) -> None:
    with shared_centre.client() as device, Visitor(shared_centre.operator_url).client as operator:
        for endpoint in ENDPOINTS:
            client = device if endpoint.port == DEVICE else operator
            answer = client.request("DELETE", endpoint.path)
            assert answer.status_code == 405, f"{endpoint.method} {endpoint.path}"
